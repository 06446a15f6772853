"""Heap and collector as the Go runtime itself counts them: runtime/metrics from inside, gctrace from outside.

A lab adds the instrument's Go file to its sources and calls ``reportHeap("label")`` where it wants to know. With
``GODEBUG=gctrace=1`` in a process's environment the runtime writes a line of its own for each cycle: the other witness.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from claimlab.instruments.answers import decoded
from claimlab.instruments.processes import Ran

_SOURCE: Final = Path(__file__).parent / "inside" / "gcmetrics.go"
_MARK: Final = "heap "

SCANNED: Final = "/gc/scan/heap:bytes"
"""After a cycle: the bytes of the heap in which that cycle has looked for pointers, plus what has been allocated since
(runtime's gcController.heapScan)."""
LIVE: Final = "/gc/heap/live:bytes"
"""Bytes of the objects that the last cycle has marked."""

_CYCLE: Final = re.compile(
    r"^gc (\d+) @([\d.]+)s \d+%.*?: ([\d.]+)\+([\d.]+)\+([\d.]+) ms clock, .* ms cpu, "
    r"(\d+)->(\d+)->(\d+) MB, (\d+) MB goal, .*?(\d+) P( \(forced\))?$",
    re.MULTILINE,
)


class HeapCounts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the runtime had counted when the program asked."""

    label: str
    counted: dict[str, int | None]
    """By the name that runtime/metrics gives it; None where the release does not count it."""

    def __getitem__(self, name: str) -> int:
        """The count of this name; :class:`KeyError` where the release does not count it."""
        value = self.counted[name]
        if value is None:
            raise KeyError(f"{name} is not counted in this release")
        return value


class Cycle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One garbage collection, as ``GODEBUG=gctrace=1`` tells it (package runtime's documentation)."""

    number: int
    start_s: float
    """Since the program's start."""
    sweep_termination_ms: float
    mark_ms: float
    """The concurrent phase: how long the write barrier was on."""
    mark_termination_ms: float
    before_mib: int
    """Heap at its start; these three are cut to whole MiB."""
    after_mib: int
    live_mib: int
    goal_mib: int
    processors: int
    forced: bool
    """By ``runtime.GC``."""


def with_reports(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """The sources and the file that gives them ``reportHeap(label string)``."""
    return {**sources, _SOURCE.name: _SOURCE.read_bytes()}


def reports(ran: Ran) -> dict[str, HeapCounts]:
    """What a process has reported, by label; of one label the last."""
    lines = [line.removeprefix(_MARK) for line in ran.stdout.splitlines() if line.startswith(_MARK + "{")]
    found = [decoded(line.encode(), HeapCounts, "a report of the heap") for line in lines]
    return {one.label: one for one in found}


def cycles(ran: Ran) -> list[Cycle]:
    """Every cycle in the standard error of a process that ran with ``GODEBUG=gctrace=1``."""
    return [
        Cycle(
            number=int(number),
            start_s=float(start),
            sweep_termination_ms=float(sweep),
            mark_ms=float(mark),
            mark_termination_ms=float(end),
            before_mib=int(before),
            after_mib=int(after),
            live_mib=int(live),
            goal_mib=int(goal),
            processors=int(processors),
            forced=bool(forced),
        )
        for number, start, sweep, mark, end, before, after, live, goal, processors, forced in _CYCLE.findall(ran.stderr)
    ]
