"""Do the first Loads from a sync.Map take longer than later ones?

A program stores a thousand keys and loads each, eight times over; what a Load takes is told for each pass, the best of
200 maps. Fifteen processes do so.
"""

from typing import Final

import msgspec

from claimlab import Arm, Bench, Lab, Ratio, Timing, gobuild, timing

lab = Lab(timing=True, asks={"zh": "sync.Map 最初的几次 Load 比之后的更慢吗？"})

PASSES: Final = 8
_ROUNDS: Final = 15
_ARM: Final = "loads"


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    ratios: list[Ratio | None]
    """Of the time of a Load in each pass to that in the last one."""
    timing: Timing


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    seen = timing.measure(bench, program, {_ARM: Arm("BenchmarkLoads", 1, "1x")}, rounds=_ROUNDS)
    last = (_ARM, f"pass-{PASSES}-ns/op")
    return Seen([seen.ratio((_ARM, f"pass-{number}-ns/op"), last) for number in range(1, PASSES)], seen)
