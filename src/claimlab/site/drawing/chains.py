"""Backtraces as chains of calls, the outermost on top, those of different toolchains beside each other."""

import re
from typing import Final

from claimlab.pictures import Article, Call, Calls, Chain
from claimlab.project.languages import Language
from claimlab.site.drawing import words
from claimlab.site.drawing.canvas import LEADING, MONO, PLAIN, SMALL, STRONG, Canvas
from claimlab.site.drawing.kind import Kind, Table, in_both_widths
from claimlab.site.drawing.words import interface, joined, say, told_of

LEAST_WIDE: Final = 160.0
"""A chain that would be narrower stands below the others."""
GAP, BETWEEN, ARROW, INSIDE = 20.0, 24.0, 18.0, 8.0
_PIECE: Final = re.compile(r"[^./]*[./]*")


def draw(picture: Chain, language: Language, width: float) -> Canvas:
    canvas = Canvas(width)
    beside = max(1, min(len(picture.traces), int((width + GAP) // (LEAST_WIDE + GAP))))
    wide = (width - 2 - GAP * (beside - 1)) / beside
    top = 0.0
    for first in range(0, len(picture.traces), beside):
        ends = [
            _trace(canvas, trace, 1 + number * (wide + GAP), top, wide, language)
            for number, trace in enumerate(picture.traces[first : first + beside])
        ]
        top = max(ends) + BETWEEN
    return canvas


def _trace(canvas: Canvas, trace: Calls, x: float, y: float, wide: float, language: Language) -> float:
    y = canvas.paragraph(x, y + STRONG, words.whose(trace.whose, language), wide, size=STRONG, bold=True)
    y -= STRONG - 6
    claimed = ["cl-claimed"] if isinstance(trace.whose, Article) else []
    for number, call in enumerate(trace.calls):
        if number:
            _arrow(canvas, x + 18, y, y + ARROW)
            y += ARROW
        y = _call(canvas, call, claimed, x, y, wide, language)
    if trace.ends:
        _arrow(canvas, x + 18, y, y + ARROW)
        y = canvas.paragraph(x, y + ARROW + PLAIN, say(trace.ends, language), wide) - PLAIN * LEADING + 4
    return y


def _call(canvas: Canvas, call: Call, claimed: list[str], x: float, y: float, wide: float, language: Language) -> float:
    name = broken(call.function, wide - 2 * INSIDE)
    high = 2 * INSIDE + len(name) * SMALL * LEADING + (SMALL * LEADING if call.place else 0) - 3
    ground = "cl-pen" if call.marked else "cl-role-other"
    canvas.rect(x, y, wide, high, ground, round_by=4)
    canvas.rect(x, y, wide, high, "cl-outline", *claimed, round_by=4)
    ink = "cl-on-pen" if call.marked else "cl-on-other"
    base = y + INSIDE + SMALL * 0.8
    for line in name:
        canvas.text(x + INSIDE, base, line, ink, *(["cl-bold"] if call.marked else []), size=SMALL, mono=True)
        base += SMALL * LEADING
    if call.place:
        canvas.text(x + INSIDE, base, call.place, ink, size=SMALL)
    y += high
    if call.note:
        y = canvas.paragraph(x, y + SMALL + 4, say(call.note, language), wide, size=SMALL) - SMALL * LEADING + 6
    return y


def broken(name: str, wide: float) -> list[str]:
    """A function's name in lines, broken behind dots and slashes."""
    most = max(8, int(wide / (SMALL * MONO)))
    lines = [""]
    for piece in _PIECE.findall(name):
        if lines[-1] and len(lines[-1]) + len(piece) > most:
            lines.append("")
        lines[-1] += piece
    return [line[start : start + most] for line in lines for start in range(0, len(line), most)]


def _arrow(canvas: Canvas, x: float, y: float, ends: float) -> None:
    canvas.path(f"M{x:.1f} {y + 3:.1f}V{ends - 3:.1f}m-3.5-4l3.5 4l3.5-4", ends, "cl-arrow")


def tell(picture: Chain, language: Language) -> str:
    told = []
    for trace in picture.traces:
        chain = " → ".join(call.function for call in trace.calls)
        ends = f" → {say(trace.ends, language)}" if trace.ends else ""
        told.append(told_of(words.whose(trace.whose, language), f"{chain}{ends}", language))
    return joined(told, language)


def tabulate(picture: Chain, language: Language) -> Table:
    head = {"en": ("Whose", "Call", "Function", "Place"), "zh": ("来源", "层", "函数", "位置")}[interface(language)]
    rows = []
    for trace in picture.traces:
        owner = words.whose(trace.whose, language)
        rows += [(owner, str(depth), call.function, call.place) for depth, call in enumerate(trace.calls, start=1)]
        if trace.ends:
            rows.append((owner, "", say(trace.ends, language), ""))
    return Table(head, rows)


CHAIN: Final = Kind(in_both_widths(draw), tell, tabulate)
