"""The judges of container-procs on recorded observations with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
OLD, NEW = "1.23.9", "1.27.3"


def outcome(claim: str, seen: Any) -> Outcome:
    return LAB.ruling(claim, seen).outcome


def limited(limit: str, **changes: Any) -> Any:
    seen = LAB.seen(NEW)
    one_is = [change(one, **changes) if one.limit == limit and not one.off else one for one in seen.limited]
    return change(seen, limited=one_is)


def test_one_limit_that_does_not_count_is_enough_to_fail() -> None:
    assert outcome("1.25-a/1", limited("six", procs=8)) is Outcome.FAILS
    assert outcome("1.25-a/2", LAB.seen(NEW)) is Outcome.FAILS


def test_a_limit_of_less_than_two_that_counted_would_hold() -> None:
    seen = LAB.seen(NEW)
    starts = {"half": 1, "one": 1}
    found = [change(one, procs=starts.get(one.limit, one.procs)) for one in seen.limited]
    assert outcome("1.25-a/2", change(seen, limited=found)) is Outcome.HOLDS


@pytest.mark.parametrize("which", ["few", "many"])
def test_gomaxprocs_has_to_follow_in_both_directions(which: str) -> None:
    seen = LAB.seen(NEW)
    assert outcome("1.25-b", change(seen, follows=change(seen.follows, **{which: 7}))) is Outcome.FAILS


def test_one_cpu_cannot_become_fewer() -> None:
    seen = LAB.seen(NEW)
    assert LAB.finding("1.25-b", change(seen, follows=change(seen.follows, cpus=1))).outcome is Outcome.UNCLEAR


def test_a_trial_that_is_limited_itself_is_judged_by_what_it_began_with() -> None:
    seen = LAB.seen(NEW)
    assert outcome("1.25-b", change(seen, follows=change(seen.follows, cpus=64))) is Outcome.HOLDS
    assert LAB.finding("1.25-b", change(seen, follows=change(seen.follows, start=1))).outcome is Outcome.UNCLEAR


def test_a_file_that_is_closed_later_fails() -> None:
    assert outcome("1.25-c", limited("three", files=["cpu.max", ""])) is Outcome.FAILS
    assert outcome("1.25-c", LAB.seen(OLD)) is Outcome.FAILS
