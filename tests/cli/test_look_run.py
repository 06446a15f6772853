"""look.run, asked on real toolchains: how programs end, and what they print."""

import pytest
from tests.asker import ON_ONE, Asker

pytest_plugins = ["tests.bench_fixtures", "tests.asker"]
pytestmark = pytest.mark.gdb  # the local engine needs it

PROGRAM = """package main

import (
	"fmt"
	"log"
	"math/rand"
	"os"
	"time"
)

var n int

func main() {
	switch os.Args[1] {
	case "panic":
		panic("bad\\nthing")
	case "hang":
		time.Sleep(time.Hour)
	case "exit":
		log.SetFlags(0)
		log.Fatal("this is why")
	case "coin":
		fmt.Println(rand.Intn(2))
	case "env":
		fmt.Println(os.Getenv("A"), os.Getenv("GODEBUG"), os.Getenv("GOMAXPROCS"))
	case "args":
		fmt.Printf("%q\\n", os.Args[2:])
	case "racy":
		done := make(chan bool)
		go func() { n++; done <- true }()
		n++
		<-done
	case "much":
		for i := 0; i < 10000; i++ {
			fmt.Println("line", i)
		}
	case "red":
		fmt.Println("\\x1b[31mred")
	}
}
"""


@pytest.fixture
def program(asker: Asker) -> Asker:
    asker.write("main.go", PROGRAM)
    return asker


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--", "panic"], "1.27.3  1 of 1  exit 2: panic: bad"),
        (["--timeout", "1", "--", "hang"], "1.27.3  1 of 1  still running after 1 s"),
        (["--", "exit"], "1.27.3  1 of 1  exit 1\n1.27.3: on standard error: this is why"),
        (["--", "args", "a b", "--race", ""], '1.27.3  1 of 1  exit 0\n          | ["a b" "--race" ""]'),
        (
            [
                "--env",
                "A=x y",
                "--godebug",
                "madvdontneed=1",
                "--godebug",
                "gctrace=0",
                "--gomaxprocs",
                "3",
                "--",
                "env",
            ],
            "1.27.3  1 of 1  exit 0\n          | x y madvdontneed=1,gctrace=0 3",
        ),
        (["--runs", "5", "--", "none"], "1.27.3  5 of 5  exit 0"),
        (["--", "red"], "1.27.3  1 of 1  exit 0\n          | \\x1b[31mred"),
    ],
)
def test_how_it_ends_and_what_it_prints(program: Asker, words: list[str], says: str) -> None:
    assert program.said("run", "main.go", *words, on=ON_ONE) == says


def test_ways_to_end_are_counted_and_counts_make_no_difference(program: Asker) -> None:
    data = program.data("run", "main.go", "--runs", "24", "--", "coin")
    for one in data.values():
        ways = one["answer"]["ways"]
        assert {way["printed"]: way["ends"] for way in ways} == {"0\n": "exit 0", "1\n": "exit 0"}
        assert sum(way["count"] for way in ways) == 24
    said = program.said("run", "main.go", "--runs", "24", "--", "coin")
    assert "1.21.13, 1.27.3" in said.splitlines()[0], "they agree"
    assert " of 24" in said


def test_a_race_is_reported_with_the_detector(program: Asker) -> None:
    said = program.said("run", "main.go", "--race", "--", "racy", on=ON_ONE)
    assert said == "1.27.3  1 of 1  exit 66: WARNING: DATA RACE"


def test_of_what_is_long_people_see_the_beginning_and_data_have_a_hash(program: Asker) -> None:
    said = program.said("run", "main.go", "--", "much", on=ON_ONE)
    assert "| line 7\n" in said
    assert "lines more" in said
    (way,) = program.data("run", "main.go", "--", "much", on=ON_ONE)["1.27.3 amd64"]["answer"]["ways"]
    assert way["printed"].startswith("line 0\nline 1\n")
    # sha256 of "line 0\n" to "line 9999\n", 98,890 characters
    assert "... 78890 characters more, SHA-256 of all " in way["printed"]
    assert len(way["printed"]) < 20200


def test_a_package_that_is_no_program_runs_its_tests_in_its_folder(module: Asker) -> None:
    said = module.said("run", "dot.ted", "--", "-test.run", "TestData", on=ON_ONE)
    assert said == ("1.27.3  1 of 1  exit 0\n          | hello\n          | one\n          | <nil>PASS")


def test_a_program_of_a_module(module: Asker) -> None:
    said = module.said("run", "./cmd/app", "--", "x", on=ON_ONE)
    assert said == "1.27.3  1 of 1  exit 0\n          | true [x]"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["main.go", "--runs", "0"], "Runs, processors and seconds are positive numbers."),
        (["main.go", "--timeout", "-1"], "Runs, processors and seconds are positive numbers."),
        (["main.go", "--arch", "arm64"], "What runs, runs on this machine's own processor: amd64."),
        (["main.go", "--env", "A"], "A sets nothing. Write it as NAME=value."),
        ([], "look.run wants a source."),
    ],
)
def test_what_cannot_be_is_refused(program: Asker, words: list[str], says: str) -> None:
    done = program.ask("run", *words, on=ON_ONE)
    assert (done.returncode, done.stdout, says in done.stderr) == (2, "", True), done.stderr


def test_the_replay_of_a_run_with_arguments_asks_the_same(program: Asker) -> None:
    words = ("run", "main.go", "--runs", "2", "--", "args", "a b")
    (one,) = program.data(*words, on=ON_ONE).values()
    replay = one["provenance"]["replay"]
    assert replay.startswith("claimlab look.run main.go --runs 2 --gomaxprocs ")
    assert replay.endswith(" --timeout 10 --go 1.27.3 --engine local --fresh -- args 'a b'")
