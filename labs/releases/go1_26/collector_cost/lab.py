"""What does a collection cost with the Green Tea collector, beside the one before in the same release?

A program keeps a heap of small objects in one of three shapes and collects it. From 1.25 on it is built with each of
the two collectors, and both have their turns in each round.
"""

from typing import Final

import msgspec

from claimlab import Arm, Bench, Lab, Ratio, Timing, gobuild, timing

lab = Lab(timing=True, asks={"zh": "使用 Green Tea 回收器时，一次垃圾回收的开销与同一版本中原来的回收器相比如何？"})

SHAPES: Final = {
    "Tree": "a tree made from its root on",
    "List": "a list through objects that lie in another order",
    "Wide": "a tree over objects that lie in another order",
}
CONTROL: Final = ["List", "Tree"]
"""A collection of the one costs more than one of the other, with any collector."""
NEW, OLD = "new", "old"
_SWITCHES: Final = {NEW: "greenteagc", OLD: "nogreenteagc"}
_ROUNDS: Final = 12
_OF_PROCESSOR_TIME: Final = 0
"""The program tells what the kernel charges it with, which does not grow while others have the processor."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    switched: bool
    """There are both collectors."""
    ratios: dict[str, Ratio | None]
    """Of the processor time of a collection with the new collector to that with the old one, by the heap's shape."""
    control: Ratio | None
    """Of a collection of the list to one of the tree."""
    timing: Timing


@lab.observe
def observe(bench: Bench) -> Seen:
    gobuild.put_module(bench, gobuild.lab_sources(bench), "heap")
    switched = all(gobuild.knows(bench, name) for name in _SWITCHES.values())
    switches = _SWITCHES if switched else {OLD: ""}
    binaries = {side: gobuild.with_experiments(bench, "heap", name, as_name=side) for side, name in switches.items()}
    arms = {
        f"{shape} {side}": Arm(f"Benchmark{shape}", 1, "1x", cores=_OF_PROCESSOR_TIME, binary=binary.name)
        for shape in (SHAPES if switched else CONTROL)
        for side, binary in binaries.items()
    }
    seen = timing.measure(bench, binaries[OLD], arms, rounds=_ROUNDS)
    ratios = {shape: ratio(seen, f"{shape} {NEW}", f"{shape} {OLD}") for shape in SHAPES} if switched else {}
    return Seen(switched, ratios, ratio(seen, *(f"{shape} {OLD}" for shape in CONTROL)), seen)


def ratio(seen: Timing, of: str, to: str) -> Ratio | None:
    return seen.ratio((of, "ns/op"), (to, "ns/op"))
