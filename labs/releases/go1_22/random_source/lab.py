"""Where do random numbers come from: ChaCha8, or something else?

The notes of Go 1.22, on the library and the runtime. A debugger counts how often ChaCha8 makes a block of numbers while
a program draws some, or has the runtime draw some.
"""

from typing import Final

import msgspec

from claimlab import Bench, Lab, Run, Step, gdb, gobuild

lab = Lab(asks={"zh": "随机数来自 ChaCha8，还是别处？"})

DRAWS: Final = 10_000
"""In main.go."""
BLOCK: Final = "internal/chacha8rand.block"
"""Makes 32 numbers (internal/chacha8rand)."""
WAYS: Final = ("top-level functions", "a seeded Rand", "seeds of maps", "orders of selects")
SEEDED: Final = {"GODEBUG": "randautoseed=0"}


class Drawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one way to draw so many numbers does."""

    way: str
    draws: int
    there: bool
    """The binary has ChaCha8."""
    blocks: int
    """Executions of its block function."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    ways: dict[str, Drawn]
    by_setting: Drawn
    """The top-level functions where GODEBUG has them seeded as in the past."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    steps = [Step(["main.begin"]), Step(["main.end"], counts=[BLOCK])]
    runs = [Run([way], 1, steps) for way in WAYS] + [Run([WAYS[0]], 1, steps, env=SEEDED)]
    found = []
    for run in gdb.session(bench, program, runs).runs:
        counted = run.stops[1].counted[0]
        found.append(Drawn(run.args[0], DRAWS, counted.resolved, counted.hits))
    *plain, by_setting = found
    return Seen({one.way: one for one in plain}, by_setting)
