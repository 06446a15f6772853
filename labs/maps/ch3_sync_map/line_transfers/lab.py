"""What does an access cost a core after another core has used the same cache line, and what does a CAS?

Sections 3.2 and 3.3 of the article. Two cores take turns: one has sixteen cache lines, the other one loads from them,
stores into them, or leaves them alone, and then the first one's accesses are timed, each waiting for the one before.
The time stamp counter ticks at a rate of its own, so a chain of additions tells in each window how long a cycle of the
core is.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from claimlab import Arm, Bench, Lab, LabBroken, Ratio, Timing, gobuild, paired_ratio, timing

lab = Lab(
    timing=True,
    has_axis=False,
    asks={"zh": "同一缓存行被另一个核用过之后，再访问它要花多少？CAS 呢？"},
)

WINDOWS: Final = 80
ROUNDS: Final = 15
MOST_ROUNDS: Final = 75
LEAST: Final = {"clean-turns": 20.0, "clean-windows": 20.0, "own-cores": 0.95}
ARM: Final = "transfers"
CYCLES: Final = "-cycles"
OFFSETS: Final = (-8, 48, 56, 64, 72, 120)
"""Where in a line the other core stores, counted from its beginning, where the first core loads.

Some processors fetch lines in pairs of 128 bytes, and a store into one of a pair can take away both. So the line is the
first of its pair where the other core stores before it, and else the second: no store lies in its pair but in itself.
"""


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one access takes, in cycles of the core: the median of the rounds with its 95 % interval."""

    median: float
    low: float | None
    """None, as `high`, if there are fewer than ten clean rounds."""
    high: float | None
    rounds: int


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw. Without a clean round there are no costs."""

    timing: Timing
    costs: dict[str, Cost]
    """By what the other core did before, and what was timed, such as ``stored-load``."""
    taken: dict[str, Cost]
    """A compare-and-swap, ``swap``, and one that fails, ``fail``, into whose line another core has just stored; for
    ``fail``, into the very word. The steps that make each wait for the one before are taken off."""
    beside: Ratio | None
    """A compare-and-swap beside another core's on a line of its own, against one alone."""
    one_line: Ratio | None
    """Beside another core's on another word of the same line, against one alone."""
    flush_bytes: int
    """The size of a line by CPUID."""
    kernel_bytes: int
    """The size of a line by the kernel; 0 if it does not say."""
    cycle_ns: float
    """How long a cycle of the core was, in the median."""


@lab.observe
def observe(bench: Bench) -> Seen:
    if bench.run(["uname", "-m"], step="housekeeping").text().strip() != "x86_64":
        raise LabBroken("the claims are about x86-64, and so is this lab's assembly")
    program = gobuild.build(bench, gobuild.lab_sources(bench) | timing.WINDOWS, benchmarks=True)
    arm = Arm("BenchmarkTransfers", 2, f"{WINDOWS}x", cores=0, least=LEAST)
    found = timing.measure(bench, program, {ARM: arm}, rounds=ROUNDS, most=MOST_ROUNDS)
    if not found.clean():
        return Seen(found, {}, {}, None, None, 0, 0, 0.0)

    def values(unit: str) -> list[float]:
        return found.values(ARM, unit)

    first = found.clean()[0][ARM].values
    ticks = [each * ns for each, ns in zip(values("ticks/cycle"), values("ns/tick"), strict=True)]
    return Seen(
        found,
        costs={unit.removesuffix(CYCLES): cost(values(unit)) for unit in sorted(first) if unit.endswith(CYCLES)},
        taken={
            access: cost(
                [
                    own + stored - untouched
                    for own, stored, untouched in zip(
                        *(values(f"{before}-{access}{CYCLES}") for before in ("own", "stored", "untouched")),
                        strict=True,
                    )
                ]
            )
            for access in ("swap", "fail")
        },
        beside=found.ratio((ARM, "swap-beside-ns/op"), (ARM, "swap-alone-ns/op")),
        one_line=found.ratio((ARM, "swap-one-line-ns/op"), (ARM, "swap-alone-ns/op")),
        flush_bytes=round(first["flush-bytes"]),
        kernel_bytes=round(first["kernel-bytes"]),
        cycle_ns=cost(ticks).median,
    )


def cost(values: Sequence[float]) -> Cost:
    """The ratio to one cycle in every round."""
    found = paired_ratio(values, [1.0] * len(values))
    return Cost(found.ratio, found.low, found.high, found.rounds)
