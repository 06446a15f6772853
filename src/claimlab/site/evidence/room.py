"""How much of the evidence a page has room for. The whole is in the record, and a page says what it leaves out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile
from typing import TypeVar

from markupsafe import Markup

from claimlab.site.html import link, paragraph
from claimlab.site.reader import say

Thing = TypeVar("Thing")
MOST_LINES, LONGEST_LINE, MOST_ROWS = 80, 300, 80
"""Of one listing, and of one table, whatever room there is."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a page: what is shown there is cut so that it takes about so much room."""

    anchor: str
    """Unique on the page."""
    record: str
    """Where the page offers the whole of the evidence."""
    room: int
    """Characters."""

    def part(self, share: float) -> "Place":
        """The same place with a share of its room."""
        return replace(self, room=int(self.room * share))

    def under(self, name: str) -> "Place":
        """A part of the place that can be told from its others."""
        return replace(self, anchor=f"{self.anchor}-{name}")

    def elsewhere(self, words: str) -> Markup:
        """A sentence about what is not shown, which leads to it."""
        return paragraph(link(self.record, words), classes="cl-more")


def cut(things: Sequence[Thing], most: int, place: Place) -> tuple[Sequence[Thing], Markup]:
    """At most so many rows, and a sentence that says how many are not shown."""
    if len(things) <= most:
        return things, Markup("")
    more = say("Rows in the record that are not shown here: {number}.", number=len(things) - most)
    return things[:most], place.elsewhere(more)


def clipped(text: str, room: int) -> str:
    """The text with its middle left out if it is long; what is missing is said where it stood."""
    lines = [_shortened(line) for line in text.splitlines()]
    if len(lines) <= MOST_LINES and sum(map(len, lines)) <= room:
        return "\n".join(lines)
    # Most of it is from the beginning; how it ends is wanted too.
    weights = [len(line) + 1 for line in lines]
    first = max(1, min(fitting(weights, room * 2 // 3), MOST_LINES * 2 // 3))
    last = min(fitting(weights[:first:-1], room // 3), MOST_LINES // 3)
    missing = say("… lines left out here, but in the record: {number} …", number=len(lines) - first - last)
    return "\n".join([*lines[:first], missing, *lines[len(lines) - last :]])


def _shortened(line: str) -> str:
    if len(line) <= LONGEST_LINE:
        return line
    more = say("… characters left out: {number}", number=len(line) - LONGEST_LINE)
    return f"{line[:LONGEST_LINE]} {more}"


def fitting(weights: Iterable[float], room: float) -> int:
    """How many of them have room, from the first on."""
    return sum(1 for _end in takewhile(lambda end: end <= room, accumulate(weights)))
