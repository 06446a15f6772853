"""The judges of map-gc-mask on observations that real trials recorded, and on these with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, TypeLayout, change, kept

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling
BUCKETS, GROUPS = "1.23.9", "1.27.3"
INT, POINTER = 0, 1
"""map[string]int and map[string]*int among the maps."""


# --- one thing changed -------------------------------------------------------------------------------------


def replaced(items: list[Any], number: int, **changes: Any) -> list[Any]:
    return [*items[:number], change(items[number], **changes), *items[number + 1 :]]


def with_mask(seen: Any, number: int, **changes: Any) -> Any:
    return change(seen, map_masks=replaced(seen.map_masks, number, **changes))


def with_block(seen: Any, number: int, **changes: Any) -> Any:
    return change(seen, report=change(seen.report, Blocks=replaced(seen.report.Blocks, number, **changes)))


def with_scan(seen: Any, number: int, per_map: int) -> Any:
    """The collector's own count for a map's block is another."""
    scans = seen.report.Scans
    scanned = replaced(scans, number, Bytes=scans[2].Bytes + per_map * scans[number].Maps)
    return change(seen, report=change(seen.report, Scans=scanned))


def marking(seen: Any, number: int, words: list[int], reach: int, scanned: int) -> Any:
    seen = with_mask(seen, number, words=words, ptr_bytes=reach)
    return with_scan(with_block(seen, number, Followed=words or None), number, scanned)


def test_a_bucket_without_pointers_would_hold() -> None:
    seen = marking(seen_on(BUCKETS), INT, [], 0, 0)
    assert ruling("2.5-f", seen).outcome is Outcome.HOLDS


def test_a_bucket_of_which_only_the_values_are_scanned_would_hold() -> None:
    seen = marking(seen_on(BUCKETS), POINTER, list(range(17, 25)), 64, 64)
    assert ruling("2.5-g", seen).outcome is Outcome.HOLDS


def test_figures_that_differ_about_the_claim_are_unclear() -> None:
    assert ruling("2.5-f", with_scan(seen_on(BUCKETS), INT, 0)).outcome is Outcome.UNCLEAR
    assert ruling("2.5-g", with_scan(seen_on(BUCKETS), POINTER, 64)).outcome is Outcome.UNCLEAR


def test_all_three_figures_stand_in_the_reason() -> None:
    said = ruling("2.5-f", seen_on(BUCKETS)).finding.because
    for figure in ("72 bytes in pointer words", "208 bytes up to the last pointer", "208 bytes by the collector's own"):
        assert figure in said


@pytest.mark.parametrize(("claim", "number"), [("2.5-e", INT), ("2.5-f", INT), ("2.5-g", POINTER)])
def test_a_mask_that_the_collector_does_not_go_by_is_unclear(claim: str, number: int) -> None:
    seen = seen_on(BUCKETS)
    assert ruling(claim, with_block(seen, number, Followed=[0])).outcome is Outcome.UNCLEAR
    assert ruling(claim, with_mask(seen, number, words=None)).outcome is Outcome.UNCLEAR


def test_a_marked_value_fails() -> None:
    seen = marking(seen_on(BUCKETS), INT, [1, 3, 5, 7, 9, 11, 13, 15, 20, 25], 208, 208)
    found = ruling("2.5-e", seen)
    assert found.outcome is Outcome.FAILS
    assert "17 to 24 the mask marks 1" in found.finding.because


@pytest.mark.parametrize("claim", ["2.5-d", "2.5-e", "2.5-f", "2.5-g"])
def test_instruments_that_disagree_whether_there_are_buckets_leave_it_unclear(claim: str) -> None:
    seen = with_mask(with_mask(seen_on(BUCKETS), INT, block="Group"), POINTER, block="Group")
    assert ruling(claim, seen).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", ["2.5-d", "2.5-e", "2.5-f", "2.5-g"])
def test_void_tells_what_there_is_instead(claim: str) -> None:
    found = ruling(claim, seen_on(GROUPS))
    assert found.outcome is Outcome.VOID
    assert "`map.group[string]" in found.finding.because
    assert "of 200 bytes" in found.finding.because


def test_interleaving_is_told_of_groups() -> None:
    said = ruling("2.5-d", seen_on(GROUPS)).finding.because
    assert "at 8, 32, … 176" in said
    assert "at 24, 48, … 192" in said


def test_keys_that_are_elsewhere_in_live_memory_leave_it_unclear() -> None:
    assert ruling("2.5-d", with_block(seen_on(BUCKETS), INT, Keys=[-1] * 8)).outcome is Outcome.UNCLEAR
    assert ruling("2.5-d", with_block(seen_on(BUCKETS), INT, Values=None)).outcome is Outcome.UNCLEAR


def test_an_int_with_a_pointer_in_it_would_be_unclear_and_with_another_size_fail() -> None:
    seen = seen_on(GROUPS)
    marked = change(seen, value_masks=replaced(seen.value_masks, 0, words=[0]))
    assert ruling("2.5-c", marked).outcome is Outcome.UNCLEAR  # DWARF says otherwise
    fields = replaced(seen.words.fields, 0, size=4)
    short = change(seen, words=change(seen.words, fields=fields), value_masks=replaced(seen.value_masks, 0, size=4))
    assert ruling("2.5-c", short).outcome is Outcome.FAILS


@pytest.mark.parametrize("name", [BUCKETS, GROUPS])
def test_memory_that_differs_by_one_instrument_is_unclear_and_by_both_would_hold(name: str) -> None:
    seen = with_mask(seen_on(name), POINTER, align=16)
    assert ruling("2.5-j", seen).outcome is Outcome.UNCLEAR
    types = "buckets" if name == BUCKETS else "groups"
    both = change(seen, **{types: replaced(getattr(seen, types), POINTER, align=16)})
    assert ruling("2.5-j", both).outcome is Outcome.HOLDS


def test_memory_that_is_not_in_the_binary_is_unclear() -> None:
    seen = seen_on(GROUPS)
    gone = change(seen, groups=[TypeLayout("noalg.map.group[string]int", False), *seen.groups[1:]])
    assert ruling("2.5-j", gone).outcome is Outcome.UNCLEAR


def test_a_control_that_is_followed_otherwise_breaks_the_judge() -> None:
    seen = seen_on(BUCKETS)
    number = next(at for at, block in enumerate(seen.report.Blocks) if block.Label == "main.valuesFirst")
    assert ruling("2.5-g", with_block(seen, number, Followed=[0, 1])).outcome is Outcome.BROKEN
