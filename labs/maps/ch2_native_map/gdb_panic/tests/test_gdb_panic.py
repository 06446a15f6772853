"""The judges of gdb-panic on observations that real trials recorded, and on these with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Ending, Outcome, RunSeen, Session, Tally, change, kept, tally_of, with_entries

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling


# --- counts ------------------------------------------------------------------------------------------------


def tally(died: int, runs: int, message: str = "fatal error: concurrent map writes") -> Tally:
    return tally_of(Ending(died, 2, False, message, [], ""), Ending(runs - died, 0, False, "", [], ""))


@pytest.mark.parametrize(
    ("claim", "counts", "outcome"),
    [
        ("2.3-b", {"listed/2": tally(190, 200)}, Outcome.HOLDS),
        ("2.3-b", {"listed/2": tally(100, 200)}, Outcome.UNCLEAR),
        ("2.3-b", {"listed/2": tally(5, 200)}, Outcome.FAILS),
        ("2.3-b", {"listed/2": tally(200, 200, "fatal error: bad map state")}, Outcome.FAILS),
        ("2.3-i", {"assign-assign/2": tally(0, 100)}, Outcome.FAILS),
        ("2.3-i", {"assign-assign/2": tally(52, 100)}, Outcome.UNCLEAR),
        ("2.3-j", {"assign-remove/2": tally(10, 100)}, Outcome.FAILS),
        ("2.3-a", {"remove-absent/1": tally(1, 100)}, Outcome.UNCLEAR),
        ("2.3-a", {"remove-absent/1": tally(100, 100), "remove-absent/2": tally(100, 100)}, Outcome.FAILS),
        ("2.3-k", {"remove-alone/2": tally(100, 100), "remove-alone/1": tally(90, 100)}, Outcome.FAILS),
    ],
)
def test_counts_decide(claim: str, counts: dict[str, Tally], outcome: Outcome) -> None:
    assert ruling(claim, with_entries(seen_on("1.27.3"), "counts", counts)).outcome is outcome


def test_a_mutex_that_does_not_help_breaks_the_judge() -> None:
    seen = with_entries(seen_on("1.27.3"), "counts", {"locked/2": tally(100, 100)})
    assert ruling("2.3-i", seen).outcome is Outcome.BROKEN


# --- sessions ----------------------------------------------------------------------------------------------


def with_runs(seen: Any, session: str, edit: Callable[[list[RunSeen]], list[RunSeen]]) -> Any:
    known: Session = getattr(seen, session)
    return change(seen, **{session: change(known, runs=edit(known.runs))})


def last_stop_changed(**changes: Any) -> Callable[[list[RunSeen]], list[RunSeen]]:
    """The last stop of the first run, with other values in it."""

    def edit(runs: list[RunSeen]) -> list[RunSeen]:
        run = runs[0]
        return [change(run, stops=[*run.stops[:-1], change(run.stops[-1], **changes)]), *runs[1:]]

    return edit


def without_stops(runs: list[RunSeen]) -> list[RunSeen]:
    return [change(runs[0], stops=[]), *runs[1:]]


def test_a_breakpoint_that_resolves_and_stops_would_hold() -> None:
    seen = with_runs(seen_on("1.27.3"), "dying", last_stop_changed(at="runtime.fatalerror"))
    resolved = [
        change(known, resolved=True) if known.name == "runtime.fatalerror" else known
        for known in seen.dying.breakpoints
    ]
    seen = change(seen, dying=change(seen.dying, breakpoints=resolved))
    assert LAB.finding("2.3-e", seen).outcome is Outcome.HOLDS


def test_a_backtrace_through_throw_would_hold() -> None:
    seen = seen_on("1.23.9")
    frames = seen.dying.runs[0].stops[-1].frames
    thrown = [change(frames[0], function="runtime.throw"), *frames[1:]]
    seen = with_runs(seen, "dying", last_stop_changed(frames=thrown))
    assert ruling("2.3-f", seen).outcome is Outcome.HOLDS


def test_another_text_at_rax_fails() -> None:
    seen = with_runs(seen_on("1.27.3"), "dying", last_stop_changed(strings={"rax": "all goroutines are asleep"}))
    assert ruling("2.3-g", seen).outcome is Outcome.FAILS


def test_rbp_at_the_header_would_hold() -> None:
    seen = seen_on("1.27.3")
    stop = seen.dying.runs[0].stops[-1]
    seen = with_runs(seen, "dying", last_stop_changed(registers={**stop.registers, "rbp": stop.values["map"]}))
    assert ruling("2.3-h", seen).outcome is Outcome.HOLDS


@pytest.mark.parametrize("claim", ["2.3-g", "2.3-h"])
def test_a_processor_without_the_register_leaves_the_claim_void(claim: str) -> None:
    seen = with_runs(seen_on("1.27.3"), "dying", last_stop_changed(registers={"x0": 1}))
    assert ruling(claim, seen).outcome is Outcome.VOID


@pytest.mark.parametrize("claim", ["2.3-f", "2.3-g", "2.3-h"])
def test_a_program_that_did_not_stop_is_unclear(claim: str) -> None:
    assert ruling(claim, with_runs(seen_on("1.27.3"), "dying", without_stops)).outcome is Outcome.UNCLEAR


def test_another_assign_function_fails() -> None:
    seen = with_runs(seen_on("1.27.3"), "assigning", last_stop_changed(at="runtime.mapassign"))
    assert ruling("2.3-c", seen).outcome is Outcome.FAILS


def test_an_overlap_that_is_detected_would_hold_and_one_that_was_not_held_is_unclear() -> None:
    seen = seen_on("1.27.3")
    detected = with_runs(seen, "overlapping", lambda runs: [runs[1], runs[1]])
    assert ruling("2.3-d/2", detected).outcome is Outcome.HOLDS
    assert ruling("2.3-d/2", with_runs(seen, "overlapping", without_stops)).outcome is Outcome.UNCLEAR


def test_an_overlap_after_the_mark_that_passes_unnoticed_breaks_the_judge() -> None:
    seen = with_runs(seen_on("1.27.3"), "overlapping", lambda runs: [runs[0], runs[0]])
    assert ruling("2.3-d/2", seen).outcome is Outcome.BROKEN
    assert ruling("2.3-d/1", seen).outcome is Outcome.FAILS


def test_two_deadly_bits_refute_that_it_is_the_one() -> None:
    def also_deadly(runs: list[RunSeen]) -> list[RunSeen]:
        return [change(runs[0], stops=[runs[0].stops[0], runs[2].stops[1]]), *runs[1:]]

    assert ruling("2.3-m", with_runs(seen_on("1.23.9"), "bits", also_deadly)).outcome is Outcome.FAILS


def test_an_operation_that_takes_no_notice_of_the_mark_would_hold() -> None:
    seen = with_runs(seen_on("1.27.3"), "marked", lambda runs: [runs[0]] * 4)
    assert ruling("2.3-n", seen).outcome is Outcome.HOLDS


def test_a_bucket_whose_change_kills_would_make_it_the_cause() -> None:
    seen = with_runs(seen_on("1.27.3"), "under_way", lambda runs: [runs[1], runs[1]])
    assert ruling("2.3-l", seen).outcome is Outcome.HOLDS


@pytest.mark.parametrize("toolchain", LAB.toolchains)
def test_a_deletion_from_an_empty_map_is_not_checked(toolchain: str) -> None:
    because = ruling("2.3-n", seen_on(toolchain)).finding.because
    assert "an assignment died in `runtime.fatal`, a deletion died in `runtime.fatal`" in because
    assert because.endswith("a deletion from an empty map took no notice")
