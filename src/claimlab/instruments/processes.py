"""Runs programs as fresh processes: one with its output, or many, counting how they end.

A count over many processes is the only honest way to speak of a racy effect.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from claimlab.benches.bench import Bench

_SCRIPT: Final = Path(__file__).parent / "inside" / "run_many.py"


class Ran(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One process that has ended."""

    argv: list[str]
    env: dict[str, str]
    exit_code: int
    """As a shell gives it: 128 + the signal's number for a killed process."""
    timed_out: bool
    stdout: str
    stderr: str


class Ending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way for a process to end, and how many ended so."""

    count: int
    exit_code: int
    """As a shell gives it: 128 + the signal's number for a killed process."""
    timed_out: bool
    message: str
    """The first line of standard error that begins with ``fatal error:`` or ``panic:``, else empty."""
    marks: list[str]
    """Which of the strings looked for stood in standard error."""
    sample: str
    """Standard error of the first such process, cut after 40 lines."""


class Tally(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How `runs` fresh processes of one command ended."""

    argv: list[str]
    env: dict[str, str]
    runs: int
    endings: list[Ending]

    def count(self, message: str = "", *, mark: str = "", exit_code: int | None = None) -> int:
        """Processes whose message contains `message`, that showed `mark`, and ended with `exit_code`."""
        return sum(
            ending.count
            for ending in self.endings
            if message in ending.message
            and (not mark or mark in ending.marks)
            and (exit_code is None or ending.exit_code == exit_code)
        )

    def died(self) -> int:
        """Processes that did not end with exit code 0 and were not stopped by us."""
        return sum(ending.count for ending in self.endings if ending.exit_code != 0 and not ending.timed_out)


def once(
    bench: Bench,
    argv: Sequence[str],
    *,
    gomaxprocs: int,
    env: Mapping[str, str] | None = None,
    timeout_s: float = 60.0,
) -> Ran:
    """One process of `argv` has ended; its exit code is a fact, not an error."""
    settings = {"GOMAXPROCS": str(gomaxprocs), **(env or {})}
    done = bench.run(argv, step="run", env=settings, timeout_s=timeout_s)
    errors = done.stderr.decode("utf-8", "replace")
    return Ran(list(argv), settings, done.exit_code, done.timed_out, done.text(), errors)


def tally(
    bench: Bench,
    argv: Sequence[str],
    *,
    runs: int,
    gomaxprocs: int,
    env: Mapping[str, str] | None = None,
    marks: Sequence[str] = (),
    timeout_s: float = 20.0,
) -> Tally:
    """`runs` fresh processes of `argv` have ended, each within `timeout_s`, one after the other."""
    settings = {"GOMAXPROCS": str(gomaxprocs), **(env or {})}
    order = {"argv": list(argv), "runs": runs, "env": settings, "marks": list(marks), "timeout_s": timeout_s}
    bench.put({"run_many.py": _SCRIPT.read_bytes()})
    command = [bench.python, "-I", "run_many.py", msgspec.json.encode(order).decode()]
    done = bench.run(command, step="run", timeout_s=runs * timeout_s + 30).or_broken("the runs could not be counted")
    endings = msgspec.json.decode(done.stdout, type=list[Ending])
    return Tally(list(argv), settings, runs, endings)
