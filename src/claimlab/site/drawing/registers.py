"""What registers hold: a column for each, a row for each moment."""

from typing import Final

from claimlab.pictures import Article, Held, Moment, Registers
from claimlab.project.languages import Language
from claimlab.site.drawing import words
from claimlab.site.drawing.canvas import LEADING, PLAIN, SMALL, STRONG, Canvas, Run, width_of_runs, wrapped
from claimlab.site.drawing.kind import Kind, Table, in_both_widths
from claimlab.site.drawing.words import interface, joined, listed, say, sentence, told_of

HIGH, BETWEEN, GAP, INSIDE = 28.0, 12.0, 4.0, 5.0


def draw(picture: Registers, language: Language, width: float) -> Canvas:
    canvas = Canvas(width)
    wide = (width - 2 + GAP) / len(picture.names) - GAP
    y = STRONG
    before = ""
    for moment in picture.moments:
        when = say(moment.when, language)
        if when != before:
            y += BETWEEN * bool(before)
            y = canvas.paragraph(1, y, when, width, size=STRONG, bold=True) + 2
            for number, name in enumerate(picture.names):
                x = 1 + number * (wide + GAP) + wide / 2
                canvas.text(x, y, name, "cl-quiet", anchor="middle", mono=True)
            y += 10
            before = when
        y = _moment(canvas, picture, moment, wide, y, language)
    return canvas


def _moment(canvas: Canvas, picture: Registers, moment: Moment, wide: float, y: float, language: Language) -> float:
    canvas.text(1, y + SMALL, words.whose(moment.whose, language), size=PLAIN)
    y += PLAIN + 4
    claimed = ["cl-claimed"] if isinstance(moment.whose, Article) else []
    written = {name: lines_of(held, wide, language) for name, held in moment.held.items()}
    high = max([HIGH, *(2 * INSIDE + len(lines) * SMALL * LEADING for lines in written.values())])
    for number, name in enumerate(picture.names):
        x = 1 + number * (wide + GAP)
        if name in moment.held:
            _box(canvas, moment.held[name], written[name], claimed, x, y, wide, high)
        else:
            canvas.rect(x, y, wide, high, "cl-padding")
    return y + high + BETWEEN


def lines_of(held: Held, wide: float, language: Language) -> list[list[Run]]:
    text = say(held.what, language)
    return [[Run(text, True)]] if isinstance(held.what, str) else wrapped(text, wide - 6, SMALL)


def _box(
    canvas: Canvas,
    held: Held,
    lines: list[list[Run]],
    claimed: list[str],
    x: float,
    y: float,
    wide: float,
    high: float,
) -> None:
    canvas.rect(x, y, wide, high, f"cl-role-{held.role}")
    canvas.rect(x, y, wide, high, "cl-outline", *claimed)
    if held.marked:
        canvas.rect(x, y, wide, high, "cl-marked")
    base = y + (high - (len(lines) - 1) * SMALL * LEADING) / 2 + 4
    for line in lines:
        size = min(SMALL, SMALL * (wide - 4) / width_of_runs(line, SMALL))
        canvas.text(x + wide / 2, base, line, f"cl-on-{held.role}", size=size, anchor="middle")
        base += SMALL * LEADING


def tell(picture: Registers, language: Language) -> str:
    told = []
    for moment in picture.moments:
        held = [f"{name} = {say(one.what, language)}" for name, one in moment.held.items()]
        nothing = sentence("nothing is said", "未说明", language)
        about = listed([say(moment.when, language), words.whose(moment.whose, language)], language)
        told.append(told_of(about, listed(held, language) or nothing, language))
    return joined(told, language)


def tabulate(picture: Registers, language: Language) -> Table:
    head = {"en": ("When", "Whose"), "zh": ("时刻", "来源")}[interface(language)]
    rows = []
    for moment in picture.moments:
        cells = (say(moment.held[name].what, language) if name in moment.held else "" for name in picture.names)
        rows.append((say(moment.when, language), words.whose(moment.whose, language), *cells))
    return Table((*head, *picture.names), rows)


REGISTERS: Final = Kind(in_both_widths(draw), tell, tabulate)
