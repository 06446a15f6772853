"""What else runs on the machine while time is measured."""

import os
import subprocess
import sys

import pytest
from tests.bench_fixtures import EITHER, NEWEST, RESOURCES, pinned

from claimlab.benches.engine import Engine
from claimlab.instruments.gobuild import build
from claimlab.instruments.ratios import LEAST_ROUNDS
from claimlab.instruments.timing import WINDOWS, Arm, measure

pytest_plugins = ["tests.bench_fixtures"]


@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
def test_what_else_runs_on_the_machine_is_noticed(either_engine: Engine) -> None:
    """One busy process for each processor, which the bench is none the wiser of; what the arm itself uses is not in."""
    sources = {"timed_test.go": (RESOURCES / "timed_test.go").read_bytes(), **WINDOWS}
    processors = os.cpu_count() or 1
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processors)]
    try:
        with either_engine.open(pinned(NEWEST), 300) as bench:
            binary = build(bench, sources, "timed", benchmarks=True)
            seen = measure(bench, binary, {"only": Arm("BenchmarkOnce", 1, "20000x", cores=0)}, rounds=LEAST_ROUNDS)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    samples = [sample for samples in seen.rounds for sample in samples.values()]
    used = sum(sample.cpu_s for sample in samples) / sum(sample.wall_s for sample in samples)
    assert seen.others_busy is not None
    assert seen.others_busy > processors / 3
    assert seen.others_busy + used < processors * 1.1
