"""Which collector is at work, does the heap begin elsewhere in each run, and can both be switched off?

The program is built as it is, and once more with those of the two experiments off that the go command knows. A debugger
counts in both how often a span of small objects is scanned as a whole, and the addresses of many runs are compared.
"""

import re
from typing import Final

import msgspec

from claimlab import Bench, Binary, Lab, LabBroken, Run, Step, Tally, gdb, gobuild, processes

lab = Lab(asks={"zh": "哪个垃圾回收器在工作？堆的起始地址每次都不同吗？两者能关掉吗？"})

COLLECTOR: Final = "nogreenteagc"
HEAP: Final = "norandomizedheapbase64"
UNKNOWN: Final = "nosuchcollector"
SCANS: Final = "runtime.scanSpan"
"""By which the new collector scans a span's marked objects together (runtime/mgcmark_greenteagc.go)."""
RUNS: Final = 30
_ADDRESSES: Final = re.compile(r"(0x[0-9a-f]+) (0x[0-9a-f]+)\n")


class Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the go command says of an experiment's name."""

    accepted: bool
    says: str


class Built(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One build of the program."""

    off: list[str]
    """The experiments that it was built without."""
    before: int
    """Spans that were scanned as a whole before the collection."""
    during: int
    heap: list[int]
    """The address of the newest object, in each run."""
    variable: list[int]
    """The address of a variable of the program."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    taken: dict[str, Taken]
    plain: Built
    off: Built | None
    """None where the go command knows neither experiment."""


@lab.observe
def observe(bench: Bench) -> Seen:
    found = {name: taken(bench, name) for name in (COLLECTOR, HEAP, UNKNOWN)}
    names = [name for name in (COLLECTOR, HEAP) if found[name].accepted]
    plain = watched(bench, gobuild.build(bench), [])
    return Seen(found, plain, watched(bench, without(bench, names), names) if names else None)


def taken(bench: Bench, name: str) -> Taken:
    done = bench.run(["go", "env", "GOEXPERIMENT"], step="build", env=gobuild.experiments(bench, name))
    return Taken(done.exit_code == 0, (done.stdout + done.stderr).decode().strip())


def without(bench: Bench, names: list[str]) -> Binary:
    """The runtime is compiled for it."""
    gobuild.put_module(bench, gobuild.lab_sources(bench), "off")
    return gobuild.with_experiments(bench, "off", *names)


def watched(bench: Bench, program: Binary, off: list[str]) -> Built:
    steps = [Step([f"main.{name}"], counts=[SCANS]) for name in ("begin", "end")]
    stops = gdb.session(bench, program, [Run([], 2, steps)]).runs[0].stops
    if len(stops) != len(steps):
        raise LabBroken("the debugger has not seen the collection")
    before, during = (stop.count_of(SCANS) for stop in stops)
    addresses = read(
        processes.tally(bench, ["sh", "-c", f"./{program.name} 2>&1"], runs=RUNS, gomaxprocs=2, printed=True)
    )
    return Built(off, before, during, [heap for heap, _ in addresses], [variable for _, variable in addresses])


def read(tally: Tally) -> list[tuple[int, int]]:
    found = []
    for ending in tally.endings:
        match = _ADDRESSES.fullmatch(ending.printed)
        if match is None or ending.exit_code:
            raise LabBroken(f"the program has not told where its heap is: {ending.printed}")
        found += [(int(match[1], 16), int(match[2], 16))] * ending.count
    return found
