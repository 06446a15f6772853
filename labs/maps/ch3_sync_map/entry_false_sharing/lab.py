"""What do two entries in one cache line cost two cores that each use one of them?

Section 3.2 of the article. Two cores update an entry each, reached through a pointer of their own; and one core Loads a
key of a sync.Map while the other Stores another key. In turns the two entries lie in one cache line and in two.
"""

from collections.abc import Mapping

import msgspec

from claimlab import Bench, Lab, Ratio, Timing, gobuild, paired_ratio, timing

lab = Lab(timing=True, asks={"zh": "两个 entry 落在同一缓存行、两个核各用其一时，代价是多少？"})

WINDOWS = 110
BENCHMARKS = {"counters": "Counters", "maps": "MapEntries"}
ROUNDS = 12
MOST_ROUNDS = 60
UPDATES = ("increment", "add", "swap")
"""A plain ``counter++``, ``atomic.AddUint64``, and ``atomic.CompareAndSwapUint64`` after a load."""
READ = "read"
BESIDE_STORES = ("near", "away", "sibling")


class Time(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long one operation of one core takes, in ns: the median of the rounds with its 95 % interval."""

    median: float
    low: float | None
    """None, as `high`, if there are fewer than ten clean rounds."""
    high: float | None


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw. Without a clean round there are no ratios and no times."""

    timing: Timing
    sharing: dict[str, Ratio]
    """By operation of both cores: with the entries in one line, against two lines."""
    entries: Ratio | None
    """A Load of a `sync.Map` beside Stores of a key whose entry shares the line, against a key whose entry does not."""
    siblings: Ratio | None
    """Where the map is a tree: beside Stores of a key in the same inner node, against one in another node; no entries
    share a line."""
    times: dict[str, Time]
    """By what was done, such as ``add, one line``."""
    apart: dict[str, int]
    """By how many bytes the entries that were stored lay behind the one that was loaded, in the first clean round."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench, gobuild.lab_sources(bench) | timing.WINDOWS, benchmarks=True)
    arms = {label: timing.windows(f"Benchmark{name}", 2, WINDOWS) for label, name in BENCHMARKS.items()}
    taken = timing.measure(bench, program, arms, rounds=ROUNDS, most=MOST_ROUNDS)
    clean = taken.clean()
    units = {
        f"{operation}, {lines} {noun}": ("counters", f"{operation}-{lines}-{noun}-ns/op")
        for operation in (*UPDATES, READ)
        for lines, noun in (("one", "line"), ("two", "lines"))
    } | {f"load, {beside}": ("maps", f"load-beside-{beside}-ns/op") for beside in BESIDE_STORES}
    known = {label: unit for label, unit in units.items() if clean and unit[1] in clean[0][unit[0]].values}
    return Seen(
        taken,
        sharing={
            operation: ratio
            for operation in (*UPDATES, READ)
            if (ratio := between(taken, known, f"{operation}, one line", f"{operation}, two lines"))
        },
        entries=between(taken, known, "load, near", "load, away"),
        siblings=between(taken, known, "load, sibling", "load, away"),
        times={label: time_of(taken.values(*unit)) for label, unit in known.items()},
        apart={label: round(clean[0]["maps"].values[f"{label}-bytes"]) for label in ("near", "away") if clean},
    )


def between(taken: Timing, known: Mapping[str, tuple[str, str]], of: str, to: str) -> Ratio | None:
    return taken.ratio(known[of], known[to]) if of in known and to in known else None


def time_of(values: list[float]) -> Time:
    """The ratio to one nanosecond in every round."""
    found = paired_ratio(values, [1.0] * len(values))
    return Time(found.ratio, found.low, found.high)
