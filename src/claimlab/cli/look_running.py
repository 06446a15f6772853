"""look.run and look.bench: what programs do."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from invoke.context import Context

from claimlab.cli.asking import Where, ask, question
from claimlab.cli.looking import Options
from claimlab.instruments.ratios import LEAST_ROUNDS
from claimlab.project.errors import Refused
from claimlab.project.files import write_whole
from claimlab.questions import benchmarks
from claimlab.questions import runs as runs_
from claimlab.questions.benchmarks import BenchAnswer, Benchmarks, BenchSeen
from claimlab.questions.go_benchmarks import is_benchtime
from claimlab.questions.programs import can_run, has_tests
from claimlab.questions.runs import Run
from claimlab.toolchains.toolchain import Toolchain, select


@question(
    tests=True,
    running=True,
    source="a .go file, or the folder of a package: a program, or else its tests",
    runs="how many fresh processes (default 1)",
    race="with the race detector",
    gomaxprocs="GOMAXPROCS (default: the processors here)",
    godebug="a GODEBUG setting, such as asynctimerchan=1; repeatable",
    env="an environment variable, NAME=value; repeatable",
    timeout="seconds for one process (default 10)",
)
def run(
    c: Context,
    options: Options,
    where: Where,
    source: str,
    runs: int = 1,
    race: bool = False,
    gomaxprocs: int = 0,
    godebug: Any = None,
    env: Any = None,
    timeout: float = 10.0,
) -> None:
    """How does a program end, what does it print, and how often?

    What stands after -- are its arguments. Processes that ended alike and printed the same count together.

    claimlab look.run main.go
    claimlab look.run main.go --runs 100 --gomaxprocs 4
    claimlab look.run main.go --race --go 1.27
    claimlab look.run timer.go --godebug asynctimerchan=1
    claimlab look.run main.go --runs 20 --flip
    claimlab look.run ./internal/parse -- -test.run TestParse
    """
    refuse_nothing_to_run(where)
    settings = settings_of(env, godebug)
    if runs < 1 or gomaxprocs < 0 or timeout <= 0:
        raise Refused("Runs, processors and seconds are positive numbers.", "Leave the option out for its default.")
    processors = gomaxprocs or len(os.sched_getaffinity(0))
    args = arguments_of(c)
    asked = Run(runs=runs, gomaxprocs=processors, race=race, env=settings, args=args, timeout_s=timeout)
    shown = msgspec.to_builtins(asked)
    ask(
        c,
        options,
        where,
        lambda about, _: msgspec.structs.replace(asked, **about),
        lambda seen, _: (runs_.answer(asked, seen), runs_.hints(seen)),
        shown,
    )


def refuse_nothing_to_run(where: Where) -> None:
    """It is a program, or has tests."""
    if not can_run(where.sources.files, where.sources.package):
        raise Refused(f"{where.given} is no program, and has no tests.", "Name a package main, or one with tests.")


def arguments_of(c: Context) -> tuple[str, ...]:
    """What stands behind ``--``: the arguments of the program."""
    return tuple(sys.argv[sys.argv.index("--") + 1 :]) if c.remainder else ()  # invoke's own has lost the quotes


def settings_of(env: Sequence[str] | None, godebug: Sequence[str] | None) -> dict[str, str]:
    """The program's environment variables, by ``--env`` and ``--godebug``."""
    given = dict(_setting(one) for one in env or ())
    if godebug and "GODEBUG" in given:
        raise Refused("GODEBUG is said twice, by --env and by --godebug.", "Leave one of the two out.")
    return given | ({"GODEBUG": ",".join(godebug)} if godebug else {})


def _setting(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not name or not equals:
        raise Refused(f"{given} sets nothing.", "Write it as NAME=value.")
    if name == "GOMAXPROCS":
        raise Refused("GOMAXPROCS has an option of its own.", f"Say it: --gomaxprocs {value}")
    return name, value


@question(
    tests=True,
    running=True,
    source="a _test.go file, or the folder of a package",
    bench="only benchmarks that this regular expression finds, as for go test",
    base="the release that the others are compared with (default: the oldest)",
    rounds="so many rounds in which every release had its turn undisturbed (default 15, at least 10)",
    benchtime="how long one sample takes, as for go test: 100ms, 1000x",
    gomaxprocs="GOMAXPROCS (default 1)",
    cores="processors that a benchmark keeps busy; 0 if nobody knows (default 1)",
    benchfmt="a folder for the raw samples in Go's benchmark format, one file a release, for benchstat",
)
def bench(
    c: Context,
    options: Options,
    where: Where,
    source: str,
    bench: str = ".",
    base: str = "",
    rounds: int = 15,
    benchtime: str = "100ms",
    gomaxprocs: int = 1,
    cores: float = 1.0,
    benchfmt: str = "",
) -> None:
    """What got faster or slower between releases, and what is allocated?

    Each release builds the benchmarks, and one bench runs all of them in interleaved rounds, with the machine to
    itself. Times are ratios to the base's, with a 95 % interval that is paired by rounds, and with the p-value of
    benchstat's test; ~ stands where one of the two sees no difference. B/op and allocs/op are exact.

    claimlab look.bench map_test.go --plain
    claimlab look.bench ./internal/parse --bench Parse --go 1.23 --go 1.27 --base 1.23
    claimlab look.bench map_test.go --bench '^BenchmarkGet$' --keep get-allocates   # what it allocates becomes a claim
    claimlab look.bench map_test.go --plain --benchfmt samples   # then: benchstat samples/1.23.9.txt samples/1.27.3.txt
    """
    if rounds < LEAST_ROUNDS or gomaxprocs < 1 or cores < 0:
        raise Refused(f"At least {LEAST_ROUNDS} rounds and one processor are needed.", "Leave the option out.")
    if not is_benchtime(benchtime):
        raise Refused(f"--benchtime {benchtime} is nothing that go test takes.", "Say it as 100ms, or as 1000x.")
    if not has_tests(where.sources.files, where.sources.package):
        raise Refused(f"There are no tests in {where.given}, and so no benchmarks.", "Name a package that has some.")
    if options.flip:
        raise Refused(
            "Times do not flip: they are ratios between the releases of one bench.",
            "Leave --flip out, and name the patch releases to compare: --go 1.23.1 --go 1.23.9",
        )

    def asked(about: dict[str, str], chosen: Sequence[Toolchain]) -> Benchmarks:
        found = [one for one in select([base], chosen) if not one.variant] if base else chosen[:1]
        if len(found) != 1:
            raise Refused(f"--base {base} names no single release of those that are asked.", "Say it in full: 1.23.9")
        return Benchmarks(
            toolchains=tuple(one.name for one in chosen),
            base=found[0].name,
            bench=bench,
            rounds=rounds,
            benchtime=benchtime,
            gomaxprocs=gomaxprocs,
            cores=cores,
            **about,
        )

    def says(seen: BenchSeen, toolchain: Toolchain) -> tuple[BenchAnswer, list[str]]:
        if benchfmt:
            text = benchmarks.benchfmt(seen, toolchain.name)
            write_whole(Path(benchfmt) / f"{toolchain.name}.txt", text.encode())
        return benchmarks.answer(seen, toolchain.name), benchmarks.hints(seen, toolchain.name, cores)

    shown = {"look": "bench", "base": base, "bench": bench, "gomaxprocs": gomaxprocs}
    ask(c, options, where, asked, says, shown)
