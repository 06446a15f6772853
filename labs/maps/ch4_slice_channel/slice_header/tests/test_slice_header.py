"""The judges of slice-header on recorded observations with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
BOTH = pytest.mark.parametrize("toolchain", ["1.23.9", "1.27.3"])
PLACES = ("on the heap", "on the stack", "in a variable")


def outcome(claim: str, seen: Any) -> Any:
    return LAB.ruling(claim, seen).outcome


def with_report(seen: Any, **changes: Any) -> Any:
    return change(seen, report=change(seen.report, **changes))


def replaced(items: list[Any], number: int, **changes: Any) -> list[Any]:
    return [*items[:number], change(items[number], **changes), *items[number + 1 :]]


# --- words -------------------------------------------------------------------------------------------------


def with_words(seen: Any, words: list[int], *, scanned: int = 8) -> Any:
    """The pointers of a slice's header are these, for DWARF, the descriptor and the collector."""
    parts = [
        change(part, kind="pointer" if number in words else "integer")
        for number, part in enumerate(seen.dwarf[0].parts)
    ]
    reach = 8 * (max(words) + 1) if words else 0
    seen = change(
        seen,
        dwarf=replaced(seen.dwarf, 0, parts=parts),
        masks=replaced(seen.masks, 0, words=words, ptr_bytes=reach),
    )
    followed = {**seen.report.Followed, **{f"[]int {place}": words for place in PLACES}}
    return with_report(seen, Followed=followed, Scanned={**seen.report.Scanned, "[]int": scanned})


@BOTH
def test_a_header_without_pointers_would_turn_three_claims(toolchain: str) -> None:
    seen = with_words(LAB.seen(toolchain), [], scanned=0)
    found = [outcome(claim, seen) for claim in ("4.1-b", "4.1-g", "4.1-h")]
    assert found == [Outcome.HOLDS, Outcome.HOLDS, Outcome.FAILS]


@BOTH
def test_a_length_that_is_followed_too_would_fail(toolchain: str) -> None:
    assert outcome("4.1-h", with_words(LAB.seen(toolchain), [0, 1])) is Outcome.FAILS


@pytest.mark.parametrize("claim", ["4.1-b", "4.1-h"])
def test_an_instrument_that_disagrees_on_the_pointers_leaves_it_unclear(claim: str) -> None:
    seen = LAB.seen("1.27.3")
    assert outcome(claim, change(seen, masks=replaced(seen.masks, 0, words=[]))) is Outcome.UNCLEAR
    assert outcome(claim, change(seen, masks=replaced(seen.masks, 0, present=False))) is Outcome.UNCLEAR
    assert outcome(claim, change(seen, dwarf=replaced(seen.dwarf, 0, parts=[]))) is Outcome.UNCLEAR
    for place in PLACES:
        followed = {**seen.report.Followed, f"[]int {place}": []}
        assert outcome(claim, with_report(seen, Followed=followed)) is Outcome.UNCLEAR


def test_metadata_that_only_some_witnesses_see_are_unclear() -> None:
    seen = LAB.seen("1.27.3")
    assert outcome("4.1-g", with_report(seen, Scanned={**seen.report.Scanned, "[]int": 0})) is Outcome.UNCLEAR
    assert outcome("4.1-g", change(seen, masks=replaced(seen.masks, 0, words=[]))) is Outcome.UNCLEAR
    followed = {**seen.report.Followed, "[]int on the stack": []}
    assert outcome("4.1-g", with_report(seen, Followed=followed)) is Outcome.UNCLEAR


def test_a_control_that_is_followed_breaks_the_judges() -> None:
    seen = LAB.seen("1.27.3")
    followed = {**seen.report.Followed, "three numbers on the heap": [0]}
    seen = with_report(seen, Followed=followed)
    assert [outcome(claim, seen) for claim in ("4.1-b", "4.1-g")] == [Outcome.BROKEN, Outcome.BROKEN]


def test_a_header_in_another_order_would_fail_if_memory_says_so_too() -> None:
    seen = LAB.seen("1.27.3")
    swapped = change(seen, dwarf=replaced(seen.dwarf, 0, fields=seen.dwarf[0].fields[::-1]))
    assert outcome("4.1-a", swapped) is Outcome.UNCLEAR
    live = {**seen.report.Live, "[]int": ["len", "ptr", "cap"]}
    assert outcome("4.1-a", with_report(seen, Live=live)) is Outcome.UNCLEAR
    assert outcome("4.1-a", with_report(swapped, Live=live)) is Outcome.FAILS


# --- arrays ------------------------------------------------------------------------------------------------


def returning(seen: Any, number: int = 0, **changes: Any) -> Any:
    return with_report(seen, Returns=replaced(seen.report.Returns, number, **changes))


def test_an_array_that_does_not_outlive_its_function_would_fail() -> None:
    seen = LAB.seen("1.27.3")
    assert outcome("4.1-f", returning(seen, Alive=False)) is Outcome.FAILS
    assert outcome("4.1-f", returning(seen, Intact=False)) is Outcome.FAILS


def test_a_header_that_is_not_copied_would_be_unclear_and_fail_if_the_debugger_says_so_too() -> None:
    seen = LAB.seen("1.27.3")
    shared = returning(seen, Outside=seen.report.Returns[0].Inside, Reached=True)
    assert outcome("4.1-f", shared) is Outcome.UNCLEAR
    same = change(seen.handed, outside={**seen.handed.outside, "header": seen.handed.inside["header"]})
    assert outcome("4.1-f", change(shared, handed=same)) is Outcome.FAILS


def test_what_does_not_fit_together_about_a_copy_is_unclear() -> None:
    seen = LAB.seen("1.27.3")
    one = seen.report.Returns[0]
    for changes in (
        {"Reached": True},
        {"Shared": False},
        {"Dropped": False},
        {"Outside": change(one.Outside, Array=one.Outside.Array + 8)},
        {"Outside": change(one.Outside, Len=4)},
    ):
        assert outcome("4.1-f", returning(seen, **changes)) is Outcome.UNCLEAR
    names = list(seen.handed.registers)
    for registers in ({**seen.handed.registers, names[2]: 5}, {**seen.handed.registers, names[0]: None}):
        assert outcome("4.1-f", change(seen, handed=change(seen.handed, registers=registers))) is Outcome.UNCLEAR
    unread = change(seen.handed, inside={**seen.handed.inside, "length": None})
    assert outcome("4.1-f", change(seen, handed=unread)) is Outcome.UNCLEAR


def test_a_control_that_is_copied_breaks_the_judge() -> None:
    seen = LAB.seen("1.27.3")
    one = seen.report.Returns[1]
    assert outcome("4.1-f", returning(seen, 1, Outside=change(one.Outside, At=8), Reached=False)) is Outcome.BROKEN


def test_an_array_among_the_roots_would_hold_if_it_keeps_what_it_refers_to() -> None:
    seen = LAB.seen("1.27.3")
    stays = with_report(seen, Roots=replaced(seen.report.Roots, 0, After=True))
    start = seen.lying[0].roots["stack"][0]
    inside = replaced(seen.lying, 0, array=start)
    assert outcome("4.1-j", stays) is Outcome.UNCLEAR
    assert outcome("4.1-j", change(seen, lying=inside)) is Outcome.UNCLEAR
    assert outcome("4.1-j", change(stays, lying=inside)) is Outcome.HOLDS


def test_an_array_that_never_kept_anything_says_nothing() -> None:
    seen = LAB.seen("1.27.3")
    assert outcome("4.1-j", with_report(seen, Roots=replaced(seen.report.Roots, 0, Held=False))) is Outcome.UNCLEAR


def test_a_control_outside_the_roots_breaks_the_judge() -> None:
    seen = LAB.seen("1.27.3")
    assert outcome("4.1-j", change(seen, lying=replaced(seen.lying, 1, array=8))) is Outcome.BROKEN
