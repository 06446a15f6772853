"""Reads what the presenters of evidence wrote: tables, listings and words.

(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

from typing import Any, Final

from bs4 import BeautifulSoup, Tag
from markupsafe import Markup

from claimlab.site.evidence import PRESENTERS
from claimlab.site.evidence.room import Place

WIDE: Final = Place("here", "#record", 1_000_000)
"""A place with room for everything but what is cut in any place."""


def parsed(shown: Markup) -> BeautifulSoup:
    soup = BeautifulSoup(shown, "html.parser")
    for line_break in soup.find_all("br"):
        line_break.replace_with("\n")
    return soup


def tables(shown: Markup) -> list[Tag]:
    return list(parsed(shown).find_all("table"))


def cells(shown: Markup, number: int = 0) -> list[list[str]]:
    """The rows of one of the tables, the head first."""
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in tables(shown)[number].find_all("tr")]


def widths(shown: Markup, number: int = 0) -> list[list[int]]:
    """How many columns each cell of one of the tables has."""
    rows = tables(shown)[number].find_all("tr")
    return [[int(str(cell.get("colspan", "1"))) for cell in row.find_all(["th", "td"])] for row in rows]


def listings(shown: Markup) -> list[str]:
    return [block.get_text() for block in parsed(shown).find_all("pre")]


def words(shown: Markup) -> str:
    return parsed(shown).get_text()


def present(kind: type, **seen: Any) -> Markup:
    """What the presenter shows of things seen, named like ``go1_27_3``."""
    named = {name.replace("go", "", 1).replace("_", "."): one for name, one in seen.items()}
    return PRESENTERS[kind].show(named, WIDE)
