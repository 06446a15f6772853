"""Claims that are data, from the row to the verdict, on real toolchains: their controls can say otherwise."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.bench_fixtures import silent, wanted
from tests.claim_rows import ON_DOCKER, chapter_of
from tests.tiny_lab import Checkout, Started

from claimlab.benches.docker_engine import DockerEngine

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
pytestmark = pytest.mark.docker
OLD = "1.24.11"
PROGRAMS = {
    "nil.go": """package main

import (
	"fmt"
	"os"
)

func main() {
	file, err := os.Open("nosuch")
	name := file.Name()
	if err != nil {
		fmt.Println("error first:", err)
		return
	}
	fmt.Println(name)
}
""",
    "made.go": """package main

func local() int {
	n := 10
	made := make([]byte, n)
	return len(made)
}

func main() { println(local()) }
""",
    "sum.go": """package main

//go:noinline
func grow(xs []int) []int { return append(xs, 1) }

//go:noinline
func sum(xs []int) (total int) {
	for _, x := range xs {
		total += x
	}
	return total
}

func main() { println(sum(grow(nil))) }
""",
    "long.go": """package main

import (
	"fmt"
	"strings"
)

func main() { fmt.Println(strings.Repeat("abcd", 10_000) + "end") }
""",
    "new.go": "package main\n\nfunc main() { println(*new(7)) }\n",
}
ROWS = {
    "goid": ('{ layout = "runtime.g", field = "goid", offset = 152 }', "fails", "holds"),
    "g-size": ('{ layout = "runtime.g", size = 1 }', "fails", "fails"),
    "hmap": ('{ layout = "runtime.hmap", exists = false }', "holds", "holds"),
    "gobuf": ('{ layout = "runtime.g", field = "sched.sp", exists = true }', "holds", "holds"),
    "nosuch": ('{ layout = "runtime.nosuch", size = 8 }', "void", "void"),
    "nil": ('{ run = "nil.go", exit = 0, prints = "error first" }', "holds", "fails"),
    "nil-dies": ('{ run = "nil.go", message = "nil pointer", runs = 3 }', "fails", "holds"),
    "escapes": ('{ compiler = "made.go", line = 5, decides = "escapes", about = "make" }', "holds", "fails"),
    "stays": ('{ compiler = "made.go", line = 5, decides = "escapes", never = true }', "fails", "holds"),
    "stays-made": (
        '{ compiler = "made.go", line = 5, decides = "escapes", about = "make", never = true }',
        "fails",
        "holds",
    ),
    "prints": ('{ run = "nil.go", prints = "l" }', "holds", "fails"),
    "calls-own": ('{ code = "main.main", in = "sum.go", calls = "grow" }', "holds", "holds"),
    "grows": ('{ code = "main.grow", in = "sum.go", calls = "runtime.growslice" }', "holds", "holds"),
    "adds": ('{ code = "sum", in = "sum.go", never_calls = "runtime.growslice", control = "grow" }', "holds", "holds"),
    "begins": ('{ run = "long.go", prints = "abcd" }', "holds", "holds"),
    "ends": ('{ run = "long.go", prints = "end" }', "unclear", "unclear"),
    "is-cut": ('{ run = "long.go", prints = "characters more" }', "unclear", "unclear"),
    "new-value": ('{ run = "new.go", exit = 0 }', "void", "holds"),
    "no-control": (
        '{ code = "sum", in = "sum.go", never_calls = "main.nosuch", control = "grow" }',
        "broken",
        "broken",
    ),
}
"""The table, and what is to come out on the old release and on the new."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, docker_engine: DockerEngine) -> Iterator[Checkout]:
    docker_engine.prepare([wanted(OLD)], silent)
    started = Started()
    yield chapter_of(tmp_path_factory.mktemp("data") / "checkout", started, PROGRAMS, ROWS, OLD)
    started.end()


def test_every_kind_is_measured_judged_and_compared(made: Checkout) -> None:
    done = made.inv("lab.all", "--plain", *ON_DOCKER)
    assert "Traceback" not in done.stderr
    differing = {line.split(" on Go")[0] for line in done.stdout.splitlines() if " on Go " in line}
    assert differing == {"no-control"}, done.stdout
    assert "the judge failed on its control, the function grow: holds instead of fails" in done.stdout
    assert done.returncode == 1
    again = made.inv("lab.look-goid", "--plain", *ON_DOCKER)
    assert again.returncode == 0, again.stdout
    assert "trials in" not in again.stderr  # nothing was measured
    assert "fails on 1.24, holds on 1.27; not asked: 1.25 – 1.26" in " ".join(again.stdout.split())


def test_another_source_asks_again(made: Checkout) -> None:
    path = made.labs / "ch9_things" / "nil.go"
    before = path.read_text()
    path.write_text(before.replace("name := file.Name()", 'name := "x"; _ = file'))
    try:
        done = made.inv("lab.look-nil", "--plain", *ON_DOCKER)
    finally:
        path.write_text(before)
    assert "nil on Go 1.27.3: expected fails, measured holds" in done.stdout
    assert "1 of 1 run did as the claim says" in done.stdout
    assert "1 of 1: exit 0; prints 'error first: " in done.stdout


def test_a_row_without_figures_is_told_which_rows_have_some(made: Checkout) -> None:
    done = made.inv("values", "look-escapes", *ON_DOCKER)
    assert (done.returncode, done.stdout) == (2, "")
    rows = "Of claims that are rows, all do but those about what the compiler decides."
    assert done.stderr == f"look-escapes names no values. {rows}\n"
    assert made.inv("lab.look-nil", "--plain", *ON_DOCKER).returncode == 0
    nil = made.inv("values", "look-nil", "--plain", *ON_DOCKER)
    assert (nil.returncode, "share of exit 2" in nil.stdout) == (0, True), nil.stdout + nil.stderr


def test_a_row_that_cannot_be_stops_no_other(made: Checkout) -> None:
    path = made.labs / "ch9_things" / "claims.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace('runtime.g", size = 1', 'runtime.g", colour = 1'), encoding="utf-8")
    try:
        done = made.inv("lab.all", "--plain", *ON_DOCKER)
        listed = made.inv("--list")
    finally:
        path.write_text(before, encoding="utf-8")
    assert "look-g-size is broken" in done.stdout
    assert "colour" in done.stdout
    assert "goid" in done.stdout
    assert "lab.look-goid" in listed.stdout


def test_an_answer_is_kept_and_watched(made: Checkout, tmp_path: Path) -> None:
    program = tmp_path / "kept.go"
    program.write_text('package main\n\nfunc main() { print(""); println() }\n')
    claims = made.labs / "ch9_things" / "claims.toml"
    before = claims.read_bytes()
    for words in (("look.layout", "runtime.m", "--field", "curg"), ("look.run", str(program))):
        done = made.inv(*words, "--plain", *ON_DOCKER, "--keep", f"kept-{words[0][5:]}")
        assert done.returncode == 0, done.stderr
        assert f"claimlab lab.look-kept-{words[0][5:]}".replace("claimlab", "./inv") in done.stderr
    rows = {row["id"]: row for row in tomllib.loads(claims.read_text(encoding="utf-8"))["claim"]}
    assert claims.read_bytes().startswith(before.rstrip())
    assert rows["kept-run"]["look"] == {"run": "kept.go", "exit": 0}
    assert rows["kept-layout"]["look"]["field"] == "curg"
    assert (made.labs / "ch9_things" / "kept.go").read_text() == program.read_text()
    watched = made.inv("lab.look-kept-layout", "--expect", *ON_DOCKER)
    assert "kept-layout: expected = " in watched.stderr
    assert made.inv("lab.look-kept-layout", *ON_DOCKER).returncode == 0
    twice = made.inv("look.layout", "runtime.m", "--field", "curg", "--plain", *ON_DOCKER, "--keep", "kept-layout")
    assert (twice.returncode, "There is a claim kept-layout already." in twice.stderr) == (2, True)
