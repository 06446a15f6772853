"""The judges of sync-map-fields on observations that real trials recorded, and on these with one thing changed."""

from typing import Any

import msgspec
import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
seen_on, ruling = LAB.seen, LAB.ruling
WITH_FIELDS, WITHOUT = "1.23.9", "1.27.3"
DESCRIBED, PADDED, TURNED = 1, 2, 3
"""Our structs, among the types and layouts."""


# --- fields ------------------------------------------------------------------------------------------------


def with_map(seen: Any, like: int, *, by_dwarf: bool = True) -> Any:
    """sync.Map is laid out as one of our structs."""
    layouts = [seen.report.Layouts[like], *seen.report.Layouts[1:]]
    types = [seen.types[like], *seen.types[1:]] if by_dwarf else seen.types
    return change(seen, report=change(seen.report, Layouts=layouts), types=types)


@pytest.mark.parametrize("name", [WITH_FIELDS, WITHOUT])
def test_a_map_as_described_would_hold(name: str) -> None:
    seen = with_map(seen_on(name), DESCRIBED)
    for claim in ("1-i", "1-j", "1-m", "1-n", "1-o"):
        assert ruling(claim, seen).outcome is Outcome.HOLDS, claim


def test_a_value_that_holds_something_else_fails() -> None:
    seen = with_map(seen_on(WITH_FIELDS), DESCRIBED)
    layouts = [change(seen.report.Layouts[0], Held="map[string]int"), *seen.report.Layouts[1:]]
    assert ruling("1-i", change(seen, report=change(seen.report, Layouts=layouts))).outcome is Outcome.FAILS


@pytest.mark.parametrize(
    ("like", "claims"), [(PADDED, ["1-j", "1-n", "1-o"]), (TURNED, ["1-m", "1-n", "1-o"])], ids=["padded", "turned"]
)
def test_another_layout_would_fail(like: int, claims: list[str]) -> None:
    for claim in claims:
        assert ruling(claim, with_map(seen_on(WITH_FIELDS), like)).outcome is Outcome.FAILS, claim


@pytest.mark.parametrize("claim", ["1-i", "1-j", "1-m", "1-n", "1-o"])
def test_instruments_that_disagree_leave_it_unclear(claim: str) -> None:
    like = TURNED if claim == "1-m" else PADDED
    seen = with_map(seen_on(WITH_FIELDS), like, by_dwarf=False)
    assert ruling(claim, seen).outcome is Outcome.UNCLEAR
    without = with_map(seen_on(WITHOUT), DESCRIBED, by_dwarf=False)
    assert ruling(claim, without).outcome is Outcome.UNCLEAR


def test_offsets_without_addresses_do_not_decide() -> None:
    seen = seen_on(WITH_FIELDS)
    layouts = [change(seen.report.Layouts[0], SameLine=0), *seen.report.Layouts[1:]]
    assert ruling("1-j", change(seen, report=change(seen.report, Layouts=layouts))).outcome is Outcome.UNCLEAR


def test_void_tells_what_there_is_instead() -> None:
    for claim in ("1-i", "1-j", "1-m", "1-n"):
        assert "internal/sync.HashTrieMap" in ruling(claim, seen_on(WITHOUT)).finding.because


def test_a_struct_of_ours_that_is_read_wrongly_breaks_the_judge() -> None:
    seen = seen_on(WITH_FIELDS)
    types = [*seen.types[:PADDED], seen.types[DESCRIBED], *seen.types[PADDED + 1 :]]
    assert ruling("1-n", change(seen, types=types)).outcome is Outcome.BROKEN


# --- what a program can do ---------------------------------------------------------------------------------


def test_a_snippet_that_prints_would_hold() -> None:
    seen = seen_on(WITH_FIELDS)
    assert ruling("1-l", change(seen, snippet=seen.snippet_ours)).outcome is Outcome.HOLDS


@pytest.mark.parametrize(
    "attempt",
    [
        {"exit_code": 1, "complaints": "no space left on device"},
        {"exit_code": 0, "complaints": "", "printed": "mu 0\n"},
    ],
    ids=["another reason", "half of it"],
)
def test_a_snippet_that_ends_otherwise_is_unclear(attempt: dict[str, Any]) -> None:
    seen = seen_on(WITH_FIELDS)
    assert ruling("1-l", change(seen, snippet=change(seen.snippet, **attempt))).outcome is Outcome.UNCLEAR


def test_the_compilers_words_stand_in_the_reason() -> None:
    found = ruling("1-l", seen_on(WITH_FIELDS)).finding
    assert "exit code 1: invalid argument: sync.Map has no single field mu" in found.because


def with_directive(seen: Any, name: str, **changes: int) -> Any:
    printed = msgspec.json.decode(seen.directive.printed)
    for variant in printed["Variants"]:
        if variant["Name"] == name:
            variant.update(changes)
    text = msgspec.json.encode(printed).decode()
    return change(seen, directive=change(seen.directive, printed=text))


def test_a_directive_that_moves_the_field_would_hold() -> None:
    assert ruling("1-p", with_directive(seen_on(WITHOUT), "onField", ReadOffset=64)).outcome is Outcome.HOLDS


@pytest.mark.parametrize("changes", [{"Align": 64}, {"ReadOffset": 16}, {"OnStarts": 1000}])
def test_a_directive_that_changes_something_else_is_unclear(changes: dict[str, int]) -> None:
    assert ruling("1-p", with_directive(seen_on(WITHOUT), "onType", **changes)).outcome is Outcome.UNCLEAR


def test_padding_that_does_not_help_breaks_the_judge() -> None:
    assert ruling("1-p", with_directive(seen_on(WITHOUT), "byHand", ReadOffset=8)).outcome is Outcome.BROKEN


def test_a_directive_that_is_refused_fails() -> None:
    seen = seen_on(WITHOUT)
    refused = change(seen.directive, exit_code=1, complaints="misplaced compiler directive", printed="")
    assert LAB.finding("1-p", change(seen, directive=refused)).outcome is Outcome.FAILS
