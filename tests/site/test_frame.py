"""What stands around a page's content."""

from pathlib import Path

import pytest
from tests.ours import write_project

from claimlab.site.frame import colophon, framed, switch, twins


@pytest.mark.parametrize(
    ("language", "root", "found"),
    [
        ("en", "", [("zh", "zh/ledger.html", "中文"), ("fr", "fr/ledger.html", "français")]),
        ("zh", "", [("en", "../ledger.html", "English"), ("fr", "../fr/ledger.html", "français")]),
        ("fr", "", [("en", "../ledger.html", "English"), ("zh", "../zh/ledger.html", "中文")]),
    ],
)
def test_a_page_leads_to_the_same_page_in_every_other_language(
    tmp_path: Path, language: str, root: str, found: list[tuple[str, str, str]]
) -> None:
    project = write_project(tmp_path, languages=("en", "zh", "fr"))
    assert twins(project, "ledger", language, root) == found


def test_addresses_start_at_the_page(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    assert switch(project, "claims/notes/1-a", "zh", "../../") == (
        '<p class="cl-language"><a href="../../../claims/notes/1-a.html" hreflang="en" lang="en">English</a></p>\n'
    )


def test_where_there_is_one_language_nothing_leads_anywhere(tmp_path: Path) -> None:
    project = write_project(tmp_path, languages=("fr",))
    assert twins(project, "index", "fr", "") == []
    assert framed("<p>texte</p>", project, "index", "fr", "") == "<p>texte</p>"


def test_a_page_without_a_translation_says_so_and_in_which_language_it_is(tmp_path: Path) -> None:
    project = write_project(tmp_path, languages=("en", "zh"), site={"untranslated": ["decisions"]})
    told = framed("<p>text</p>", project, "decisions", "zh", "")
    assert '<div lang="en"><p>text</p></div>' in told
    assert "not been translated" in told
    assert "lang=" not in framed("<p>text</p>", project, "why", "zh", "").partition("</p>")[2]
    assert "not been translated" not in framed("<p>text</p>", project, "decisions", "en", "")


def test_docstrings_are_marked_as_english(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    assert '<dl lang="en" class="py function">' in framed('<dl class="py function">', project, "labs", "zh", "")
    assert '<dl class="py function">' in framed('<dl class="py function">', project, "labs", "en", "")


def test_the_project_says_where_its_sources_are_and_what_may_be_done_with_them(tmp_path: Path) -> None:
    site = {"repository": "https://example.org/a?b&c", "licence": "CC-BY-4.0"}
    said = colophon(write_project(tmp_path, site=site))
    assert 'href="https://example.org/a?b&amp;c">https://example.org/a?b&amp;c</a>' in said
    assert said.endswith(" · Licence: CC-BY-4.0</p>\n")
