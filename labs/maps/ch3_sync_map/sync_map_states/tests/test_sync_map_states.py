"""The judges of sync-map-states on what the two maps do, on recorded observations with one thing changed."""

from itertools import pairwise

import pytest

from claimlab import Outcome, change

from .edits import (
    LAB,
    NIL,
    TOUR,
    WITH,
    WITHOUT,
    Edit,
    at,
    cut,
    everywhere,
    ruled,
    with_lock,
    with_state,
)

OF_THE_MAP = [claim for claim in LAB.judges if claim != "3.1-a"]
OF_STATES = ["3.1-c", "3.1-d", "3.1-j", "3.1-k", "3.1-l/1", "3.1-l/2", "3.1-m/1", "3.1-m/2"]


@pytest.mark.parametrize("claim", OF_THE_MAP)
def test_a_map_without_the_fields_leaves_the_claim_void(claim: str) -> None:
    assert ruled(claim, LAB.seen(WITHOUT)) is Outcome.VOID


# What is kept for the drawing of the states


def test_the_tour_comes_through_every_kind_of_state() -> None:
    """The drawing of the states is made from these."""
    steps = LAB.seen(WITH).walks[TOUR]
    states = [step.after for step in steps]
    assert {holds for state in states for _, holds in state.ReadKeys} >= {"nil", "expunged", "2"}
    assert {(bool(state.ReadMap), state.Amended, bool(state.Dirty)) for state in states} >= {
        (False, False, False),
        (False, True, True),
        (True, False, False),
        (True, True, True),
    }


def test_both_instruments_read_the_same_in_every_state() -> None:
    for toolchain in LAB.toolchains:
        for steps in LAB.seen(toolchain).walks.values():
            assert all(step.agreed for step in steps)


def test_each_promotion_comes_with_the_miss_that_makes_as_many_as_dirty_has_keys() -> None:
    steps = LAB.seen(WITH).walks[TOUR]
    promoted = [
        (before.after.Misses + 1, len(before.after.DirtyKeys))
        for before, step in pairwise(steps)
        if step.after.ReadMap and step.after.ReadMap == before.after.Dirty and step.name != "Range"
    ]
    assert promoted == [(3, 3), (4, 4)]


def test_what_counts_as_a_miss() -> None:
    counted = {(one.Operation, one.Place) for one in LAB.seen(WITH).probes if one.Misses == 1}
    both = {
        (name, place)
        for name in ("Load", "Delete", "LoadAndDelete", "CompareAndDelete")
        for place in ("dirty", "neither")
    }
    assert counted == both | {("LoadOrStore", "dirty"), ("CompareAndSwap", "dirty")}


# The instruments against each other


@pytest.mark.parametrize("claim", OF_STATES)
@pytest.mark.parametrize(
    "edit",
    [
        lambda step: change(step, words=change(step.words, misses=7)),
        lambda step: change(step, words=change(step.words, amended=not step.words.amended)),
        lambda step: change(step, words=change(step.words, entries={**step.words.entries, "a": "expunged"})),
        lambda step: change(step, waited=not step.waited),
    ],
    ids=["misses", "amended", "entries", "mutex"],
)
def test_a_state_that_the_instruments_read_differently_leaves_it_unclear(claim: str, edit: Edit) -> None:
    seen = at(LAB.seen(WITH), NIL if claim == "3.1-k" else TOUR, "Load a", edit)
    found = LAB.ruling(claim, seen)
    assert found.outcome is Outcome.UNCLEAR
    assert "instruments disagree" in found.finding.because


# 3.1-c, 3.1-d: what the two maps serve


def test_loads_of_present_keys_alone_would_hold() -> None:
    assert ruled("3.1-c", cut(LAB.seen(WITH), TOUR, 0, 12)) is Outcome.HOLDS


def test_no_load_is_unclear() -> None:
    assert ruled("3.1-c", cut(LAB.seen(WITH), TOUR, 0, 8)) is Outcome.UNCLEAR


def test_a_load_that_waits_and_finds_nothing_is_unclear() -> None:
    seen = at(LAB.seen(WITH), TOUR, "Load d", lambda step: change(step, answer="absent"))
    assert ruled("3.1-c", seen) is Outcome.UNCLEAR


def test_the_operations_that_miss_are_shown_beside() -> None:
    shows = LAB.ruling("3.1-c", LAB.seen(WITH)).finding.shows
    assert "LoadOrStore      read: no lock; dirty: locks mu, a miss; neither: locks mu" in shows
    assert "Range            all: locks mu, promotes" in shows


def test_stores_of_new_keys_alone_would_hold() -> None:
    assert ruled("3.1-d", cut(LAB.seen(WITH), TOUR, 0, 8)) is Outcome.HOLDS


def test_no_store_of_a_new_key_is_unclear() -> None:
    assert ruled("3.1-d", cut(LAB.seen(WITH), TOUR, 0, 2)) is Outcome.UNCLEAR


def test_a_store_that_neither_map_shows_is_unclear() -> None:
    seen = cut(LAB.seen(WITH), TOUR, 0, 8)
    lost = with_state(DirtyKeys=[("a", "2"), ("b", "3"), ("c", "0")])
    assert ruled("3.1-d", at(seen, TOUR, "Store c", lost)) is Outcome.UNCLEAR


# 3.1-j: amended


def test_amended_before_anything_is_deleted_would_hold() -> None:
    assert ruled("3.1-j", cut(LAB.seen(WITH), TOUR, 0, 15)) is Outcome.HOLDS


def test_a_map_that_was_never_amended_is_unclear() -> None:
    assert ruled("3.1-j", cut(LAB.seen(WITH), TOUR, 7, 14)) is Outcome.UNCLEAR


# 3.1-k: nil


def test_a_nil_map_that_is_amended_alone_would_hold() -> None:
    """The Load before the first Store has to wait as well."""
    assert ruled("3.1-k", at(cut(LAB.seen(WITH), NIL, 0, 5), NIL, "Load a", with_lock)) is Outcome.HOLDS


def test_a_map_that_was_never_written_to_fails() -> None:
    assert ruled("3.1-k", cut(LAB.seen(WITH), NIL, 0, 2)) is Outcome.FAILS


def test_no_nil_at_all_is_unclear() -> None:
    assert ruled("3.1-k", cut(LAB.seen(WITH), NIL, 0, 1)) is Outcome.UNCLEAR


def test_a_load_that_waits_and_has_another_answer_is_unclear() -> None:
    seen = cut(LAB.seen(WITH), NIL, 0, 5)
    waits = at(seen, NIL, "Load a", lambda step: change(with_lock(step), answer="found 9"))
    assert ruled("3.1-k", waits) is Outcome.UNCLEAR


# 3.1-l: the clean state


def test_a_clean_map_that_has_a_dirty_map_would_hold() -> None:
    there = lambda step: with_state(Dirty=9)(step) if step.after.clean else step  # noqa: E731
    seen = everywhere(LAB.seen(WITH), TOUR, there)
    assert ruled("3.1-l/1", change(seen, assigned={**seen.assigned, "shared": "assigned"})) is Outcome.HOLDS


def test_an_assignment_that_succeeds_without_a_map_is_unclear() -> None:
    seen = LAB.seen(WITH)
    assert ruled("3.1-l/1", change(seen, assigned={**seen.assigned, "shared": "assigned"})) is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", ["3.1-l/1", "3.1-l/2", "3.1-m/1", "3.1-m/2"])
def test_a_map_that_was_never_clean_is_unclear(claim: str) -> None:
    assert ruled(claim, cut(LAB.seen(WITH), TOUR, 0, 7)) is Outcome.UNCLEAR


@pytest.mark.parametrize("operation", ["Store d", "Store e"])
def test_a_write_that_leaves_it_clean_would_fail(operation: str) -> None:
    seen = cut(LAB.seen(WITH), TOUR, 0, 24)
    assert ruled("3.1-l/2", at(seen, TOUR, operation, with_state(Amended=False))) is Outcome.FAILS
    assert ruled("3.1-m/1", at(seen, TOUR, operation, with_state(Amended=False))) is Outcome.FAILS


@pytest.mark.parametrize(
    ("claim", "operation"), [("3.1-l/2", "Load x"), ("3.1-l/2", "Store a"), ("3.1-m/1", "Store a")]
)
def test_another_operation_that_amends_would_fail(claim: str, operation: str) -> None:
    seen = cut(LAB.seen(WITH), TOUR, 7, 24)
    assert ruled(claim, at(seen, TOUR, operation, with_state(Amended=True))) is Outcome.FAILS


# 3.1-m/2: what comes first


def test_a_map_amended_after_a_lookup_alone_would_hold() -> None:
    assert ruled("3.1-m/2", cut(LAB.seen(WITH), TOUR, 0, 15)) is Outcome.HOLDS


def test_a_lookup_of_a_present_key_is_no_miss() -> None:
    seen = cut(LAB.seen(WITH), TOUR, 0, 15)
    steps = [step for step in seen.walks[TOUR] if step.operation != "Load x"]
    assert ruled("3.1-m/2", change(seen, walks={**seen.walks, TOUR: steps})) is Outcome.FAILS
