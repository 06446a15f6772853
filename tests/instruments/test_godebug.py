"""What programs see of GODEBUG on the bench of a toolchain that is a variant by it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.bench_fixtures import ALL, EITHER, LIFE_S, NEWEST, pinned

from claimlab.benches.bench import Bench
from claimlab.benches.engine import Engine
from claimlab.instruments import gdb, processes, timing
from claimlab.instruments.gobuild import build

pytest_plugins = ["tests.bench_fixtures"]
OURS = "gctrace=0,inittrace=0"
SHELL = ["sh", "-c", 'printf %s "$GODEBUG" >&2']
TELLS = b"""package main

import (
	"os"
	"testing"
)

func main() { os.Stderr.WriteString(os.Getenv("GODEBUG")) }

func BenchmarkLetters(b *testing.B) { b.ReportMetric(float64(len(os.Getenv("GODEBUG"))), "letters") }
"""


@pytest.fixture(scope="module", params=EITHER)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.open(replace(pinned(NEWEST), godebug=OURS), LIFE_S, ALL) as opened:
        yield opened


@pytest.mark.parametrize(("own", "seen"), [("", OURS), ("gctrace=1", f"{OURS},gctrace=1")])
def test_a_command_and_a_counted_process_see_it_before_their_own(bench: Bench, own: str, seen: str) -> None:
    env = {"GODEBUG": own} if own else {}
    assert bench.run(SHELL, step="run", env=env).stderr.decode() == seen
    assert bench.journal.commands[-1].env == {"GODEBUG": seen}
    once = processes.once(bench, SHELL, gomaxprocs=1, env=env)
    assert (once.stderr, once.env["GODEBUG"]) == (seen, seen)
    found = processes.tally(bench, SHELL, runs=2, gomaxprocs=1, env=env)
    assert [(one.count, one.sample) for one in found.endings] == [(2, seen)]
    assert found.env == {"GOMAXPROCS": "1", "GODEBUG": seen}


def test_what_builds_does_not_see_it(bench: Bench) -> None:
    assert bench.run(SHELL, step="build").stderr == b""
    assert bench.run(SHELL, step="housekeeping").stderr == b""


def test_a_benchmark_and_a_program_under_gdb_see_it(bench: Bench) -> None:
    program = build(bench, {"main.go": TELLS.replace(b'\t"testing"\n', b"").split(b"func Bench")[0]}, "tells")
    (run,) = gdb.session(bench, program, [gdb.Run([], 1, [gdb.Step(["os.Exit"])])]).runs
    assert run.stderr == run.env["GODEBUG"] == f"{OURS},asyncpreemptoff=1"
    sources = {
        "main.go": b"package main\n\nfunc main() {}\n",
        "letters_test.go": TELLS.replace(b"func main", b"func tell"),
    }
    measured = build(bench, sources, "letters", benchmarks=True)
    arms = {
        own: timing.Arm("BenchmarkLetters", 1, "1x", cores=0, env={"GODEBUG": own} if own else {})
        for own in ("", "gctrace=0")
    }
    seen = timing.measure(bench, measured, arms, rounds=10)
    letters = {own: sorted(set(seen.values(own, "letters"))) for own in arms}
    assert letters == {"": [len(OURS)], "gctrace=0": [len(OURS) + len(",gctrace=0")]}
