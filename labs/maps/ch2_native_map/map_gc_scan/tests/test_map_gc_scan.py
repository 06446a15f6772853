"""The judges of map-gc-scan on observations that real trials recorded, and on these with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling


# --- one thing changed -------------------------------------------------------------------------------------


def scanned(seen: Any, label: str, size: int) -> Any:
    counts = seen.scanned[label]
    return change(
        seen, scanned={**seen.scanned, label: change(counts, counted={**counts.counted, "/gc/scan/heap:bytes": size})}
    )


def freed_of(seen: Any, label: str, freed: int) -> Any:
    return change(seen, kept={**seen.kept, label: change(seen.kept[label], freed=freed)})


@pytest.mark.parametrize(
    ("size", "outcome"),
    [
        (100_000, Outcome.UNCLEAR),
        (900_000, Outcome.UNCLEAR),
        (9_000_000, Outcome.HOLDS),
    ],
)
def test_scanned_bytes_must_agree_with_the_mask(size: int, outcome: Outcome) -> None:
    assert ruling("2.5-a", scanned(seen_on("1.27.3"), "intToPointer", size)).outcome is outcome


def test_types_with_one_mask_that_are_scanned_differently_break_the_judge() -> None:
    assert ruling("2.5-a", scanned(seen_on("1.27.3"), "intToUint", 9_000_000)).outcome is Outcome.BROKEN


def test_the_same_amount_and_mask_would_refute_it() -> None:
    seen = seen_on("1.27.3")
    seen = change(seen, blocks={**seen.blocks, "intToPointer": seen.blocks["intToInt"]})
    size = seen.scanned["intToInt"]["/gc/scan/heap:bytes"]
    assert ruling("2.5-a", scanned(seen, "intToPointer", size)).outcome is Outcome.FAILS


@pytest.mark.parametrize(("freed", "outcome"), [(0, Outcome.UNCLEAR), (500, Outcome.UNCLEAR), (1000, Outcome.HOLDS)])
def test_what_is_freed_must_agree_with_the_mask(freed: int, outcome: Outcome) -> None:
    assert ruling("2.5-b", freed_of(seen_on("1.27.3"), "values int", freed)).outcome is outcome


def test_int_values_that_are_followed_would_refute_it() -> None:
    seen = freed_of(seen_on("1.27.3"), "values int", 0)
    seen = change(seen, blocks={**seen.blocks, "stringToInt": seen.blocks["stringToPointer"]})
    assert ruling("2.5-b", seen).outcome is Outcome.FAILS


def test_pointer_values_that_keep_nothing_break_the_judge() -> None:
    assert ruling("2.5-b", freed_of(seen_on("1.27.3"), "values *int", 3)).outcome is Outcome.BROKEN


@pytest.mark.parametrize(("freed", "outcome"), [(0, Outcome.FAILS), (400, Outcome.UNCLEAR), (1000, Outcome.HOLDS)])
def test_what_keys_keep_decides(freed: int, outcome: Outcome) -> None:
    assert ruling("2.5-h", freed_of(seen_on("1.27.3"), "keys string", freed)).outcome is outcome


def test_uintptr_keys_that_keep_something_break_the_judge() -> None:
    assert ruling("2.5-h", freed_of(seen_on("1.27.3"), "keys uintptr", 0)).outcome is Outcome.BROKEN


PLAIN, ARRAY, MIXED = range(3)


def with_run(seen: Any, place: int, run: Any) -> Any:
    runs = list(seen.marking.runs)
    runs[place] = run
    return change(seen, marking=change(seen.marking, runs=runs))


@pytest.mark.parametrize("name", LAB.toolchains)
def test_the_function_that_marks_is_told(name: str) -> None:
    marker = "tryDeferToSpanScan" if name == "1.27.3" else "greyobject"
    found = ruling("2.5-i", seen_on(name)).finding
    assert f"runtime.{marker}" in found.because
    assert found.shows.count("bytes marked") == 2


@pytest.mark.parametrize("name", LAB.toolchains)
def test_targets_that_are_queued_would_hold(name: str) -> None:
    seen = seen_on(name)
    mixed = seen.marking.runs[MIXED]
    assert ruling("2.5-i", with_run(with_run(seen, PLAIN, mixed), ARRAY, mixed)).outcome is Outcome.HOLDS


@pytest.mark.parametrize("name", LAB.toolchains)
def test_one_target_that_is_not_queued_suffices_to_refute(name: str) -> None:
    seen = seen_on(name)
    assert ruling("2.5-i", with_run(seen, PLAIN, seen.marking.runs[MIXED])).outcome is Outcome.FAILS


def test_an_object_that_was_not_seen_to_be_marked_is_unclear() -> None:
    seen = seen_on("1.27.3")
    run = seen.marking.runs[PLAIN]
    assert ruling("2.5-i", with_run(seen, PLAIN, change(run, stops=run.stops[:1]))).outcome is Outcome.UNCLEAR
    quiet = change(run, stops=[*run.stops[:2], change(run.stops[2], touches=[])])
    assert ruling("2.5-i", with_run(seen, PLAIN, quiet)).outcome is Outcome.UNCLEAR


def test_an_object_found_otherwise_than_by_scanning_the_map_is_unclear() -> None:
    seen = seen_on("1.27.3")
    run = seen.marking.runs[PLAIN]
    hold, found, done = run.stops
    frames = [found.frames[0], change(found.frames[1], function="runtime.gcMarkTinyAllocs"), *found.frames[2:]]
    other = change(run, stops=[hold, change(found, frames=frames), done])
    assert ruling("2.5-i", with_run(seen, PLAIN, other)).outcome is Outcome.UNCLEAR


def test_a_control_that_is_not_queued_breaks_the_judge() -> None:
    seen = seen_on("1.27.3")
    assert ruling("2.5-i", with_run(seen, MIXED, seen.marking.runs[ARRAY])).outcome is Outcome.BROKEN
