"""How measured times and ratios are shown: medians side by side, every sample as a point, and the raw numbers."""

from collections.abc import Iterator, Mapping
from statistics import median

from docutils import nodes

from claimlab.instruments.ratios import Ratio
from claimlab.instruments.timing import Sample, Timing
from claimlab.sphinx.elements import fold, listing, paragraph, tabs
from claimlab.sphinx.evidence.alike import Shown, rows_of, side_by_side
from claimlab.sphinx.evidence.plots import Interval, Points, Scale, intervals, scale_of, strips

TIME = "ns/op"
Series = tuple[str, str]
"""An arm, and the unit of one of the numbers that it measures."""


def timings(seen: Mapping[str, Timing]) -> list[nodes.Node]:
    """The medians of all toolchains in one table; then for each its samples, drawn on one scale for all."""
    rows: dict[str, dict[str, Shown]] = {}
    for name, timing in seen.items():
        for series in _series(timing):
            values = _counted(timing, series)
            rows.setdefault(_label(series), {})[name] = _figure(median(values)) if values else "no clean round"
    lead = paragraph(nodes.Text("Medians of the clean rounds, those in which every benchmark had its processors."))
    times = [
        value
        for timing in seen.values()
        for series in _series(timing)
        if series[1].endswith(TIME)
        for value in [*_counted(timing, series), *_others(timing, series)]
    ]
    scale = scale_of(times) if times else None
    parts = [(name, _samples(timing, name, scale)) for name, timing in seen.items()]
    return [lead, *side_by_side("Medians", "Benchmark", rows, list(seen), figures=True), tabs("toolchain", parts)]


def _samples(timing: Timing, name: str, scale: Scale | None) -> list[nodes.Node]:
    found = list(_series(timing))
    rounds, clean = len(timing.rounds), len(timing.clean())
    count = f"{clean} of {rounds} rounds were clean, on a bench of {timing.processors} processors."
    content: list[nodes.Node] = [paragraph(nodes.Text(count))]
    if scale:
        drawn = [
            Points(_label(series), _counted(timing, series), _others(timing, series))
            for series in found
            if series[1].endswith(TIME)
        ]
        words = f"Every sample of {name} in {TIME}, a cross where its round was not clean; the table below has them."
        content.append(strips(drawn, TIME, scale, words))
    table: list[list[Shown]] = []
    for series in found:
        arm, values = timing.arms[series[0]], _counted(timing, series)
        figures = [_figure(value) for value in (median(values), min(values), max(values))] if values else 3 * [""]
        table.append([_label(series), arm.benchmark, str(arm.gomaxprocs), arm.benchtime, *figures])
    head = ("Name", "Benchmark", "GOMAXPROCS", "For", "Median", "Least", "Greatest")
    content += rows_of(f"Samples of {name}", head, table, "cl-figures")
    raw = [f"{_label(series)}: {_in_order(timing, series)}" for series in found]
    line = nodes.Text("Every sample in order of time; a star: its round was not clean")
    return [*content, fold([line], [listing("\n".join(raw))])]


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


def ratios(seen: Mapping[str, Mapping[str, Ratio]]) -> list[nodes.Node]:
    """For each ratio a drawing of its intervals, and a table with a row for each toolchain."""
    content: list[nodes.Node] = []
    for label in dict.fromkeys(label for found in seen.values() for label in found):
        found = {name: ratios[label] for name, ratios in seen.items() if label in ratios}
        drawn = [Interval(name, ratio.low, ratio.ratio, ratio.high) for name, ratio in found.items()]
        words = f"{label}: the ratio on each toolchain with its 95 % interval; the table below has the numbers."
        content += [
            paragraph(nodes.strong("", label)),
            intervals(drawn, "times; the line is at 1", words, mark=1.0),
            *rows_of(
                label,
                ("Toolchain", "Ratio", "95 % interval", "Clean rounds", "Median", "Median it is compared with"),
                [_ratio(name, ratio) for name, ratio in found.items()],
                "cl-figures",
            ),
        ]
    return content


def _ratio(name: str, ratio: Ratio) -> list[Shown]:
    interval = "none: too few rounds"
    if ratio.low is not None and ratio.high is not None:
        interval = f"{_figure(ratio.low)} – {_figure(ratio.high)}"
    medians = [_figure(ratio.median), _figure(ratio.median_to)]
    return [name, _figure(ratio.ratio), interval, str(ratio.rounds), *medians]


def _figure(value: float) -> str:
    """Three digits behind the point, and fewer for greater numbers: figures of one kind stay alike."""
    return f"{value:,.{3 if value < 10 else 2 if value < 100 else 1}f}"
