"""Names of toolchains, numbers and lines of text, as pictures have them."""

import pytest
from tests.ours import TOOLCHAINS

from claimlab.pictures import ARTICLE, On
from claimlab.site.drawing.canvas import Run, number, runs_of, width_of, wrapped
from claimlab.site.drawing.rows import scale_of, step_of
from claimlab.site.drawing.words import figures, grouped, percent, releases, tick, whose
from claimlab.toolchains.toolchain import NO_AXIS, for_all

EVERY = tuple(toolchain.name for toolchain in TOOLCHAINS)


@pytest.mark.parametrize(
    ("toolchains", "english", "chinese"),
    [
        (EVERY, "Every release", "所有版本"),
        (tuple(tool.name for tool in for_all(TOOLCHAINS)), "Every release", "所有版本"),
        (("1.23.9+asynctimerchan=1",), "Go 1.23 with asynctimerchan=1", "Go 1.23（asynctimerchan=1）"),
        (("1.21.13",), "Go 1.21", "Go 1.21"),
        (("1.21.13", "1.22.10"), "Go 1.21, 1.22", "Go 1.21、1.22"),
        (("1.21.13", "1.22.10", "1.23.9"), "Go 1.21 – 1.23", "Go 1.21 – 1.23"),
        (("1.21.13", "1.23.9", "1.24.11", "1.25.5"), "Go 1.21, 1.23 – 1.25", "Go 1.21、1.23 – 1.25"),
        (("1.24.11", "1.24.11+noswissmap"), "Go 1.24", "Go 1.24"),
        (
            ("1.23.9", "1.24.11+noswissmap", "1.25.5+noswissmap"),
            "Go 1.23; 1.24, 1.25 with noswissmap",
            "Go 1.23；1.24、1.25（noswissmap）",
        ),
        (("1.25.5+noswissmap",), "Go 1.25 with noswissmap", "Go 1.25（noswissmap）"),
        ((NO_AXIS,), "Measured", "实测"),
        (("1.99.1", "2.0"), "1.99.1, 2.0", "1.99.1、2.0"),
    ],
)
def test_toolchains_are_named_in_few_words(toolchains: tuple[str, ...], english: str, chinese: str) -> None:
    assert (releases(toolchains, "en"), releases(toolchains, "zh")) == (english, chinese)


def test_the_article_and_nobody_have_names_too() -> None:
    assert (whose(ARTICLE, "en"), whose(ARTICLE, "zh"), whose(None, "en")) == ("The article", "文章", "")
    assert whose(On(("1.21.13",)), "en") == "Go 1.21"


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0"), (12800, "12,800"), (47.93, "47.9"), (2.104, "2.10"), (0.3123, "0.312")]
)
def test_numbers_have_as_many_decimals_as_they_need(value: float, written: str) -> None:
    assert grouped(value) == written


def test_numbers_of_one_column_have_the_same_decimals() -> None:
    write = figures([0.5, 99.94, 1.0])
    assert [write(value) for value in (0.5, 99.94, 1.0)] == ["0.5", "99.9", "1.0"]


@pytest.mark.parametrize(("value", "written"), [(0.0, "0"), (2.5, "2.5"), (0.05, "0.05"), (10000.0, "10,000")])
def test_ticks_are_round(value: float, written: str) -> None:
    assert tick(value) == written


@pytest.mark.parametrize(("share", "written"), [(0, "0 %"), (1, "100 %"), (1 / 3, "33.3 %"), (0.0188, "1.9 %")])
def test_shares_are_per_cent(share: float, written: str) -> None:
    assert percent(share) == written


@pytest.mark.parametrize(("value", "written"), [(0, "0"), (-0.01, "0"), (10.04, "10"), (10.06, "10.1"), (-3.5, "-3.5")])
def test_coordinates_are_short(value: float, written: str) -> None:
    assert number(value) == written


# --- text ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("plain", [Run("plain")]),
        ("a `b` c", [Run("a "), Run("b", True), Run(" c")]),
        ("`b`", [Run("b", True)]),
        ("a ` alone", [Run("a ` alone")]),
    ],
)
def test_what_stands_between_backticks_is_an_identifier(text: str, runs: list[Run]) -> None:
    assert runs_of(text) == runs


def plain(lines: list[list[Run]]) -> list[str]:
    return ["".join(run.text for run in line) for line in lines]


def test_text_breaks_between_words() -> None:
    lines = plain(wrapped("The old buckets stay, and entries move with `mapassign`.", 120))
    assert " ".join(lines) == "The old buckets stay, and entries move with mapassign."
    assert len(lines) > 2
    assert all(width_of(line) <= 130 for line in lines)


def test_chinese_breaks_between_characters_but_not_before_punctuation() -> None:
    lines = plain(wrapped("扩容期间，旧桶仍保留，条目随后续赋值逐步迁移。", 74))
    assert "".join(lines) == "扩容期间，旧桶仍保留，条目随后续赋值逐步迁移。"
    assert len(lines) >= 4
    assert not any(line[0] in "，。" for line in lines)


def test_a_word_that_is_too_long_stands_alone() -> None:
    assert plain(wrapped("a internal/runtime/maps.fatal b", 40)) == ["a", "internal/runtime/maps.fatal", "b"]


def test_chinese_letters_are_as_wide_as_they_are_high() -> None:
    assert width_of("扩容", 10) == width_of("扩容", 10, mono=True) == 20


# --- axes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "ends", "logarithmic"),
    [
        ([2.1, 15.3], (0, 20), False),
        ([0.0], (0, 1), False),
        ([0.0, 1000.0], (0, 1000), False),
        ([3.0, 1200.0], (2, 2000), True),
        ([5.0, 5.0], (0, 5), False),
    ],
)
def test_axes_end_at_round_numbers(values: list[float], ends: tuple[float, float], logarithmic: bool) -> None:
    found = scale_of(values)
    assert (found.low, found.high, found.logarithmic) == (*ends, logarithmic)
    assert found.ticks()[-1] <= found.high * 1.001
    assert 2 <= len(found.ticks()) <= 10


def test_an_axis_is_logarithmic_or_not_where_that_is_asked_for() -> None:
    assert scale_of([1.0, 2.0], logarithmic=True).logarithmic
    assert not scale_of([1.0, 2000.0], logarithmic=False).logarithmic
    assert not scale_of([0.0, 2000.0], logarithmic=True).logarithmic


@pytest.mark.parametrize("span", [0.003, 1, 7, 23, 99, 1234])
def test_about_five_steps_make_up_an_axis(span: float) -> None:
    assert 2 <= span / step_of(span) <= 5.5
