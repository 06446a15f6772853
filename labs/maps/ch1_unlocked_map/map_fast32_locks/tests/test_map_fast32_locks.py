"""The judges of map-fast32-locks on observations that real trials recorded, and on these with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, RunSeen, change, kept

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling
FAST = "runtime.mapaccess1_fast32"


def with_code(seen: Any, name: str, **changes: Any) -> Any:
    return change(seen, code={**seen.code, name: change(seen.code[name], **changes)})


def with_run(seen: Any, place: int, run: RunSeen) -> Any:
    runs = [run if at == place else known for at, known in enumerate(seen.lookups.runs)]
    return change(seen, lookups=change(seen.lookups, runs=runs))


@pytest.mark.parametrize("name", LAB.toolchains)
def test_what_other_kinds_of_lookup_call_is_told(name: str) -> None:
    because = ruling("1-d", seen_on(name)).finding.because
    for words in (
        "`uint32` keys: `runtime.mapaccess1_fast32`",
        "`int16` keys: `runtime.mapaccess1`",
        "`float32` keys: `runtime.mapaccess1`",
        "values of 136 bytes: `runtime.mapaccess1`",
        "`v, ok :=`: `runtime.mapaccess2_fast32`",
    ):
        assert words in because


def test_a_call_that_is_never_executed_is_unclear() -> None:
    seen = seen_on("1.27.3")
    assert ruling("1-d", with_run(seen, 0, seen.run("int16"))).outcome is Outcome.UNCLEAR


def test_a_lookup_that_did_not_end_is_unclear() -> None:
    seen = seen_on("1.27.3")
    cut = change(seen.run("int32"), stops=seen.run("int32").stops[:1])
    assert ruling("1-d", with_run(seen, 0, cut)).outcome is Outcome.UNCLEAR


def test_a_lock_that_both_decoders_see_fails() -> None:
    seen = seen_on("1.23.9")
    locked = with_code(seen, FAST, atomics=["0x1  lock xadd dword ptr [rcx], eax"])
    text = ["lock xadd DWORD PTR [rcx],eax", *seen.objdump[FAST][1:]]
    both = change(locked, objdump={**seen.objdump, FAST: text})
    assert ruling("1-e", both).outcome is Outcome.FAILS
    assert ruling("1-e", locked).outcome is Outcome.UNCLEAR


def test_what_the_lookup_calls_counts_too() -> None:
    """From Go 1.27 on mapaccess1_fast32 is a shell around mapaccess2_fast32."""
    seen = seen_on("1.27.3")
    inner = "runtime.mapaccess2_fast32"
    locked = with_code(seen, inner, atomics=["0x1  xchg dword ptr [rcx], eax"])
    text = ["xchg DWORD PTR [rcx],eax", *seen.objdump[inner][1:]]
    assert ruling("1-e", change(locked, objdump={**seen.objdump, inner: text})).outcome is Outcome.FAILS


def test_decoders_that_count_differently_are_unclear() -> None:
    seen = seen_on("1.23.9")
    shorter = change(seen, objdump={**seen.objdump, FAST: seen.objdump[FAST][1:]})
    assert ruling("1-e", shorter).outcome is Outcome.UNCLEAR


def test_an_atomic_addition_that_is_not_found_breaks_the_judge() -> None:
    seen = seen_on("1.27.3")
    own = "main.countLookup"
    blind = with_code(seen, own, atomics=[])
    blind = change(blind, objdump={**seen.objdump, own: ["nop"] * len(seen.objdump[own])})
    assert ruling("1-e", blind).outcome is Outcome.BROKEN


def test_a_lookup_that_neither_calls_nor_dies_would_hold() -> None:
    seen = seen_on("1.23.9")
    survived = change(seen.marked("int32"), stops=[seen.marked("int32").stops[0], seen.run("int32").stops[1]])
    quiet = with_run(with_code(seen, FAST, calls={}), len(seen.lookups.runs) - 3, survived)
    assert ruling("1-f", quiet).outcome is Outcome.HOLDS
    assert ruling("1-f", with_code(seen, FAST, calls={})).outcome is Outcome.UNCLEAR


def test_a_mark_that_was_not_set_is_unclear() -> None:
    seen = seen_on("1.27.3")
    assert ruling("1-f", with_run(seen, len(seen.lookups.runs) - 3, seen.run("int32"))).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("toolchain", LAB.toolchains)
def test_more_than_one_bucket_or_group_is_hashed_however_few_its_entries(toolchain: str) -> None:
    because = LAB.ruling("1-f", LAB.seen(toolchain)).finding.because
    assert "one in an empty map with the same mark went on" in because
    hashed = "a map of 100 entries, one of 8 made for 100, one of 8 that had 100"
    assert because.endswith(f"for a lookup in {hashed}, none in a map of 8, an empty map, a nil map")
