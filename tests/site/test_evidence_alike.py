"""Toolchains side by side: who showed the same, what differs, and how much of it there is room for."""

from dataclasses import replace

import pytest
from markupsafe import Markup
from tests.ours import FOR_ALL, TOOLCHAINS
from tests.shown_html import WIDE, cells, parsed, widths, words

from claimlab.site.asked import speaking_of
from claimlab.site.evidence.alike import LEAST_ROOM, alike, in_short, in_tabs
from claimlab.site.evidence.room import LONGEST_LINE, MOST_LINES, MOST_ROWS, Place, clipped, fitting
from claimlab.site.evidence.tables import rows_of, side_by_side
from claimlab.site.html import paragraph

ALL = [toolchain.name for toolchain in TOOLCHAINS]


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (ALL, f"all {len(ALL)} toolchains"),
        (["1.27.3"], "1.27.3"),
        (["1.21.13", "1.22.10", "1.23.9"], "1.21.13, 1.22.10, 1.23.9"),
        (ALL[:5], f"1.21.13 – {ALL[4]}"),
        ([*ALL[:5], ALL[-1]], f"1.21.13 – {ALL[4]}, {ALL[-1]}"),
        (["1.21.13", "1.23.9", "1.25.5", "1.27.3"], "1.21.13, 1.23.9, 1.25.5, 1.27.3"),
        (["-"], "without Go"),
        (["9.9", "9.10", "9.11", "9.12"], "9.9, 9.10, 9.11, 9.12"),
    ],
)
def test_toolchains_in_few_words(names: list[str], short: str) -> None:
    assert in_short(names) == short


def test_all_are_those_that_the_lab_is_asked_on() -> None:
    names = [toolchain.name for toolchain in FOR_ALL]
    with speaking_of(FOR_ALL):
        assert in_short(names) == f"all {len(names)} toolchains"
        assert in_short(names[1:]) == f"{names[1]} – {names[-1]}"
    assert in_short(names) != f"all {len(names)} toolchains"


def test_toolchains_that_showed_the_same_stand_together_with_what_the_newest_showed() -> None:
    groups = alike({"a": [1, "x"], "b": [2, "y"], "c": [1, "z"]}, lambda pair: pair[0])
    assert [(group.names, group.thing) for group in groups] == [(["a", "c"], [1, "z"]), (["b"], [2, "y"])]


# Tabs


def show(thing: str, place: Place) -> Markup:
    return paragraph(f"{thing} in {place.room}")


def test_groups_have_tabs_with_the_newest_in_front_and_share_the_room() -> None:
    place = replace(WIDE, room=3 * LEAST_ROOM)
    shown = parsed(in_tabs({"1.21.13": "a", "1.22.10": "b", "1.27.3": "a"}, show, place))
    assert [label.get_text() for label in shown.find_all("label")] == ["1.21.13, 1.27.3", "1.22.10"]
    assert [button.has_attr("checked") for button in shown.find_all("input")] == [True, False]
    assert [label["for"] for label in shown.find_all("label")] == [button["id"] for button in shown.find_all("input")]
    assert "The same on 1.21.13, 1.27.3." in shown.get_text()
    assert f"a in {place.room // 2}" in shown.get_text()


def test_where_there_is_no_room_for_all_groups_the_newest_and_the_oldest_are_shown() -> None:
    place = replace(WIDE, room=3 * LEAST_ROOM)
    seen = {name: name for name in ALL}
    shown = parsed(in_tabs(seen, show, place))
    assert [label.get_text() for label in shown.find_all("label")] == [ALL[0], *ALL[-2:]]
    (link,) = shown.find_all("a")
    assert link["href"] == place.record
    assert link.get_text() == f"What {ALL[1]} – {ALL[-3]} showed is in the record."


def test_without_differences_there_are_no_tabs() -> None:
    everywhere = in_tabs({"1.22.10": "a", "1.27.3": "a"}, show, WIDE)
    assert not parsed(everywhere).find_all("input")
    assert words(everywhere) == f"The same on 1.22.10, 1.27.3.a in {WIDE.room}"
    assert words(in_tabs({"1.27.3": "a"}, show, WIDE)) == f"On 1.27.3.a in {WIDE.room}"


# Tables


def test_neighbours_that_say_the_same_share_a_cell_unless_they_are_figures() -> None:
    rows = {"mu": {"a": "0", "b": "0", "c": "8"}, "n": {"a": "1", "c": "1"}, "in · deep": {"b": "2"}}
    shown = side_by_side("Fields", "Field", rows, ["a", "b", "c"], WIDE)
    assert cells(shown) == [
        ["Field", "a", "b", "c"],
        ["mu", "0", "8"],
        ["n", "1", "–", "1"],
        ["in"],
        ["deep", "–", "2", "–"],
    ]
    assert widths(shown) == [[1, 1, 1, 1], [1, 2, 1], [1, 1, 1, 1], [4], [1, 1, 1, 1]]
    figures = side_by_side("Fields", "Field", rows, ["a", "b", "c"], WIDE, figures=True)
    assert cells(figures)[1] == ["mu", "0", "0", "8"]


def test_toolchains_of_which_all_rows_say_the_same_share_a_column() -> None:
    shown = side_by_side("Fields", "Field", {"mu": {"a": "0", "b": "1", "c": "0"}}, ["a", "b", "c"], WIDE)
    assert cells(shown) == [["Field", "a, c", "b"], ["mu", "0", "1"]]


def test_several_lines_stand_in_one_cell_and_a_text_with_breaks_is_a_listing() -> None:
    shown = rows_of("Said", ("Who", "What"), [("a", ("one", "two")), ("b", "one\ntwo")], WIDE)
    assert cells(shown)[1:] == [["a", "one\ntwo"], ["b", "one\ntwo"]]
    assert len(parsed(shown).find_all("pre")) == 1


@pytest.mark.parametrize("room", [1_000_000, 400, 0])
def test_long_tables_end_with_a_sentence(room: int) -> None:
    place = replace(WIDE, room=room)
    rows = {str(number): {"a": "1"} for number in range(1000)}
    for shown in (
        side_by_side("Numbers", "Number", rows, ["a"], place),
        rows_of("Numbers", ("Number", "One"), [(name, "1") for name in rows], place),
    ):
        kept = len(cells(shown)) - 1
        assert 1 <= kept <= MOST_ROWS
        assert kept < MOST_ROWS or room > 400
        assert f"Rows in the record that are not shown here: {1000 - kept}." in words(shown)
        assert parsed(shown).find_all("a")[-1]["href"] == place.record


# Text


def test_of_a_long_text_the_middle_is_left_out() -> None:
    lines = [f"line {number}" for number in range(4 * MOST_LINES)]
    kept = clipped("\n".join(lines), 1_000_000).splitlines()
    assert len(kept) <= MOST_LINES + 1
    assert (kept[0], kept[-1]) == (lines[0], lines[-1])
    assert f"… lines left out here, but in the record: {len(lines) - len(kept) + 1} …" in kept
    assert len(clipped("\n".join(1000 * ["x" * 100]), 2_000)) < 2_100
    assert clipped("x" * (LONGEST_LINE + 7), 1_000_000).endswith(" … characters left out: 7")
    assert clipped("a\nb", 10) == "a\nb"


def test_a_text_without_room_keeps_its_first_line() -> None:
    assert clipped("a\nb\nc\nd", 0).splitlines() == ["a", "… lines left out here, but in the record: 3 …"]


@pytest.mark.parametrize(("room", "number"), [(0, 0), (2, 0), (3, 1), (7, 2), (100, 3)])
def test_how_many_have_room(room: int, number: int) -> None:
    assert fitting([3, 4, 5], room) == number
    assert fitting([], room) == 0
