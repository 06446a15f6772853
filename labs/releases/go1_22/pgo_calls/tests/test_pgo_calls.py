"""The judge of pgo-calls on observations that real trials recorded, and on these with one thing changed."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW = "1.27.3"


def test_calls_that_are_direct_without_a_profile_say_nothing() -> None:
    seen = LAB.seen(NEW)
    assert LAB.ruling("1.22-f", change(seen, without=seen.with_profile), NEW).outcome is Outcome.BROKEN


def test_as_many_as_before_would_fail() -> None:
    seen = LAB.seen(NEW)
    assert LAB.ruling("1.22-f", change(seen, with_profile=seen.interfaces_alone), NEW).outcome is Outcome.FAILS


def test_a_flag_that_leaves_nothing_out_breaks_the_judge() -> None:
    seen = LAB.seen(NEW)
    assert LAB.ruling("1.22-f", change(seen, interfaces_alone=seen.with_profile), NEW).outcome is Outcome.BROKEN
