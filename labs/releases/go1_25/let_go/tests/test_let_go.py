"""The judges of let-go on recorded observations with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW = "1.27.3"


def outcome(claim: str, seen: Any) -> Outcome:
    return LAB.ruling(claim, seen).outcome


def with_cleanups(procs: int, count: int) -> Any:
    seen = LAB.seen(NEW)
    found = [change(one, cleanups=count) if one.procs == procs else one for one in seen.at_work]
    return change(seen, at_work=found)


def test_one_cleanup_at_a_time_is_not_in_parallel() -> None:
    assert outcome("1.25-j/1", with_cleanups(16, 1)) is Outcome.FAILS
    assert outcome("1.25-j/2", with_cleanups(4, 2)) is Outcome.HOLDS


def test_without_cleanups_and_handles_there_is_nothing_to_judge() -> None:
    seen = LAB.seen(NEW)
    none = change(seen, chains=[], at_work=[change(one, cleanups=0) for one in seen.at_work])
    assert {outcome(claim, none) for claim in ("1.25-j/1", "1.25-j/2", "1.25-l")} == {Outcome.VOID}


@pytest.mark.parametrize(("share", "expected"), [(0.05, Outcome.HOLDS), (0.15, Outcome.FAILS)])
def test_a_tenth_may_be_left_after_one_collection(share: float, expected: Outcome) -> None:
    seen = LAB.seen(NEW)
    left = [change(one, left=[round(share * one.bytes), *one.left[1:]]) for one in seen.chains]
    assert outcome("1.25-l", change(seen, chains=left)) is expected
