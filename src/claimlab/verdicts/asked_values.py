"""The figures in what questions see, by their kind. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from claimlab.instruments.timing import Timing
from claimlab.questions import layouts, runs
from claimlab.questions.allocs import Allocs, AllocsSeen
from claimlab.questions.asked import AskedLab
from claimlab.questions.claimed import LayoutLook
from claimlab.questions.codes import Code, CodeSeen
from claimlab.questions.contests import Contest, ContestSeen
from claimlab.questions.labs import ClaimLab
from claimlab.questions.layouts import Layout, LayoutAnswer
from claimlab.questions.runs import Run, RunSeen
from claimlab.verdicts.statistics import median_interval, share
from claimlab.verdicts.value import Value

Values = Mapping[str, Value]
Names = Callable[[Any], Values]
"""From what one trial saw to its figures, by name."""


def names_of_question(lab: AskedLab) -> Names | None:
    """What names the figures of a question; None for a kind that has none."""
    match lab.asked:
        case Layout(type=name):
            looked = lab.looked if isinstance(lab, ClaimLab) else None
            fields = [looked.field] if isinstance(looked, LayoutLook) and looked.field else []
            return lambda seen: of_layout(layouts.answer(name, seen, fields))
        case Code():
            return of_code
        case Run() as asked:
            return lambda seen: of_runs(asked, seen)
        case Allocs():
            return of_allocs
        case Contest():
            return of_contest
        case _:
            return None


def of_layout(answer: LayoutAnswer) -> Values:
    """Sizes and offsets in bytes; nothing for what is not there."""
    whole = {} if answer.size is None else {"size": Value(answer.size, "B")}
    for place in answer.fields:
        if place.offset is not None and place.size is not None:
            whole |= {
                f"offset of {place.name}": Value(place.offset, "B"),
                f"size of {place.name}": Value(place.size, "B"),
            }
    return whole


def of_code(seen: CodeSeen) -> Values:
    """How long the function is."""
    function = seen.function
    if function is None or not function.present:
        return {}
    return {"instructions": Value(len(function.instructions))}


def of_runs(asked: Run, seen: RunSeen) -> Values:
    """The share of the runs that ended in each way, whatever they printed, with the 95 % interval of a share."""
    if seen.tally is None:
        return {}
    counts: Counter[str] = Counter()
    for one in seen.tally.endings:
        counts[runs.ends(one, asked.timeout_s)] += one.count
    found = {ends: share(count, seen.tally.runs) for ends, count in counts.most_common()}
    return {f"share of {ends}": Value(one.count / one.runs, "", one.low, one.high) for ends, one in found.items()}


def of_allocs(seen: AllocsSeen) -> Values:
    """What an operation allocates: the median of the processes, with the least and the most where they differ."""
    if seen.benchmark is None:
        return {}
    return {
        "allocations": _between(seen.benchmark.allocs, "allocs/op"),
        "allocated": _between(seen.benchmark.bytes, "B/op"),
    }


def _between(counts: Sequence[int], unit: str) -> Value:
    least, most = min(counts), max(counts)
    return Value(least, unit) if least == most else Value(median(counts), unit, least, most)


def of_contest(seen: ContestSeen) -> Values:
    """How many times as long the one takes, and how long each; nothing if no round was clean."""
    if seen.timing is None or seen.pair is None or seen.pair.ratio is None:
        return {}
    pair, ratio = seen.pair, seen.pair.ratio
    compared = {f"{pair.one} / {pair.other}": Value(ratio.ratio, "", ratio.low, ratio.high)}
    return compared | {name: _time(seen.timing, name) for name in (pair.one, pair.other)}


def _time(timing: Timing, name: str) -> Value:
    """The median of the clean rounds, with its 95 % interval where there are enough of them."""
    times = timing.values(name)
    low, high = median_interval(times) or (None, None)
    return Value(median(times), "ns/op", low, high)
