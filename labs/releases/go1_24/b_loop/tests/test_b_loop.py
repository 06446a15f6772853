"""The judges of b-loop, on loops and counts that nobody saw."""

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)


def test_one_entry_too_many_is_enough_to_fail() -> None:
    seen = LAB.seen("1.27.3")
    first, *others = seen.entered
    more = change(seen, entered=[change(first, looped=first.looped + 1), *others])
    assert LAB.ruling("1.24-e", more).outcome is Outcome.FAILS


@pytest.mark.parametrize(
    ("toolchain", "places"),
    [
        ("1.24.11+noswissmap", "function left in the loop, method left in the loop, intrinsic gone"),
        ("1.26.6", "function left in the loop, method left in the loop, intrinsic left in the loop"),
        ("1.27.3", "function outside the loop, method outside the loop, intrinsic outside the loop"),
    ],
)
def test_work_before_the_loop_is_not_work_in_it(toolchain: str, places: str) -> None:
    assert LAB.ruling("1.24-f", LAB.seen(toolchain)).finding.because == f"the work of the calls: {places}"
