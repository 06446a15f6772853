"""The judges of growth-lost-pointers on observations that real trials recorded, and on these with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling


# --- one thing changed -------------------------------------------------------------------------------------


def grown(seen: Any, check: str, **counts: int) -> Any:
    """The maps of pointers that grew, by this check, were counted otherwise."""
    run = seen.grown["pointers"][check]
    changed = change(run, counts=change(run.counts, **counts))
    return change(seen, grown={**seen.grown, "pointers": {**seen.grown["pointers"], check: changed}})


def died(seen: Any, kind: str, check: str, death: str) -> Any:
    run = change(seen.grown[kind][check], counts=None, death=death)
    return change(seen, grown={**seen.grown, kind: {**seen.grown[kind], check: run}})


CHECKMARK = "fatal error: checkmark found unmarked object"


def test_lost_entries_by_both_checks_would_hold() -> None:
    seen = grown(grown(seen_on("1.27.3"), "contents", lost=1), "finalizers", finalized=1)
    assert ruling("2.4-b", seen).outcome is Outcome.HOLDS


@pytest.mark.parametrize(("check", "counts"), [("contents", {"lost": 1}), ("finalizers", {"finalized": 1})])
def test_checks_that_disagree_are_unclear(check: str, counts: dict[str, int]) -> None:
    assert ruling("2.4-b", grown(seen_on("1.27.3"), check, **counts)).outcome is Outcome.UNCLEAR


def test_a_report_of_the_runtime_alone_is_unclear() -> None:
    assert ruling("2.4-b", died(seen_on("1.27.3"), "pointers", "checkmark", CHECKMARK)).outcome is Outcome.UNCLEAR


def test_a_death_that_the_runtime_puts_down_to_a_freed_object_counts_as_a_loss() -> None:
    seen = died(seen_on("1.27.3"), "pointers", "contents", "fatal error: found bad pointer in Go heap")
    assert ruling("2.4-b", grown(seen, "finalizers", finalized=1)).outcome is Outcome.HOLDS
    assert ruling("2.4-m", seen).outcome is Outcome.HOLDS


def test_another_death_is_unclear() -> None:
    seen = died(seen_on("1.27.3"), "pointers", "contents", "fatal error: out of memory")
    assert ruling("2.4-b", seen).outcome is Outcome.UNCLEAR
    assert ruling("2.4-m", seen).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("counts", [{"growths_while_marking": 0}, {"repetitions": 0}])
def test_growth_that_did_not_meet_the_collector_is_unclear(counts: dict[str, int]) -> None:
    seen = grown(seen_on("1.27.3"), "contents", **counts)
    assert ruling("2.4-b", seen).outcome is Outcome.UNCLEAR
    assert ruling("2.4-m", seen).outcome is Outcome.UNCLEAR


def test_a_bare_table_that_loses_nothing_breaks_the_judges() -> None:
    seen = seen_on("1.27.3")
    seen = change(seen, grown={**seen.grown, "bare": seen.grown["pointers"]})
    assert ruling("2.4-b", seen).outcome is Outcome.BROKEN
    assert ruling("2.4-m", seen).outcome is Outcome.BROKEN


def test_an_entry_of_a_that_is_lost_would_hold() -> None:
    assert ruling("2.4-m", grown(seen_on("1.27.3"), "contents", last_lost=1, lost=1)).outcome is Outcome.HOLDS


def test_one_race_that_ends_by_a_freed_entry_leaves_it_open() -> None:
    seen = seen_on("1.27.3")
    one = change(seen.raced.endings[0], count=1, marks=["found bad pointer in Go heap"])
    raced = change(seen.raced, endings=[*seen.raced.endings, one])
    assert ruling("2.4-m", change(seen, raced=raced)).outcome is Outcome.UNCLEAR


def still(seen: Any, field: str, kind: str, **counts: int) -> Any:
    runs = getattr(seen, field)
    changed = change(runs[kind], counts=change(runs[kind].counts, **counts))
    return change(seen, **{field: {**runs, kind: changed}})


def test_entries_that_are_lost_from_maps_at_rest_would_hold() -> None:
    assert ruling("2.4-i", still(seen_on("1.27.3"), "still", "pointers", lost=5)).outcome is Outcome.HOLDS


def test_hidden_values_that_survive_break_the_judge() -> None:
    assert ruling("2.4-i", still(seen_on("1.27.3"), "still", "hidden", lost=0)).outcome is Outcome.BROKEN


def test_old_buckets_that_lose_entries_would_hold() -> None:
    assert ruling("2.4-f", still(seen_on("1.21.13"), "unfinished", "pointers", lost=1)).outcome is Outcome.HOLDS


def test_growth_that_is_finished_too_soon_is_unclear() -> None:
    assert ruling("2.4-f", still(seen_on("1.21.13"), "unfinished", "pointers", unfinished=3)).outcome is Outcome.UNCLEAR


def test_maps_without_old_buckets_leave_the_claim_void_with_a_control_all_the_same() -> None:
    found = ruling("2.4-f", seen_on("1.27.3"))
    assert found.outcome is Outcome.VOID
    assert found.controls[0].outcome is Outcome.HOLDS
