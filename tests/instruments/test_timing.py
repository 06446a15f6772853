"""Benchmarks whose relation is known, on a real bench; the parser on recorded output; how often intervals are right."""

import os
from collections.abc import Iterator
from statistics import median

import msgspec
import pytest
from tests.bench_fixtures import EITHER, LIFE_S, NEWEST, RESOURCES, pinned, shell

from claimlab.benches.bench import Bench
from claimlab.benches.engine import Engine
from claimlab.instruments import timing
from claimlab.instruments.gobuild import Binary, build
from claimlab.instruments.ratios import LEAST_ROUNDS
from claimlab.instruments.timing import Arm, Result, Sample, Timing, measure, results
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]

SETTINGS = b"""package main

import "runtime/debug"
import "testing"

func BenchmarkSettings(b *testing.B) { b.ReportMetric(float64(debug.SetGCPercent(100)), "gogc") }
"""
SOURCES = {
    "timed_test.go": (RESOURCES / "timed_test.go").read_bytes(),
    "settings_test.go": SETTINGS,
    **timing.WINDOWS,
}
Timed = tuple[Bench, Binary]


@pytest.fixture(scope="module", params=EITHER)
def timed(request: pytest.FixtureRequest) -> Iterator[Timed]:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.open(pinned(NEWEST), LIFE_S) as bench:
        yield bench, build(bench, SOURCES, "timed", benchmarks=True)


def once(timed: Timed, arm: Arm, most: int = 1) -> Timing:
    """As few rounds as possible: one, which counts or not."""
    return measure(*timed, {"only": arm}, rounds=LEAST_ROUNDS, most=most)


# On a bench


def test_twice_the_work_takes_twice_as_long(timed: Timed) -> None:
    arms = {"once": Arm("BenchmarkOnce", 1, "1000x", cores=0), "twice": Arm("BenchmarkTwice", 1, "1000x", cores=0)}
    seen = measure(*timed, arms, rounds=25)
    assert len(seen.clean()) == len(seen.rounds) == 25
    ratio = seen.ratio(("twice", "ns/op"), ("once", "ns/op"))
    assert ratio is not None
    assert 1.8 < ratio.ratio < 2.2
    assert ratio.above(1.6)
    assert ratio.median == median(seen.values("twice"))
    assert set(seen.values("twice", "steps/op")) == {2000}
    assert {sample.iterations for samples in seen.rounds for sample in samples.values()} == {1000}


def test_a_process_that_had_its_core_is_clean(timed: Timed) -> None:
    # So much work that starting the process does not count, and as much of it however busy the machine is.
    arm = Arm("BenchmarkOnce", 1, "50000x", cores=1)
    seen = measure(*timed, {"only": arm}, rounds=LEAST_ROUNDS, most=1, busy=0.01)
    assert len(seen.clean()) == 1
    assert seen.rounds[0]["only"].cpu_s > 0.02


def test_every_round_has_every_arm_in_changing_order(timed: Timed) -> None:
    bench, binary = timed
    shell(bench, "rm -f noted").or_broken("the file cannot be removed")
    arms = {letter: Arm(f"BenchmarkNote{letter}", 1, "2x", cores=0) for letter in "ABC"}
    measure(bench, binary, arms, rounds=LEAST_ROUNDS)
    noted = bench.get("noted").decode()
    rounds = [noted[start : start + 3] for start in range(0, len(noted), 3)]
    assert len(rounds) == LEAST_ROUNDS
    assert all(sorted(letters) == ["A", "B", "C"] for letters in rounds)
    assert len(set(rounds)) > 2


def test_arms_of_one_binary_can_have_different_environments(timed: Timed) -> None:
    arms = {str(gogc): Arm("BenchmarkSettings", 1, "1x", cores=0, env={"GOGC": str(gogc)}) for gogc in (37, 200)}
    seen = measure(*timed, {"none": Arm("BenchmarkSettings", 1, "1x", cores=0), **arms}, rounds=LEAST_ROUNDS)
    assert [set(seen.values(label, "gogc")) for label in ("none", "37", "200")] == [{100}, {37}, {200}]


def test_a_process_that_lacks_a_core_is_not_clean(timed: Timed) -> None:
    seen = once(timed, Arm("BenchmarkOnce", 2, "20000x", cores=2), most=3)
    assert len(seen.rounds) == 3
    assert seen.clean() == []
    assert seen.ratio(("only", "ns/op"), ("only", "ns/op")) is None
    (first, *_) = seen.rounds
    assert first["only"].cpu_s < 1.6 * first["only"].wall_s


def test_a_benchmark_can_say_itself_that_it_is_not_clean(timed: Timed) -> None:
    reached = Arm("BenchmarkTwice", 1, "100x", cores=0, least={"steps/op": 2000})
    assert len(once(timed, reached).clean()) == 1
    missed = Arm("BenchmarkTwice", 1, "100x", cores=0, least={"steps/op": 2001})
    assert once(timed, missed).clean() == []
    unsaid = Arm("BenchmarkTwice", 1, "100x", cores=0, least={"nosuch": 1})
    assert once(timed, unsaid).clean() == []


@pytest.mark.parametrize("name", ["size=1", "size=10-2", "a.b"])
@pytest.mark.parametrize("gomaxprocs", [1, 2])
def test_a_benchmark_is_known_by_its_full_name(timed: Timed, name: str, gomaxprocs: int) -> None:
    seen = once(timed, Arm(f"BenchmarkSizes/{name}", gomaxprocs, "10x", cores=0))
    assert seen.values("only")


def test_a_process_can_be_kept_on_one_core(timed: Timed) -> None:
    everywhere = once(timed, Arm("BenchmarkCores", 1, "1x", cores=0))
    assert everywhere.processors == len(os.sched_getaffinity(0))
    assert 1 <= everywhere.values("only", "cores")[0] <= everywhere.processors
    last = everywhere.processors - 1
    assert once(timed, Arm("BenchmarkCores", 1, "1x", cores=0, pinned=[last])).values("only", "cores") == [1]
    with pytest.raises(LabBroken, match=r"there are only"):
        once(timed, Arm("BenchmarkCores", 1, "1x", pinned=[everywhere.processors]))


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("Fails", "on purpose"),
        ("Skips", "0 results of BenchmarkSkips"),
        ("Nosuch", "0 results of BenchmarkNosuch"),
        ("Sizes", "0 results of BenchmarkSizes"),
    ],
)
def test_a_benchmark_without_a_result_breaks_the_lab(timed: Timed, name: str, complaint: str) -> None:
    with pytest.raises(LabBroken, match=complaint):
        once(timed, Arm(f"Benchmark{name}", 1, "10x", cores=0))


def test_a_benchmark_that_does_not_end_breaks_the_lab(timed: Timed) -> None:
    with pytest.raises(LabBroken, match="took more than 1 s"):
        measure(*timed, {"only": Arm("BenchmarkNeverEnds", 1, "10x")}, rounds=LEAST_ROUNDS, most=1, timeout_s=1)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two cores")
def test_windows_take_turns_and_count_only_what_ran_together(timed: Timed) -> None:
    seen = measure(*timed, {"both": timing.windows("BenchmarkTogether", 2, 200)}, rounds=LEAST_ROUNDS, most=40)
    assert seen.clean(), "two cores that are each others' for a while are too much to ask of this machine now"
    for samples in seen.clean():
        values = samples["both"].values
        assert values["clean-windows"] >= 50
        assert values["own-cores"] >= 0.95
        assert values["apart-ns/op"] > 0
        assert "ns/op" not in values
    ratio = seen.ratio(("both", "shared-ns/op"), ("both", "apart-ns/op"))
    assert ratio is not None
    assert ratio.ratio > 1.5


def test_more_loops_than_cores_leave_no_clean_window(timed: Timed) -> None:
    seen = once(timed, timing.windows("BenchmarkTooMany", 2, 10))
    (samples,) = seen.rounds
    assert not samples["only"].clean
    assert "crowd-ns/op" not in samples["only"].values


def test_too_few_rounds_are_refused(timed: Timed) -> None:
    with pytest.raises(ValueError, match=r"3 rounds give no interval"):
        measure(*timed, {}, rounds=3)


# The format


def named(number: int) -> dict[str, Result]:
    found = results((RESOURCES / f"benchmarks_{number}.txt").read_text(), number)
    return {result.name: result for result in found}


@pytest.mark.parametrize("gomaxprocs", [1, 2])
def test_recorded_output_is_read(gomaxprocs: int) -> None:
    found = named(gomaxprocs)
    assert list(found) == [
        "BenchmarkOnce",
        "BenchmarkTwice",
        "BenchmarkSizes/size=1",
        "BenchmarkSizes/size=8-2",
        "BenchmarkNoisy",
    ]
    assert {result.iterations for result in found.values()} == {2000}
    assert set(found["BenchmarkTwice"].values) == {"ns/op", "steps/op", "B/op", "allocs/op"}
    assert set(found["BenchmarkSizes/size=1"].values) == {"ns/op", "MB/s"}


def test_values_are_those_of_the_line() -> None:
    assert named(1)["BenchmarkTwice"].values == {"ns/op": 3232, "steps/op": 2000, "B/op": 0, "allocs/op": 0}
    assert named(2)["BenchmarkSizes/size=8-2"].values == {"ns/op": 14.45, "MB/s": 553.46}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "BenchmarkLonely",
        "BenchmarkLonely-2",
        "BenchmarkOdd 10 5",
        "BenchmarkOdd 10 5 ns/op 6",
        "Benchmarking 10 5 ns/op",
        "BenchmarkWords ten 5 ns/op",
        "BenchmarkWords 10 five ns/op",
        "ok  	claimlab	0.1s",
        " --- BENCH: BenchmarkNoisy",
    ],
)
def test_other_lines_are_no_results(line: str) -> None:
    assert results(line, 1) == []


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("Benchmark 1 2 ns/op", Result("Benchmark", 1, {"ns/op": 2})),
        ("BenchmarkÜ-2 1 2e-3 ns/op", Result("BenchmarkÜ", 1, {"ns/op": 0.002})),
        ("Benchmark_x/a=-2/b-2\t1\t2 ns/op\t+Inf x", Result("Benchmark_x/a=-2/b", 1, {"ns/op": 2, "x": float("inf")})),
    ],
)
def test_unusual_results(line: str, result: Result) -> None:
    assert results(line, 2) == [result]


def test_what_was_seen_survives_the_record() -> None:
    sample = Sample(10, {"ns/op": 1.5}, 0.2, 0.1, 3, True)
    seen = Timing({"a": Arm("BenchmarkA", 2, "10x", least={"x": 1})}, 2, [{"a": sample}])
    assert msgspec.json.decode(msgspec.json.encode(seen), type=Timing) == seen
