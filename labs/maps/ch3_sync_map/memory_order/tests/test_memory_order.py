"""The judges of memory-order on observations that real trials recorded, with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from claimlab import Ending, Outcome, Races, change, kept, race, tally_of, with_entries

LAB = kept(__file__)
WITH, WITHOUT = "1.23.9", "1.27.3"
PUBLISHING = ["3.1-i/1", "3.1-n"]
Edit = Callable[[Any], Any]


def ruled(claim: str, seen: Any) -> Outcome:
    return LAB.ruling(claim, seen).outcome


def decided(claim: str, seen: Any) -> Outcome:
    return LAB.finding(claim, seen).outcome


def counted(seen: Any, **arms: int) -> Any:
    """The litmus test showed the outcome so often."""
    litmus = seen.litmus
    changed = {name: change(getattr(litmus, name), neither=neither) for name, neither in arms.items()}
    return change(seen, litmus=change(litmus, **changed))


def coded(seen: Any, architecture: str, edit: Edit) -> Any:
    """The binary for one architecture is another."""
    return change(seen, code=[edit(one) if one.architecture == architecture else one for one in seen.code])


def touched(seen: Any, word: str, edit: Edit) -> Any:
    return change(seen, touches={**seen.touches, word: [edit(one) for one in seen.touches[word]]})


def made_plain(uses: list[Any]) -> list[Any]:
    return [change(use, atomic=False) for use in uses]


def raced(seen: Any, **found: Races) -> Any:
    return with_entries(seen, "races", found)


def races(racy: int, runs: int, exit_code: int = 0) -> Races:
    quiet = Ending(runs - racy, exit_code, False, "", [], "")
    return Races(tally_of(Ending(racy, 66, False, "", [race.WARNING], ""), quiet), [])


@pytest.mark.parametrize("claim", ["3.1-i/1", "3.1-i/2", "3.1-n"])
def test_a_map_without_the_field_leaves_the_claim_void(claim: str) -> None:
    assert ruled(claim, LAB.seen(WITHOUT)) is Outcome.VOID


# 3.1-h and 3.1-i/2: the litmus test


def test_what_was_never_seen_comes_with_its_bound() -> None:
    because = LAB.ruling("3.1-h", LAB.seen(WITH)).finding.because
    assert "in 0 of 100352 (at most 0.0038 %) iterations with `StorePointer`" in because
    assert "`xchg qword ptr [rax], rbx` on amd64, `stlr x1, [x0]` on arm64" in because


@pytest.mark.parametrize("claim", ["3.1-h", "3.1-i/2"])
@pytest.mark.parametrize(
    "arms",
    [{"plain": 99}, {"plain": 0}, {"atomic": 1}, {"atomic": 5000}],
    ids=["the plain arm is too quiet", "it never shows it", "once with atomics", "often with atomics"],
)
def test_counts_that_contradict_the_code_are_unclear(claim: str, arms: dict[str, int]) -> None:
    assert decided(claim, counted(LAB.seen(WITH), **arms)) is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", ["3.1-h", "3.1-i/2"])
def test_a_plain_arm_that_shows_nothing_breaks_the_judge(claim: str) -> None:
    assert ruled(claim, counted(LAB.seen(WITH), plain=0)) is Outcome.BROKEN


def test_absence_in_a_few_iterations_says_nothing() -> None:
    """Of 100 the upper bound is 3.7 %: no hundredth of what the plain arm shows."""
    seen = LAB.seen(WITH)
    few = change(seen, litmus=change(seen.litmus, atomic=change(seen.litmus.atomic, iterations=100)))
    assert decided("3.1-h", few) is Outcome.UNCLEAR


def unlocked(one: Any) -> Any:
    """A touch by a plain instruction."""
    return change(one, instruction="mov %rbx,(%rax)")


def all_plain(one: Any) -> Any:
    pairs = {name: made_plain(uses) for name, uses in one.pairs.items()}
    return change(one, pairs=pairs, store_pointer=made_plain(one.store_pointer), read=made_plain(one.read))


def test_a_store_that_is_plain_to_all_instruments_and_shows_the_outcome_would_fail() -> None:
    seen = coded(coded(LAB.seen(WITH), "amd64", all_plain), "arm64", all_plain)
    seen = touched(seen, "word", unlocked)
    assert ruled("3.1-h", counted(seen, atomic=5000)) is Outcome.FAILS
    assert ruled("3.1-h", seen) is Outcome.UNCLEAR


@pytest.mark.parametrize(
    "edit",
    [
        lambda seen: touched(seen, "word", unlocked),
        lambda seen: coded(seen, "arm64", all_plain),
        lambda seen: coded(seen, "amd64", all_plain),
        lambda seen: coded(seen, "arm64", lambda one: change(one, store_pointer=[])),
        lambda seen: coded(
            seen,
            "amd64",
            lambda one: change(one, store_pointer=[change(use, always=False) for use in one.store_pointer]),
        ),
        lambda seen: coded(
            seen,
            "arm64",
            lambda one: change(
                one,
                pairs={
                    **one.pairs,
                    "main.atomically": [change(use, atomic=False) for use in one.pairs["main.atomically"]],
                },
            ),
        ),
        lambda seen: change(seen, touches={**seen.touches, "word": []}),
    ],
    ids=["gdb", "arm64", "amd64", "no store", "a way around", "arm64's load", "not touched"],
)
def test_one_instrument_that_says_otherwise_makes_it_unclear(edit: Edit) -> None:
    assert ruled("3.1-h", edit(LAB.seen(WITH))) is Outcome.UNCLEAR


def test_a_litmus_loop_that_the_compiler_has_turned_round_breaks_the_judge() -> None:
    """The plain arm says nothing if its load comes before its store."""

    def turned(one: Any) -> Any:
        uses = one.pairs["main.plainly"]
        early = [change(use, address=0) if use.access == "r" else use for use in uses]
        return change(one, pairs={**one.pairs, "main.plainly": early})

    assert ruled("3.1-h", coded(LAB.seen(WITH), "amd64", turned)) is Outcome.BROKEN


def test_a_fence_in_the_plain_arm_breaks_the_judge() -> None:
    fenced = lambda one: change(one, ordering={**one.ordering, "main.plainly": ["mfence"]})  # noqa: E731
    assert ruled("3.1-h", coded(LAB.seen(WITH), "amd64", fenced)) is Outcome.BROKEN


def test_a_field_stored_by_mov_whose_pair_shows_the_outcome_would_hold() -> None:
    seen = touched(LAB.seen(WITH), "read", unlocked)
    assert ruled("3.1-i/2", counted(seen, atomic=5000)) is Outcome.HOLDS
    assert ruled("3.1-i/2", seen) is Outcome.UNCLEAR


@pytest.mark.parametrize(
    ("name", "ordering"),
    [("release_store", ["xchg qword ptr [rdi], rsi"]), ("seq_cst_store", [])],
    ids=["release is an exchange", "sequential consistency is plain"],
)
def test_a_compiler_that_makes_no_difference_leaves_it_unclear(name: str, ordering: list[str]) -> None:
    seen = LAB.seen(WITH)
    c11 = [change(one, ordering=ordering) if one.name == name else one for one in seen.c11]
    assert decided("3.1-i/2", change(seen, c11=c11)) is Outcome.UNCLEAR


def test_a_field_that_nothing_stored_is_unclear() -> None:
    seen = LAB.seen(WITH)
    loads = [one for one in seen.touches["read"] if one.before == one.after]
    assert ruled("3.1-i/2", change(seen, touches={**seen.touches, "read": loads})) is Outcome.UNCLEAR


# 3.1-i/1 and 3.1-n: what a reader may rely on


@pytest.mark.parametrize("claim", PUBLISHING)
@pytest.mark.parametrize("found", [races(1, 100), races(100, 100), races(0, 100, exit_code=4)])
def test_a_report_or_a_lost_key_is_unclear(claim: str, found: Races) -> None:
    assert ruled(claim, raced(LAB.seen(WITH), through=found)) is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", PUBLISHING)
def test_plain_code_and_reports_would_fail(claim: str) -> None:
    seen = coded(coded(LAB.seen(WITH), "amd64", all_plain), "arm64", all_plain)
    assert ruled(claim, raced(seen, through=races(100, 100))) is Outcome.FAILS
    assert ruled(claim, seen) is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", PUBLISHING)
@pytest.mark.parametrize(
    "edit",
    [
        lambda one: change(one, read=made_plain(one.read)),
        lambda one: change(one, read=[use for use in one.read if use.access != "r"]),
        lambda one: change(one, read=[use for use in one.read if use.access == "r"]),
        lambda one: change(one, read=[*one.read, change(one.read[0], access="w", atomic=False)]),
    ],
    ids=["plain loads", "no load", "no store", "one plain store"],
)
def test_code_that_is_not_all_ordered_is_unclear(claim: str, edit: Edit) -> None:
    assert ruled(claim, coded(LAB.seen(WITH), "arm64", edit)) is Outcome.UNCLEAR


def test_an_access_that_only_gdb_saw_is_unclear() -> None:
    seen = touched(LAB.seen(WITH), "read", lambda one: change(one, instruction_address=1))
    found = LAB.ruling("3.1-i/1", seen)
    assert found.outcome is Outcome.UNCLEAR
    assert "read over: mov" in found.finding.because


@pytest.mark.parametrize("claim", PUBLISHING)
def test_a_plain_pointer_without_reports_breaks_the_judge(claim: str) -> None:
    assert ruled(claim, raced(LAB.seen(WITH), plain=races(0, 12))) is Outcome.BROKEN


@pytest.mark.parametrize("racy", [0, 6, 12])
def test_the_load_must_be_what_makes_the_difference(racy: int) -> None:
    """Reports that do not name the writer's assignment say nothing either."""
    assert ruled("3.1-n", raced(LAB.seen(WITH), around=races(racy, 12))) is Outcome.UNCLEAR


def test_the_report_without_the_load_names_both_sides() -> None:
    found = LAB.ruling("3.1-n", LAB.seen(WITH)).finding
    assert "without loading it first 12 of 12" in found.because
    assert "sync.(*Map).Store" in found.shows
