"""The judge of goroutine-leaks on recorded observations with one thing changed."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)
SEEN = LAB.seen("1.27.3")


def reported(**counts: int) -> Outcome:
    return LAB.ruling("1.26-g", change(SEEN, reported={**SEEN.reported, **counts})).outcome


def test_a_kind_that_is_missing_fails_and_one_that_may_not_have_begun_to_wait_is_unclear() -> None:
    assert reported(onMutex=0) is Outcome.FAILS
    assert reported(onMutex=4) is Outcome.UNCLEAR
    assert reported(onShared=0) is Outcome.HOLDS


def test_reporting_what_can_be_woken_breaks_the_judge() -> None:
    assert reported(onMine=5, sleeping=5) is Outcome.BROKEN
