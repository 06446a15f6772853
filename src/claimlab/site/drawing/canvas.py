"""A drawing as SVG: shapes and texts by coordinates, in units that are about pixels. It is as high as what is in it.

Colours are classes of the style sheet, so that a drawing follows light and dark. Nothing is ever put into it as markup:
the elements are built, and the library escapes what they hold.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal
from xml.etree import ElementTree

Anchor = Literal["start", "middle", "end"]
SMALL, PLAIN, STRONG = 11.0, 12.0, 13.0
"""Sizes of letters."""
LEADING: Final = 1.35
MONO: Final = 0.605
"""The width of a letter by its size, in the widest of the usual fonts of equal width."""
_WIDTHS: Final = {
    **dict.fromkeys("iljI|.,:;'!", 0.27),
    **dict.fromkeys(" ftr()[]/\\-", 0.33),
    **dict.fromkeys("mwMW%@—", 0.9),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ&", 0.72),
}
_LETTER: Final = 0.57
"""Somewhat more than in the usual fonts without serifs, Helvetica and its likes."""
_BOLD: Final = 1.06
_NOT_FIRST: Final = frozenset("，。；：、！？）」』》”’%,.;:!?)")
"""Never at the beginning of a line."""
_PIECE: Final = re.compile(r"\S+\s*|\s+")


@cache
def _em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return _WIDTHS.get(letter, _LETTER)


def width_of(text: str, size: float = PLAIN, *, mono: bool = False, bold: bool = False) -> float:
    """About how wide a text is; rather a little too much."""
    wide = sum(MONO if mono and _em(letter) < 1 else _em(letter) for letter in text)
    return wide * size * (_BOLD if bold and not mono else 1.0)


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one kind in a line."""

    text: str
    mono: bool = False


def width_of_runs(runs: Iterable[Run], size: float = PLAIN, *, bold: bool = False) -> float:
    return sum(width_of(run.text, size, mono=run.mono, bold=bold) for run in runs)


def runs_of(text: str) -> list[Run]:
    """The text, with what stands between backticks in letters of equal width."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return [Run(text)]
    return [Run(part, bool(number % 2)) for number, part in enumerate(parts) if part]


def wrapped(text: str, width: float, size: float = PLAIN, *, bold: bool = False) -> list[list[Run]]:
    """The lines into which a text breaks: between words, and between any two Chinese characters."""
    lines: list[list[Run]] = [[]]
    used = 0.0
    for piece in _pieces(text):
        wide = width_of(piece.text.rstrip(), size, mono=piece.mono, bold=bold)
        if lines[-1] and used + wide > width and piece.text[0] not in _NOT_FIRST:
            lines.append([])
            used = 0.0
        lines[-1].append(piece)
        used += width_of(piece.text, size, mono=piece.mono, bold=bold)
    return [_joined(line) for line in lines]


def _pieces(text: str) -> Iterator[Run]:
    """What a line is not broken within."""
    for run in runs_of(text):
        for word in _PIECE.findall(run.text):
            if run.mono:
                yield Run(word, True)
                continue
            start = 0
            for at in range(1, len(word)):
                breaks = 1.0 in (_em(word[at - 1]), _em(word[at]))
                if breaks and word[at] not in _NOT_FIRST and not word[at].isspace():
                    yield Run(word[start:at])
                    start = at
            yield Run(word[start:])


def _joined(line: Sequence[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in line:
        if joined and joined[-1].mono == run.mono:
            joined[-1] = Run(joined[-1].text + run.text, run.mono)
        else:
            joined.append(run)
    if joined:
        joined[-1] = Run(joined[-1].text.rstrip(), joined[-1].mono)
    return joined


def number(value: float) -> str:
    """As SVG writes coordinates, to a tenth of a unit."""
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")
    )


@dataclass
class Canvas:
    """Where things are put. Its width is given, its height is where the lowest of them ends."""

    width: float
    height: float = 0.0
    _top: ElementTree.Element = field(default_factory=lambda: ElementTree.Element("svg"))

    def rect(self, x: float, y: float, wide: float, high: float, *classes: str, round_by: float = 0) -> None:
        shape = self._add("rect", classes, y + high)
        shape.attrib |= {"x": number(x), "y": number(y), "width": number(wide), "height": number(high)}
        if round_by:
            shape.set("rx", number(round_by))

    def path(self, steps: str, lowest: float, *classes: str) -> None:
        """`lowest`: where its lowest point is."""
        self._add("path", classes, lowest).set("d", steps)

    def line(self, x: float, y: float, to_x: float, to_y: float, *classes: str) -> None:
        to = f"M{number(x)} {number(y)}L{number(to_x)} {number(to_y)}"
        self.path(to, max(y, to_y), *classes)

    def dot(self, x: float, y: float, radius: float, *classes: str) -> None:
        shape = self._add("circle", classes, y + radius)
        shape.attrib |= {"cx": number(x), "cy": number(y), "r": number(radius)}

    def text(
        self,
        x: float,
        y: float,
        said: str | Sequence[Run],
        *classes: str,
        size: float = PLAIN,
        anchor: Anchor = "start",
        mono: bool = False,
    ) -> None:
        """One line whose letters stand on `y`."""
        runs = [Run(said, mono)] if isinstance(said, str) else list(said)
        kinds = {run.mono for run in runs}
        alone = len(kinds) == 1
        shape = self._add("text", [*classes, *(["cl-mono"] if kinds == {True} else [])], y + size * 0.3)
        shape.attrib |= {"x": number(x), "y": number(y), "font-size": number(size)}
        if anchor != "start":
            shape.set("text-anchor", anchor)
        if alone:
            shape.text = "".join(run.text for run in runs)
            return
        for run in runs:
            part = ElementTree.SubElement(shape, "tspan", {"class": "cl-mono"} if run.mono else {})
            part.text = run.text

    def paragraph(
        self, x: float, y: float, said: str, width: float, *classes: str, size: float = PLAIN, bold: bool = False
    ) -> float:
        """The text in lines, the first of which stands on `y`; returns where the next one would."""
        weight = ["cl-bold"] if bold else []
        for line in wrapped(said, width, size, bold=bold):
            self.text(x, y, line, *weight, *classes, size=size)
            y += size * LEADING
        return y

    def _add(self, tag: str, classes: Iterable[str], lowest: float) -> ElementTree.Element:
        self.height = max(self.height, lowest)
        named = " ".join(classes)
        return ElementTree.SubElement(self._top, tag, {"class": named} if named else {})

    def finished(self, label: str, *classes: str) -> ElementTree.Element:
        """The drawing, with words that stand for it where it cannot be seen."""
        high = number(self.height + 2)
        self._top.attrib |= {
            "class": " ".join(["cl-drawing", *classes]),
            "role": "img",
            "aria-label": label,
            "width": number(self.width),
            "height": high,
            "viewBox": f"0 0 {number(self.width)} {high}",
        }
        return self._top
