"""The judges of linkname on observations that real trials recorded, and on these with one thing changed."""

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
OLD, NEW = "1.21.13", "1.27.3"


@pytest.mark.parametrize(("claim", "kind"), [("1.23-f", "functions"), ("1.23-h", "assembly")])
def test_some_that_are_refused_and_some_that_are_not_are_unclear(claim: str, kind: str) -> None:
    seen = LAB.seen(NEW)
    one = getattr(seen, kind)
    refused = dict(list(one.refused.items())[1:])
    assert LAB.ruling(claim, change(seen, **{kind: change(one, refused=refused)})).outcome is Outcome.UNCLEAR


def test_one_that_others_use_and_that_is_refused_is_enough_to_fail() -> None:
    seen = LAB.seen(OLD)
    used = change(seen.used_already, refused={"memhash": "invalid reference to runtime.memhash"})
    assert LAB.ruling("1.23-g", seen).outcome is Outcome.HOLDS
    assert LAB.ruling("1.23-g", change(seen, used_already=used)).outcome is Outcome.FAILS


def test_what_the_flag_does_is_told() -> None:
    assert "with -checklinkname=0 the functions link" in LAB.ruling("1.23-f", LAB.seen(NEW)).finding.because
    assert "does not know -checklinkname" in LAB.ruling("1.23-f", LAB.seen(OLD)).finding.because


def test_what_does_not_link_without_the_check_either_says_nothing_of_it() -> None:
    assert LAB.ruling("1.23-f", change(LAB.seen(NEW), links_unchecked=False)).outcome is Outcome.UNCLEAR


def test_a_marked_function_that_is_refused_breaks_the_judge() -> None:
    seen = LAB.seen(NEW)
    refused = {one: f"invalid reference to runtime.{one}" for one in ("mallocgc", "typedmemmove", "throw")}
    assert LAB.ruling("1.23-f", change(seen, used_already=change(seen.used_already, refused=refused))).outcome is (
        Outcome.BROKEN
    )
