"""look.bench, asked on real toolchains: a benchmark that does four times the work on newer releases."""

import re
from pathlib import Path
from statistics import median
from typing import Any, Final

import pytest
from scipy.stats import mannwhitneyu  # type: ignore[import-untyped]
from tests.asker import OLDEST, ON_ONE, Asker
from tests.bench_fixtures import NEWEST
from tests.benchfmt import read

pytest_plugins = ["tests.bench_fixtures", "tests.asker"]
pytestmark = pytest.mark.gdb  # the local engine needs it

WORK: Final = {
    "go.mod": "module example.com/work\n\ngo 1.21\n",
    "old.go": "//go:build !go1.22\n\npackage work\n\nconst steps = 2000\n",
    "new.go": "//go:build go1.22\n\npackage work\n\nconst steps = 8000\n",
    "work_test.go": """package work

import "testing"

var kept []byte

func BenchmarkWork(b *testing.B) {
	for i := 0; i < b.N; i++ {
		n := uint64(i) | 1
		for j := 0; j < steps; j++ {
			n ^= n << 13
			n ^= n >> 7
			n ^= n << 17
		}
		kept = make([]byte, 16+n%2)
	}
}
""",
}
ASKED: Final = ("bench", ".", "--rounds", "10", "--benchtime", "500x", "--cores", "0", "--benchfmt", "samples")


@pytest.fixture
def work(asker: Asker) -> Asker:
    for name, text in WORK.items():
        asker.write(name, text)
    return asker


def samples(folder: Path, name: str) -> dict[str, list[float]]:
    found = read((folder / "samples" / f"{name}.txt").read_text())
    assert found.settings == {"toolchain": name}
    return found.samples["BenchmarkWork"]


def test_four_times_the_work_is_seen_and_the_files_say_the_same(work: Asker) -> None:
    shown = work.said(*ASKED)
    old, new = (samples(work.folder, name) for name in (OLDEST, NEWEST))
    assert len(old["ns/op"]) == len(new["ns/op"]) == 10
    (line,) = re.findall(r"^.*ns/op.*$", shown, re.MULTILINE)
    assert line.split()[:3] == ["BenchmarkWork", "ns/op", f"{median(old['ns/op']):.4g}"]
    assert f" {median(new['ns/op']):.4g} " in line
    ratio = re.search(r"×(\S+) \[(\S+), (\S+)\] p=(\S+) (\S+)", line)
    assert ratio, line
    # Not just four: the releases compile it differently, and the machine may be busy.
    assert 2 < float(ratio[1]) < 8
    assert float(ratio[1]) == pytest.approx(
        median(after / before for after, before in zip(new["ns/op"], old["ns/op"], strict=True)), abs=5e-4
    )
    assert float(ratio[4]) == pytest.approx(mannwhitneyu(old["ns/op"], new["ns/op"]).pvalue, abs=1e-3)
    assert ratio[5] == "slower"
    data: dict[str, Any] = work.data(*ASKED)
    (measure,) = data[f"{NEWEST} {data_arch(data)}"]["answer"]["measures"]
    assert measure["ns"] == median(new["ns/op"])
    assert [measure["bytes"], measure["allocations"]] == [sorted({*new["B/op"]}), sorted({*new["allocs/op"]})]


def data_arch(data: dict[str, Any]) -> str:
    (arch,) = {name.split()[1] for name in data}
    return arch


ODD: Final = {
    "go.mod": "module example.com/odd\n\ngo 1.21\n",
    "p/testdata/x.txt": "hello",
    "p/p_test.go": """package p

import (
	"log"
	"os"
	"testing"
)

var number int

func BenchmarkReads(b *testing.B) {
	text, err := os.ReadFile("testdata/x.txt")
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; i < b.N; i++ {
		number += len(text)
	}
}

func BenchmarkLogs(b *testing.B) {
	log.Print("it begins")
	for i := 0; i < b.N; i++ {
		number++
	}
}

func BenchmarkTimeless(b *testing.B) {
	for i := 0; i < b.N; i++ {
		number++
	}
	b.ReportMetric(0, "ns/op")
}

func BenchmarkFails(b *testing.B) { b.Fatal("never") }

func BenchmarkSkips(b *testing.B) { b.Skip("today") }
""",
}


def test_odd_benchmarks_do_not_stand_in_the_way_of_others(asker: Asker) -> None:
    for name, text in ODD.items():
        asker.write(name, text)
    shown = asker.said("bench", "./p", "--rounds", "10", "--benchtime", "500x", "--cores", "0", on=ON_ONE)
    rows = {line.split("  ")[0]: line for line in shown.splitlines()}
    assert re.search(r"ns/op +[0-9.]+$", rows["BenchmarkReads ns/op"])
    assert re.search(r"ns/op +[0-9.]+$", rows["BenchmarkLogs ns/op"])
    assert rows["BenchmarkTimeless ns/op"].endswith("it reports none above 0: does it loop b.N times?")
    assert rows["BenchmarkTimeless B/op"].split()[-1] == "0"
    assert "BenchmarkFails fails on Go 1.27.3, and is left out" in shown
    assert "Skips" not in shown


def test_a_time_that_go_does_not_take_is_refused(work: Asker) -> None:
    for given in ("xx", "0x", "10", "-1s", "1 s"):
        done = work.ask("bench", ".", f"--benchtime={given}")
        assert (done.returncode, f"--benchtime {given} is nothing" in done.stderr) == (2, True)
