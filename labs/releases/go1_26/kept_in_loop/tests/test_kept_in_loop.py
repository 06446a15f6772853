"""The judges of kept-in-loop on recorded observations with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW = "1.27.3"


def with_loop(name: str, **changes: Any) -> Any:
    seen = LAB.seen(NEW)
    return change(seen, loops={**seen.loops, name: change(seen.loops[name], **changes)})


def outcome(claim: str, seen: Any) -> Outcome:
    return LAB.ruling(claim, seen).outcome


def test_a_call_in_the_loop_and_a_loop_without_the_work_both_fail() -> None:
    assert outcome("1.26-n", with_loop("call", calls=["main.square"])) is Outcome.FAILS
    assert outcome("1.26-n", with_loop("call", multiplies=0)) is Outcome.FAILS


@pytest.mark.parametrize("name", ["changing", "changingInside"])
def test_one_assignment_that_is_dropped_is_enough_to_fail(name: str) -> None:
    assert outcome("1.26-o/1", with_loop(name, multiplies=0)) is Outcome.FAILS


def test_where_the_loop_does_not_exist_there_is_nothing_to_judge() -> None:
    assert outcome("1.26-o/2", with_loop("blank", exists=False)) is Outcome.VOID
