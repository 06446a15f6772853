"""The judges of channel-waiters on recorded observations with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Instruction, Outcome, Stop, Touch, change, kept

LAB = kept(__file__)
RUNS = ["receivers", "senders", "selects", "close", "own", "dummy"]
DISTURBED = ["first is not nil", "tail.next is not nil", "last is not the tail"]
CAS = "lock cmpxchg %rcx,(%rdx)"

Seen = Any
Edit = Callable[[Stop], Stop]


def seen() -> Seen:
    return LAB.seen("1.27.3")


def outcome(claim: str, seen: Seen) -> Outcome:
    return LAB.ruling(claim, seen).outcome


def stops(seen: Seen, edit: Edit, *runs: str, session: str = "watched", names: list[str] = RUNS) -> Seen:
    """Every stop of these runs is another."""
    whole = getattr(seen, session)
    chosen = [names.index(name) for name in runs or names]
    edited = [
        change(run, stops=[edit(stop) for stop in run.stops]) if number in chosen else run
        for number, run in enumerate(whole.runs)
    ]
    return change(seen, **{session: change(whole, runs=edited)})


def touches(edit: Callable[[Touch], Touch]) -> Edit:
    return lambda stop: change(stop, touches=[edit(one) if one.label != "lock" else one for one in stop.touches])


def values(**changed: object) -> Edit:
    names = {name.replace("_", "."): value for name, value in changed.items()}
    return lambda stop: change(stop, values={**stop.values, **names})


def by_cas(seen: Seen, *, decoded: bool = True, crowd: bool = True) -> Seen:
    """As the article has it."""
    seen = stops(seen, touches(lambda one: change(one, instruction=CAS)), "receivers", "senders", "selects", "close")
    if decoded:
        swap = Instruction(0, 5, "cmpxchg", "lock cmpxchg qword ptr [rdx], rcx", prefixes=["lock"])
        seen = change(
            seen,
            touching=[change(one, instruction=change(swap, address=one.instruction.address)) for one in seen.touching],
        )
    if crowd:
        seen = change(seen, crowd=[change(one, instruction=CAS) for one in seen.crowd])
    return seen


def test_every_change_by_compare_and_swap_would_hold() -> None:
    assert outcome("4.2-a", by_cas(seen())) is Outcome.HOLDS


@pytest.mark.parametrize("how", [{"decoded": False}, {"crowd": False}])
def test_instruments_or_situations_that_disagree_are_unclear(how: dict[str, bool]) -> None:
    assert outcome("4.2-a", by_cas(seen(), **how)) is Outcome.UNCLEAR


def test_a_single_compare_and_swap_in_the_crowd_is_unclear() -> None:
    one, *others = seen().crowd
    assert outcome("4.2-a", change(seen(), crowd=[change(one, instruction=CAS), *others])) is Outcome.UNCLEAR


def test_queues_of_which_nothing_was_seen_are_unclear() -> None:
    nothing = stops(seen(), lambda stop: change(stop, touches=[]), "receivers", "senders", "selects", "close")
    assert outcome("4.2-a", nothing) is Outcome.UNCLEAR
    assert outcome("4.2-b", nothing) is Outcome.UNCLEAR


def test_the_control_must_be_seen_to_swap() -> None:
    plain = stops(seen(), touches(lambda one: change(one, instruction="mov %rax,(%rdx)")), "own")
    assert outcome("4.2-a", plain) is Outcome.BROKEN
    assert outcome("4.2-b", plain) is Outcome.BROKEN


def test_the_lock_was_held_at_every_change() -> None:
    for toolchain in LAB.toolchains:
        because = LAB.ruling("4.2-a", LAB.seen(toolchain)).finding.because
        assert "of 26 changes" in because
        assert "was held at 26 of them" in because
        assert "in `runtime.lock2`" in because


# 4.2-b: the article's function


def named(seen: Seen, hits: int, *, instruction: str = CAS) -> Seen:
    """gdb knows enqueueSudoG, and what changes the queue stands in it."""

    def edit(stop: Stop) -> Stop:
        counted = [
            change(one, resolved=True, hits=hits) if one.name == "runtime.enqueueSudoG" else one for one in stop.counted
        ]
        within = [
            change(one, instruction=instruction, callers=["runtime.enqueueSudoG", *one.callers]) for one in stop.touches
        ]
        return change(stop, counted=counted, touches=within)

    return change(stops(seen, edit, "receivers"), named=["runtime.enqueueSudoG"])


def test_the_function_that_appends_by_compare_and_swap_would_hold() -> None:
    assert outcome("4.2-b", unlocked(named(seen(), 1))) is Outcome.HOLDS


def unlocked(seen: Seen) -> Seen:
    """What is left are the changes of the queue."""
    return stops(seen, lambda stop: change(stop, touches=[one for one in stop.touches if one.label != "lock"]))


def test_the_function_has_to_be_executed_and_to_swap() -> None:
    assert outcome("4.2-b", unlocked(named(seen(), 0))) is Outcome.FAILS
    assert outcome("4.2-b", unlocked(named(seen(), 1, instruction="mov %rax,(%rdx)"))) is Outcome.FAILS


def test_a_symbol_that_gdb_does_not_know_is_unclear() -> None:
    assert outcome("4.2-b", change(seen(), named=["runtime.enqueueSudoG"])) is Outcome.UNCLEAR


# 4.2-e: who is served first


def with_orders(seen: Seen, descents: int) -> Seen:
    return change(seen, orders=[one if one.label == "stack" else change(one, descents=descents) for one in seen.orders])


def with_passages(seen: Seen) -> Seen:
    """The first to leave is the last that came."""

    def edit(stop: Stop) -> Stop:
        heads = [change(one, before=99) if one.label == "first" and one.before else one for one in stop.touches]
        return change(stop, touches=heads)

    return stops(seen, edit, "receivers", "senders", "close")


def test_another_order_would_fail_if_both_instruments_say_so() -> None:
    assert outcome("4.2-e", with_passages(with_orders(seen(), 3))) is Outcome.FAILS
    assert outcome("4.2-e", with_orders(seen(), 3)) is Outcome.UNCLEAR
    assert outcome("4.2-e", with_passages(seen())) is Outcome.UNCLEAR


def test_waiters_of_whom_none_was_served_are_unclear() -> None:
    only = [one for one in seen().orders if one.label == "stack"]
    assert LAB.judges["4.2-e"].decide(LAB.judges["4.2-e"].sees(change(seen(), orders=only))).outcome is Outcome.UNCLEAR


# 4.2-f: fresh channels


def test_an_end_that_is_not_nil_fails_if_both_instruments_say_so() -> None:
    dirty = change(seen().fresh, not_nil=4)
    used = stops(seen(), values(first=8), "receivers", "senders")
    assert outcome("4.2-f", change(seen(), fresh=dirty)) is Outcome.UNCLEAR
    assert outcome("4.2-f", used) is Outcome.UNCLEAR
    assert outcome("4.2-f", change(used, fresh=dirty)) is Outcome.FAILS
    assert outcome("4.2-f", stops(seen(), values(first=None), "senders")) is Outcome.UNCLEAR


# 4.2-h: states and conditions


@pytest.mark.parametrize("changed", [{"last_next": 8}, {"last": 8}, {"first": 8}])
def test_a_waiter_that_comes_in_another_state_fails(changed: dict[str, int]) -> None:
    assert outcome("4.2-h/1", stops(seen(), values(**changed), "senders")) is Outcome.FAILS


def disturbed(seen: Seen, edit: Edit, *labels: str) -> Seen:
    every = [*DISTURBED, *(f"own: {label}" for label in DISTURBED)]
    return stops(seen, edit, *labels, session="disturbed", names=every)


def test_conditions_that_are_needed_would_hold() -> None:
    def stays(stop: Stop) -> Stop:
        forced = [change(one, after=7) for one in stop.forced]
        return change(stop, values={**stop.values, "last": 7}, forced=forced)

    assert outcome("4.2-h/2", disturbed(seen(), stays, *DISTURBED)) is Outcome.HOLDS
    assert outcome("4.2-h/2", disturbed(seen(), stays, DISTURBED[1])) is Outcome.UNCLEAR


def test_a_condition_that_could_not_be_broken_is_unclear() -> None:
    untouched = disturbed(seen(), lambda stop: change(stop, poked=[], forced=[]), DISTURBED[0])
    assert outcome("4.2-h/2", untouched) is Outcome.UNCLEAR


# 4.2-i: layout


def with_fields(seen: Seen, edit: Callable[[Any], Any]) -> Seen:
    return change(
        seen,
        types=[
            change(one, fields=[edit(field) for field in one.fields]) if one.name == "runtime.hchan" else one
            for one in seen.types
        ],
    )


def test_a_lock_that_is_not_last_fails() -> None:
    def first(field: Any) -> Any:
        return change(field, offset=0) if field.name == "lock" else field

    assert outcome("4.2-i", with_fields(seen(), first)) is Outcome.FAILS


def test_a_lock_that_has_another_name_is_unclear() -> None:
    def renamed(field: Any) -> Any:
        return change(field, name="mu") if field.name == "lock" else field

    assert outcome("4.2-i", with_fields(seen(), renamed)) is Outcome.UNCLEAR


def test_a_word_that_others_change_is_not_the_lock() -> None:
    def by_others(stop: Stop) -> Stop:
        return change(stop, touches=[change(one, callers=["runtime.chansend"]) for one in stop.touches])

    assert outcome("4.2-i", stops(seen(), by_others, "receivers")) is Outcome.UNCLEAR


@pytest.mark.parametrize(("toolchain", "size", "offset"), [("1.23.9", 104, 96), ("1.27.3", 112, 104)])
def test_the_layout_is_kept_whole(toolchain: str, size: int, offset: int) -> None:
    hchan = LAB.seen(toolchain).type("runtime.hchan")
    assert (hchan.size, hchan.field("lock").offset) == (size, offset)
    assert [field.offset for field in hchan.fields] == sorted(field.offset for field in hchan.fields)
