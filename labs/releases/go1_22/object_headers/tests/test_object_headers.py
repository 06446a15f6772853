"""The judges of object-headers on observations that real trials recorded."""

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
BEFORE, NEW = "1.21.13", "1.27.3"
CLAIMS = ("1.22-d", "1.22-e")


@pytest.mark.parametrize("claim", CLAIMS)
def test_objects_as_they_were_before_would_fail(claim: str) -> None:
    assert LAB.ruling(claim, LAB.seen(BEFORE), NEW).outcome is Outcome.FAILS


@pytest.mark.parametrize("claim", CLAIMS)
def test_objects_without_pointers_that_changed_break_the_judge(claim: str) -> None:
    seen = LAB.seen(NEW)
    moved = change(seen.plain["576"], Bytes=640, Align=8)
    assert LAB.ruling(claim, change(seen, plain={**seen.plain, "576": moved}), NEW).outcome is Outcome.BROKEN


def test_sizes_are_told_in_their_order() -> None:
    because = LAB.ruling("1.22-d", LAB.seen(NEW), NEW).finding.because
    assert "pointers 576 to pointers 4096 bytes" in because
