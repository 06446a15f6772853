"""The judges of channel-locality on recorded observations with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Counted, Outcome, Stop, allocations, change, kept

LAB = kept(__file__)

Seen = Any


def seen() -> Seen:
    return LAB.seen("1.27.3")


def outcome(claim: str, seen: Seen) -> Outcome:
    return LAB.ruling(claim, seen).outcome


def stops(seen: Seen, session: str, edit: Callable[[int, Stop], Stop], *runs: int) -> Seen:
    """Every stop of the session's runs, or of those of these numbers, is another."""
    whole = getattr(seen, session)
    edited = [
        change(run, stops=[edit(number, stop) for number, stop in enumerate(run.stops)])
        if not runs or place in runs
        else run
        for place, run in enumerate(whole.runs)
    ]
    return change(seen, **{session: change(whole, runs=edited)})


# 4.3-h: who owns an mcache


def one_for_each_thread(_: int, stop: Stop) -> Stop:
    threads = [name for name, value in stop.values.items() if name.endswith(" g0") and value]
    owned = {name.replace("g0", "mcache"): 4096 + number for number, name in enumerate(threads)}
    others = {name: value for name, value in stop.values.items() if not name.endswith("mcache")}
    return change(stop, values=others | owned)


def counted(seen: Seen) -> Seen:
    """The runtime counts as many as there are threads."""
    return change(seen, places=[change(one, mcache_bytes=one.threads * seen.mcache_size) for one in seen.places])


def test_one_for_each_thread_would_hold() -> None:
    fields = change(seen(), fields={"runtime.m": ["mcache", "g0"], "runtime.p": []})
    assert outcome("4.3-h", counted(stops(fields, "owners", one_for_each_thread))) is Outcome.HOLDS
    assert outcome("4.3-h", counted(stops(seen(), "owners", one_for_each_thread))) is Outcome.UNCLEAR


def test_counts_that_disagree_are_unclear() -> None:
    assert outcome("4.3-h", counted(seen())) is Outcome.UNCLEAR
    assert outcome("4.3-h", stops(seen(), "owners", one_for_each_thread)) is Outcome.UNCLEAR


def test_a_field_of_both_is_unclear() -> None:
    fields = {"runtime.m": ["mcache", "g0"], "runtime.p": ["mcache"]}
    assert outcome("4.3-h", change(seen(), fields=fields)) is Outcome.UNCLEAR


def test_a_session_without_stops_breaks_the_judge() -> None:
    nothing = change(seen().owners, runs=[change(run, stops=[]) for run in seen().owners.runs])
    assert outcome("4.3-h", change(seen(), owners=nothing)) is Outcome.BROKEN


@pytest.mark.parametrize("toolchain", LAB.toolchains)
def test_there_were_many_more_threads_than_processors(toolchain: str) -> None:
    assert max(one.threads for one in LAB.seen(toolchain).places) >= 8
    assert {one.procs for one in LAB.seen(toolchain).places} == {1, 2, 4}


# 4.3-i: what sends and receives use


def entered(times: int) -> Counted:
    chain = "runtime.mallocgc < runtime.makechan < main.f"
    return Counted("runtime.mallocgc", True, times, {chain: times} if times else {})


def used(seen: Seen, *, touches: bool = True, mallocs: int = 200, objects: int = 200) -> Seen:
    """Sends and receives are as making channels is."""
    made = seen.operated.runs[0].stops[-1]

    def edit(number: int, stop: Stop) -> Stop:
        if number not in (1, 2):
            return stop
        return change(
            stop,
            touches=made.touches if touches else [],
            counted=[entered(mallocs)],
        )

    changed = stops(seen, "operated", edit)
    return change(
        changed, objects={name: count if name == "channels made" else objects for name, count in seen.objects.items()}
    )


def test_operations_that_allocate_would_hold() -> None:
    assert outcome("4.3-i", used(seen())) is Outcome.HOLDS


@pytest.mark.parametrize(
    "how", [{"touches": False}, {"mallocs": 0, "objects": 0}, {"touches": False, "mallocs": 0, "objects": 3}]
)
def test_instruments_that_disagree_are_unclear(how: dict[str, Any]) -> None:
    assert outcome("4.3-i", used(seen(), **how)) is Outcome.UNCLEAR


@pytest.mark.parametrize("toolchain", LAB.toolchains)
def test_each_channel_that_is_made_enters_the_allocator_once(toolchain: str) -> None:
    seen = LAB.seen(toolchain)
    _, sends, trips, made = seen.operated.runs[0].stops
    entries = [sum(allocations.executions(stop.counted, seen.allocator).values()) for stop in (sends, trips, made)]
    assert entries == [0, 0, 200]
    assert all(one.resolved for one in made.counted)
    assert {one.name for one in made.counted} == set(seen.allocator)


def test_an_allocation_by_another_entry_is_seen_too() -> None:
    """Since 1.27 compiled code may enter the allocator by functions for one size."""
    by_another = Counted("runtime.mallocgcTinySC2", True, 200, {"runtime.mallocgcTinySC2 < main.f": 200})
    only = stops(used(seen()), "operated", lambda number, stop: change(stop, counted=[by_another]) if number else stop)
    assert outcome("4.3-i", only) is Outcome.HOLDS


def test_channels_that_are_made_without_allocation_break_the_judge() -> None:
    nothing = stops(seen(), "operated", lambda _, stop: change(stop, touches=[]))
    assert outcome("4.3-i", nothing) is Outcome.BROKEN


# 4.3-k: flushes


def flushed(seen: Seen, count: int, run: int, *, resolved: bool = True) -> Seen:
    def edit(number: int, stop: Stop) -> Stop:
        if number != 1:
            return stop
        return change(stop, counted=[change(one, hits=count, resolved=resolved) for one in stop.counted])

    return stops(seen, "handed", edit, run)


def test_fewer_flushes_on_one_thread_would_hold() -> None:
    assert outcome("4.3-k", flushed(seen(), 200, 1)) is Outcome.HOLDS
    assert outcome("4.3-k", flushed(seen(), 200, 0)) is Outcome.FAILS


def test_flushes_that_were_not_all_counted_are_unclear() -> None:
    assert outcome("4.3-k", flushed(seen(), 0, 0, resolved=False)) is Outcome.UNCLEAR
    found = seen().flushes.found
    more = change(seen().flushes, found={**found, "runtime.chansend": next(iter(found.values()))})
    assert LAB.finding("4.3-k", change(seen(), flushes=more)).outcome is Outcome.UNCLEAR
    none = change(seen().flushes, found={})
    assert LAB.finding("4.3-k", change(seen(), flushes=none)).outcome is Outcome.UNCLEAR


def test_a_run_that_ended_early_is_unclear() -> None:
    short = change(seen().handed, runs=[change(run, stops=run.stops[:1]) for run in seen().handed.runs])
    assert LAB.finding("4.3-k", change(seen(), handed=short)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("toolchain", LAB.toolchains)
def test_only_the_programs_own_function_flushes(toolchain: str) -> None:
    flushes = LAB.seen(toolchain).flushes
    assert [name.removesuffix(".abi0") for name in flushes.found] == ["main.flush"]
    assert flushes.text_bytes > 400_000
