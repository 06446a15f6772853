"""The judges of growth-write-barriers on observations that real trials recorded, and on these with a change."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Outcome, Stop, change, kept

LAB = kept(__file__)
seen_on, ruling, finding = LAB.seen, LAB.ruling, LAB.finding
OLD_MAP, SWISS_MAP = "1.24.11+noswissmap", "1.27.3"
BARRIERS = ("2.4-a", "2.4-d", "2.4-h")
Edit = Callable[[Stop], Stop]


def with_stops(seen: Any, session: str, edit: Callable[[list[Stop]], list[Stop]]) -> Any:
    known = getattr(seen, session)
    run = known.runs[0]
    return change(seen, **{session: change(known, runs=[change(run, stops=edit(run.stops))])})


def everywhere(seen: Any, edit: Edit) -> Any:
    for session in ("series", "overlapping"):
        seen = with_stops(seen, session, lambda stops: [edit(stop) for stop in stops])
    return seen


# --- barriers ----------------------------------------------------------------------------------------------


def uncounted(stop: Stop) -> Stop:
    return change(stop, counted=[change(one, hits=0, chains={}) for one in stop.counted])


def not_marking(stop: Stop) -> Stop:
    return change(stop, values={**stop.values, "marking": 0})


def without_code(seen: Any) -> Any:
    return change(seen, code=[change(one, tests=0, calls=[]) for one in seen.code])


@pytest.mark.parametrize("claim", BARRIERS)
@pytest.mark.parametrize("name", LAB.toolchains)
def test_neither_an_execution_nor_code_would_hold(claim: str, name: str) -> None:
    assert ruling(claim, without_code(everywhere(seen_on(name), uncounted))).outcome is Outcome.HOLDS


@pytest.mark.parametrize("claim", BARRIERS)
def test_instruments_that_disagree_are_unclear(claim: str) -> None:
    seen = seen_on(SWISS_MAP)
    assert ruling(claim, everywhere(seen, uncounted)).outcome is Outcome.UNCLEAR
    assert ruling(claim, without_code(seen)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", BARRIERS)
def test_a_collector_that_was_not_marking_is_unclear(claim: str) -> None:
    assert finding(claim, everywhere(seen_on(SWISS_MAP), not_marking)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", BARRIERS)
def test_a_program_that_did_not_come_so_far_is_unclear(claim: str) -> None:
    seen = with_stops(seen_on(OLD_MAP), "series", lambda stops: stops[:3])
    seen = with_stops(seen, "overlapping", lambda stops: stops[:1])
    assert finding(claim, seen).outcome is Outcome.UNCLEAR


def test_executions_outside_growth_are_not_growths() -> None:
    def only_ours(stop: Stop) -> Stop:
        chain = {"runtime.gcWriteBarrier2 < main.assignText < main.second": 1}
        return change(stop, counted=[change(one, chains=chain) for one in stop.counted[:1]])

    seen = everywhere(seen_on(OLD_MAP), only_ours)
    assert finding("2.4-a", without_code(seen)).outcome is Outcome.HOLDS


def test_the_headers_pointers_are_not_entries() -> None:
    def only_header(stop: Stop) -> Stop:
        chain = {"runtime.gcWriteBarrier4 < runtime.hashGrow < runtime.mapassign_faststr < main.growPointers": 2}
        return change(stop, counted=[change(one, chains=chain) for one in stop.counted[:1]])

    assert " 0 times" in finding("2.4-d", everywhere(seen_on(OLD_MAP), only_header)).because


@pytest.mark.parametrize("claim", BARRIERS)
def test_a_control_that_executes_a_barrier_breaks_the_judge(claim: str) -> None:
    def all_guilty(stop: Stop) -> Stop:
        chain = "runtime.gcWriteBarrier2 < main.storeIntegers < main.copyPairs < main.assignNumber"
        return change(stop, counted=[change(one, chains={chain: 1}) for one in stop.counted[:1]])

    assert ruling(claim, everywhere(seen_on(SWISS_MAP), all_guilty)).outcome is Outcome.BROKEN


# --- the pointer to the buckets ----------------------------------------------------------------------------


def all_atomic(stop: Stop) -> Stop:
    return change(stop, touches=[change(touch, instruction="xchg %rax,0x10(%rdx)") for touch in stop.touches])


def test_an_atomic_instruction_would_hold() -> None:
    seen = everywhere(seen_on(OLD_MAP), all_atomic)
    seen = change(seen, stores=[change(store, atomic=True) for store in seen.stores])
    assert ruling("2.4-c", seen).outcome is Outcome.HOLDS


def test_gdb_and_the_decoder_have_to_agree() -> None:
    assert ruling("2.4-c", everywhere(seen_on(OLD_MAP), all_atomic)).outcome is Outcome.UNCLEAR


def test_a_write_by_an_unknown_instruction_is_unclear() -> None:
    seen = seen_on(OLD_MAP)
    assert finding("2.4-c", change(seen, stores=seen.stores[:1])).outcome is Outcome.UNCLEAR


def test_a_header_without_the_field_is_void_and_what_is_written_instead_is_told() -> None:
    found = ruling("2.4-c", seen_on(SWISS_MAP))
    assert found.outcome is Outcome.VOID
    assert "`dirPtr`: `mov " in found.finding.because


# --- landings ----------------------------------------------------------------------------------------------


def last_but_one_hold(edit: Edit) -> Callable[[list[Stop]], list[Stop]]:
    return lambda stops: [*stops[:4], edit(stops[4]), *stops[5:]]


def test_the_held_assignment_alone_makes_it_hold() -> None:
    seen = seen_on(OLD_MAP)
    assert (seen.landings.present.old, seen.landings.fresh.old) == (0, 0)
    assert ruling("2.4-e", seen).outcome is Outcome.HOLDS


def test_a_held_assignment_that_stores_into_a_new_bucket_fails() -> None:
    def swapped(stop: Stop) -> Stop:
        other = {"buckets": "oldbuckets", "buckets end": "oldbuckets end"}
        other |= {old: new for new, old in other.items()}
        return change(stop, values={name: stop.values[other.get(name, name)] for name in stop.values})

    assert ruling("2.4-e", with_stops(seen_on(OLD_MAP), "held", last_but_one_hold(swapped))).outcome is Outcome.FAILS


def test_a_bucket_that_had_been_migrated_does_not_count() -> None:
    def cleared(stop: Stop) -> Stop:
        return change(stop, touches=[change(touch, before=0) for touch in stop.touches])

    assert ruling("2.4-e", with_stops(seen_on(OLD_MAP), "held", last_but_one_hold(cleared))).outcome is Outcome.UNCLEAR


def test_an_assignment_that_was_not_held_is_unclear() -> None:
    seen = with_stops(seen_on(OLD_MAP), "held", lambda stops: stops[:1])
    assert ruling("2.4-e", seen).outcome is Outcome.UNCLEAR


def test_texts_that_were_not_found_are_unclear() -> None:
    def elsewhere(stop: Stop) -> Stop:
        return change(stop, values={**stop.values, "oldbuckets": 0, "oldbuckets end": 0})

    seen = with_stops(seen_on(OLD_MAP), "held", last_but_one_hold(elsewhere))
    fresh = seen.landings.fresh
    lost = change(seen, landings=change(seen.landings, fresh=change(fresh, new=0, nowhere=fresh.new)))
    assert ruling("2.4-e", lost).outcome is Outcome.UNCLEAR


def test_a_map_without_old_buckets_is_void() -> None:
    seen = seen_on(SWISS_MAP)
    assert seen.held is None
    assert ruling("2.4-e", seen).outcome is Outcome.VOID


@pytest.mark.parametrize("claim", ["2.4-c", "2.4-e"])
def test_a_header_that_was_not_read_is_no_header_without_the_field(claim: str) -> None:
    def unread(stop: Stop) -> Stop:
        return change(stop, values={**stop.values, "header": None})

    assert finding(claim, everywhere(seen_on(SWISS_MAP), unread)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("toolchain", LAB.toolchains)
def test_an_assignment_executes_the_barrier_for_each_pointer_as_the_correction_says(toolchain: str) -> None:
    because = LAB.ruling("2.4-h", LAB.seen(toolchain)).finding.because
    told = because.partition("in the runtime's assign function and in the one that assigns: ")[2]
    twice = (
        "of a key that is there to a map[string]string",
        "of a new key to a map[string]string",
        "to a map[string]*T",
    )
    wanted = [*(f"{what} 1 and 1" for what in twice), "to a map[int]*T 0 and 1", "to a map[string]int 1 and 0"]
    assert told.split(", ") == wanted


@pytest.mark.parametrize("toolchain", LAB.toolchains)
def test_string_keys_are_copied_by_typedmemmove_since_swiss_maps(toolchain: str) -> None:
    because = LAB.ruling("2.4-d", LAB.seen(toolchain)).finding.because
    by_itself = "`runtime.evacuate_faststr` executed it 0 times" not in because and "evacuate_faststr" in because
    assert by_itself == (LAB.toolchains[toolchain].experiment == "noswissmap" or toolchain < "1.24")
