"""What a program under gdb sees of the environment that a lab gives it, as the program itself says."""

import pytest
from tests.bench_fixtures import EITHER, NEWEST, newest, pinned

from claimlab.benches.bench import Bench
from claimlab.instruments.gdb import Run, RunSeen, Step, environment, session
from claimlab.instruments.gobuild import Binary, build
from claimlab.project.errors import LabBroken
from claimlab.toolchains.toolchain import Toolchain

pytest_plugins = ["tests.bench_fixtures"]
either_engines = pytest.mark.parametrize("either_engine", EITHER, indirect=True)

TELLS = {
    "main.go": b"""package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

//go:noinline
func ends() {}

// main tells what it was given and what the runtime made of GOGC. With inittrace=1 the runtime tells of each package's
// init before any code of ours can write to the same stream.
func main() {
	fmt.Fprintf(os.Stderr, "GODEBUG %q LAB %q GOGC %d procs %d\\n", os.Getenv("GODEBUG"), os.Getenv("LAB"),
		debug.SetGCPercent(100), runtime.GOMAXPROCS(0))
	ends()
}
"""
}
END = [Step(["main.ends"])]


def told(run: RunSeen) -> str:
    return next(line for line in run.stderr.splitlines() if line.startswith("GODEBUG"))


def is_traced(run: RunSeen) -> bool:
    return run.stderr.startswith("init ")


@either_engines
def test_a_program_sees_its_own_runs_environment_and_no_other_runs(either_bench: Bench) -> None:
    binary = build(either_bench, TELLS, "tells")
    given = {"GODEBUG": "inittrace=1", "GOGC": "37", "LAB": "two  words = $HOME 'quoted'"}
    odd = {"LAB": "=", "GODEBUG": ""}
    seen = session(either_bench, binary, [Run([], 1, END), Run([], 2, END, given), Run([], 1, END, odd)])
    assert [told(run) for run in seen.runs] == [
        'GODEBUG "asyncpreemptoff=1" LAB "" GOGC 100 procs 1',
        'GODEBUG "inittrace=1,asyncpreemptoff=1" LAB "two  words = $HOME \'quoted\'" GOGC 37 procs 2',
        'GODEBUG "asyncpreemptoff=1" LAB "=" GOGC 100 procs 1',
    ]
    assert [is_traced(run) for run in seen.runs] == [False, True, False]
    assert seen.runs[1].env == {**given, "GODEBUG": "inittrace=1,asyncpreemptoff=1"}
    assert "set environment GOGC = 37" in seen.transcript


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"GODEBUG": "gctrace=1,asyncpreemptoff=0"}, "asyncpreemptoff=1"),
        ({"GOMAXPROCS": "2"}, r"Run\.gomaxprocs"),
        ({"A B": "1"}, "'A B'"),
        ({"": "1"}, "''"),
        ({"A": "1\nkill"}, r"1\\nkill"),
        ({"A": " 1"}, "' 1'"),
    ],
)
def test_what_gdb_cannot_give_is_refused(env: dict[str, str], words: str) -> None:
    with pytest.raises(LabBroken, match=words):
        environment(Run([], 1, END, env), pinned(NEWEST))


def test_the_toolchains_setting_stands_before_the_runs() -> None:
    tool = Toolchain(newest(), godebug="asynctimerchan=1,gctrace=0")
    assert environment(Run([], 1, END), tool) == {"GODEBUG": "asynctimerchan=1,gctrace=0,asyncpreemptoff=1"}
    given = {"GODEBUG": "gctrace=1", "GOGC": "37"}
    assert environment(Run([], 1, END, given), tool) == {
        "GODEBUG": "asynctimerchan=1,gctrace=0,gctrace=1,asyncpreemptoff=1",
        "GOGC": "37",
    }


@pytest.mark.parametrize("either_engine", EITHER[:1], indirect=True)
def test_it_is_refused_before_gdb_is_started(either_bench: Bench) -> None:
    before = len(either_bench.journal.commands)
    with pytest.raises(LabBroken, match="GOMAXPROCS"):
        session(either_bench, Binary("nosuch", ""), [Run([], 1, END, {"GOMAXPROCS": "2"})])
    assert len(either_bench.journal.commands) == before
