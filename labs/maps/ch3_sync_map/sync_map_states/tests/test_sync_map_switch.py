"""The judges of sync-map-states on what a map is made of, and on the switch, with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Outcome, TypeLayout, change

from .edits import (
    LAB,
    TOUR,
    WITH,
    WITHOUT,
    Edit,
    at,
    cut,
    everywhere,
    ruled,
    with_state,
    with_writes,
    without_lock,
)

# 3.1-a, 3.1-b, 3.1-g/2: what it is made of


def typed(seen: Any, name: str, edit: Callable[[TypeLayout], TypeLayout]) -> Any:
    return change(seen, types=[edit(one) if one.name == name else one for one in seen.types])


def retyped(name: str, kind: str) -> Callable[[TypeLayout], TypeLayout]:
    return lambda known: change(
        known, fields=[change(one, type=kind) if one.name == name else one for one in known.fields]
    )


def reflected(seen: Any, **changes: Any) -> Any:
    first, *others = seen.structures
    assert first.Name == "sync.Map"
    return change(seen, structures=[change(first, **changes), *others])


def test_a_trie_has_none_of_the_two_maps() -> None:
    found = LAB.ruling("3.1-a", LAB.seen(WITHOUT)).finding
    assert found.outcome is Outcome.FAILS
    assert "HashTrieMap" in found.because


def test_maps_that_only_reflection_sees_leave_it_unclear() -> None:
    assert ruled("3.1-a", typed(LAB.seen(WITH), "sync.Map", retyped("dirty", "uintptr"))) is Outcome.UNCLEAR


def test_two_maps_of_which_one_was_never_seen_are_unclear() -> None:
    assert ruled("3.1-a", everywhere(LAB.seen(WITH), TOUR, with_state(Dirty=0, DirtyKeys=[]))) is Outcome.UNCLEAR


def test_a_read_field_of_two_types_is_unclear() -> None:
    assert ruled("3.1-b", typed(LAB.seen(WITH), "sync.Map", retyped("read", "sync/atomic.Value"))) is Outcome.UNCLEAR


@pytest.mark.parametrize(("held", "outcome"), [("sync.readOnly", Outcome.HOLDS), ("int", Outcome.FAILS)])
def test_a_read_field_that_is_a_value_depends_on_what_it_holds(held: str, outcome: Outcome) -> None:
    seen = typed(LAB.seen(WITH), "sync.Map", retyped("read", "sync/atomic.Value"))
    assert ruled("3.1-b", reflected(seen, Fields=[("read", "atomic.Value")], Held=held)) is outcome


@pytest.mark.parametrize(
    ("exit_code", "complaints", "outcome"),
    [
        (0, [], Outcome.HOLDS),
        (1, ["no space left on device"], Outcome.UNCLEAR),
        (1, ["m.read undefined"], Outcome.UNCLEAR),
    ],
)
def test_how_the_statement_may_compile(exit_code: int, complaints: list[str], outcome: Outcome) -> None:
    seen = LAB.seen(WITH)
    compiled = change(seen.statement, exit_code=exit_code, complaints=complaints)
    assert ruled("3.1-g/2", change(seen, statement=compiled)) is outcome


def test_a_statement_of_ours_that_does_not_compile_breaks_the_judge() -> None:
    seen = LAB.seen(WITH)
    assert ruled("3.1-g/2", change(seen, statement_ours=seen.statement)) is Outcome.BROKEN


# 3.1-e, 3.1-f, 3.1-g/1: the switch


@pytest.mark.parametrize("claim", ["3.1-e", "3.1-f", "3.1-g/1"])
def test_without_a_switch_it_is_unclear(claim: str) -> None:
    assert ruled(claim, cut(LAB.seen(WITH), TOUR, 0, 6)) is Outcome.UNCLEAR


def test_plain_stores_of_the_pointer_would_fail() -> None:
    plain = with_writes(lambda one: change(one, instruction="mov %rax,0x8(%rcx)", decoded="mov", atomic=False))
    assert ruled("3.1-e", everywhere(LAB.seen(WITH), TOUR, plain)) is Outcome.FAILS


@pytest.mark.parametrize(
    "edit",
    [
        with_writes(lambda one: change(one, instruction="mov %rax,0x8(%rcx)")),
        with_writes(lambda one: change(one, decoded="")),
        with_state(ReadMap=77),
        lambda step: change(step, writes=[*step.writes, *step.wrote("read")]),
        lambda step: change(step, words=change(step.words, misses=7)),
    ],
    ids=["decoders disagree", "not decoded", "a copy", "two writes", "another state"],
)
def test_a_switch_that_is_not_plain_to_see_is_unclear(edit: Edit) -> None:
    assert ruled("3.1-e", at(LAB.seen(WITH), TOUR, "CompareAndSwap d", edit)) is Outcome.UNCLEAR


def test_a_switch_with_a_free_mutex_would_hold() -> None:
    free = everywhere(LAB.seen(WITH), TOUR, without_lock)
    assert ruled("3.1-f", everywhere(free, TOUR, with_writes(lambda one: change(one, held=False)))) is Outcome.HOLDS


@pytest.mark.parametrize(
    "edit",
    [
        with_writes(lambda one: change(one, held=False)),
        lambda step: change(step, waited=False),
        without_lock,
        lambda step: change(step, writes=[one for one in step.writes if one.word == "mu"]),
    ],
    ids=["free at the write", "one instrument", "not waited", "no write"],
)
def test_a_lock_at_some_switches_only_is_unclear(edit: Edit) -> None:
    assert ruled("3.1-f", at(LAB.seen(WITH), TOUR, "CompareAndSwap d", edit)) is Outcome.UNCLEAR


def with_store(seen: Any, **changes: Any) -> Any:
    return change(seen, stored={**seen.stored, "shared": change(seen.stored["shared"], **changes)})


@pytest.mark.parametrize("changes", [{"kept": False}, {"of_dirty": False}, {"amended": True}, {"called": False}])
def test_a_call_that_contradicts_what_the_process_reads_is_unclear(changes: dict[str, bool]) -> None:
    assert ruled("3.1-g/1", with_store(LAB.seen(WITH), **changes)) is Outcome.UNCLEAR


def test_a_switch_to_another_map_would_fail() -> None:
    seen = at(LAB.seen(WITH), TOUR, "Load b", with_state(ReadMap=77))
    assert ruled("3.1-g/1", with_store(seen, of_dirty=False)) is Outcome.FAILS


def test_a_switch_without_the_call_would_fail() -> None:
    seen = everywhere(LAB.seen(WITH), TOUR, with_writes(lambda one: change(one, callers=["main.f"])))
    assert ruled("3.1-g/1", with_store(seen, called=False)) is Outcome.FAILS
