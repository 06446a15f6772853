"""What is read of an author's own pages: the marked sentences, and what else there is to say of them."""

from pathlib import Path

import pytest
import tomlkit

from claimlab.project.article import Article, load_article
from claimlab.project.claim import Expectation
from claimlab.project.errors import BadData
from claimlab.project.marked import Marked
from claimlab.project.outcome import Outcome
from claimlab.project.prose import read_page

MARKDOWN = """---
orphan: true
---
% {claimlab:says}`A comment. <comment>`

# About `maps` and {claimlab:says}`a title <title>`

Some {claimlab:says}``A map's `hmap` has
48 bytes. <header-size>`` and {claimlab:claim}`header-size`.
Then {claimlab:says}`line < three <x.3>`.

````{note} One
:class: wide

```{tip}
{claimlab:says}`It is nested. <nested>`
```
````

:::{claimlab:says} colons
The `x` is *so*
long.

And more.
:::

| a |
|---|
| {claimlab:says}`In a table. <table>` |

- > {claimlab:says}`In a list. <list>`

```{eval-rst}
:claimlab:says:`In another language. <rst>`
```
"""
RST = """About ``maps``
==============

Some :ref:`say <it>` :claimlab:says:`A map has
48 bytes. <header-size>`, and |more|.

.. tab-set::

   .. note:: A note
      :class: wide

      :claimlab:says:`It is nested. <nested>`

.. claimlab:says:: long

   The ``x`` is *so*
   long.

   And more.
"""
NO_CLAIMS = {
    "a.md": [
        "```\n{claimlab:says}`No. <a>`\n```",
        "```md\n{claimlab:says}`No. <a>`\n```",
        "```{code-block} md\n{claimlab:says}`No. <a>`\n```",
        "    {claimlab:says}`No. <a>`",
        "`` {claimlab:says}`No. <a>` ``",
        "<!-- {claimlab:says}`No. <a>` -->",
        "{claimlab:claim}`No. <a>`",
    ],
    "a.rst": [
        "::\n\n   :claimlab:says:`No. <a>`",
        ".. code-block:: rst\n\n   :claimlab:says:`No. <a>`",
        ".. :claimlab:says:`No. <a>`",
        "``:claimlab:says:`No. <a>```",
        ":claimlab:claim:`No. <a>`",
    ],
}


def write(folder: Path, **settings: object) -> Article:
    """An article of these pages, which are written with what they hold."""
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "mine").mkdir(exist_ok=True)
    whole = {"title": "Mine", "pages": ["a.md"], **settings}
    (folder / "mine" / "article.toml").write_text(tomlkit.dumps(whole))
    return load_article(folder / "mine", folder / "docs")


def page(folder: Path, text: str, name: str = "a.md") -> Path:
    path = folder / "docs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_markdown_is_read_wherever_a_text_stands(tmp_path: Path) -> None:
    found = read_page(page(tmp_path, MARKDOWN))
    assert found.title == "About `maps` and a title"
    assert found.marked == (
        Marked("title", "a title", 6),
        Marked("header-size", "A map's `hmap` has 48 bytes.", 8),
        Marked("x.3", "line < three", 9),
        Marked("nested", "It is nested.", 16),
        Marked("colons", "The `x` is so long. And more.", 20),
        Marked("table", "In a table.", 29),
        Marked("list", "In a list.", 31),
        Marked("rst", "In another language.", 34),
    )


def test_restructured_text_is_read_too(tmp_path: Path) -> None:
    found = read_page(page(tmp_path, RST, "a.rst"))
    assert found.title == "About `maps`"
    assert found.marked == (
        Marked("header-size", "A map has 48 bytes.", 4),
        Marked("nested", "It is nested.", 12),
        Marked("long", "The `x` is so long. And more.", 14),
    )


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in NO_CLAIMS.items() for text in texts])
def test_what_only_shows_a_mark_is_none(tmp_path: Path, name: str, text: str) -> None:
    assert read_page(page(tmp_path, f"{text}\n", name)).marked == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x\n{claimlab:says}`No id.`", r"a\.md: line 2: 'No id\.' has no id: it ends with one in angle brackets"),
        ("{claimlab:says}`Two words. <two words>`", "line 1: 'two words' is no id of a claim"),
        ("{claimlab:says}`<a>`", "line 1: the claim a says nothing"),
        ("```{claimlab:says}\nNo id.\n```", "line 1: '' is no id of a claim"),
        ("```{claimlab:says} a\n```", "line 1: the claim a says nothing"),
    ],
)
def test_a_mark_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        read_page(page(tmp_path, f"{text}\n"))


def test_each_page_is_a_chapter_and_labs_lie_in_the_articles_folder(tmp_path: Path) -> None:
    page(tmp_path, "# First\n\n{claimlab:says}`One. <one>`\n")
    page(tmp_path, "{claimlab:says}`Two. <two>`\n", "notes/more_of it.md")
    article = write(tmp_path, pages=["a.md", "notes/more_of it.md"])
    first, second = article.chapters
    assert (first.key, first.page, first.title.first, first.number) == ("a", "a", "First", None)
    assert (second.key, second.page, second.title.first) == ("notes-more-of-it", "notes/more_of it", "notes/more_of it")
    assert [(section.id, len(section.claims)) for section in first.sections] == [("", 1)]
    assert article.homes == [tmp_path / "mine"]
    assert [claim.ref for claim in article.claims] == ["mine:one", "mine:two"]


def test_the_rest_of_a_claim_stands_in_a_file_beside_the_article(tmp_path: Path) -> None:
    page(tmp_path, "{claimlab:says}`One. <one>`\n{claimlab:says}`Two. <two>`\n")
    article = write(tmp_path, languages=["fr"])
    rows = '[[claim]]\nid = "one"\nexpected = "holds"\naxis = "none"\ncorrection = "Un."\n'
    (tmp_path / "mine" / "claims.toml").write_text(rows)
    one, two = article.claims
    assert (one.says["fr"], one.has_axis, one.correction and one.correction["fr"]) == ("One.", False, "Un.")
    assert [rule.outcome for rule in one.expected] == [Outcome.HOLDS]
    assert isinstance(one.expected[0], Expectation)
    assert (two.expected, two.has_axis) == ((), True)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ('[[claim]]\nid = "two"', r"claims\.toml: no sentence of a\.md is marked as two"),
        ('[[claim]]\nid = "one"\nen = "One."', "claim one: what it says stands in its page, so take out en"),
        ('[[claim]]\nid = "one"\nsection = "1"', "take out section"),
        ('[[claim]]\nid = "one"\nexpects = "holds"', "claim one: there is no key expects"),
        ("[[claim]]\nexpected = 'holds'", "a claim has no id"),
        ('[[claim]]\nid = "one"\n[[claim]]\nid = "one"', "claim ids stand twice"),
        ('[chapter]\ntitle = "x"', r"nothing but \[\[claim\]\]: chapter"),
        ("[[", "claims.toml"),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused(tmp_path: Path, rows: str, words: str) -> None:
    page(tmp_path, "{claimlab:says}`One. <one>`\n")
    article = write(tmp_path)
    (tmp_path / "mine" / "claims.toml").write_text(rows)
    with pytest.raises(BadData, match=words):
        _ = article.chapters


def test_an_id_that_is_marked_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    page(tmp_path, "# A\n\n{claimlab:says}`One. <one>`\n")
    page(tmp_path, "{claimlab:says}`Another. <one>`\n", "b.md")
    article = write(tmp_path, pages=["a.md", "b.md"])
    with pytest.raises(BadData, match=r"the claim one is marked twice: a\.md, line 3, and b\.md, line 1"):
        _ = article.chapters
    page(tmp_path, "{claimlab:says}`One. <one>` {claimlab:says}`One. <one>`\n")
    with pytest.raises(BadData, match=r"marked twice: a\.md, line 1, and a\.md, line 1"):
        _ = write(tmp_path).chapters


@pytest.mark.parametrize("given", ["none.md", "../outside.md", "a.txt"])
def test_a_page_that_is_not_there_is_refused(tmp_path: Path, given: str) -> None:
    page(tmp_path, "x")
    page(tmp_path, "x", "a.txt")
    (tmp_path / "outside.md").write_text("x")
    with pytest.raises(BadData, match=r"article\.toml: pages: .* is no page in"):
        write(tmp_path, pages=[given])


def test_pages_are_in_one_language(tmp_path: Path) -> None:
    page(tmp_path, "x")
    article = write(tmp_path, title={"en": "x", "fr": "x"}, languages=["en", "fr"])
    with pytest.raises(BadData, match="a page is in one language, and the article is in en, fr"):
        _ = article.chapters
