"""Drawings: well-formed, escaped, within their frames, in both languages, with words and data beside them."""

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.picture_samples import AMOUNTS, LAYOUT, MARKUP, ONE_LINE, SAMPLES, words

from claimlab.pictures import Amount, Amounts, Box, Cell, Code, Line, Listing, On, Picture, Scene, Story
from claimlab.project.languages import Language
from claimlab.site.drawing.canvas import width_of
from claimlab.site.drawing.figure import Drawn, draw
from claimlab.site.drawing.kind import NARROW, WIDE
from claimlab.site.drawing.kinds import KINDS

TITLE = words("A picture")
LANGUAGES: tuple[Language, ...] = ("en", "zh")
CASES = [(name, language) for name in SAMPLES for language in LANGUAGES]


def drawn(name: str, language: Language = "en") -> Drawn:
    return draw(SAMPLES[name], language, name, TITLE)


def tree(one: Drawn) -> ElementTree.Element:
    return ElementTree.fromstring(f"<figure>{one.body}</figure>")


def drawings(one: Drawn) -> list[ElementTree.Element]:
    return tree(one).findall(".//svg")


def text(element: ElementTree.Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_every_kind_can_be_drawn_and_has_a_sample() -> None:
    assert set(KINDS) == set(Picture.__args__)
    assert {type(sample) for sample in SAMPLES.values()} == set(KINDS)


@pytest.mark.parametrize(("name", "language"), CASES)
def test_a_drawing_is_well_formed_and_made_for_two_widths(name: str, language: Language) -> None:
    found = drawings(drawn(name, language))
    if isinstance(SAMPLES[name], Code):
        assert found == []
        return
    assert [svg.get("class") for svg in found] == ["cl-drawing cl-wide", "cl-drawing cl-narrow"]
    for svg, width in zip(found, (WIDE, NARROW), strict=True):
        left, top, wide, high = map(float, svg.get("viewBox", "").split())
        assert (left, top, wide) == (0, 0, width)
        assert float(svg.get("height", "")) == high > 20


@pytest.mark.parametrize(("name", "language"), CASES)
def test_nothing_is_drawn_outside_the_frame(name: str, language: Language) -> None:
    for svg in drawings(drawn(name, language)):
        _, _, wide, high = map(float, svg.get("viewBox", "").split())
        for shape in svg.iter():
            for x, y in ends(shape):
                assert -0.5 <= x <= wide + 0.5, ElementTree.tostring(shape)
                assert -0.5 <= y <= high + 0.5, ElementTree.tostring(shape)


def ends(shape: ElementTree.Element) -> Iterator[tuple[float, float]]:
    """Corners of what an element covers; of a path the points that are given absolutely."""
    numbers = {key: value for key, value in shape.attrib.items() if re.fullmatch(r"-?[\d.]+", value)}
    at = {key: float(value) for key, value in numbers.items()}
    if shape.tag == "rect":
        yield from ((at["x"], at["y"]), (at["x"] + at["width"], at["y"] + at["height"]))
    elif shape.tag == "circle":
        yield from ((at["cx"] - at["r"], at["cy"] - at["r"]), (at["cx"] + at["r"], at["cy"] + at["r"]))
    elif shape.tag == "text":
        mono = "cl-mono" in shape.get("class", "")
        wide = width_of("".join(shape.itertext()), at["font-size"], mono=mono)
        left = at["x"] - {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.get("text-anchor", "start")] * wide
        yield from ((left, at["y"]), (left + wide, at["y"]))
    elif shape.tag == "path":
        for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", shape.get("d", "")):
            values = [float(number) for number in re.findall(r"-?\d+\.?\d*", rest)]
            if command in "ML":
                yield from zip(values[::2], values[1::2], strict=True)


@pytest.mark.parametrize(("name", "language"), CASES)
def test_words_stand_for_the_picture(name: str, language: Language) -> None:
    one = drawn(name, language)
    told = text(tree(one).findall("./details/p")[0])
    assert len(told) > 20
    assert "`" not in told
    assert not re.search(r"\b(nan|inf|None|Words)\b", told)
    for svg in drawings(one):
        assert svg.get("role") == "img"
        assert svg.get("aria-label") == f"{one.title}. {tree(one).findall('./details/p')[0].text}"


@pytest.mark.parametrize(("name", "language"), CASES)
def test_the_data_stand_in_a_table_with_whole_rows(name: str, language: Language) -> None:
    table = tree(drawn(name, language)).find(".//table")
    assert table is not None
    head = [text(cell) for cell in table.findall("./thead/tr/th")]
    rows = [[text(cell) for cell in row.findall("td")] for row in table.findall("./tbody/tr")]
    assert all(head)
    assert rows
    assert {len(row) for row in rows} == {len(head)}
    assert not any(re.search(r"\b(nan|inf|None)\b", cell) for row in rows for cell in row)


@pytest.mark.parametrize("name", SAMPLES)
def test_each_language_has_its_own_words(name: str) -> None:
    english, chinese = drawn(name, "en"), drawn(name, "zh")
    assert not re.search(r"[\u4e00-\u9fff]", english.body)
    assert re.search(r"[\u4e00-\u9fff]", chinese.body)
    assert english.data == chinese.data


@pytest.mark.parametrize("name", ["layout", "code", "chain", "frequencies", "story"])
def test_names_are_never_taken_for_markup(name: str) -> None:
    one = drawn(name)
    assert MARKUP not in one.body
    assert "<script" not in one.body
    assert MARKUP in text(tree(one))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_data_are_offered_whole(name: str) -> None:
    one = drawn(name)
    whole: dict[str, Any] = json.loads(one.data)
    assert whole["kind"] == type(SAMPLES[name]).__name__
    assert whole["title"] == {"en": TITLE["en"], "zh": TITLE["zh"]}
    assert whole["data"]
    assert re.fullmatch(r"[\w.-]+", one.name)


# --- what single kinds show ----------------------------------------------------------------------------------


def test_a_layout_tells_how_it_differs_and_where_lines_begin() -> None:
    wide = drawings(drawn("layout"))[0]
    said = text(wide)
    assert "≠ 48 bytes, not 24; buckets at 16, not 8; extra at 40, not 24" in said.replace(" ,", ",").replace(" ;", ";")
    assert "here a cache line of 64 bytes begins" in said
    marks = [one for one in wide.findall("path") if one.get("class") == "cl-cache-line"]
    assert len(marks) == 2 * 3 + 1  # above and below at 32, 96 and 160 of the memory that begins at 32; and the legend
    assert len([one for one in wide.findall("circle") if one.get("class") == "cl-followed"]) == 8 + 1


def test_every_name_of_a_layout_is_written() -> None:
    for svg in drawings(drawn("layout")):
        written = {text(one) for one in svg.findall("text")}
        for memory in LAYOUT.memories:
            for part in memory.parts:
                assert written & {part.name, f"{part.name} ×{part.count}"}, part.name


def test_what_is_within_one_line_has_that_line_below_it() -> None:
    wide = drawings(draw(ONE_LINE, "en", "x", TITLE))[0]
    assert "a cache line: 64 bytes" in text(wide)
    assert [one.get("class") for one in wide.findall("path")] == ["cl-bracket"]


def test_what_changed_in_a_story_is_marked_and_told() -> None:
    one = drawn("story")
    fields = [box for box in drawings(one)[0].findall("rect") if box.get("class") == "cl-pen"]
    assert len(fields) == 7 + 5  # in the second step and in the third
    assert "Changed: hmap.B 2, hmap.buckets → 4 buckets" in text(tree(one))


def test_a_bar_of_nothing_is_a_line_with_its_figure() -> None:
    first = drawings(draw(AMOUNTS, "en", "x", TITLE))[0]
    assert [text(one) for one in first.findall("text")].count("0") == 2  # at the axis, and at the bar
    assert len([one for one in first.findall("rect") if one.get("class") in ("cl-amount", "cl-amount cl-marked")]) == 3


def test_claimed_figures_stand_as_lines_with_their_names() -> None:
    said = text(drawings(drawn("distribution"))[0])
    assert "article, own line 8.20" in said
    assert "article, shared line 47.9" in said


def test_the_deciding_instruction_is_marked_with_its_note() -> None:
    marked = [one for one in tree(drawn("code")).iter("li") if "cl-pen" in one.get("class", "").split()]
    assert [text(one) for one in marked] == [
        "MOVQ (AX), BX h.buckets",
        "+86 mov rcx, qword ptr [rbx + 0x10] here",
    ]


def test_code_of_several_functions_has_their_names_above_and_no_lines() -> None:
    lines = (Line("lock cmpxchg %rcx,(%rdx)", source="sync/atomic.Cas"), Line("ret", source="sync.(*Map).Load"))
    picture = Code((Listing(On(("1.22.10", "1.23.9")), "sync.(*Map).Load", lines),))
    heads = [text(one) for one in tree(draw(picture, "en", "x", TITLE)).iter("li") if one.get("class") == "cl-file"]
    assert heads == ["sync/atomic.Cas", "sync.(*Map).Load"]
    assert "lines as in" not in draw(picture, "en", "x", TITLE).body


def test_rates_near_to_what_is_claimed_have_round_ends_and_the_claimed_lines() -> None:
    wide = drawings(drawn("near"))[0]
    written = [text(one) for one in wide.findall("text")]
    assert [one for one in written if one.endswith(" %") and len(one) == 4] == ["49 %", "50 %", "51 %", "52 %", "53 %"]
    assert {"article, unbuffered 52.3 %", "article, capacity 1 49.1 %"} <= set(written)
    lines = [one.get("d", "") for one in wide.findall("path") if one.get("class") == "cl-stands"]
    assert len({line.split()[0] for line in lines}) == 2


def test_an_arrow_goes_below_a_box_that_stands_in_its_way() -> None:
    cells = (Cell("first", points="a"), Cell("last", points="b"))
    boxes = (Box("q", "q", cells), Box("a", "a", (Cell("next", points="b"),), 1), Box("b", "b", (Cell("next"),), 2))
    drawing = drawings(draw(Story((Scene(TITLE, boxes),)), "en", "x", TITLE))[0]
    arrows = [one.get("d", "") for one in drawing.iter("path") if one.get("class") == "cl-arrow"]
    assert [arrow.count("H") for arrow in arrows] == [0, 1, 0]


def test_a_unit_may_be_words() -> None:
    picture = Amounts((Amount("n", 3.0),), words("apples"))
    assert "3 apples" in draw(picture, "en", "x", TITLE).body
    assert "3 中文：apples" in draw(picture, "zh", "x", TITLE).body


def test_words_and_table_have_no_signs_of_code() -> None:
    picture = Amounts((Amount(words("`PAUSE`"), 3.0),), "apples")
    assert "`" not in draw(picture, "en", "x", TITLE).body
