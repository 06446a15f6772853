"""What ``--json`` has written of any question, ``--expect`` takes: the same again is no change, another answer is."""

import json

import pytest
from tests.asker import ON_ONE, Asker

pytest_plugins = ["tests.asker", "tests.bench_fixtures"]
pytestmark = pytest.mark.gdb  # the local engine needs it

SOURCE = """package main

import (
	"fmt"
	"os"
)

type T struct{ a, b int32 }

//go:noinline
func sum(t *T) int32 { return t.a + t.b }

func main() { fmt.Println(sum(&T{1, 2}), os.Args[1:], os.Getenv("X")) }
"""
BENCHMARK = """package main

import "testing"

var sink []byte

func BenchmarkMake(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink = make([]byte, 64)
	}
}
"""
QUICK = ("--rounds", "10", "--benchtime", "20x")
QUESTIONS = {
    "layout": ("layout", "T", "--field", "b", "--in", "main.go"),
    "code": ("code", "main.sum", "--in", "main.go"),
    "compiler": ("compiler", "main.go", "--topic", "escapes"),
    "run": ("run", "main.go", "--runs", "2", "--env", "X=1", "--godebug", "a=1", "--godebug", "b=2", "--", "-x", "a b"),
    "bench": ("bench", "map_test.go", "--bench", "Make", *QUICK),
}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_what_was_written_is_compared_with(asker: Asker, kind: str) -> None:
    asker.write("main.go", SOURCE)
    asker.write("map_test.go", BENCHMARK)
    name, *words = QUESTIONS[kind]
    written = asker.ask(name, "--json", *words, on=ON_ONE)
    asker.write("answer.json", written.stdout)
    same = asker.ask(name, "--expect", "answer.json", *words, on=ON_ONE)
    assert (same.returncode, "nothing that answer.json holds has changed" in same.stderr) == (0, True), same.stderr

    earlier = json.loads(written.stdout)
    earlier["answers"][0] |= {"status": "refused", "answer": None, "words": "it did not build"}
    asker.write("other.json", json.dumps(earlier))
    other = asker.ask(name, "--expect", "other.json", *words, on=ON_ONE)
    assert (other.returncode, "was does not build: it did not build" in other.stderr) == (1, True), other.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--expect", "nowhere.json"), "nowhere.json cannot be read: No such file or directory."),
        (("--keep", "no id"), "'no id' is no id of a claim."),
    ],
)
def test_what_cannot_be_compared_or_kept_is_refused_before_anything_is_asked(
    asker: Asker, words: tuple[str, ...], says: str
) -> None:
    asker.write("claimlab.toml", f'title = "x"\narticles = ["labs"]\ncache = "{asker.cache / "claimlab"}"\n')
    asker.write("labs/article.toml", 'title = "x"\n')
    asker.write("labs/claims.toml", '[chapter]\ntitle = "x"\n')
    done = asker.ask("layout", "runtime.g", *words, on=ON_ONE)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(says)


def test_several_packages_are_no_question(asker: Asker) -> None:
    done = asker.ask("compiler", "./...", on=ON_ONE)
    assert done.returncode == 2
    assert done.stderr.startswith("./... stands for several packages, and a question is about one.")
