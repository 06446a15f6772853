"""Timings with every sample to be seen, and amounts as bars."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import Final, TypeVar

from claimlab.pictures import Amount, Amounts, Article, Distribution, Said, Samples
from claimlab.project.languages import Language
from claimlab.site.drawing import words
from claimlab.site.drawing.canvas import SMALL, Canvas, width_of
from claimlab.site.drawing.kind import Kind, Table, in_both_widths
from claimlab.site.drawing.rows import Group, Plot, Row, Scale, Standing, compact, scale_of
from claimlab.site.drawing.words import clauses, figures, grouped, interface, joined, say, sentence, tick, told_of
from claimlab.verdicts.statistics import median_interval

Labelled = TypeVar("Labelled", Samples, Amount)
LANES: Final = (0.0, 3.2, -3.2, 1.6, -1.6, 4.8, -4.8)
"""Samples lie above and below the middle of their row by turns, so that equal ones can be told apart."""


def by_label(found: Sequence[Labelled]) -> list[tuple[Said, list[Labelled]]]:
    """Those of one label together, in the order in which the labels first came."""
    groups: dict[Said, list[Labelled]] = {}
    for one in found:
        groups.setdefault(one.label, []).append(one)
    return list(groups.items())


# --- distributions -------------------------------------------------------------------------------------------


def draw_distribution(picture: Distribution, language: Language, width: float) -> Canvas:
    values = [value for arm in picture.arms for value in arm.samples] + [mark.value for mark in picture.claimed]
    scale = scale_of(values, picture.logarithmic)
    write = figures([median(arm.samples) for arm in picture.arms])
    groups = [
        Group(say(label, language), [_arm(arm, write, language) for arm in arms])
        for label, arms in by_label(picture.arms)
    ]
    lines = [Standing(mark.value, f"{say(mark.label, language)} {grouped(mark.value)}") for mark in picture.claimed]
    unit = say(picture.unit, language)
    logarithmic = sentence(f"{unit}, logarithmic", f"{unit}，对数坐标", language)
    return Plot(
        compact(groups),
        scale,
        logarithmic if scale.logarithmic else unit,
        tick,
        lines,
        sentence("median", "中位数", language),
        sentence("● sample  ┃ median  ━ its 95 % interval", "● 样本  ┃ 中位数  ━ 其 95% 区间", language),
    ).draw(width)


def _arm(arm: Samples, write: Callable[[float], str], language: Language) -> Row:
    middle, interval = median(arm.samples), median_interval(arm.samples)

    def draw(canvas: Canvas, scale: Scale, y: float) -> None:
        steps = (f"M{scale.x(value):.1f} {y + LANES[at % len(LANES)]:g}h0" for at, value in enumerate(arm.samples))
        canvas.path("".join(steps), y + LANES[-2], "cl-sample")
        if interval:
            low, high = (scale.x(end) for end in interval)
            canvas.line(low, y, high, y, "cl-interval")
        canvas.line(scale.x(middle), y - 8, scale.x(middle), y + 8, "cl-median")

    return Row(words.whose(arm.whose, language), draw, write(middle))


def tell_distribution(picture: Distribution, language: Language) -> str:
    unit = say(picture.unit, language)
    told = []
    for label, arms in by_label(picture.arms):
        found = clauses((_in_words(arm, unit, language) for arm in arms), language)
        told.append(told_of(say(label, language), found, language))
    for mark in picture.claimed:
        told.append(told_of(say(mark.label, language), f"{grouped(mark.value)} {unit}", language))
    return joined(told, language)


def _in_words(arm: Samples, unit: str, language: Language) -> str:
    middle, interval, many = grouped(median(arm.samples)), median_interval(arm.samples), len(arm.samples)
    owner = words.whose(arm.whose, language)
    between = " – ".join(map(grouped, interval)) if interval else ""
    english = f"median {middle} {unit} of {many} samples" + (f" (95 % interval {between})" if interval else "")
    chinese = f"{many} 个样本，中位数 {middle} {unit}" + (f"（95% 区间 {between}）" if interval else "")
    return f"{owner}{' – ' if owner else ''}{sentence(english, chinese, language)}"


def tabulate_distribution(picture: Distribution, language: Language) -> Table:
    head = {
        "en": ("What", "On", "Median", "95 % interval", "Least", "Greatest", "Samples"),
        "zh": ("对象", "版本", "中位数", "95% 区间", "最小", "最大", "样本数"),
    }[interface(language)]
    rows = []
    for arm in picture.arms:
        interval = median_interval(arm.samples)
        figures = [grouped(value) for value in (median(arm.samples), min(arm.samples), max(arm.samples))]
        between = " – ".join(map(grouped, interval)) if interval else ""
        owner = words.whose(arm.whose, language)
        rows.append((say(arm.label, language), owner, figures[0], between, *figures[1:], str(len(arm.samples))))
    for mark in picture.claimed:
        article = sentence("The article", "文章", language)
        rows.append((say(mark.label, language), article, grouped(mark.value), "", "", "", ""))
    return Table(head, rows)


# --- amounts -------------------------------------------------------------------------------------------------


def draw_amounts(picture: Amounts, language: Language, width: float) -> Canvas:
    scale = scale_of([amount.value for amount in picture.amounts], logarithmic=False)
    write = figures([amount.value for amount in picture.amounts])
    groups = [
        Group(say(label, language), [_bar(amount, write, language) for amount in amounts])
        for label, amounts in by_label(picture.amounts)
    ]
    return Plot(compact(groups), scale, say(picture.unit, language), tick).draw(width)


def _bar(amount: Amount, write: Callable[[float], str], language: Language) -> Row:
    classes = ["cl-claimed"] if isinstance(amount.whose, Article) else ["cl-amount"]
    figure = write(amount.value)

    def draw(canvas: Canvas, scale: Scale, y: float) -> None:
        begins, ends = scale.x(0), scale.x(amount.value)
        if amount.value:
            canvas.rect(begins, y - 7, ends - begins, 14, *classes, *(["cl-marked"] if amount.marked else []))
        else:
            canvas.line(begins, y - 7, begins, y + 7, "cl-median")
        wide = width_of(figure, SMALL) + 12
        fits = ends + wide <= scale.right
        x = ends + 6 if fits else ends - 6
        inside = not fits and not isinstance(amount.whose, Article)
        halo = ["cl-on-amount"] if inside else ["cl-halo"]
        canvas.text(x, y + 4, figure, *halo, size=SMALL, anchor="start" if fits else "end")

    return Row(words.whose(amount.whose, language), draw)


def tell_amounts(picture: Amounts, language: Language) -> str:
    unit = say(picture.unit, language)
    told = []
    for label, amounts in by_label(picture.amounts):
        found = (
            f"{words.whose(one.whose, language)}{' – ' if one.whose else ''}{grouped(one.value)} {unit}"
            for one in amounts
        )
        told.append(told_of(say(label, language), clauses(found, language), language))
    return joined(told, language)


def tabulate_amounts(picture: Amounts, language: Language) -> Table:
    unit = say(picture.unit, language)
    head = {"en": ("What", "Whose", unit), "zh": ("对象", "来源", unit)}[interface(language)]
    rows = [(say(one.label, language), words.whose(one.whose, language), grouped(one.value)) for one in picture.amounts]
    return Table(head, rows)


DISTRIBUTION: Final = Kind(in_both_widths(draw_distribution), tell_distribution, tabulate_distribution)
AMOUNTS: Final = Kind(in_both_widths(draw_amounts), tell_amounts, tabulate_amounts)
