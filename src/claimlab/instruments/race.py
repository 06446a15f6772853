"""The race detector as an instrument: in how many fresh processes it reported a data race, and what the reports say.

A report stands for two accesses that really were made in that process without an order between them. No report means
that no such two were made there, not that there can be none: what a program does not do is not watched
(https://go.dev/doc/articles/race_detector).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import processes
from claimlab.instruments.gobuild import Binary
from claimlab.instruments.processes import Tally
from claimlab.project.errors import LabBroken

EXIT_CODE: Final = 66
WARNING: Final = "WARNING: DATA RACE"
SETTINGS: Final = f"halt_on_error=1 exitcode={EXIT_CODE} atexit_sleep_ms=0"
"""A process ends at its first report. Without the last setting each process waits a second before it ends, if it has
goroutines left, for races that these might still run into."""

_ACCESS: Final = re.compile(r"(Previous )?(read|write) at (0x[0-9a-f]+) by (.+):", re.IGNORECASE)
_FUNCTION: Final = re.compile(r"  (\S.*)\(\)")
_PLACE: Final = re.compile(r" {6}(.+):(\d+) \+0x[0-9a-f]+")


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One frame of an access's stack."""

    function: str
    file: str
    """As the binary has it: ``claimlab/<name>/main.go`` for the lab's own sources."""
    line: int

    def __str__(self) -> str:
        return f"{self.function} ({self.file}:{self.line})"


class Access(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the two accesses that race."""

    kind: Literal["read", "write"]
    address: int
    by: str
    """``main goroutine`` or ``goroutine 7``."""
    calls: list[Call]
    """Innermost first; empty where the detector could no longer say."""

    def __str__(self) -> str:
        if not self.calls:
            return f"{self.kind} by {self.by}"
        # Down to the program's own code: an access inside the runtime says little by itself.
        own = next((number for number, call in enumerate(self.calls) if call.function.startswith("main.")), 0)
        return f"{self.kind} by {self.by} in " + " < ".join(map(str, self.calls[: own + 1]))


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the detector wrote of one race."""

    access: Access
    previous: Access

    def functions(self) -> set[str]:
        """Every function in one of the two stacks."""
        return {call.function for access in (self.access, self.previous) for call in access.calls}

    def __str__(self) -> str:
        return f"{self.access}\nprevious {self.previous}"


class Races(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the detector said of many fresh processes of one command."""

    tally: Tally
    reports: list[Report]
    """One from each way of ending that has a report."""

    @property
    def runs(self) -> int:
        return self.tally.runs

    @property
    def racy(self) -> int:
        """Processes with a report."""
        return self.tally.count(mark=WARNING)

    @property
    def quiet(self) -> int:
        """Processes that came to their own end without a report."""
        return self.tally.count(exit_code=0) - self.tally.count(mark=WARNING, exit_code=0)


def count(
    bench: Bench,
    binary: Binary,
    args: Sequence[str] = (),
    *,
    runs: int,
    gomaxprocs: int,
    env: Mapping[str, str] | None = None,
    marks: Sequence[str] = (),
    timeout_s: float = 20.0,
) -> Races:
    """`runs` fresh processes of a binary built with flags ``race`` have ended, each at its first report if it has one.

    :class:`LabBroken` if the program prints so much before a report that this is cut off.
    Expect about a tenth of a second a process: the detector reserves and maps its shadow memory anew.
    """
    settings = {"GORACE": SETTINGS, **(env or {})}
    argv = [f"./{binary.name}", *args]
    looked_for = [WARNING, *marks]
    found = processes.tally(
        bench, argv, runs=runs, gomaxprocs=gomaxprocs, env=settings, marks=looked_for, timeout_s=timeout_s
    )
    seen = [(ending, reports(ending.sample)) for ending in found.endings]
    for ending, its_own in seen:
        if WARNING in ending.marks and not its_own:
            raise LabBroken("a race was reported, but not within what is kept of standard error", tail=ending.sample)
    return Races(found, [report for _, its_own in seen for report in its_own])


def reports(text: str) -> list[Report]:
    """The reports in a process's standard error; one that is cut off before its second access is left out.

    The format is that of PrintReport in LLVM's compiler-rt/lib/tsan/rtl/tsan_report.cpp, in its part for Go.
    """
    found = []
    for block in text.split(WARNING)[1:]:
        accesses = [access for part in block.split("\n\n") if (access := _access(part.strip("\n").splitlines()))]
        if len(accesses) > 1:
            found.append(Report(*accesses[:2]))
    return found


def _access(lines: Sequence[str]) -> Access | None:
    match = _ACCESS.fullmatch(lines[0]) if lines else None
    if match is None:
        return None
    calls = []
    for function, place in zip(lines[1::2], lines[2::2], strict=False):
        named, placed = _FUNCTION.fullmatch(function), _PLACE.fullmatch(place)
        if not named or not placed:
            break
        calls.append(Call(named[1], placed[1], int(placed[2])))
    return Access("write" if match[2].lower() == "write" else "read", int(match[3], 16), match[4], calls)
