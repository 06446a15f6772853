"""The judges of fewer-allocations on recorded observations with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW = "1.27.3"


def where(is_meant: Callable[[Any], bool], **changes: Callable[[Any], Any]) -> Any:
    """What the new release counted, other where that is so."""
    seen = LAB.seen(NEW)
    found = [
        change(one, **{name: new(one) for name, new in changes.items()}) if is_meant(one) else one
        for one in seen.counted
    ]
    return change(seen, counted=found)


def outcome(claim: str, seen: Any) -> Outcome:
    return LAB.ruling(claim, seen, NEW).outcome


@pytest.mark.parametrize(("claim", "way"), [("1.25-i", "append"), ("1.26-h", "append, returned")])
def test_one_slice_that_allocates_more_often_is_enough_to_fail(claim: str, way: str) -> None:
    assert outcome(claim, LAB.seen(NEW)) is Outcome.HOLDS
    more = where(lambda one: one.way == way and one.n == 1, objects=lambda one: 9 * one.calls)
    assert outcome(claim, more) is Outcome.FAILS


def test_as_many_objects_but_larger_ones_are_not_the_same() -> None:
    larger = where(lambda one: one.way == "fmt.Errorf", bytes=lambda one: 3 * one.bytes)
    assert outcome("1.26-k", larger) is Outcome.FAILS


@pytest.mark.parametrize("times", [2, 0.5])
def test_about_half_is_neither_all_nor_little(times: float) -> None:
    other = where(lambda one: one.way.startswith("io."), bytes=lambda one: round(times * one.bytes))
    assert outcome("1.26-l", other) is Outcome.FAILS


def test_one_slice_with_more_room_is_enough_to_fail() -> None:
    larger = where(lambda one: one.way == "io.ReadAll" and one.n == 1000, cap=lambda one: one.cap + 1)
    assert outcome("1.26-m/1", larger) is Outcome.FAILS
    assert outcome("1.26-m/2", where(lambda _: True, cap=lambda one: one.needs)) is Outcome.BROKEN
