"""The judges of sync-map-store on observations that real trials recorded, and on these with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Ending, Outcome, Races, Stop, Tally, Touch, change, kept, race, tally_of, with_entries

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling
RUNS = [
    "stores",
    "plain stores",
    "stores, inner map",
    "hits",
    "few hits",
    "overwrites",
    "misses",
    "clean misses",
    "guarded",
]
"""In the order of the session."""


def at_the_end(seen: Any, run: str, edit: Callable[[Stop], Stop]) -> Any:
    """The last stop of one of the watched runs is another."""
    runs = list(seen.watched.runs)
    place = RUNS.index(run)
    runs[place] = change(runs[place], stops=[runs[place].stops[0], edit(runs[place].stops[1])])
    return change(seen, watched=change(seen.watched, runs=runs))


def touched(seen: Any, run: str, edit: Callable[[list[Touch]], list[Touch]]) -> Any:
    return at_the_end(seen, run, lambda stop: change(stop, touches=edit(stop.touches)))


def touch(label: str, instruction: str) -> Touch:
    return Touch(label, 2, instruction, 1, "main.f", "main.go", 1, ["main.f"], 0, 1)


def tally(died: int, runs: int, *, late: int = 0) -> Tally:
    return tally_of(
        Ending(died, 2, False, "fatal error: concurrent map read and map write", [], ""),
        Ending(late, 137, True, "", [], ""),
        Ending(runs - died - late, 0, False, "", [], ""),
    )


def races(racy: int, runs: int, exit_code: int = 0) -> Races:
    quiet = Ending(runs - racy, exit_code, False, "", [], "")
    return Races(tally_of(Ending(racy, 66, False, "", [race.WARNING], ""), quiet), [])


@pytest.mark.parametrize("claim", ["1-k", "1-q", "1-r", "1-s"])
def test_a_map_without_the_field_leaves_the_claim_void(claim: str) -> None:
    found = ruling(claim, seen_on("1.27.3"))
    assert found.outcome is Outcome.VOID
    assert "no field `read`" in found.finding.because


# 1-q: what touches the field


def test_a_plain_load_of_the_field_contradicts_the_disassembly() -> None:
    plain = touch("read", "mov 0x8(%rax),%rcx")
    found = ruling("1-q", touched(seen_on("1.23.9"), "stores", lambda touches: [*touches, plain]))
    assert found.outcome is Outcome.UNCLEAR
    assert "1 × otherwise" in found.finding.because
    assert "disagree" in found.finding.because


def test_a_field_that_both_instruments_see_used_plainly_fails() -> None:
    plain = touch("read", "mov 0x8(%rax),%rcx")
    seen = touched(seen_on("1.23.9"), "stores", lambda _: [plain])
    seen = change(seen, code=[change(part, stores=[]) for part in seen.code])
    assert ruling("1-q", seen).outcome is Outcome.FAILS


def test_an_argument_of_another_address_contradicts_the_touches() -> None:
    seen = seen_on("1.23.9")
    run = seen.stored.runs[0]
    elsewhere = change(run.stops[-1], arguments={"ptr": 8, "new": 16})
    stored = change(seen.stored, runs=[change(run, stops=[*run.stops[:-1], elsewhere])])
    assert ruling("1-q", change(seen, stored=stored)).outcome is Outcome.UNCLEAR


def test_a_load_method_that_is_not_load_pointer_leaves_loads_unknown() -> None:
    seen = seen_on("1.23.9")
    other = change(seen, load_method="func (x *Pointer[T]) Load() *T { return x.v }")
    assert ruling("1-q", other).outcome is Outcome.UNCLEAR


def test_the_evidence_shows_each_touch_and_the_source_of_the_load() -> None:
    shows = ruling("1-q", seen_on("1.23.9")).finding.shows
    assert "xchg" in shows
    assert "LoadPointer(&x.v)" in shows
    assert "go.shape" not in shows


# 1-k: writes to the line


def test_lookups_that_keep_writing_would_hold() -> None:
    def busy(stop: Stop) -> Stop:
        return change(stop, touches=[touch("mu", "lock cmpxchg %esi,(%rdx)")] * 50, cut=["mu"])

    assert ruling("1-k", at_the_end(seen_on("1.23.9"), "hits", busy)).outcome is Outcome.HOLDS


def test_a_single_write_is_unclear() -> None:
    seen = touched(seen_on("1.23.9"), "hits", lambda _: [touch("misses", "mov %rcx,0x18(%rax)")])
    assert ruling("1-k", seen).outcome is Outcome.UNCLEAR


def test_a_locked_instruction_that_leaves_the_value_is_unclear() -> None:
    """It takes the line from other cores, and a write watch does not see it."""
    locked = change(touch("mu", "lock cmpxchg %esi,(%rdx)"), before=0, after=0)
    seen = touched(seen_on("1.23.9"), "few hits", lambda touches: [*touches, locked])
    assert ruling("1-k", seen).outcome is Outcome.UNCLEAR


def test_lookups_of_which_nothing_was_seen_are_unclear() -> None:
    assert ruling("1-k", touched(seen_on("1.23.9"), "few hits", lambda _: [])).outcome is Outcome.UNCLEAR


def test_a_guarded_map_that_writes_nothing_breaks_the_judge() -> None:
    seen = at_the_end(seen_on("1.23.9"), "guarded", lambda stop: change(stop, touches=[], cut=[]))
    assert ruling("1-k", seen).outcome is Outcome.BROKEN
    assert ruling("1-s", seen).outcome is Outcome.BROKEN


# 1-s: the mutex


def test_lookups_that_take_the_mutex_would_hold() -> None:
    seen = touched(seen_on("1.23.9"), "overwrites", lambda _: [touch("mu", "lock cmpxchg %esi,(%rdx)")] * 2)
    assert ruling("1-s", seen).outcome is Outcome.HOLDS


def test_a_plain_write_to_the_inner_map_is_unclear_and_a_mark_of_an_iterator_is_not() -> None:
    seen = seen_on("1.23.9")
    written = touched(seen, "stores, inner map", lambda _: [touch("inner+0", "incq (%rcx)")])
    assert ruling("1-s", written).outcome is Outcome.UNCLEAR
    marked = touched(seen, "stores, inner map", lambda _: [touch("inner+8", "lock or %dl,(%rcx)")])
    assert ruling("1-s", marked).outcome is Outcome.FAILS


# Counts


@pytest.mark.parametrize(
    ("claim", "found", "outcome"),
    [
        ("1-r", {"through": races(0, 10)}, Outcome.FAILS),
        ("1-r", {"through": races(5, 10)}, Outcome.UNCLEAR),
        ("1-r", {"through": races(0, 10, exit_code=2)}, Outcome.UNCLEAR),
        ("1-r", {"replaced": races(10, 10)}, Outcome.BROKEN),
        ("1-s", {"existing": races(1, 40)}, Outcome.UNCLEAR),
        ("1-s", {"existing": races(0, 40, exit_code=2)}, Outcome.UNCLEAR),
    ],
)
def test_races_decide(claim: str, found: dict[str, Races], outcome: Outcome) -> None:
    assert ruling(claim, with_entries(seen_on("1.23.9"), "races", found)).outcome is outcome


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        ({"frequent/2": tally(1, 100)}, Outcome.UNCLEAR),
        ({"frequent/2": tally(0, 100, late=1)}, Outcome.UNCLEAR),
        ({"frequent/2": tally(100, 100), "frequent/4": tally(80, 100)}, Outcome.FAILS),
        ({"ordinary/2": tally(0, 10), "ordinary/4": tally(0, 10)}, Outcome.BROKEN),
    ],
)
def test_crashes_decide(found: dict[str, Tally], outcome: Outcome) -> None:
    assert ruling("1-t4/1", with_entries(seen_on("1.27.3"), "crashes", found)).outcome is outcome


def test_a_lookup_that_misses_writes_only_while_the_map_is_amended() -> None:
    because = LAB.ruling("1-k", LAB.seen("1.23.9")).finding.because
    assert because.endswith(
        "3 `Load`s of an absent key wrote 9 times while the map was amended, and 0 times while it was not"
    )
