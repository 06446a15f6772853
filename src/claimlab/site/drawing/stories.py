"""States one after the other: boxes in columns, arrows between them, and what changed since the step before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from claimlab.pictures import Box, Cell, Scene, Story
from claimlab.project.languages import Language
from claimlab.site.drawing import words
from claimlab.site.drawing.canvas import MONO, PLAIN, SMALL, Canvas, width_of
from claimlab.site.drawing.kind import NARROW, Kind, Table, in_both_widths
from claimlab.site.drawing.words import closed, interface, joined, listed, say, sentence

GAP, BETWEEN, CELL, TITLE = 24.0, 26.0, 19.0, 17.0
SIDE_BY_SIDE: Final = 3
"""Up to so many columns of boxes leave room for two steps beside each other on a wide page."""
LEAST_LETTER: Final = 8.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box is drawn."""

    x: float
    y: float
    wide: float


def draw(story: Story, language: Language, width: float) -> Canvas:
    canvas = Canvas(width)
    columns = 1 + max(box.column for step in story.steps for box in step.boxes)
    beside = 2 if width > NARROW and columns <= SIDE_BY_SIDE and len(story.steps) > 1 else 1
    wide = (width - 2 - BETWEEN * (beside - 1)) / beside
    top = 2.0
    for first in range(0, len(story.steps), beside):
        numbers = range(first, min(first + beside, len(story.steps)))
        heads = [_head(canvas, story, number, _left(number - first, wide), top, wide, language) for number in numbers]
        ends = [
            _boxes(canvas, story, number, columns, _left(number - first, wide), max(heads), wide, language)
            for number in numbers
        ]
        top = max(ends) + BETWEEN
    return canvas


def _left(number: int, wide: float) -> float:
    return 1 + number * (wide + BETWEEN)


def _head(canvas: Canvas, story: Story, number: int, x: float, y: float, wide: float, language: Language) -> float:
    """The step's number, what happened, and what is to be said of it."""
    step = story.steps[number]
    canvas.line(x, y, x + wide, y, "cl-rule")
    y += PLAIN + 8
    canvas.text(x, y, f"{number + 1}", "cl-bold", "cl-quiet")
    y = canvas.paragraph(x + 18, y, say(step.title, language), wide - 18, bold=True)
    if step.says:
        y = canvas.paragraph(x + 18, y, say(step.says, language), wide - 18, "cl-quiet", size=SMALL)
    return y


def _boxes(
    canvas: Canvas, story: Story, number: int, columns: int, x: float, y: float, wide: float, language: Language
) -> float:
    step, changed = story.steps[number], story.changes(number)
    column_wide = (wide - GAP * (columns - 1)) / columns
    places: dict[str, Place] = {}
    ends = [y] * columns
    for box in step.boxes:
        place = Place(x + box.column * (column_wide + GAP), ends[box.column], column_wide)
        places[box.key] = place
        ends[box.column] = _box(canvas, box, changed, place, language) + 12
    _arrows(canvas, step, changed, places)
    return max(ends) - 12


def per_row(box: Box, wide: float) -> int:
    """How many cells stand beside each other."""
    if not box.across or not box.cells:
        return 1
    widest = max(width_of(f"{cell.name}{cell.value}", SMALL, mono=True) for cell in box.cells) + 8
    return max(1, min(len(box.cells), int(wide // max(CELL, widest))))


def _box(canvas: Canvas, box: Box, changed: set[tuple[str, int]], place: Place, language: Language) -> float:
    """The box is drawn; returns where it ends."""
    faded = ["cl-faded"] if box.faded else []
    name, mono = say(box.name, language), isinstance(box.name, str)
    size = _fitting(name, place.wide, mono)
    canvas.text(place.x, place.y + TITLE - 5, name, "cl-bold", *(["cl-quiet"] if faded else []), size=size, mono=mono)
    y, beside = place.y + TITLE, per_row(box, place.wide)
    cell_wide = place.wide / beside
    for number, cell in enumerate(box.cells):
        x, base = place.x + number % beside * cell_wide, y + number // beside * CELL
        new = (box.key, number) in changed
        ground = "cl-pen" if new else f"cl-role-{cell.role}"
        canvas.rect(x, base, cell_wide, CELL, *(faded or [ground]))
        canvas.rect(x, base, cell_wide, CELL, "cl-outline", *faded)
        ink = "cl-quiet" if box.faded else "cl-on-pen" if new else f"cl-on-{cell.role}"
        _cell(canvas, cell, box.across, x, base, cell_wide, ink)
    rows = -(-len(box.cells) // beside)
    if not box.cells:
        canvas.rect(place.x, y, place.wide, CELL, "cl-outline", *faded)
    return y + max(1, rows) * CELL


def _fitting(text: str, wide: float, mono: bool) -> float:
    return min(SMALL, max(LEAST_LETTER, SMALL * wide / max(1.0, width_of(text, SMALL, mono=mono))))


def _cell(canvas: Canvas, cell: Cell, across: bool, x: float, y: float, wide: float, ink: str) -> None:
    base = y + CELL / 2 + 4
    if across:
        canvas.text(x + wide / 2, base, cell.value or cell.name, ink, size=SMALL, anchor="middle", mono=True)
        return
    room = wide - (14 if cell.points else 10)
    letters = len(cell.name) + (1 + len(cell.value) if cell.value else 0)
    size = min(SMALL, max(LEAST_LETTER, room / max(1, letters) / MONO))
    canvas.text(x + 5, base, cell.name, ink, size=size, mono=True)
    if cell.points:
        canvas.dot(x + wide - 7, y + CELL / 2, 2.6, "cl-tail")
    elif cell.value:
        canvas.text(x + wide - 5, base, cell.value, ink, size=size, anchor="end", mono=True)


def _arrows(canvas: Canvas, step: Scene, changed: set[tuple[str, int]], places: Mapping[str, Place]) -> None:
    come: dict[str, int] = {}
    for box in step.boxes:
        place, beside = places[box.key], per_row(box, places[box.key].wide)
        for number, cell in enumerate(box.cells):
            if not cell.points:
                continue
            into = places[cell.points]
            across = place.wide / beside * (number % beside + (0.5 if box.across else 1))
            x = place.x + across - (0 if box.across else 7)
            y = place.y + TITLE + number // beside * CELL + CELL / 2
            to_y = into.y + TITLE + 13
            lane = _lane(step, places, x, y, into, to_y)
            if lane is None:
                arrived = come[cell.points] = come.get(cell.points, -1) + 1
                to_y = into.y + TITLE + 6 + min(arrived * 6, 24)
            new = ["cl-new"] if (box.key, number) in changed else []
            _arrow(canvas, x, y, into, to_y, new, lane)


def _lane(step: Scene, places: Mapping[str, Place], x: float, y: float, into: Place, to_y: float) -> float | None:
    """How low an arrow goes to pass below the boxes that stand between its ends; None if none is in its way."""
    ends = []
    for box in step.boxes:
        place = places[box.key]
        rows = max(1, -(-len(box.cells) // per_row(box, place.wide)))
        below = place.y + TITLE + rows * CELL
        if x < place.x < into.x and place.y < max(y, to_y) and below > min(y, to_y):
            ends.append(below)
    lane = max(ends, default=0.0) + 6
    return lane if ends and to_y < lane + 8 else None


def _arrow(
    canvas: Canvas, x: float, y: float, into: Place, to_y: float, classes: list[str], lane: float | None = None
) -> None:
    """To the left side of what lies to the right, below what is between; else around to its right side."""
    if lane is not None:
        out, back = x + 12, into.x - 16
        way = f"M{x:.1f} {y:.1f}C{out + 6:.1f} {y:.1f} {out - 4:.1f} {lane:.1f} {out + 10:.1f} {lane:.1f}"
        way += f"H{back - 6:.1f}C{back + 12:.1f} {lane:.1f} {back:.1f} {to_y:.1f} {into.x - 1:.1f} {to_y:.1f}"
        head = "m-5-3.2l5 3.2l-5 3.2"
    elif into.x > x:
        bend = min(22.0, (into.x - x) * 0.7)
        way = f"M{x:.1f} {y:.1f}C{x + bend:.1f} {y:.1f} {into.x - bend:.1f} {to_y:.1f} {into.x - 1:.1f} {to_y:.1f}"
        head = "m-5-3.2l5 3.2l-5 3.2"
    else:
        side = into.x + into.wide
        way = f"M{x:.1f} {y:.1f}C{side + 26:.1f} {y:.1f} {side + 26:.1f} {to_y:.1f} {side + 1:.1f} {to_y:.1f}"
        head = "m5-3.2l-5 3.2l5 3.2"
    canvas.path(way + head, max(y, to_y, lane or 0.0) + 4, "cl-arrow", *classes)


# --- in words ------------------------------------------------------------------------------------------------


def tell(story: Story, language: Language) -> str:
    told = []
    if story.whose:
        told.append(closed(words.whose(story.whose, language), language))
    for number, step in enumerate(story.steps):
        title = say(step.title, language)
        says = say(step.says, language) if step.says else ""
        changes = [
            _cell_in_words(box, cell, step, language)
            for box in step.boxes
            for place, cell in enumerate(box.cells)
            if not number or (box.key, place) in story.changes(number)
        ]
        changed = sentence(f"Changed: {listed(changes, language)}.", f"变化：{listed(changes, language)}。", language)
        stands = closed(listed(changes, language), language)
        step_words = [closed(f"({number + 1}) {title}", language), closed(says, language) if says else ""]
        told += [*step_words, (changed if number else stands) if changes else ""]
    return joined(told, language)


def _cell_in_words(box: Box, cell: Cell, step: Scene, language: Language) -> str:
    target = step.box(cell.points) if cell.points else None
    value = f"→ {say(target.name, language)}" if target else cell.value
    return f"{say(box.name, language)}.{cell.name} {value}".strip()


def tabulate(story: Story, language: Language) -> Table:
    head = {
        "en": ("Step", "What happened", "Box", "Field", "Value", "Changed"),
        "zh": ("步骤", "发生了什么", "对象", "字段", "值", "有变化"),
    }[interface(language)]
    rows = []
    for number, step in enumerate(story.steps):
        for box in step.boxes:
            for place, cell in enumerate(box.cells):
                target = step.box(cell.points) if cell.points else None
                value = f"→ {say(target.name, language)}" if target else cell.value
                new = sentence("yes", "是", language) if (box.key, place) in story.changes(number) else ""
                title = say(step.title, language)
                rows.append((str(number + 1), title, say(box.name, language), cell.name, value, new))
    return Table(head, rows)


STORY: Final = Kind(in_both_widths(draw), tell, tabulate)
