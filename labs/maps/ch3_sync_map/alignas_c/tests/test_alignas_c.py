"""The judges of alignas-c on a recorded observation with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)


@pytest.fixture
def seen() -> Any:
    return LAB.seen()


def lying(seen: Any, name: str, **changes: Any) -> Any:
    layouts = seen.layouts
    structs = {**layouts.structs, name: change(layouts.structs[name], **changes)}
    return change(seen, layouts=change(layouts, structs=structs))


def described(seen: Any, name: str, **changes: Any) -> Any:
    return change(seen, dwarf={**seen.dwarf, name: change(seen.dwarf[name], **changes)})


def trying(seen: Any, name: str, edit: Any) -> Any:
    found = seen.compilations
    return change(
        seen, compilations=change(found, tried={**found.tried, name: [edit(one) for one in found.tried[name]]})
    )


def accept(one: Any) -> Any:
    return change(one, accepted=True, errors=[])


def accept_in_c2x(one: Any) -> Any:
    return accept(one) if one.mode == "c2x" else one


def reject(one: Any) -> Any:
    return change(one, accepted=False, errors=["expected something else"])


def test_an_aligned_struct_whose_neighbours_shared_a_line_would_make_the_comment_right(seen: Any) -> None:
    packed = lying(described(seen, "Aligned", size=32), "Aligned", size=32, stride=32, sharing=1)
    assert LAB.ruling("3.2-f", packed).outcome is Outcome.HOLDS


def test_a_plain_struct_as_large_as_a_line_would_share_none(seen: Any) -> None:
    large = lying(described(seen, "Plain", size=64), "Plain", size=64, stride=64, sharing=0)
    assert LAB.ruling("3.2-h", large).outcome is Outcome.FAILS


@pytest.mark.parametrize(
    ("claim", "name", "changes"),
    [
        ("3.2-f", "Aligned", {"size": 8}),
        ("3.2-f", "Aligned", {"align": 32}),
        ("3.2-h", "Plain", {"size": 16}),
    ],
)
def test_another_size_by_dwarf_is_a_disagreement(seen: Any, claim: str, name: str, changes: dict[str, int]) -> None:
    found = LAB.ruling(claim, described(seen, name, **changes))
    assert found.outcome is Outcome.UNCLEAR
    assert "disagree" in found.finding.because


def test_gaps_between_elements_are_a_disagreement(seen: Any) -> None:
    assert LAB.ruling("3.2-h", lying(seen, "Plain", stride=16)).outcome is Outcome.UNCLEAR


def test_each_of_the_two_structs_is_the_others_control(seen: Any) -> None:
    alike = lying(described(seen, "Plain", size=64), "Plain", size=64, stride=64, sharing=0)
    assert LAB.ruling("3.2-f", alike).outcome is Outcome.BROKEN


def test_seven_of_eight_places_share_the_line(seen: Any) -> None:
    assert seen.layouts.structs["Plain"].places == 8
    assert seen.layouts.structs["Plain"].sharing == 7


@pytest.mark.parametrize("edit", [accept, accept_in_c2x])
def test_one_mode_that_takes_the_declaration_is_enough(seen: Any, edit: Any) -> None:
    assert LAB.ruling("3.2-g", trying(seen, "listed", edit)).outcome is Outcome.HOLDS


def test_a_compiler_that_takes_no_alignas_at_all_breaks_the_judge(seen: Any) -> None:
    assert LAB.ruling("3.2-g", trying(seen, "on the member", reject)).outcome is Outcome.BROKEN


def test_the_finding_shows_the_errors(seen: Any) -> None:
    finding = LAB.ruling("3.2-g", seen).finding
    assert "_Alignas" in finding.shows
    assert "unknown type name" in finding.because


def test_the_array_is_not_mentioned_where_it_is_no_matter(seen: Any) -> None:
    assert "Entry entries" not in LAB.ruling("3.2-g", trying(seen, "array as listed", accept)).finding.because


def test_every_mode_is_tried_with_and_without_the_header(seen: Any) -> None:
    for tried in seen.compilations.tried.values():
        pairs = {(one.mode, one.header) for one in tried}
        assert len(pairs) == len(tried) == 16
