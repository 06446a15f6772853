"""Rows above one axis: what measured numbers, amounts and shares have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor, log10
from typing import Final

from claimlab.site.drawing.canvas import LEADING, PLAIN, SMALL, Canvas, width_of, width_of_runs, wrapped
from claimlab.site.drawing.kind import WIDE

FAR: Final = 30
"""From this factor between the greatest and the least value on, an axis is logarithmic."""
HIGH, LOW, BETWEEN, TOP = 24.0, 20.0, 10.0, 4.0
MANY: Final = 16
"""From so many rows on they are lower."""
MOST_LABEL: Final = 0.36
"""The share of a wide page that the names of rows have beside them; on a phone they stand above."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a value lies between the ends of an axis."""

    low: float
    high: float
    logarithmic: bool = False
    left: float = 0.0
    right: float = 1.0

    def x(self, value: float) -> float:
        if self.logarithmic:
            part = (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))
        else:
            part = (value - self.low) / (self.high - self.low)
        return self.left + part * (self.right - self.left)

    def ticks(self) -> list[float]:
        if self.logarithmic:
            powers = range(floor(log10(self.low)), ceil(log10(self.high)) + 1)
            steps = (1, 2, 5) if len(powers) <= 3 else (1,)
            found = [step * 10.0**power for power in powers for step in steps]
            return [tick for tick in found if self.low * 0.999 <= tick <= self.high * 1.001]
        step = step_of(self.high - self.low)
        return [self.low + number * step for number in range(round((self.high - self.low) / step) + 1)]


def scale_of(values: Sequence[float], logarithmic: bool | None = None) -> Scale:
    """From zero on, or by powers of ten, to a round number that none of them exceeds."""
    greatest, least = max(values), min(values)
    positive = least > 0
    if positive and (logarithmic or (logarithmic is None and greatest / least > FAR)):
        low, high = _round_down(least), _round_up(greatest)
        return Scale(low, high if high > low else low * 10, True)
    step = step_of(greatest)
    return Scale(0.0, max(step, ceil(greatest / step - 1e-9) * step))


def _round_down(value: float) -> float:
    power = 10.0 ** floor(log10(value))
    return max(step * power for step in (1, 2, 5) if step * power <= value * (1 + 1e-9))


def _round_up(value: float) -> float:
    power = 10.0 ** floor(log10(value))
    return min(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9))


def step_of(span: float) -> float:
    """A round number of which about five make up the span."""
    if span <= 0:
        return 1.0
    power = 10.0 ** floor(log10(span / 4))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power * 5.5 >= span)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its name, what is drawn at a height on the scale, and its figure at the right."""

    label: str
    draw: Callable[[Canvas, Scale, float], None]
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a title."""

    title: str
    rows: Sequence[Row]
    under: Callable[[Canvas, Scale, float, float, bool], None] | None = None
    """What is drawn under each of its rows, from one height to another; whether it is the first."""


def compact(groups: Sequence[Group]) -> Sequence[Group]:
    """Where every group has one row, and all rows have one name: one group of that name."""
    names = {row.label for group in groups for row in group.rows}
    if len(groups) == 1 or len(names) != 1 or any(len(group.rows) > 1 or group.under for group in groups):
        return groups
    rows = [replace(row, label=group.title) for group in groups for row in group.rows]
    return [Group(names.pop(), rows)]


@dataclass(frozen=True, slots=True)
class Standing:
    """A line through all rows, with its name above."""

    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Groups of rows above one axis."""

    groups: Sequence[Group]
    scale: Scale
    unit: str
    write: Callable[[float], str]
    """How a tick is written."""
    lines: Sequence[Standing] = field(default_factory=tuple)
    figures: str = ""
    """What the figures at the right are."""
    signs: str = ""
    """What the signs mean."""

    def draw(self, width: float) -> Canvas:
        canvas = Canvas(width)
        labels = [row.label for group in self.groups for row in group.rows]
        beside = min(width * MOST_LABEL, max(width_of(label) for label in labels) + 12)
        above = width < WIDE and any(labels)
        high = LOW if len(labels) >= MANY else HIGH
        written = [self.figures, *(row.figure for group in self.groups for row in group.rows)]
        figures = max(width_of(text, SMALL) for text in written)
        ends = width_of(self.write(self.scale.high), SMALL) / 2
        left, right = (ends + 1 if above else max(beside, ends)), width - max(figures + 12 if figures else 4, ends + 1)
        scale = Scale(self.scale.low, self.scale.high, self.scale.logarithmic, left, right)
        top = y = self._names(canvas, scale, TOP + SMALL * bool(self.figures))
        if self.figures:
            canvas.text(width, top - 2, self.figures, "cl-quiet", size=SMALL, anchor="end")
        names = Names(canvas.width if above else left - 8, above, high, self._size(left - 8))
        self._grid(canvas, scale, top, y + sum(names.height(group) + BETWEEN for group in self.groups) - BETWEEN)
        for group in self.groups:
            y = self._group(canvas, group, scale, y, names)
        return self._axis(canvas, scale, y - BETWEEN)

    def _size(self, width: float) -> float:
        """Of the letters of all names beside their rows: the larger one if all have room in one line."""
        fit = all(width_of(row.label) <= width for group in self.groups for row in group.rows)
        return PLAIN if fit else SMALL

    def _names(self, canvas: Canvas, scale: Scale, y: float) -> float:
        """The names of the lines, each beside its own, as low as no other is in the way."""
        placed: list[tuple[float, float, int]] = []
        room = canvas.width - (width_of(self.figures, SMALL) + 6 if self.figures else 0)
        for line in sorted(self.lines, key=lambda line: -line.value):
            x, wide = scale.x(line.value), width_of(line.label, SMALL) + 8
            begins = x if x + wide <= room else x - wide
            over = [row + 1 for other, ends, row in placed if begins < ends + 4 and other - 4 < begins + wide]
            placed.append((begins, begins + wide, max(over, default=0)))
        if not placed:
            return y
        below = y + (SMALL + 4) * (1 + max(row for _, _, row in placed))
        ordered = list(zip(sorted(self.lines, key=lambda line: -line.value), placed, strict=True))
        for line, (_, _, row) in ordered:
            canvas.line(scale.x(line.value), below - (SMALL + 4) * row - 12, scale.x(line.value), below, "cl-stands")
        for line, (begins, _, row) in ordered:
            canvas.text(begins + 4, below - (SMALL + 4) * row - 4, line.label, "cl-bold", "cl-halo", size=SMALL)
        return below

    def _grid(self, canvas: Canvas, scale: Scale, top: float, bottom: float) -> None:
        for tick in scale.ticks():
            canvas.line(scale.x(tick), top, scale.x(tick), bottom, "cl-grid")
        for line in self.lines:
            canvas.line(scale.x(line.value), top, scale.x(line.value), bottom, "cl-stands")

    def _group(self, canvas: Canvas, group: Group, scale: Scale, y: float, names: "Names") -> float:
        y = names.title(canvas, group, y)
        for number, row in enumerate(group.rows):
            y, high = names.name(canvas, row, y)
            if group.under:
                group.under(canvas, scale, y, y + high, number == 0)
            row.draw(canvas, scale, y + high / 2)
            if row.figure:
                canvas.text(canvas.width, y + high / 2 + 4, row.figure, size=SMALL, anchor="end")
            y += high
        return y + BETWEEN

    def _axis(self, canvas: Canvas, scale: Scale, y: float) -> Canvas:
        canvas.line(scale.left, y, scale.right, y, "cl-axis")
        free = -1.0
        for tick in scale.ticks():
            x, text = scale.x(tick), self.write(tick)
            half = width_of(text, SMALL) / 2
            canvas.line(x, y, x, y + 4, "cl-axis")
            if x - half > free:
                canvas.text(x, y + 4 + SMALL, text, "cl-quiet", size=SMALL, anchor="middle")
                free = x + half + 6
        y += 2 * SMALL + 9
        below = name_axis(canvas, scale.right, y, self.unit)
        if self.signs:
            room = width_of(self.signs, SMALL) + width_of(self.unit, SMALL) + 20 <= scale.right
            canvas.paragraph(0, y if room else below, self.signs, canvas.width, "cl-quiet", size=SMALL)
        return canvas


def name_axis(canvas: Canvas, right: float, y: float, name: str) -> float:
    """What an axis means, below its right end; returns where a next line would stand."""
    if width_of(name, SMALL) > right:
        return canvas.paragraph(0, y, name, canvas.width, "cl-quiet", size=SMALL)
    canvas.text(right, y, name, "cl-quiet", size=SMALL, anchor="end")
    return y + SMALL * LEADING


@dataclass(frozen=True, slots=True)
class Names:
    """Where the names of groups and rows stand, and how high this makes a row."""

    width: float
    """That a row's name has."""
    above: bool
    high: float
    size: float

    def height(self, group: Group) -> float:
        """Of the group with all its rows."""
        title = _height(group.title, self.width if self.above else WIDE, PLAIN)
        return title + sum(above + high for above, high in map(self.heights, group.rows))

    def heights(self, row: Row) -> tuple[float, float]:
        """What its name takes above the row, and what the row takes."""
        if self.above:
            return _height(row.label, self.width, SMALL), self.high
        lines = len(wrapped(row.label, self.width, self.size)) if row.label else 1
        return 0.0, max(self.high, lines * self.size * LEADING + 3)

    def title(self, canvas: Canvas, group: Group, y: float) -> float:
        return _over(canvas, group.title, y, PLAIN, "cl-bold")

    def name(self, canvas: Canvas, row: Row, y: float) -> tuple[float, float]:
        """The name is written; returns where its row begins, and how high that is."""
        above, high = self.heights(row)
        if self.above:
            _over(canvas, row.label, y, SMALL, "cl-quiet")
        else:
            lines = wrapped(row.label, self.width, self.size)
            base = y + high / 2 + 4 - (len(lines) - 1) * self.size * LEADING / 2
            for line in lines:
                canvas.text(0, base, line, "cl-quiet", size=self.size)
                base += self.size * LEADING
        return y + above, high


def _height(text: str, width: float, size: float) -> float:
    return len(wrapped(text, width, size, bold=True)) * size * LEADING + 2 if text else 0.0


def _over(canvas: Canvas, text: str, y: float, size: float, ink: str) -> float:
    """A name above what it names, on a ground of its own; returns where that begins."""
    if not text:
        return y
    below = y + _height(text, canvas.width, size)
    for line in wrapped(text, canvas.width, size, bold=True):
        wide = width_of_runs(line, size, bold=True)
        canvas.rect(0, y, min(wide + 4, canvas.width), size * LEADING, "cl-ground")
        canvas.text(0, y + size, line, ink, size=size)
        y += size * LEADING
    return below
