"""How measured times and ratios are shown: medians side by side, every sample as a point, and the raw numbers."""

from collections.abc import Iterator, Mapping
from statistics import median

from markupsafe import Markup

from claimlab.instruments.ratios import Ratio
from claimlab.instruments.timing import Sample, Timing
from claimlab.site.evidence.alike import in_tabs
from claimlab.site.evidence.plots import Interval, Points, Scale, intervals, scale_of, strips
from claimlab.site.evidence.room import Place, clipped
from claimlab.site.evidence.tables import Shown, rows_of, side_by_side
from claimlab.site.html import fold, listing, paragraph
from claimlab.site.reader import say

TIME = "ns/op"
DRAWN = 12_000
"""Characters of one toolchain's samples, which are drawn whole or not at all."""
Series = tuple[str, str]
"""An arm, and the unit of one of the numbers that it measures."""


def timings(seen: Mapping[str, Timing], place: Place) -> Markup:
    """The medians of all toolchains in one table; then the samples of some, drawn on one scale for all."""
    rows: dict[str, dict[str, Shown]] = {}
    for name, timing in seen.items():
        for series in _series(timing):
            values = _counted(timing, series)
            rows.setdefault(_label(series), {})[name] = _figure(median(values)) if values else say("no clean round")
    lead = paragraph(say("Medians of the clean rounds, those in which every benchmark had its processors."))
    times = [
        value
        for timing in seen.values()
        for series in _series(timing)
        if series[1].endswith(TIME)
        for value in [*_counted(timing, series), *_others(timing, series)]
    ]
    scale = scale_of(times) if times else None
    medians = side_by_side(say("Medians"), say("Benchmark"), rows, list(seen), place.part(0.25), figures=True)
    samples = in_tabs(
        {name: (name, timing) for name, timing in seen.items()},
        lambda named, where: _samples(named[1], named[0], scale, where),
        place.part(0.75),
        least=DRAWN,
    )
    return lead + medians + samples


def _samples(timing: Timing, name: str, scale: Scale | None, place: Place) -> Markup:
    found = list(_series(timing))
    rounds = {"clean": len(timing.clean()), "all": len(timing.rounds), "processors": timing.processors}
    count = say("{clean} of {all} rounds were clean, on a bench of {processors} processors.", **rounds)
    content = paragraph(count)
    if scale:
        drawn = [
            Points(_label(series), _counted(timing, series), _others(timing, series))
            for series in found
            if series[1].endswith(TIME)
        ]
        words = say(
            "Every sample of {name} in {unit}, a cross where its round was not clean; the table has them.",
            name=name,
            unit=TIME,
        )
        content += strips(drawn, TIME, scale, words)
    table: list[list[Shown]] = []
    for series in found:
        arm, values = timing.arms[series[0]], _counted(timing, series)
        figures = [_figure(value) for value in (median(values), min(values), max(values))] if values else 3 * [""]
        table.append([_label(series), arm.benchmark, str(arm.gomaxprocs), arm.benchtime, *figures])
    head = [say("Name"), say("Benchmark"), "GOMAXPROCS", say("Run for"), say("Median"), say("Least"), say("Greatest")]
    content += rows_of(say("Samples of {name}", name=name), head, table, place, "cl-figures")
    raw = [f"{_label(series)}: {_in_order(timing, series)}" for series in found]
    line = say("Every sample in order of time; a star: its round was not clean")
    return content + fold(line, listing(clipped("\n".join(raw), place.room), line))


def _series(timing: Timing) -> Iterator[Series]:
    for arm in timing.arms:
        units = {unit: None for samples in timing.rounds if arm in samples for unit in samples[arm].values}
        yield from ((arm, unit) for unit in units)


def _label(series: Series) -> str:
    arm, unit = series
    return f"{arm}: {unit}"


def _counted(timing: Timing, series: Series) -> list[float]:
    arm, unit = series
    return [samples[arm].values[unit] for samples in timing.clean() if unit in samples[arm].values]


def _others(timing: Timing, series: Series) -> list[float]:
    arm, unit = series
    disturbed = [samples[arm] for samples in timing.rounds if not _clean(samples)]
    return [sample.values[unit] for sample in disturbed if unit in sample.values]


def _clean(samples: Mapping[str, Sample]) -> bool:
    return all(sample.clean for sample in samples.values())


def _in_order(timing: Timing, series: Series) -> str:
    arm, unit = series
    shown = [
        f"{samples[arm].values[unit]:g}{'' if _clean(samples) else '*'}"
        for samples in timing.rounds
        if unit in samples[arm].values
    ]
    return "  ".join(shown)


def ratios(seen: Mapping[str, Mapping[str, Ratio]], place: Place) -> Markup:
    """For each ratio a drawing of its intervals, and a table with a row for each toolchain."""
    content = Markup("")
    labels = list(dict.fromkeys(label for found in seen.values() for label in found))
    head = [
        *(say("Toolchain"), say("Ratio"), say("95 % interval"), say("Clean rounds")),
        *(say("Median"), say("Median it is compared with")),
    ]
    for label in labels:
        found = {name: ratios[label] for name, ratios in seen.items() if label in ratios}
        drawn = [Interval(name, ratio.low, ratio.ratio, ratio.high) for name, ratio in found.items()]
        words = say(
            "{label}: the ratio on each toolchain with its 95 % interval; the table below has the numbers.", label=label
        )
        content += paragraph(label, classes="cl-lead")
        content += intervals(drawn, say("times; the line is at 1"), words, mark=1.0)
        rows = [_ratio(name, ratio) for name, ratio in found.items()]
        content += rows_of(label, head, rows, place.part(1 / len(labels)), "cl-figures")
    return content


def _ratio(name: str, ratio: Ratio) -> list[Shown]:
    interval = say("none: too few rounds")
    if ratio.low is not None and ratio.high is not None:
        interval = f"{_figure(ratio.low)} – {_figure(ratio.high)}"
    medians = [_figure(ratio.median), _figure(ratio.median_to)]
    return [name, _figure(ratio.ratio), interval, str(ratio.rounds), *medians]


def _figure(value: float) -> str:
    """Three digits behind the point, and fewer for greater numbers: figures of one kind stay alike."""
    return f"{value:,.{3 if value < 10 else 2 if value < 100 else 1}f}"
