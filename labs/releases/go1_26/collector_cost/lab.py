"""What does a collection cost with the Green Tea collector, beside the one before in the same release?

A program keeps a heap of small objects in one of three shapes and collects it. From 1.25 on it is built with each of
the two collectors, and both have their turns in each round; so has the new one without the processor's vector
instructions, if it uses them: a debugger counts how often.
"""

from typing import Final

import msgspec
from packaging.version import Version

from claimlab import Arm, Bench, Binary, Lab, LabBroken, Ratio, Run, Step, Timing, gdb, gobuild, timing

lab = Lab(timing=True, asks={"zh": "使用 Green Tea 回收器时，一次垃圾回收的开销与同一版本中原来的回收器相比如何？"})

TREE: Final = "Tree"
SHAPES: Final = {
    TREE: "a tree made from its root on",
    "List": "a list through objects that lie in another order",
    "Wide": "a tree over objects that lie in another order",
}
CONTROL: Final = ["List", TREE]
"""A collection of the one costs more than one of the other, with any collector."""
NEW, OLD, SCALAR = "new", "old", "new, without vectors"
_SWITCHES: Final = {NEW: "greenteagc", OLD: "nogreenteagc"}
_ROUNDS: Final = 12
_OF_PROCESSOR_TIME: Final = 0
"""The program tells what the kernel charges it with, which does not grow while others have the processor."""


_SINCE: Final = Version("1.26")
_WITHOUT: Final = {"GODEBUG": "cpu.avx512vl=off"}
_SCANS: Final = "internal/runtime/gc/scan.scanSpanPackedAVX512"
"""Scans the marked objects of a span with vector instructions."""
FEATURES: Final = ("avx512bw", "avx512dq", "avx512vl", "avx512_bitalg", "avx512vbmi", "gfni", "popcnt")
"""What it asks of a processor (internal/runtime/gc/scan/scan_amd64.go), as /proc/cpuinfo names it."""


class Vectors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What vector instructions do in a collection by the new collector."""

    lacks: list[str]
    """Those of FEATURES that the processor does not have."""
    calls: dict[str, list[int]]
    """By the heap's shape: how often spans were scanned so in two collections, as the program is and without."""
    ratios: dict[str, Ratio | None]
    """Of the processor time of a collection as the program is to that without, by the heap's shape."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    switched: bool
    """There are both collectors."""
    ratios: dict[str, Ratio | None]
    """Of the processor time of a collection with the new collector to that with the old one, by the heap's shape."""
    control: Ratio | None
    """Of a collection of the list to one of the tree."""
    vectors: Vectors | None
    """None where there is no such use of them yet."""
    timing: Timing


@lab.observe
def observe(bench: Bench) -> Seen:
    gobuild.put_module(bench, gobuild.lab_sources(bench), "heap")
    switched = all(gobuild.knows(bench, name) for name in _SWITCHES.values())
    switches = _SWITCHES if switched else {OLD: ""}
    binaries = {side: gobuild.with_experiments(bench, "heap", name, as_name=side) for side, name in switches.items()}
    shapes = SHAPES if switched else CONTROL
    arms = {f"{shape} {side}": arm(shape, binary) for shape in shapes for side, binary in binaries.items()}
    uses = switched and bench.toolchain.go >= _SINCE
    calls = {shape: scans(bench, binaries[NEW], shape) for shape in SHAPES} if uses else {}
    arms |= {f"{shape} {SCALAR}": arm(shape, binaries[NEW], _WITHOUT) for shape in calls if any(calls[shape])}
    seen = timing.measure(bench, binaries[OLD], arms, rounds=_ROUNDS)

    def ratios(of: str, to: str) -> dict[str, Ratio | None]:
        pairs = {shape: (f"{shape} {of}", f"{shape} {to}") for shape in SHAPES}
        return {shape: ratio(seen, *pair) for shape, pair in pairs.items() if set(pair) <= set(arms)}

    control = ratio(seen, *(f"{shape} {OLD}" for shape in CONTROL))
    vectors = Vectors(lacking(bench), calls, ratios(NEW, SCALAR)) if uses else None
    return Seen(switched, ratios(NEW, OLD), control, vectors, seen)


def arm(shape: str, binary: Binary, env: dict[str, str] | None = None) -> Arm:
    return Arm(f"Benchmark{shape}", 1, "1x", cores=_OF_PROCESSOR_TIME, binary=binary.name, env=env or {})


def ratio(seen: Timing, of: str, to: str) -> Ratio | None:
    return seen.ratio((of, "ns/op"), (to, "ns/op"))


def scans(bench: Bench, binary: Binary, shape: str) -> list[int]:
    steps = [Step(["main.begin"]), Step(["main.end"], counts=[_SCANS])]
    runs = [Run([f"Benchmark{shape}"], 1, steps, env=env) for env in ({}, _WITHOUT)]
    stops = [run.stops for run in gdb.session(bench, binary, runs).runs]
    if any(len(found) != len(steps) for found in stops):
        raise LabBroken("the debugger has not seen the collections")
    counted = [one for found in stops for one in found[-1].counted]
    if not all(one.resolved for one in counted):
        raise LabBroken(f"the collector has no {_SCANS}: what does it scan spans with?")
    return [one.hits for one in counted]


def lacking(bench: Bench) -> list[str]:
    told = bench.run(["cat", "/proc/cpuinfo"], step="housekeeping").text()
    flags = next((line.split() for line in told.splitlines() if line.startswith("flags")), [])
    return [name for name in FEATURES if name not in flags]
