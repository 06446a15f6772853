"""Does a Load from a sync.Map take longer when another core loads from the same map?

Section 1 of the article, which blames false sharing. Benchmarks on two cores, taken in turns: both load from one map,
or each from a map of its own. Two cores that count in one cache line show what false sharing costs on the machine.
"""

import msgspec

from claimlab import Bench, Lab, Ratio, Timing, gobuild, timing

lab = Lab(timing=True, asks={"zh": "另一个核同时 Load 同一个 sync.Map 时，Load 会变慢吗？"})

WINDOWS = 200
BENCHMARKS = {"loads": "Loads", "counts": "Counts"}
ROUNDS = 15
MOST_ROUNDS = 45


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw. The ratios are None where no round was clean."""

    timing: Timing
    one_map: Ratio | None
    """Loads of two cores from one map, against Loads of two cores from a map each."""
    one_core: Ratio | None
    """The same against Loads of one core alone."""
    one_line: Ratio | None
    """Two cores that count in one cache line, against two that count in a line each."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench, gobuild.lab_sources(bench) | timing.WINDOWS, benchmarks=True)
    arms = {label: timing.windows(f"Benchmark{name}", 2, WINDOWS) for label, name in BENCHMARKS.items()}
    seen = timing.measure(bench, program, arms, rounds=ROUNDS, most=MOST_ROUNDS)
    return Seen(
        seen,
        one_map=seen.ratio(("loads", "one-map-ns/op"), ("loads", "two-maps-ns/op")),
        one_core=seen.ratio(("loads", "one-map-ns/op"), ("loads", "one-core-ns/op")),
        one_line=seen.ratio(("counts", "one-line-ns/op"), ("counts", "two-lines-ns/op")),
    )
