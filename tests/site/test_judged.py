"""What judges say in another language: the figures are those of the sentence, whatever the translation is."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from tests.ours import OUR

from claimlab.site.judged import clauses, in_other_words
from claimlab.site.messages import catalogue
from claimlab.site.translations import (
    LANGUAGE,
    judges_catalogue,
    kept_rulings,
    messages_of,
    read_catalogue,
    read_interface,
)
from claimlab.trials.lab import find_labs

pytest_plugins = ["tests.readers_site"]

KNOWN = {
    "{1} lost {2}": "{1} 丢了",
    "{1} got {2}": "{1} 得到 {3}",
    "{1} of {2} died": "{2} 个中有 {1} 个死亡",
    "{1} ran": "运行了 {1}",
    "said": "说",
}


def say(text: str) -> str:
    return catalogue("zh_CN").gettext(text)


def known(message: str) -> str:
    return KNOWN.get(message, message)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3 of 100 died", [("{1} of {2} died", ["3", "100"])]),
        ("`a`, `b` and `c` ran; 1.5 ns", [("{1} ran", ["`a`, `b` and `c`"]), ("{1} ns", ["1.5"])]),
        ("`x; y` ran", [("{1} ran", ["`x; y`"])]),
        ("at 0, 8, 16 and 24", [("at {1}", ["0, 8, 16 and 24"])]),
        ("`a` after `b`, `c` after `d`", [("{1} after {2}, {3} after {4}", ["`a`", "`b`", "`c`", "`d`"])]),
        ("2, 3 of 20 000", [("{1}, {2} of {3}", ["2", "3", "20 000"])]),
        ("it said “a; b” (1; 2); so", [("it said “a; b” ({1}; {2})", ["1", "2"]), ("so", [])]),
        (
            "rax is 0x48f, 95 % interval 1.08–1.21",
            [("rax is {1}, {2} % interval {3}–{4}", ["0x48f", "95", "1.08", "1.21"])],
        ),
        ("C11 and amd64 in 1,024 bytes", [("C11 and amd64 in {1} bytes", ["1,024"])]),
        ("it ran {} times", [("it ran {} times", [])]),
    ],
)
def test_figures_and_code_are_gaps(text: str, found: list[tuple[str, list[str]]]) -> None:
    assert list(clauses(text)) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3 of 100 died", "100 个中有 3 个死亡"),
        ("`a`, `b` and `c` ran; said", "运行了 `a`、`b`、`c`；说"),
        ("`a and 1, or` ran; 2, 4 and 8 ran", "运行了 `a and 1, or`；运行了 2, 4、8"),
        ("1.5; said", "1.5；说"),
        ("3 of 100 died; nobody knows this", None),
        ("3 lost 4", None),
        ("3 got 4", None),
        ("", ""),
    ],
)
def test_a_sentence_is_said_with_its_own_figures_or_not_at_all(text: str, said: str | None) -> None:
    assert in_other_words(text, known, say) == said


def test_what_our_judges_say_of_what_is_kept_is_translated_and_keeps_its_gaps() -> None:
    catalogues = (read_interface(), read_catalogue(judges_catalogue(OUR, LANGUAGE), LANGUAGE))
    words = {str(one.id): str(one.string) for catalogue in catalogues for one in catalogue if one.id}
    messages = set().union(*(messages_of(kept_rulings(lab)) for lab in find_labs(OUR)))
    assert len(messages) > 1000
    assert sorted(one for one in messages if not words.get(one)) == [], "run: ./inv translations"


def test_translations_of_judges_have_the_gaps_of_the_english() -> None:
    of_judges = read_catalogue(judges_catalogue(OUR, LANGUAGE), LANGUAGE)
    said = [(str(one.id), str(one.string)) for one in of_judges if one.id and one.string]
    assert [pair for pair in said if gaps(pair[0]) != gaps(pair[1])] == []


def gaps(text: str) -> list[str]:
    return sorted(re.findall(r"\{\d+\}", text))


def spoken(pages: Path, page: str) -> dict[str, set[tuple[str, str]]]:
    """What is read as, what decided, and what the control is: each text with the language that its page gives it."""
    soup = BeautifulSoup((pages / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
    found = {"read": soup.select(".cl-reading"), "decided": soup.select("#reasons + ul p:nth-of-type(2)")}
    found["control"] = soup.select(".cl-control > p")
    return {part: {(one.get_text(" ", strip=True), language(one)) for one in each} for part, each in found.items()}


def language(element: Tag) -> str:
    """What is told of a part that is not in the language of the page."""
    part = element.select_one("[lang]")
    return str(part["lang"]) if part else ""


def test_pages_say_it_in_their_language_and_tell_what_they_cannot(pages: Path) -> None:
    english, chinese = (spoken(pages, f"{folder}claims/1.1-a") for folder in ("", "zh/"))
    assert english["read"] == {("Read as The minor release is asked.", "")}
    assert chinese["read"] == {("判读口径 问的是次版本号。", "")}
    assert {("the minor release is 21", ""), ("the minor release is 27", "")} <= english["decided"]
    assert chinese["decided"] == {(f"次版本号为 {text.split()[-1]}", "") for text, _ in english["decided"]}
    ((text, lang),) = chinese["control"]
    assert (text[:5], lang) == ("a lie", "en")
    assert {lang for _, lang in english["control"]} == {""}
