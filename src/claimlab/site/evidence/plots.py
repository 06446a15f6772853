"""Small drawings of measured numbers as inline SVG. They follow light and dark: every colour is one of the style sheet.

A drawing never says what a table beside it does not; for a screen reader it is one picture with a sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from statistics import median
from typing import Final

from markupsafe import Markup, escape

from claimlab.site.html import scroll

WIDTH: Final = 420.0
"""Of the part with the points, in units of the drawing: about pixels."""
ROW, TOP, BOTTOM, LETTER = 22, 6, 34, 6.7
FAR: Final = 30
"""From this factor between the greatest and the least value on, the axis is logarithmic."""


@dataclass(frozen=True, slots=True)
class Points:
    """One row of a strip plot."""

    label: str
    counted: Sequence[float]
    others: Sequence[float] = ()
    """Measured, but not counted: they were disturbed."""


@dataclass(frozen=True, slots=True)
class Interval:
    """One row of a plot of intervals."""

    label: str
    low: float | None
    middle: float
    high: float | None


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a number lies: from zero on, or by its logarithm."""

    low: float
    high: float
    logarithmic: bool

    def place(self, value: float) -> float:
        if self.logarithmic:
            return WIDTH * (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))
        return WIDTH * (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        if self.logarithmic:
            return [10.0**power for power in range(round(log10(self.low)), round(log10(self.high)) + 1)]
        step = _step(self.high)
        return [number * step for number in range(round(self.high / step) + 1)]


def scale_of(values: Sequence[float]) -> Scale:
    """A scale on which all of them lie."""
    least, greatest = min(values), max(values)
    if least > 0 and greatest / least > FAR:
        return Scale(10.0 ** floor(log10(least)), 10.0 ** ceil(log10(greatest)), True)
    step = _step(greatest)
    return Scale(0.0, max(step, ceil(greatest / step) * step), False)


def _step(greatest: float) -> float:
    """A round number of which about five make up the greatest."""
    if greatest <= 0:
        return 1.0
    power = 10.0 ** floor(log10(greatest / 4))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power * 5 >= greatest)


def strips(rows: Sequence[Points], unit: str, scale: Scale, label: str) -> Markup:
    """Every sample as a point, those that do not count as a cross, and the median of those that do as a bar."""
    drawn = []
    for number, row in enumerate(rows):
        y = TOP + ROW * number + ROW / 2
        points = "".join(f"M{scale.place(value):.1f} {y:g}h0" for value in row.counted)
        crosses = "".join(f"M{scale.place(value) - 2:.1f} {y - 2:g}l4 4m0-4l-4 4" for value in row.others)
        drawn += [f'<path class="cl-points" d="{points}"/>'] if points else []
        drawn += [f'<path class="cl-crosses" d="{crosses}"/>'] if crosses else []
        if row.counted:
            x = scale.place(median(row.counted))
            drawn.append(f'<path class="cl-middle" d="M{x:.1f} {y - 8:g}v16"/>')
    return _drawing([row.label for row in rows], unit, scale, drawn, label)


def intervals(rows: Sequence[Interval], unit: str, label: str, *, mark: float) -> Markup:
    """A bar from end to end of each interval, a point in it, and a line through all of them at `mark`."""
    ends = [end for row in rows for end in (row.low, row.middle, row.high) if end is not None]
    scale = scale_of([*ends, mark])
    x = scale.place(mark)
    drawn = [f'<path class="cl-line" d="M{x:.1f} {TOP}v{ROW * len(rows)}"/>']
    for number, row in enumerate(rows):
        y = TOP + ROW * number + ROW / 2
        if row.low is not None and row.high is not None:
            from_x, to_x = scale.place(row.low), scale.place(row.high)
            drawn.append(f'<path class="cl-interval" d="M{from_x:.1f} {y - 4:g}v8m0-4H{to_x:.1f}m0-4v8"/>')
        drawn.append(f'<path class="cl-points cl-alone" d="M{scale.place(row.middle):.1f} {y:g}h0"/>')
    return _drawing([row.label for row in rows], unit, scale, drawn, label)


def _drawing(labels: Sequence[str], unit: str, scale: Scale, drawn: Sequence[str], label: str) -> Markup:
    left = 12 + LETTER * max(map(len, labels))
    below = TOP + ROW * len(labels)
    names = [
        f'<text x="-8" y="{TOP + ROW * number + ROW / 2 + 4:g}" text-anchor="end">{escape(name)}</text>'
        for number, name in enumerate(labels)
    ]
    axis = [f'<path class="cl-axis" d="M0 {below}H{WIDTH:g}"/>']
    for tick in scale.ticks():
        x = scale.place(tick)
        axis.append(f'<path class="cl-axis" d="M{x:.1f} {below}v4"/>')
        axis.append(f'<text x="{x:.1f}" y="{below + 16}" text-anchor="middle">{tick:g}</text>')
    kind = f"{unit}, logarithmic" if scale.logarithmic else unit
    axis.append(f'<text x="{WIDTH:g}" y="{below + 31}" text-anchor="end">{escape(kind)}</text>')
    across, down = left + WIDTH + 20, below + BOTTOM
    svg = (
        f'<svg class="cl-plot" role="img" aria-label="{escape(label)}" width="{across:g}" height="{down:g}" '
        f'viewBox="{-left:g} 0 {across:g} {down:g}">{"".join([*axis, *names, *drawn])}</svg>'
    )
    return scroll(label, Markup(svg))
