"""A piece of memory as a strip to scale: its parts, their names in them or above, and offsets below."""

from dataclasses import dataclass
from typing import Final

from claimlab.pictures import Article, Layout, Memory, Part
from claimlab.pictures.memory import WORD_BYTES
from claimlab.site.drawing.canvas import SMALL, Canvas, width_of

STRIP, ROW, EDGE = 30.0, 15.0, 1.0
LEAST_DIVIDED: Final = 3.0
"""Elements of an array that are narrower are not drawn one by one."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a byte lies."""

    unit: float
    """The width of one byte."""

    def x(self, memory: Memory, offset: float) -> float:
        return EDGE + (memory.starts + offset) * self.unit

    def width(self, part: Part) -> float:
        return part.size * self.unit


def scale_of(layout: Layout, width: float) -> Scale:
    """The greatest at which everything has room, names above the strips included."""
    extent = max([layout.line_bytes, *(memory.starts + memory.end for memory in layout.memories)])
    unit = (width - 2 * EDGE - 12) / extent
    for _ in range(4):
        scale = Scale(unit)
        fits = [
            (width - EDGE - width_of(part.name, SMALL, mono=True) - 4) / (memory.starts + part.offset + part.size / 2)
            for memory in layout.memories
            for part in called_out(memory, scale)
        ]
        if min([unit, *fits]) == unit:
            break
        unit = min(fits)
    return Scale(unit)


def inside(part: Part, scale: Scale) -> str:
    """What is written into the part; nothing if it is too small."""
    whole = f"{part.name} ×{part.count}" if part.count > 1 else part.name
    return next((text for text in (whole, part.name) if width_of(text, SMALL, mono=True) + 6 <= scale.width(part)), "")


def called_out(memory: Memory, scale: Scale) -> list[Part]:
    """The parts whose names stand above the strip: each name is somewhere, and that of a marked part always at it."""
    shown = {part.name for part in memory.parts if inside(part, scale)}
    found = []
    for part in memory.parts:
        if not inside(part, scale) and (part.marked or part.name not in shown):
            found.append(part)
            shown.add(part.name)
    return found


def callouts(canvas: Canvas, memory: Memory, scale: Scale, y: float) -> float:
    """Names above the strip, each to the right of a line from its part. One further left stands higher, so that no line
    crosses a name."""
    rows: list[tuple[float, int, Part]] = []
    for part in reversed(called_out(memory, scale)):
        x = scale.x(memory, part.offset + part.size / 2)
        ends = x + width_of(part.name, SMALL, mono=True) + 8
        rows.append((x, max([row + 1 for other, row, _ in rows if other < ends], default=0), part))
    if not rows:
        return y
    below = y + ROW * (1 + max(row for _, row, _ in rows))
    for x, row, part in rows:
        base = below - ROW * row - 4
        canvas.line(x, base - SMALL * 0.7, x, below, "cl-leader")
        canvas.text(x + 3, base, part.name, *(["cl-bold"] if part.marked else []), size=SMALL, mono=True)
    return below


def strip(canvas: Canvas, layout: Layout, memory: Memory, scale: Scale, y: float) -> None:
    claimed = ["cl-claimed"] if isinstance(memory.whose, Article) else []
    for begins, ends in memory.gaps():
        canvas.rect(scale.x(memory, begins), y, (ends - begins) * scale.unit, STRIP, "cl-padding", *claimed)
    for part in memory.parts:
        x, wide = scale.x(memory, part.offset), scale.width(part)
        canvas.rect(x, y, wide, STRIP, f"cl-role-{part.role}", *claimed)
        if part.count > 1 and wide / part.count >= LEAST_DIVIDED:
            step = wide / part.count
            dividers = "".join(f"M{x + step * at:.1f} {y + 4:g}v{STRIP - 8:g}" for at in range(1, part.count))
            canvas.path(dividers, y + STRIP, "cl-divider")
    _outline(canvas, memory, scale, y)
    for part in (part for part in memory.parts if part.marked):
        canvas.rect(scale.x(memory, part.offset), y, scale.width(part), STRIP, "cl-marked", *claimed)
    for part in memory.parts:
        if text := inside(part, scale):
            x = scale.x(memory, part.offset + part.size / 2)
            bold = ["cl-bold"] if part.marked else []
            ink = f"cl-on-{part.role}"
            canvas.text(x, y + STRIP / 2 + 4, text, ink, *bold, size=SMALL, anchor="middle", mono=True)
    for edge in edges(layout, memory):
        x = scale.x(memory, edge)
        for top, bottom in ((y - 3, y + 7), (y + STRIP - 7, y + STRIP + 4)):  # the names are between
            canvas.line(x, top, x, bottom, "cl-cache-line")


def edges(layout: Layout, memory: Memory) -> list[int]:
    """The offsets within a memory at which a cache line begins."""
    if not layout.line_bytes:
        return []
    first = layout.line_bytes - memory.starts % layout.line_bytes
    return [*([0] if memory.starts == 0 and memory.end > first else []), *range(first, memory.end, layout.line_bytes)]


def _outline(canvas: Canvas, memory: Memory, scale: Scale, y: float) -> None:
    """Around the size that it has, or is said to have."""
    claimed = ["cl-claimed"] if isinstance(memory.whose, Article) else []
    canvas.rect(scale.x(memory, 0), y, memory.size * scale.unit, STRIP, "cl-outline", *claimed)


def followed(canvas: Canvas, memory: Memory, scale: Scale, y: float) -> float:
    """A point under each word that the collector follows, and a line as far as it looks."""
    lane = y + 9
    if memory.looked_at:
        canvas.line(scale.x(memory, 0), lane, scale.x(memory, memory.looked_at), lane, "cl-looked")
    for offset in memory.followed or ():
        canvas.dot(scale.x(memory, offset + WORD_BYTES / 2), lane, min(3.2, scale.unit * 3), "cl-followed")
    return y + 14


def offsets(canvas: Canvas, memory: Memory, scale: Scale, y: float) -> None:
    """Where parts begin, as many of the numbers as have room: the marked ones first, then the ends."""
    marked = [part.offset for part in memory.parts if part.marked]
    wanted = dict.fromkeys([*marked, 0, memory.size, *(part.offset for part in memory.parts)])
    taken: list[tuple[float, float]] = []
    for offset in wanted:
        x, wide = scale.x(memory, offset), width_of(str(offset), SMALL)
        left = min(max(0.0, x - wide / 2), canvas.width - wide)
        if all(left + wide + 5 < begins or ends + 5 < left for begins, ends in taken):
            taken.append((left, left + wide))
            canvas.text(left, y, str(offset), "cl-quiet", *(["cl-bold"] if offset in marked else []), size=SMALL)
