"""How a program ends, and what it prints: ``look.run``."""

from collections.abc import Sequence
from typing import ClassVar, Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import packages, processes
from claimlab.instruments.gobuild import build
from claimlab.instruments.processes import Ending, Tally
from claimlab.questions.programs import own_files, package_name
from claimlab.questions.question import Answer, Question, Row, Seen, Sees
from claimlab.toolchains.flags import Flags
from claimlab.toolchains.needs import PLAIN, Needs

_PRINTED_LINES: Final = 8
_LINE_CHARACTERS: Final = 100
_RACE: Final = "WARNING: DATA RACE"
"""What the race detector begins a report with."""
_SAID_LINES: Final = 3


CONTROL: Final = "claimlab: this is the control"
_CONTROL: Final = (
    'package main\n\nimport "os"\n\nfunc main() {{\n\tos.Stdout.WriteString("{printed}")\n\tos.Exit({code})\n}}\n'
)


class RunSeen(Seen, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How so many fresh processes of the program ended."""

    tally: Tally | None = None
    control: Tally | None = None
    """How as many processes of a program ended that exits as the question says, and prints CONTROL."""


class Run(Question, frozen=True, tag="run"):
    """How does a program end, and what does it print?"""

    runs: int
    gomaxprocs: int
    race: bool = False
    env: dict[str, str] = msgspec.field(default_factory=dict)
    args: tuple[str, ...] = ()
    timeout_s: float = 10.0
    control_exit: int | None = None
    """Also runs a program of which it is known how it ends: with this exit code."""
    control_is_silent: bool = False
    """That program prints nothing, where CONTROL has in it what is claimed."""

    sees: ClassVar[Sees] = RunSeen
    host_matters: ClassVar[bool] = True

    @property
    def needs(self) -> Needs:
        return PLAIN | {"race"} if self.race else PLAIN

    def words(self) -> list[str]:
        options = ["--runs", str(self.runs), "--gomaxprocs", str(self.gomaxprocs), "--timeout", f"{self.timeout_s:g}"]
        options += ["--race"] if self.race else []
        options += [word for name, value in self.env.items() for word in ("--env", f"{name}={value}")]
        return [self.at, *options, *(["--", *self.args] if self.args else [])]

    def look(self, bench: Bench) -> RunSeen:
        files = own_files(bench)
        package = self.package or "."
        tests = package_name(files, package) != "main"
        flags: Flags = "race" if self.race else "plain"
        built = packages.build(bench, files, package, flags=flags, tests=tests)
        if built.refused:
            return RunSeen(refused=built.refused, notes=built.notes)
        tally = processes.tally(
            bench,
            packages.in_folder(package, built.binary, *self.args),
            runs=self.runs,
            gomaxprocs=self.gomaxprocs,
            env=self.env,
            marks=[_RACE],
            printed=True,
            timeout_s=self.timeout_s,
        )
        return RunSeen(notes=built.notes, tally=tally, control=self._control(bench))

    def _control(self, bench: Bench) -> Tally | None:
        if self.control_exit is None:
            return None
        printed = "" if self.control_is_silent else f"{CONTROL}\\n"
        source = {"main.go": _CONTROL.format(printed=printed, code=self.control_exit).encode()}
        known = build(bench, source, "control")
        argv = [f"./{known.name}"]
        return processes.tally(bench, argv, runs=self.runs, gomaxprocs=self.gomaxprocs, printed=True)


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One way to end, with one output."""

    ends: str
    """``exit 0``, ``exit 2: panic: …``, ``killed by signal 11``, ``still running after 10 s``."""
    printed: str
    """On standard output."""
    count: int
    """How many of the runs."""


class RunAnswer(Answer, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Every way to end that was seen, the most frequent first."""

    runs: int
    ways: tuple[Way, ...]

    def key(self) -> object:
        """How often is another matter: it differs from one time to the next."""
        return frozenset((way.ends, way.printed) for way in self.ways)

    def rows_with(self, others: Sequence[Answer]) -> list[Row]:
        alike = [self, *(one for one in others if isinstance(one, RunAnswer))]
        return [Row(_label(way), _counts(way, alike), counts=True) for way in self.ways]

    def rows(self) -> list[Row]:
        return self.rows_with(())


def _label(way: Way) -> str:
    lines = way.printed.rstrip("\n").splitlines()
    shown = [line[:_LINE_CHARACTERS] for line in lines[:_PRINTED_LINES]]
    more = [f"… {len(lines) - _PRINTED_LINES} lines more"] if len(lines) > _PRINTED_LINES else []
    return "\n".join([way.ends, *(f"  | {line}" for line in [*shown, *more])])


def _counts(way: Way, alike: Sequence[RunAnswer]) -> str:
    counts = [
        one.count for answer in alike for one in answer.ways if (one.ends, one.printed) == (way.ends, way.printed)
    ]
    runs = alike[0].runs
    low, high = min(counts), max(counts)
    times = f"{low}" if low == high else f"{low} to {high}"
    return f"{times} of {runs}"


def answer(question: Run, seen: RunSeen) -> RunAnswer:
    assert seen.tally is not None
    found: dict[tuple[str, str], int] = {}
    for one in seen.tally.endings:
        key = (ends(one, question.timeout_s), one.printed)
        found[key] = found.get(key, 0) + one.count
    ways = [Way(ends, printed, count) for (ends, printed), count in found.items()]
    return RunAnswer(seen.tally.runs, tuple(sorted(ways, key=lambda way: (-way.count, way.ends, way.printed))))


def ends(one: Ending, timeout_s: float) -> str:
    """How it ended, in words."""
    if one.timed_out:
        return f"still running after {timeout_s:g} s"
    how = f"killed by signal {one.signal}" if one.signal else f"exit {one.exit_code}"
    said = one.message or next(iter(one.marks), "")
    return f"{how}: {said}" if said else how


def hints(seen: RunSeen) -> list[str]:
    """What was said on standard error, where that is no part of the answer."""
    silent = [one for one in seen.tally.endings if not one.message and not one.marks] if seen.tally else []
    said = {"; ".join(one.sample.strip().splitlines()[:_SAID_LINES]) for one in silent} - {""}
    return [f"on standard error: {words}" for words in sorted(said)]
