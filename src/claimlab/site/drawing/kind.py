"""What each kind of picture can: be drawn for a width, be told in words, and be set as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from claimlab.project.languages import Language

WIDE, NARROW = 720.0, 320.0
"""What a page has room for, and a phone."""


@dataclass(frozen=True, slots=True)
class Table:
    """The data of a picture, for who cannot see it or wants the figures."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How pictures of one kind are shown. Each function is given the picture and the reader's language."""

    draw: Callable[[Any, Language, str], list[ElementTree.Element]]
    """With words that stand for the picture: its drawing for a wide page and for a narrow one, or one for both."""
    tell: Callable[[Any, Language], str]
    """The picture in words."""
    tabulate: Callable[[Any, Language], Table]
    """Its data as a table."""


def in_both_widths(draw: Callable[[Any, Language, float], Any]) -> Callable[[Any, Language, str], list[Any]]:
    """A drawing that is made anew for a phone: letters that shrink cannot be read."""

    def both(picture: Any, language: Language, label: str) -> list[ElementTree.Element]:
        return [
            draw(picture, language, WIDE).finished(label, "cl-wide"),
            draw(picture, language, NARROW).finished(label, "cl-narrow"),
        ]

    return both
