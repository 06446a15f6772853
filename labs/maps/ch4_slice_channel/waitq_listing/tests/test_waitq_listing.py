"""The judges of waitq-listing on recorded observations with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)

Seen = Any


def seen() -> Seen:
    return LAB.seen("1.27.3")


def outcome(claim: str, seen: Seen) -> Outcome:
    return LAB.ruling(claim, seen).outcome


def counted(seen: Seen, name: str, **counts: int) -> Seen:
    """Of situations whose names begin so, these were counted."""
    named = {what.replace("_", " "): count for what, count in counts.items()}
    return change(
        seen,
        explored=[
            change(one, counts={**one.counts, **named})
            if one.name.startswith(name) and not one.name.endswith("lock")
            else one
            for one in seen.explored
        ],
    )


def held(seen: Seen, label: str, **changed: object) -> Seen:
    return change(seen, held=[change(one, **changed) if one.label == label else one for one in seen.held])


def retyped(seen: Seen, type: str) -> Seen:
    return change(
        seen,
        types=[
            change(one, fields=[change(field, type=type) for field in one.fields])
            if one.name.startswith("runtime.")
            else one
            for one in seen.types
        ],
    )


def without_complaints(seen: Seen, *, exit_code: int = 0) -> Seen:
    return change(seen, compiled=change(seen.compiled, complaints=[], exit_code=exit_code))


# Types


def test_untyped_fields_would_hold_if_the_compiler_agrees() -> None:
    untyped = retyped(seen(), "unsafe.Pointer")
    assert outcome("4.2-c", without_complaints(untyped)) is Outcome.HOLDS
    assert outcome("4.2-c", untyped) is Outcome.UNCLEAR
    assert outcome("4.2-c", without_complaints(seen())) is Outcome.UNCLEAR


def test_fields_that_are_absent_are_unclear() -> None:
    nothing = change(seen(), types=[change(one, fields=[]) for one in seen().types if one.name != "main.untyped"])
    assert LAB.finding("4.2-c", nothing).outcome is Outcome.UNCLEAR


def test_a_listing_that_compiles_would_hold() -> None:
    assert outcome("4.2-d", without_complaints(seen())) is Outcome.HOLDS


@pytest.mark.parametrize(
    "compiled",
    [
        {"complaints": [], "exit_code": 1},
        {"others": ["chan.go:1:1: undefined: waitq"]},
        {"functions": ["withConversions"]},
    ],
)
def test_a_compilation_that_failed_otherwise_says_nothing(compiled: dict[str, object]) -> None:
    other = change(seen(), compiled=change(seen().compiled, **compiled))
    assert LAB.finding("4.2-d", other).outcome is Outcome.UNCLEAR


def test_a_complaint_about_the_control_breaks_the_judge() -> None:
    more = [change(one, function="withConversions") for one in seen().compiled.complaints]
    other = change(seen(), compiled=change(seen().compiled, complaints=more))
    assert outcome("4.2-d", other) is Outcome.BROKEN


def test_each_use_of_a_typed_pointer_is_refused() -> None:
    for toolchain in LAB.toolchains:
        said = LAB.seen(toolchain).compiled.complaints
        assert [one.function for one in said] == ["asListed"] * 5
        assert all("value of type **sudog" in one.text for one in said)


# Steps

BETWEEN, BEFORE = "two CAS, between them", "two CAS, before them"


def test_a_queue_that_nobody_sees_half_changed_would_hold() -> None:
    explored = counted(seen(), "t", touched_half_changed=0)
    assert outcome("4.2-g/1", held(explored, BETWEEN, other_touched=0)) is Outcome.HOLDS
    assert outcome("4.2-g/1", explored) is Outcome.UNCLEAR
    assert outcome("4.2-g/1", held(seen(), BETWEEN, other_touched=0)) is Outcome.UNCLEAR


def test_a_thread_that_always_comes_to_its_end_would_hold() -> None:
    explored = counted(seen(), "t", waits_for_another=0)
    assert outcome("4.2-g/2", held(explored, BETWEEN, other_ended=True)) is Outcome.HOLDS
    assert outcome("4.2-g/2", explored) is Outcome.UNCLEAR
    assert outcome("4.2-g/2", held(seen(), BETWEEN, other_ended=True)) is Outcome.UNCLEAR


def test_a_queue_without_strangers_would_hold() -> None:
    explored = counted(seen(), "one comes", in_a_wrong_queue=0, lost=0, CAS_on_one_that_left=0)
    assert outcome("4.2-g/3", held(explored, BEFORE, astray=False)) is Outcome.HOLDS
    assert outcome("4.2-g/3", explored) is Outcome.UNCLEAR
    assert outcome("4.2-g/3", held(seen(), BEFORE, astray=False)) is Outcome.UNCLEAR


@pytest.mark.parametrize("harm", ["in_a_wrong_queue", "lost", "CAS_on_one_that_left"])
def test_any_harm_fails(harm: str) -> None:
    none = {"in_a_wrong_queue": 0, "lost": 0, "CAS_on_one_that_left": 0}
    assert outcome("4.2-g/3", counted(seen(), "one comes", **{**none, harm: 1})) is Outcome.FAILS


def test_the_way_to_the_aba_is_shown() -> None:
    *_, taken, swapped = LAB.ruling("4.2-g/3", seen()).finding.shows.splitlines()
    assert (taken, swapped) == ("2: CAS r.first nil→xx", "1: CAS xx.next nil→aa")


def test_a_torn_pointer_fails() -> None:
    assert outcome("4.2-g/4", counted(seen(), "three", torn=1)) is Outcome.FAILS


def test_a_swap_that_is_not_of_eight_bytes_is_unclear() -> None:
    assert outcome("4.2-g/4", change(seen(), swaps=[])) is Outcome.UNCLEAR
    half = [change(one, operands=[change(operand, size=4) for operand in one.operands]) for one in seen().swaps]
    assert outcome("4.2-g/4", change(seen(), swaps=half)) is Outcome.UNCLEAR


def test_fields_at_odd_places_are_unclear() -> None:
    moved = [
        change(one, fields=[change(field, offset=field.offset + 4) for field in one.fields]) for one in seen().types
    ]
    assert outcome("4.2-g/4", change(seen(), types=moved)) is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", ["4.2-g/1", "4.2-g/3"])
def test_a_lock_that_guards_nothing_breaks_the_judges(claim: str) -> None:
    unguarded = [
        change(one, counts={**one.counts, "touched half changed": 1, "lost": 1}) if one.name.endswith("lock") else one
        for one in seen().explored
    ]
    assert outcome(claim, change(seen(), explored=unguarded)) is Outcome.BROKEN


def test_the_explorer_finds_the_same_on_every_toolchain() -> None:
    every = [LAB.seen(toolchain).explored for toolchain in LAB.toolchains]
    assert all(one == every[0] for one in every)


def test_the_explorer_reaches_every_end_of_two_that_come() -> None:
    """Either of the two is first."""
    counts = seen().situation("two come").counts
    assert counts["ends"] == 2
    assert (counts["lost"], counts["stuck"], counts["in a wrong queue"]) == (0, 0, 0)
