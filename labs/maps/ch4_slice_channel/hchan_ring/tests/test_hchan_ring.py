"""The judges of hchan-ring on recorded observations with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest
from packaging.version import Version

from claimlab import Outcome, Stop, change, kept

LAB = kept(__file__)
LARGEST = 4
"""The capacity that is a power of two; its run comes first."""

Seen = Any


def seen() -> Seen:
    return LAB.seen("1.27.3")


def outcome(claim: str, seen: Seen) -> Outcome:
    return LAB.ruling(claim, seen).outcome


def stops(seen: Seen, edit: Callable[[Stop], Stop], *runs: int) -> Seen:
    """Every stop of the runs that fill channels, or of those of these numbers, is another."""
    edited = [
        change(run, stops=[edit(stop) for stop in run.stops]) if number in (runs or (0, 1)) else run
        for number, run in enumerate(seen.filled.runs)
    ]
    return change(seen, filled=change(seen.filled, runs=edited))


def values(**changed: object) -> Callable[[Stop], Stop]:
    names = {name.replace("_", " "): value for name, value in changed.items()}
    return lambda stop: change(stop, values={**stop.values, **names})


def buffer(text: Callable[[str], str]) -> Callable[[Stop], Stop]:
    return lambda stop: change(stop, strings={"buffer": text(stop.strings["buffer"] or "")})


def turned(text: str) -> str:
    """The same slots, from the last one on."""
    slots = [text[start : start + 8] for start in range(0, len(text), 8)]
    return "".join(reversed(slots))


# What lies in it


def test_elements_elsewhere_fail() -> None:
    assert outcome("4.3-a", stops(seen(), buffer(lambda text: "." * len(text)))) is Outcome.FAILS
    assert outcome("4.3-a", stops(seen(), buffer(turned), 0)) is Outcome.FAILS
    assert outcome("4.3-a", stops(seen(), buffer(lambda text: ""))) is Outcome.FAILS


@pytest.mark.parametrize("name", ["qcount", "length"])
def test_another_number_of_elements_fails(name: str) -> None:
    assert outcome("4.3-a", stops(seen(), values(**{name: 1}), 1)) is Outcome.FAILS


def test_an_element_in_another_slot_fails() -> None:
    assert outcome("4.3-g/1", stops(seen(), buffer(turned), 1)) is Outcome.FAILS
    assert outcome("4.3-g/1", stops(seen(), values(dataqsiz=None))) is Outcome.FAILS


def test_a_channel_that_begins_as_written_would_hold() -> None:
    hchan, *others = seen().types
    order = {"buf": 0, "qcount": 8, "dataqsiz": 16}
    fields = [change(one, offset=order.get(one.name, one.offset)) for one in hchan.fields]
    by_dwarf = change(seen(), types=[change(hchan, fields=fields), *others])
    assert outcome("4.3-b", by_dwarf) is Outcome.UNCLEAR
    assert outcome("4.3-b", stops(by_dwarf, words)) is Outcome.HOLDS


def words(stop: Stop) -> Stop:
    known = [stop.values[name] for name in ("buf", "qcount", "dataqsiz")]
    return values(**{f"word_{number}": value for number, value in enumerate(known)})(stop)


def test_words_that_are_alike_are_unclear() -> None:
    assert outcome("4.3-b", stops(seen(), values(qcount=4, dataqsiz=4))) is Outcome.UNCLEAR


def test_a_capacity_that_is_always_the_same_would_hold() -> None:
    same = stops(seen(), values(dataqsiz=4, capacity=4))
    assert outcome("4.3-c", same) is Outcome.HOLDS
    assert outcome("4.3-c", stops(seen(), values(dataqsiz=None))) is Outcome.UNCLEAR
    assert outcome("4.3-c", stops(seen(), values(fixed=7), 0)) is Outcome.BROKEN


# Where the memory comes from


CLAIMED = "runtime.(*mcache).allocSpan"


def made(seen: Seen, **changed: object) -> Seen:
    run = seen.made.runs[0]
    edited = [
        change(stop, counted=[change(one, **changed) if one.name == CLAIMED else one for one in stop.counted])
        for stop in run.stops
    ]
    return change(seen, made=change(seen.made, runs=[change(run, stops=edited)]))


def test_the_function_that_allocates_within_makechan_would_hold() -> None:
    known = change(seen(), symbols=[*seen().symbols, CLAIMED])
    within = {f"{CLAIMED} < runtime.mallocgc < runtime.makechan < main.makeAll": 1}
    assert outcome("4.3-d", made(known, resolved=True, hits=1, chains=within)) is Outcome.HOLDS
    assert outcome("4.3-d", made(known, resolved=True, hits=1, chains={f"{CLAIMED} < main.other": 1})) is Outcome.FAILS
    assert outcome("4.3-d", made(known, resolved=True)) is Outcome.FAILS


def test_a_function_that_only_one_instrument_knows_is_unclear() -> None:
    assert outcome("4.3-d", made(seen(), resolved=True)) is Outcome.UNCLEAR
    assert outcome("4.3-d", change(seen(), symbols=[*seen().symbols, CLAIMED])) is Outcome.UNCLEAR


# Lines


def elements(seen: Seen, **changed: object) -> Seen:
    """Those that are not of eight bytes."""
    return change(seen, elements=[change(one, **changed) if one.size > 8 else one for one in seen.elements])


def test_elements_that_each_lie_in_a_line_would_hold() -> None:
    aligned = [change(one, first=64 * one.size, size=8, straddling=0) for one in seen().elements]
    assert outcome("4.3-e", change(seen(), elements=aligned)) is Outcome.HOLDS


@pytest.mark.parametrize("changed", [{"line": 0}, {"found": 0}, {"even": False}, {"straddling": 1}])
def test_elements_that_were_not_found_as_expected_are_unclear(changed: dict[str, int]) -> None:
    assert outcome("4.3-e", elements(seen(), **changed)) is Outcome.UNCLEAR


def test_elements_of_more_than_a_line_decide_nothing() -> None:
    large = [change(one, size=72) for one in seen().elements]
    judge = LAB.judges["4.3-e"]
    assert judge.decide(large).outcome is Outcome.UNCLEAR


# Indexes


def below(capacity: int) -> Callable[[Stop], Stop]:
    """The index goes from the last slot to the first at once."""

    def edit(stop: Stop) -> Stop:
        touches = [one for one in stop.touches if one.before != capacity]
        return change(stop, touches=[change(one, after=0) if one.after == capacity else one for one in touches])

    def leave_sizes(stop: Stop) -> Stop:
        sizes = stop.touched("dataqsiz")
        indexes = change(stop, touches=[one for one in stop.touches if one.label != "dataqsiz"])
        return change(stop, touches=[*edit(indexes).touches, *sizes])

    return leave_sizes


def with_code(seen: Seen, mnemonic: str) -> Seen:
    """chansend has such an instruction."""
    return change(
        seen,
        code=[
            change(one, of_interest=[change(one.of_interest[0], mnemonic=mnemonic)])
            if one.function == "runtime.chansend"
            else one
            for one in seen.code
        ],
    )


@pytest.mark.parametrize(("claim", "mnemonic"), [("4.3-f", "and"), ("4.3-g/2", "div")])
def test_an_index_found_in_this_way_would_hold(claim: str, mnemonic: str) -> None:
    assert outcome(claim, stops(with_code(seen(), mnemonic), below(LARGEST), 0)) is Outcome.HOLDS
    assert outcome(claim, with_code(seen(), mnemonic)) is Outcome.UNCLEAR
    assert outcome(claim, stops(seen(), below(LARGEST), 0)) is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", ["4.3-f", "4.3-g/2"])
def test_indexes_that_nobody_touched_are_unclear(claim: str) -> None:
    assert outcome(claim, stops(seen(), lambda stop: change(stop, touches=[]), 0)) is Outcome.UNCLEAR


@pytest.mark.parametrize("toolchain", LAB.toolchains)
def test_both_capacities_take_the_same_instructions(toolchain: str) -> None:
    because = LAB.ruling("4.3-f", LAB.seen(toolchain)).finding.because
    assert "no power of two, the same instructions touch them" in because
    assert "the indexes go through 0, 1, 2, 3, 4 and 2, 3, 4, 0, 1" in because


@pytest.mark.parametrize("toolchain", LAB.toolchains)
def test_which_elements_lie_in_two_lines_is_what_the_correction_says(toolchain: str) -> None:
    seen = LAB.seen(toolchain)
    straddling = {one.label: one.straddling for one in seen.elements}
    assert [straddling[label] for label in ("1 byte", "2 bytes", "4 bytes", "8 bytes")] == [0, 0, 0, 0]
    assert straddling["3 bytes"]
    assert straddling["16 bytes"] == (16 if seen.type("runtime.hchan").size % 16 else 0)
    assert [straddling[label] for label in ("24 bytes", "40 bytes", "64 bytes")] == [16, 32, 64]
    begins = {one.first % one.line for one in seen.elements if "pointer" in one.label}
    assert begins == ({8} if LAB.toolchains[toolchain].go >= Version("1.22") else {0})
