"""Claims about benchmarks that are data, from the row to the verdict, on two real toolchains."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from tests.claim_rows import NEW, ON_LOCAL, chapter_of
from tests.tiny_lab import Checkout, Started

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
pytestmark = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]
OLD = "1.21.13"
PROGRAMS = {
    "made_test.go": """// Benchmarks that allocate, or take time, as their names say.
package made

import (
	"os"
	"sync"
	"testing"
)

var (
	kept   []byte
	length = 10
	number int
	turn   sync.Once
	isOdd  bool
)

//go:noinline
func spin(n int) {
	for i := 0; i < n; i++ {
		number = number*3 + i
	}
}

// odd says in every second process that it is one.
func odd() bool {
	turn.Do(func() {
		isOdd = os.Mkdir("odd", 0o700) == nil
		if !isOdd {
			os.Remove("odd")
		}
	})
	return isOdd
}

func BenchmarkNothing(b *testing.B) {
	for i := 0; i < b.N; i++ {
		spin(1)
	}
}

func BenchmarkInside(b *testing.B) { b.Run("made here", BenchmarkKept) }

func BenchmarkAlsoNothing(b *testing.B) { BenchmarkNothing(b) }

func BenchmarkMade(b *testing.B) {
	for i := 0; i < b.N; i++ {
		made := make([]byte, length)
		number += len(made)
	}
}

func BenchmarkKept(b *testing.B) {
	for i := 0; i < b.N; i++ {
		kept = make([]byte, 16)
	}
}

func BenchmarkThree(b *testing.B) {
	for i := 0; i < 3*b.N; i++ {
		kept = make([]byte, 16)
	}
}

func BenchmarkSometimes(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if odd() {
			kept = make([]byte, 16)
		}
	}
}

func BenchmarkQuick(b *testing.B) {
	for i := 0; i < b.N; i++ {
		spin(100)
	}
}

func BenchmarkMiddling(b *testing.B) {
	for i := 0; i < b.N; i++ {
		spin(1000)
	}
}

func BenchmarkSlow(b *testing.B) {
	for i := 0; i < b.N; i++ {
		spin(10_000)
	}
}

func BenchmarkSwings(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if odd() {
			spin(100)
		} else {
			spin(10_000)
		}
	}
}
""",
    "speed/old.go": "//go:build !go1.24\n\npackage speed\n\nconst work = 10_000\n",
    "speed/new.go": "//go:build go1.24\n\npackage speed\n\nconst work = 1000\n",
    "speed/speed_test.go": """package speed

import "testing"

var number int

//go:noinline
func spin(n int) {
	for i := 0; i < n; i++ {
		number = number*3 + i
	}
}

func BenchmarkWork(b *testing.B) {
	for i := 0; i < b.N; i++ {
		spin(work)
	}
}

func BenchmarkSlow(b *testing.B) {
	for i := 0; i < b.N; i++ {
		spin(30_000)
	}
}
""",
    "newer_test.go": """package newer

import "testing"

func BenchmarkNew(b *testing.B) {
	for i := 0; i < b.N; i++ {
		_ = *new(7)
	}
}
""",
}
SHORT = 'rounds = 10, benchtime = "20ms", cores = 0'
"""Nobody looks whether the processors were given: this machine may be anybody's meanwhile."""
ROWS = {
    "nothing-is-wrong": ("made_test.go", 'benchmark = "Kept", allocs = 0', "fails", "fails"),
    "made": ("made_test.go", 'benchmark = "BenchmarkMade", allocs = 1', "holds", "fails"),
    "made-not": ("made_test.go", 'benchmark = "Made", bytes = 0, control = "Kept"', "fails", "holds"),
    "inside": ("made_test.go", 'benchmark = "Inside/made here", allocs = 1', "holds", "holds"),
    "three": ("made_test.go", 'benchmark = "Three", allocs = 3', "holds", "holds"),
    "blind": ("made_test.go", 'benchmark = "Nothing", allocs = 0, control = "AlsoNothing"', "broken", "broken"),
    "sometimes": ("made_test.go", 'benchmark = "Sometimes", allocs = 1', "unclear", "unclear"),
    "quicker": ("made_test.go", 'benchmark = "Quick", against = "Slow", ratio_at_most = 0.5', "holds", "holds"),
    "swings": (
        "made_test.go",
        'benchmark = "Swings", against = "Middling", ratio_at_most = 1.0, control = "Slow"',
        "unclear",
        "unclear",
    ),
    "wrong-control": (
        "made_test.go",
        'benchmark = "Middling", against = "Slow", ratio_at_most = 1.0, control = "Quick"',
        "broken",
        "broken",
    ),
    "than-before": ("speed", 'benchmark = "Work", across = "previous", ratio_at_most = 0.5', "void", "holds"),
    "than-1.21": ("speed", 'benchmark = "Work", across = "1.21", ratio_at_least = 2.0', "void", "fails"),
    "newer": ("newer_test.go", 'benchmark = "New", across = "1.21", ratio_at_most = 0.5', "void", "void"),
}
"""By id: where the benchmark is, what is claimed, and what is to come out on the old release and on the new."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    started = Started()
    rows = {
        name: (f'{{ bench = "{where}", {claimed}, {SHORT} }}', old, new)
        for name, (where, claimed, old, new) in ROWS.items()
    }
    checkout = chapter_of(tmp_path_factory.mktemp("data") / "checkout", started, PROGRAMS, rows, OLD)
    done = checkout.inv("lab.all", "--plain", *ON_LOCAL)
    assert "Traceback" not in done.stderr, done.stderr
    yield checkout
    started.end()


def test_every_row_comes_out_as_it_has_to(made: Checkout) -> None:
    done = made.inv("verdicts", "--json", *ON_LOCAL)
    outcomes = {row["id"]: tuple(row["outcomes"].values()) for row in json.loads(done.stdout)}
    assert outcomes == {name: (old, new) for name, (_, _, old, new) in ROWS.items()}


def test_what_decided_is_told(made: Checkout) -> None:
    done = made.inv("lab.all", "--plain", *ON_LOCAL)
    assert "trials in" not in done.stderr  # nothing is measured again
    told = {line.split(" on Go")[0] for line in done.stdout.splitlines() if " on Go " in line and "expected" in line}
    assert told == {"blind", "wrong-control"}
    printed = " ".join(done.stdout.split())
    assert "the judge failed on its control, the benchmark AlsoNothing: holds instead of fails" in printed
    assert "control, the benchmark Quick in the place of Middling: holds instead of fails" in printed
    assert f"replay: ./inv lab.look-blind --go {OLD} --engine local --fresh" in printed


def observed(made: Checkout, claim: str, toolchain: str = NEW) -> dict[str, Any]:
    (path,) = (made.record / f"look-{claim}" / toolchain).glob("*.json")
    return dict(json.loads(path.read_bytes()))


def test_the_programs_of_both_releases_ran_in_the_same_rounds(made: Checkout) -> None:
    found = observed(made, "than-before")
    now, before = f"Work on Go {NEW}", f"Work on Go {OLD}"
    assert [set(one) for one in found["seen"]["timing"]["rounds"]] == [{now, before, f"{before}, once more"}] * 10
    assert (found["seen"]["pair"]["one"], found["seen"]["pair"]["other"]) == (now, before)
    assert found["seen"]["pair"]["ratio"]["high"] < 0.5 < found["seen"]["control"]["ratio"]["low"]
    provenance = found["provenance"]
    (built,) = provenance["beside"][OLD]["binaries"].values()
    assert provenance["binaries"][f"on-{OLD}"] == built != provenance["binaries"]["program"]
    assert any(name.startswith("host ") for name in found["inputs"])


def test_where_nothing_can_be_compared_it_is_said_why(made: Checkout) -> None:
    assert observed(made, "than-before", OLD)["seen"] == {"lacks": "there is no release before it"}
    assert observed(made, "than-1-21", OLD)["seen"] == {"lacks": "the others are compared with it"}
    lacks, _, shown = observed(made, "newer")["seen"]["lacks"].partition("\n")
    assert lacks == f"the sources do not build on Go {OLD}"
    assert "newer_test.go:7" in shown


def test_a_release_that_nobody_has_stops_no_other_row(made: Checkout) -> None:
    path = made.labs / "ch9_things" / "claims.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace('across = "1.21"', 'across = "1.22"', 1), encoding="utf-8")
    try:
        done = made.inv("lab.all", "--plain", *ON_LOCAL)
    finally:
        path.write_text(before, encoding="utf-8")
    says = f"across='1.22': it names no single pinned release: say previous, or one of {OLD}, {NEW}"
    assert says in done.stdout
    assert "1 lab cannot be used" in done.stdout


def test_pages_show_what_decided(made: Checkout) -> None:
    docs = made.root / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text('project = "Toys"\nextensions = ["claimlab.site"]\nhtml_theme = "furo"\n')
    (docs / "index.md").write_text("# Toys\n")
    done = made.inv("docs", "--no-run", *ON_LOCAL)
    assert done.returncode == 0, done.stderr
    claim = (docs / "_build" / "html" / "claims" / "than-before.html").read_text()
    assert "Work against itself" in claim
    assert "there is no release before it" in claim
    lab = (docs / "_build" / "html" / "labs" / "look-than-before.html").read_text()
    assert lab.count('<svg class="cl-plot"') == 3  # every sample, the ratio, and that of the control
    assert f"./inv lab.look-than-before --go {NEW} --engine local --fresh" in lab


def test_what_a_benchmark_allocates_is_kept_as_a_row(made: Checkout) -> None:
    source = made.labs / "ch9_things" / "made_test.go"
    options = ("--rounds", "10", "--benchtime", "20ms", "--cores", "0", "--go", NEW, *ON_LOCAL)
    several = made.inv("look.bench", str(source), "--bench", "Nothing", *options, "--keep", "kept")
    assert several.returncode == 2
    assert "A claim is about one benchmark, and here is BenchmarkAlsoNothing, BenchmarkNothing" in several.stderr
    done = made.inv("look.bench", str(source), "--bench", "^BenchmarkKept$", *options, "--keep", "kept")
    assert done.returncode == 0, done.stderr
    rows = tomllib.loads((source.parent / "claims.toml").read_text(encoding="utf-8"))["claim"]
    assert rows[-1]["look"] == {"bench": "made_test.go", "benchmark": "Kept", "allocs": 1, "benchtime": "20ms"}
    assert rows[-1]["en"] == "One operation of the benchmark `Kept` allocates 1 object."
    again = made.inv("lab.look-kept", "--go", NEW, *ON_LOCAL)
    assert "kept confirmed" in " ".join(again.stdout.split())
