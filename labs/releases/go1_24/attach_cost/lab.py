"""What does it cost to attach a cleanup to an object, beside a finalizer?

A program attaches one or the other to 50,000 objects, in turns, and tells how long one takes at best and how many
bytes: of the heap, and of what the runtime keeps for itself. Fifteen processes do so.
"""

from statistics import median
from typing import Final

import msgspec

from claimlab import Arm, Bench, Lab, Ratio, Timing, builds, gobuild, timing

lab = Lab(timing=True, asks={"zh": "给一个对象挂上清理函数，与挂上终结器相比要花多少？"})

NOTHING, FINALIZER, CLEANUP = "nothing", "finalizer", "cleanup"
_ROUNDS: Final = 15
_ARM: Final = "attach"


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    has_cleanups: bool
    """The program that attaches them builds."""
    ratio: Ratio | None
    """Of the time that a cleanup takes to that of a finalizer."""
    control: Ratio | None
    """Of the time that nothing takes to that of a finalizer."""
    bytes: dict[str, float]
    """By what is attached, the median of one."""
    timing: Timing


@lab.observe
def observe(bench: Bench) -> Seen:
    own = gobuild.lab_sources(bench)
    whole = own | gobuild.lab_sources(bench, "cleanups")
    known = builds.attempt(bench, whole, "attach").accepted
    program = gobuild.build(bench, whole if known else own, "attach-run")
    seen = timing.measure(bench, program, {_ARM: Arm("BenchmarkAttach", 1, "1x", cores=0)}, rounds=_ROUNDS)

    def ratio(of: str) -> Ratio | None:
        return seen.ratio((_ARM, f"{of}-ns/op"), (_ARM, f"{FINALIZER}-ns/op"))

    names = (NOTHING, FINALIZER, CLEANUP) if known else (NOTHING, FINALIZER)
    taken = {name: median(seen.values(_ARM, f"{name}-bytes/op")) for name in names} if seen.clean() else {}
    return Seen(known, ratio(CLEANUP) if known else None, ratio(NOTHING), taken, seen)
