"""The judges of map-unlocked on observations that real trials recorded, and on these with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Ending, Outcome, Tally, change, kept, tally_of, with_entries

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling
BUCKETS, SWISS = "1.23.9", "1.27.3"


# --- counts ------------------------------------------------------------------------------------------------


def tally(died: int, message: str = "fatal error: concurrent map writes", *marks: str, runs: int = 100) -> Tally:
    survived = Ending(runs - died, 0, False, "", list(marks), "")
    return tally_of(Ending(died, 2, False, message, list(marks), ""), survived)


NEVER = {"assign-assign/2": tally(0), "read-assign/2": tally(0)}
SPARED = ("read-read/2", "assign-alone/2", "turns/2", "read-assign/1", "assign-assign/1")
ALWAYS = {name: tally(100) for name in SPARED}


@pytest.mark.parametrize(
    ("claim", "counts", "outcome"),
    [
        ("1-a", {"read-read/2": tally(3)}, Outcome.HOLDS),
        ("1-a", {"read-assign/1": tally(3)}, Outcome.HOLDS),
        ("1-a", NEVER, Outcome.UNCLEAR),
        ("1-a", ALWAYS, Outcome.UNCLEAR),
        ("1-b", {"recover/2": tally(0, "", "recovered from")}, Outcome.UNCLEAR),
        ("1-b", {"recover/2": tally(97)}, Outcome.FAILS),
        ("1-b", {"recover/2": tally(52)}, Outcome.UNCLEAR),
        ("1-b", {"recover/2": tally(100, "fatal error: fault")}, Outcome.UNCLEAR),
        ("1-h", {"read-crowd/4": tally(1)}, Outcome.UNCLEAR),
        ("1-t1", {"range-range/2": tally(1)}, Outcome.UNCLEAR),
        ("1-t1", {name: tally(100) for name in ("read-read/2", "read-read/4", "read-crowd/4")}, Outcome.FAILS),
        ("1-t1", {"assign-assign/2": tally(0)}, Outcome.BROKEN),
    ],
)
def test_counts_decide(claim: str, counts: dict[str, Tally], outcome: Outcome) -> None:
    assert ruling(claim, with_entries(seen_on(SWISS), "counts", counts)).outcome is outcome


def test_what_dies_now_and_then_is_told() -> None:
    seen = with_entries(seen_on(SWISS), "counts", {"assign-assign/1": tally(2)})
    assert "now and then: two writers under GOMAXPROCS=1 (2 of 100)" in ruling("1-a", seen).finding.because


def test_one_release_that_is_another_shows_that_it_depends() -> None:
    other = with_entries(seen_on(SWISS), "counts", {"assign-assign/2": tally(0)})
    decide = LAB.judges["1-a/2"].decide
    deaths = LAB.folder.module("judges_counts").deaths
    assert decide({BUCKETS: deaths(seen_on(BUCKETS)), SWISS: deaths(seen_on(SWISS))}).outcome is Outcome.FAILS
    assert decide({BUCKETS: deaths(seen_on(BUCKETS)), SWISS: deaths(other)}).outcome is Outcome.HOLDS
    assert decide({SWISS: deaths(seen_on(SWISS))}).outcome is Outcome.UNCLEAR


def test_deaths_of_something_else_are_told() -> None:
    counts = {"assign-assign/2": tally(100, "fatal error: fault"), "read-assign/2": tally(100), "recover/2": tally(100)}
    because = ruling("1-u", with_entries(seen_on(SWISS), "counts", counts)).finding.because
    assert "of 300 racing processes that died, 100 did so without the check's message" in because


# --- processes under gdb -----------------------------------------------------------------------------------


def with_processes(seen: Any, session: str, name: str, edit: Callable[[list[Any]], list[Any]]) -> Any:
    known = getattr(seen, session)
    return change(seen, **{session: change(known, processes={**known.processes, name: edit(known.processes[name])})})


def died(processes: list[Any]) -> list[Any]:
    return [
        change(one, halts=[*one.halts[:-1], change(one.halts[-1], at="runtime.fatal", frames=["f at g:1"])])
        for one in processes
    ]


def survived(processes: list[Any]) -> list[Any]:
    return [
        change(one, steps=len(one.halts), halts=[*one.halts[:-1], change(one.halts[-1], at="main.hold")])
        for one in processes
    ]


def lost(processes: list[Any]) -> list[Any]:
    return [change(one, halts=one.halts[:1]) for one in processes]


def unchanged(processes: list[Any]) -> list[Any]:
    return [change(one, halts=[change(halt, changed={}) for halt in one.halts]) for one in processes]


@pytest.mark.parametrize(
    ("claim", "session", "experiment"),
    [
        ("1-a", "alone", "noticing"),
        ("1-b", "alone", "recovering"),
        ("1-c", "alone", "watched"),
        ("1-c", "alone", "barrier"),
        ("1-c", "alone", "bucket within"),
        ("1-h", "together", "reading"),
        ("1-t2", "alone", "bits"),
        ("1-u", "together", "held"),
        ("1-u", "together", "growing"),
    ],
)
def test_a_lost_process_never_decides(claim: str, session: str, experiment: str) -> None:
    found = ruling(claim, with_processes(seen_on(BUCKETS), session, experiment, lost))
    assert found.outcome in (Outcome.UNCLEAR, Outcome.BROKEN)


@pytest.mark.parametrize(
    ("claim", "session", "experiment", "edit", "outcome"),
    [
        ("1-a", "alone", "noticing", died, Outcome.UNCLEAR),
        ("1-a", "alone", "noticing", survived, Outcome.UNCLEAR),
        ("1-c", "alone", "barrier", died, Outcome.UNCLEAR),
        ("1-c", "alone", "barrier", unchanged, Outcome.BROKEN),
        ("1-c", "alone", "bucket before", died, Outcome.UNCLEAR),
        ("1-h", "together", "reading", died, Outcome.UNCLEAR),
        ("1-t2", "alone", "bits", survived, Outcome.FAILS),
        ("1-t2", "alone", "bits", died, Outcome.FAILS),
        ("1-t2", "together", "held marked", survived, Outcome.FAILS),
        ("1-t2", "alone", "bucket before", died, Outcome.BROKEN),
        ("1-t3", "together", "growing", died, Outcome.UNCLEAR),
        ("1-t3", "together", "growing", unchanged, Outcome.FAILS),
        ("1-u", "alone", "locked", survived, Outcome.FAILS),
        ("1-u", "alone", "locked", unchanged, Outcome.UNCLEAR),
        ("1-u", "together", "held", died, Outcome.FAILS),
        ("1-u", "together", "held marked", survived, Outcome.FAILS),
    ],
)
def test_processes_decide(
    claim: str, session: str, experiment: str, edit: Callable[[list[Any]], list[Any]], outcome: Outcome
) -> None:
    found = ruling(claim, with_processes(seen_on(BUCKETS), session, experiment, edit))
    assert found.outcome is outcome, found.finding.because


def test_everything_dying_refutes_that_it_depends() -> None:
    seen = with_processes(with_entries(seen_on(SWISS), "counts", ALWAYS), "alone", "noticing", died)
    assert ruling("1-a", seen).outcome is Outcome.FAILS


def test_a_migration_that_kills_by_itself_would_hold() -> None:
    seen = with_processes(seen_on(BUCKETS), "together", "growing", died)
    assert ruling("1-t3", with_processes(seen, "together", "half migrated", died)).outcome is Outcome.HOLDS


def test_without_any_migration_nothing_is_said() -> None:
    seen = with_processes(seen_on(SWISS), "together", "growing", unchanged)
    assert ruling("1-t3", seen).outcome is Outcome.UNCLEAR


def test_a_conflict_that_panics_would_hold() -> None:
    seen = with_entries(seen_on(SWISS), "counts", {"recover/2": tally(0, "", "recovered from")})
    seen = with_processes(seen, "alone", "recovering", lambda processes: [processes[1], processes[1]])
    assert ruling("1-b", seen).outcome is Outcome.HOLDS


# --- instruments that have to agree -------------------------------------------------------------------------


def with_last_halts(**changes: Any) -> Callable[[list[Any]], list[Any]]:
    return lambda processes: [
        change(one, halts=[*one.halts[:-1], change(one.halts[-1], **changes)]) for one in processes
    ]


def test_a_check_that_reads_nothing_of_what_decides_breaks_the_judge() -> None:
    seen = with_processes(seen_on(SWISS), "alone", "watched marked", with_last_halts(noted=[]))
    assert ruling("1-c", seen).outcome is Outcome.BROKEN


def test_a_watch_that_sees_nothing_breaks_the_judge() -> None:
    seen = with_processes(seen_on(SWISS), "alone", "watched", with_last_halts(noted=[]))
    assert ruling("1-c", seen).outcome is Outcome.BROKEN


@pytest.mark.parametrize(("label", "experiments"), [("barrier", ["barrier"]), ("bucket", ["bucket before"])])
def test_what_is_read_first_and_decides_is_what_the_check_looks_at(label: str, experiments: list[str]) -> None:
    """The two suspects together hold only if both do: so the judge is asked about one of them."""
    seen = seen_on(SWISS)
    marked = seen.alone.processes["watched marked"]
    noted = [[*one.halts[-1].noted, change(one.halts[-1].noted[0], label=label)] for one in marked]
    read = [
        change(one, halts=[*one.halts[:-1], change(one.halts[-1], noted=also)])
        for one, also in zip(marked, noted, strict=True)
    ]
    seen = with_processes(seen, "alone", "watched marked", lambda _: read)
    assert ruling("1-c", seen).outcome is Outcome.UNCLEAR  # read, but changing it changes nothing
    for experiment in experiments:
        seen = with_processes(seen, "alone", experiment, died)
    judge = LAB.judges["1-c"]
    check = judge.sees(seen)
    (suspect,) = [one for one in check.suspects if label in one.name]
    assert judge.decide(type(check)([suspect], check.readings)).outcome is Outcome.HOLDS
    assert ruling("1-c", seen).outcome is Outcome.FAILS  # the other one still does nothing


@pytest.mark.parametrize(("name", "message"), [(BUCKETS, "bad map state"), (SWISS, "")])
def test_what_a_senseless_bucket_does_is_told(name: str, message: str) -> None:
    because = ruling("1-c", seen_on(name)).finding.because
    assert (message in because) if message else ("makes no sense" not in because)


def test_a_write_that_leaves_no_trace_is_unclear() -> None:
    seen = seen_on(SWISS)
    halts = list(seen.watched.processes["headers"][0].halts)
    halts[1] = change(halts[1], noted=halts[4].noted)
    assert halts[4].noted
    seen = with_processes(seen, "watched", "headers", lambda processes: [change(processes[0], halts=halts)])
    assert ruling("1-g/1", seen).outcome is Outcome.UNCLEAR


def test_bytes_that_differ_without_a_write_are_unclear_and_with_one_refute() -> None:
    seen = seen_on(BUCKETS)
    compared = [change(one, lookup=[8]) for one in seen.compared]
    assert ruling("1-g/1", change(seen, compared=compared)).outcome is Outcome.UNCLEAR
    halts = list(seen.watched.processes["headers"][0].halts)
    halts[1] = change(halts[1], noted=halts[4].noted)
    seen = with_processes(seen, "watched", "headers", lambda processes: [change(processes[0], halts=halts)])
    found = ruling("1-g/1", change(seen, compared=compared))
    assert (found.outcome, "`flags` differed" in found.finding.because) == (Outcome.FAILS, True)


def test_a_header_that_is_not_watched_whole_is_unclear() -> None:
    seen = seen_on(SWISS)
    assert ruling("1-g/1", change(seen, header=change(seen.header, size=72))).outcome is Outcome.BROKEN
    half = with_processes(
        seen, "watched", "headers", lambda processes: [change(processes[0], halts=processes[0].halts[:7])]
    )
    assert ruling("1-g/1", half).outcome is Outcome.BROKEN


def test_what_iteration_changes_is_told() -> None:
    assert "it changed `extra` and `flags`" in ruling("1-g/1", seen_on(BUCKETS)).finding.because
    assert "`for range` changed nothing either" in ruling("1-g/1", seen_on(SWISS)).finding.because
