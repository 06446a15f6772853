"""The judges of sync-map-barrier on observations that real trials recorded, and on these with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Counted, Outcome, Stop, change, kept

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling
Edit = Callable[[Counted], Counted]


def recounted(seen: Any, session: str, edit: Edit) -> Any:
    """The same session with other counts in it."""
    known = getattr(seen, session)

    def at(stop: Stop) -> Stop:
        return change(stop, counted=[edit(counted) for counted in stop.counted])

    runs = [change(run, stops=[at(stop) for stop in run.stops]) for run in known.runs]
    return change(seen, **{session: change(known, runs=runs)})


def without_chains(*words: str) -> Edit:
    """Executions whose chains hold one of the words did not take place."""

    def edit(counted: Counted) -> Counted:
        chains = {chain: hits for chain, hits in counted.chains.items() if not any(word in chain for word in words)}
        return change(counted, chains=chains, hits=sum(chains.values()))

    return edit


# The barrier


@pytest.mark.parametrize("name", LAB.toolchains)
def test_the_evidence_is_chains_from_the_barrier_to_the_store(name: str) -> None:
    lines = ruling("2.4-j", seen_on(name)).finding.shows.splitlines()
    assert any("runtime.atomicwb < sync/atomic.StorePointer" in line and "main.store" in line for line in lines)
    assert "# runtime.writeBarrier" in lines[-1]
    assert not any("go.shape" in line or "main.main" in line for line in lines)


def test_a_store_that_meets_the_barrier_without_atomics_fails() -> None:
    seen = recounted(seen_on("1.27.3"), "marking", without_chains("sync/atomic."))
    assert ruling("2.4-j", seen).outcome is Outcome.FAILS


def test_a_store_that_met_no_barrier_is_unclear() -> None:
    """The collector may have been through before."""
    seen = recounted(seen_on("1.27.3"), "marking", without_chains("main.storeShared", "main.storeAgain"))
    assert ruling("2.4-j", seen).outcome is Outcome.UNCLEAR


def test_what_other_goroutines_meet_does_not_count() -> None:
    seen = seen_on("1.27.3")
    others = recounted(seen, "marking", without_chains("runtime.gcBgMarkWorker", "runtime.schedule"))
    assert ruling("2.4-j", others).finding == ruling("2.4-j", seen).finding


def test_machine_code_that_does_not_look_at_the_switch_disagrees() -> None:
    seen = seen_on("1.27.3")
    blind = change(seen, atomics=[change(one, looks=[]) for one in seen.atomics])
    found = ruling("2.4-j", blind)
    assert found.outcome is Outcome.UNCLEAR
    assert "disagree" in found.finding.because


def test_an_ordinary_map_that_met_no_barrier_breaks_the_judge() -> None:
    seen = recounted(seen_on("1.27.3"), "marking", without_chains("main.storeOrdinary"))
    assert ruling("2.4-j", seen).outcome is Outcome.BROKEN


# Registering


def with_hits(name: str, hits: int) -> Edit:
    return lambda counted: change(counted, hits=hits) if counted.name == name else counted


def test_a_store_that_registers_would_hold() -> None:
    seen = recounted(seen_on("1.27.3"), "registering", with_hits("runtime.addspecial", 100))
    found = ruling("2.4-k", seen)
    assert found.outcome is Outcome.HOLDS
    assert "`runtime.addspecial` 100 ×" in found.finding.because


def test_a_finalizer_that_registers_nothing_breaks_the_judge() -> None:
    seen = recounted(seen_on("1.27.3"), "registering", lambda counted: change(counted, hits=0))
    assert ruling("2.4-k", seen).outcome is Outcome.BROKEN


@pytest.mark.parametrize(
    "survival",
    [
        {"intact": 99},
        {"kept_collected": 1},
        {"dropped_collected": 0},
    ],
)
def test_entries_that_do_not_survive_or_a_collector_that_frees_nothing_leave_it_unclear(
    survival: dict[str, int],
) -> None:
    seen = seen_on("1.27.3")
    assert ruling("2.4-k", change(seen, survival=change(seen.survival, **survival))).outcome is Outcome.UNCLEAR


def test_without_a_function_to_count_it_is_unclear() -> None:
    seen = seen_on("1.27.3")
    lost = recounted(seen, "registering", lambda counted: change(counted, resolved=False, hits=0))
    assert LAB.finding("2.4-k", lost).outcome is Outcome.UNCLEAR


def test_a_program_that_ended_early_is_unclear() -> None:
    seen = seen_on("1.27.3")
    runs = [change(run, stops=run.stops[:1]) for run in seen.registering.runs]
    alone = change(seen, registering=change(seen.registering, runs=runs))
    assert LAB.finding("2.4-k", alone).outcome is Outcome.UNCLEAR
