"""What does it cost a send and a receive if the channel's cache lines are not there?

Section 4.3 of the article. On a pinned thread, in short windows taken in turns, a send and a receive find everything in
the core's cache, or another core has just used the channel, or the slot's line is in no cache at all. Nothing overlaps,
so that the whole latency is seen. Waits put in by the program show that the arrangement sees such differences.
"""

from typing import Final

import msgspec

from claimlab import Bench, Lab, Timing, gobuild, timing

lab = Lab(timing=True, asks={"zh": "channel 的缓存行不在本核时，一次发送或接收要多花多少？"})

WINDOWS: Final = 120
ROUNDS: Final = 15
MOST_ROUNDS: Final = 45
ARM: Final = "lines"


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    timing: Timing


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench, gobuild.lab_sources(bench) | timing.WINDOWS, benchmarks=True)
    arms = {ARM: timing.windows("BenchmarkLine", 2, WINDOWS)}
    return Seen(timing.measure(bench, program, arms, rounds=ROUNDS, most=MOST_ROUNDS))
