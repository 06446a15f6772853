"""Shares of runs with their intervals: by row, along an axis, or beside what models predict."""

from collections.abc import Sequence
from math import ceil, floor
from typing import Final

from claimlab.pictures import Counts, Frequencies, Model, Rate, Rates, Said
from claimlab.project.languages import Language
from claimlab.site.drawing import words
from claimlab.site.drawing.canvas import LEADING, SMALL, Canvas, width_of
from claimlab.site.drawing.kind import Kind, Table, in_both_widths
from claimlab.site.drawing.rows import Group, Plot, Row, Scale, Standing, compact, name_axis, scale_of, step_of
from claimlab.site.drawing.words import (
    clauses,
    closed,
    grouped,
    interface,
    joined,
    percent,
    say,
    sentence,
    tick,
    told_of,
)
from claimlab.verdicts.statistics import Share, share

HIGH: Final = 220.0
INKS: Final = ("measured", "value", "key", "flags", "lock", "hash")
"""Of lines along an axis, with a sign each."""
SIGNS: Final = (
    "m-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0z",
    "m-3-3h6v6h-6z",
    "m0-4.2l4 7.2h-8z",
    "m0-4.5l4.5 4.5l-4.5 4.5l-4.5-4.5z",
)


def interval_of(found: Share, language: Language) -> str:
    low, high = (percent(end) for end in (found.low, found.high))
    return sentence(
        f"{found.count} of {found.runs}, 95 % interval {low} – {high}",
        f"{found.runs} 次中 {found.count} 次，95% 区间 {low} – {high}",
        language,
    )


def whisker(found: Share, canvas: Canvas, scale: Scale, y: float) -> None:
    low, middle, high = (scale.x(end) for end in (found.low, found.count / found.runs, found.high))
    canvas.path(f"M{low:.1f} {y - 4:g}v8m0-4H{high:.1f}m0-4v8", y + 4, "cl-whisker")
    canvas.dot(middle, y, 3.4, "cl-point")


# --- rates ---------------------------------------------------------------------------------------------------


def draw_rates(picture: Rates, language: Language, width: float) -> Canvas:
    if picture.axis is not None:
        return _along(picture, language, width)
    groups: dict[Said, list[Rate]] = {}
    for rate in picture.rates:
        groups.setdefault(rate.label, []).append(rate)
    drawn = [Group(say(label, language), [_rate(one, language) for one in rates]) for label, rates in groups.items()]
    lines = [Standing(mark.value, f"{say(mark.label, language)} {percent(mark.value)}") for mark in picture.claimed]
    return Plot(compact(drawn), _extent(picture), say(picture.counted, language), percent, lines).draw(width)


def _extent(picture: Rates) -> Scale:
    """From nothing to all; or what is near to what was found and claimed, between round shares."""
    if not picture.near:
        return Scale(0, 1)
    found = [share(rate.count, rate.runs) for rate in picture.rates]
    claimed = [mark.value for mark in picture.claimed]
    least = min([*claimed, *(one.low for one in found)])
    greatest = max([*claimed, *(one.high for one in found)])
    step = step_of(greatest - least)
    low, high = max(0.0, floor(least / step) * step), min(1.0, ceil(greatest / step) * step)
    return Scale(low, max(high, low + step))


def _rate(rate: Rate, language: Language) -> Row:
    found = share(rate.count, rate.runs)
    count, runs = grouped(rate.count), grouped(rate.runs)
    figure = sentence(f"{count} of {runs}", f"{count}/{runs}", language)
    return Row(words.whose(rate.whose, language), lambda canvas, scale, y: whisker(found, canvas, scale, y), figure)


def lines_of(rates: Sequence[Rate]) -> dict[tuple[Said, object], list[Rate]]:
    """The rates along each line, from left to right."""
    lines: dict[tuple[Said, object], list[Rate]] = {}
    for rate in rates:
        lines.setdefault((rate.label, rate.whose), []).append(rate)
    return {key: sorted(found, key=lambda rate: rate.at or 0) for key, found in lines.items()}


def name_of(rate: Rate, language: Language) -> str:
    owner = words.whose(rate.whose, language)
    return f"{say(rate.label, language)}{f' ({owner})' if owner else ''}"


def _along(picture: Rates, language: Language, width: float) -> Canvas:
    """Lines from point to point; above them the name of each, with its sign."""
    canvas = Canvas(width)
    places = [rate.at for rate in picture.rates if rate.at is not None]
    found = scale_of(places)
    low = found.low if found.logarithmic or min(places) <= found.high / 4 else min(places)
    ends = width_of("100 %", SMALL) + 8
    right = width - max(12.0, width_of(tick(max(places)), SMALL) / 2)
    x_scale = Scale(low, max(found.high, low + 1), found.logarithmic, ends, right)
    lines = lines_of(picture.rates)
    y = 0.0
    for number, rates in enumerate(lines.values()):
        ink = INKS[number % len(INKS)]
        y += SMALL + 5
        _sign(canvas, 6, y - 4, number, ink)
        y = canvas.paragraph(18, y, name_of(rates[0], language), width - 18, size=SMALL) - SMALL * LEADING
    y = canvas.paragraph(0, y + SMALL + 8, say(picture.counted, language), width, "cl-quiet", size=SMALL)
    top = y - 2
    y_scale = Scale(0, 1, left=top + HIGH, right=top)
    for part in (0, 0.25, 0.5, 0.75, 1):
        at = y_scale.x(part)
        canvas.line(ends, at, right, at, "cl-grid" if part else "cl-axis")
        canvas.text(ends - 6, at + 4, percent(part), "cl-quiet", size=SMALL, anchor="end")
    for place in dict.fromkeys(sorted(places)):
        canvas.line(x_scale.x(place), top + HIGH, x_scale.x(place), top + HIGH + 4, "cl-axis")
    free = 0.0
    for place in dict.fromkeys(sorted(places)):
        half = width_of(tick(place), SMALL) / 2
        if (x := x_scale.x(place)) - half > free:
            canvas.text(x, top + HIGH + SMALL + 5, tick(place), "cl-quiet", size=SMALL, anchor="middle")
            free = x + half + 6
    name_axis(canvas, right, top + HIGH + 2 * SMALL + 10, say(picture.axis, language) if picture.axis else "")
    for number, rates in enumerate(lines.values()):
        _line(canvas, rates, number, x_scale, y_scale)
    return canvas


def _line(canvas: Canvas, rates: Sequence[Rate], number: int, x_scale: Scale, y_scale: Scale) -> None:
    ink = INKS[number % len(INKS)]
    points = [(x_scale.x(rate.at or 0), share(rate.count, rate.runs)) for rate in rates]
    steps = "L".join(f"{x:.1f} {y_scale.x(one.count / one.runs):.1f}" for x, one in points)
    canvas.path(f"M{steps}", y_scale.left, "cl-curve", f"cl-ink-{ink}")
    for x, one in points:
        low, high = y_scale.x(one.low), y_scale.x(one.high)
        canvas.path(f"M{x - 3:.1f} {low:.1f}h6m-3 0V{high:.1f}m-3 0h6", low, "cl-curve", f"cl-ink-{ink}")
        _sign(canvas, x, y_scale.x(one.count / one.runs), number, ink)


def _sign(canvas: Canvas, x: float, y: float, number: int, ink: str) -> None:
    """A shape of its own for each line."""
    canvas.path(f"M{x:.1f} {y:.1f}{SIGNS[number % len(SIGNS)]}", y + 5, f"cl-fill-{ink}")


def tell_rates(picture: Rates, language: Language) -> str:
    what = say(picture.counted, language)
    told = []
    for rates in lines_of(picture.rates).values():
        found = []
        for rate in rates:
            place = f"{grouped(rate.at)} – " if rate.at is not None else ""
            found.append(place + interval_of(share(rate.count, rate.runs), language))
        told.append(told_of(name_of(rates[0], language), clauses(found, language), language))
    for mark in picture.claimed:
        told.append(told_of(say(mark.label, language), percent(mark.value), language))
    return joined([closed(what, language), *told], language)


def tabulate_rates(picture: Rates, language: Language) -> Table:
    head = {
        "en": ["What", "On", "Count", "Runs", "Share", "95 % interval"],
        "zh": ["对象", "版本", "次数", "总次数", "比例", "95% 区间"],
    }[interface(language)]
    if picture.axis:
        head.insert(2, say(picture.axis, language))
    rows = []
    for rate in picture.rates:
        found = share(rate.count, rate.runs)
        row = [say(rate.label, language), words.whose(rate.whose, language), str(rate.count), str(rate.runs)]
        row += [percent(rate.count / rate.runs), f"{percent(found.low)} – {percent(found.high)}"]
        if picture.axis and rate.at is not None:
            row.insert(2, grouped(rate.at))
        rows.append(tuple(row))
    return Table(tuple(head), rows)


# --- frequencies ---------------------------------------------------------------------------------------------


def draw_frequencies(picture: Frequencies, language: Language, width: float) -> Canvas:
    shares = [share(count, sum(one.counts)) for one in picture.measured for count in one.counts]
    ends = [found.high for found in shares] + [predicted for model in picture.models for predicted in model.shares]
    step = step_of(max(ends))
    scale = Scale(0, min(1.0, (int(max(ends) / step) + 1) * step))
    groups = [_case(picture, number, language) for number in range(len(picture.cases))]
    plot = Plot(groups, scale, sentence("share of all", "所占比例", language), percent)
    canvas = plot.draw(width)
    y = canvas.height + 10
    for number, model in enumerate(picture.models):
        _predicted(canvas, 6, y, y + 12, number, model)
        y = canvas.paragraph(18, y + 10, _model_name(model, language), width - 18, size=SMALL) + 4
    return canvas


def _model_name(model: Model, language: Language) -> str:
    article = sentence("The article: ", "文章：", language) if model.claimed else ""
    return f"{article}{say(model.name, language)}"


def _case(picture: Frequencies, number: int, language: Language) -> Group:
    def under(canvas: Canvas, scale: Scale, begins: float, ends: float, first: bool) -> None:
        for place, model in enumerate(picture.models):
            _predicted(canvas, scale.x(model.shares[number]), begins, ends, place, model, first)

    rows = [_count(one, number, language) for one in picture.measured]
    return Group(say(picture.cases[number], language), rows, under)


def _count(one: Counts, number: int, language: Language) -> Row:
    found = share(one.counts[number], sum(one.counts))
    figure = percent(found.count / found.runs)
    return Row(words.whose(one.whose, language), lambda canvas, scale, y: whisker(found, canvas, scale, y), figure)


def _predicted(
    canvas: Canvas, x: float, begins: float, ends: float, number: int, model: Model, sign: bool = True
) -> None:
    """A line over the rows of a case: dashed if it is the article's; else with a sign of its own at its top."""
    canvas.line(x, begins, x, ends, "cl-stands" if model.claimed else "cl-predicted")
    if sign and not model.claimed:
        _sign(canvas, x, begins, number + 1, "flags")


def tell_frequencies(picture: Frequencies, language: Language) -> str:
    told = []
    for number, case in enumerate(picture.cases):
        found = [
            f"{words.whose(one.whose, language)} {interval_of(share(one.counts[number], sum(one.counts)), language)}"
            for one in picture.measured
        ]
        found += [f"{_model_name(model, language)} – {percent(model.shares[number])}" for model in picture.models]
        told.append(told_of(say(case, language), clauses(found, language), language))
    return joined(told, language)


def tabulate_frequencies(picture: Frequencies, language: Language) -> Table:
    head = {"en": ("Case", "Whose", "Share", "95 % interval"), "zh": ("情形", "来源", "比例", "95% 区间")}[
        interface(language)
    ]
    rows = []
    for number, case in enumerate(picture.cases):
        for one in picture.measured:
            found = share(one.counts[number], sum(one.counts))
            between = f"{percent(found.low)} – {percent(found.high)}"
            owner = words.whose(one.whose, language)
            rows.append((say(case, language), owner, percent(found.count / found.runs), between))
        for model in picture.models:
            rows.append((say(case, language), _model_name(model, language), percent(model.shares[number]), ""))
    return Table(head, rows)


RATES: Final = Kind(in_both_widths(draw_rates), tell_rates, tabulate_rates)
FREQUENCIES: Final = Kind(in_both_widths(draw_frequencies), tell_frequencies, tabulate_frequencies)
