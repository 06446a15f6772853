"""look.stop, asked on real toolchains: where programs stop, and what is refused."""

import pytest
from tests.asker import ON_ONE, Asker

pytest_plugins = ["tests.bench_fixtures", "tests.asker"]
pytestmark = pytest.mark.gdb  # the local engine needs it
PROGRAM = """package main

import (
	"fmt"
	"os"
	"time"
)

//go:noinline
func work(name string, jobs []int, n int, done chan<- int) {
	fmt.Fprintln(os.Stderr, name)
	done <- len(jobs)
}

func main() {
	switch os.Args[1] {
	case "hang":
		time.Sleep(time.Hour)
	case "panic":
		panic("before")
	case "end":
		return
	}
	done := make(chan int)
	for n := 1; n < 4; n++ {
		go work(os.Args[1], []int{1, 2, 3}[:n], n, done)
		<-done
	}
}
"""


@pytest.fixture
def program(asker: Asker) -> Asker:
    asker.write("main.go", PROGRAM)
    return asker


def cells(said: str) -> dict[str, list[str]]:
    """By the label of the row, what stands in it."""
    lines = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in said.splitlines()]
    return {line[0]: line[1:] for line in lines}


def test_releases_stand_side_by_side_with_what_differs_marked(program: Asker) -> None:
    said = program.said("stop", "main.go", "--at", "work", "--", "me")
    assert said.splitlines()[0].split() == ["1.21.13", "1.27.3"]
    found = cells(said)
    assert found["#0"] == ["main.work", "main.go:10", "main.work", "main.go:10"]
    assert found["#1"] == ["main.main.func1", "main.go:26", "main.main.gowrap1", "main.go:26*"]
    assert found["#2"] == ["runtime.goexit", "runtime.goexit"]
    assert found["name"] == ["string", '"me"', '"me"']
    assert found["jobs"] == ["[]int", "[]int = {1}", "[]int = {1}"]
    assert found["done"] == ["chan<- int", "0x…", "0x…"]
    assert found["goroutines running"] == ["1", "1"]


def test_a_condition_a_line_and_registers(program: Asker) -> None:
    words = ("stop", "main.go", "--at", "main.go:11", "--when", "n == 3", "--registers", "--", "a 'b")
    one = program.data(*words, on=ON_ONE)["1.27.3 amd64"]
    answer = one["answer"]
    assert answer["place"] == "claimlab/program/main.go:11"
    assert [(call["function"], call["file"], call["line"]) for call in answer["calls"]][:2] == [
        ("main.work", "main.go", 11),
        ("main.main.gowrap1", "main.go", 26),
    ]
    values = {argument["name"]: argument["value"] for argument in answer["arguments"]}
    assert values["name"] == '"a \'b"'
    assert values["jobs"] == "[]int = {1, 2, 3}"
    assert answer["registers"]["rip"] > 0
    assert {one["status"] for one in answer["goroutines"]} >= {"running", "waiting"}
    replay = one["provenance"]["replay"]
    assert replay.startswith("claimlab look.stop main.go --at claimlab/program/main.go:11 --when 'n == 3'")
    assert replay.endswith(""" -- 'a '"'"'b'""")
    assert (
        "registers"
        not in program.data("stop", "main.go", "--at", "work", "--", "x", on=ON_ONE)["1.27.3 amd64"]["answer"]
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--at", "work", "--", "end"], "1.27.3  exit 0 before it comes there"),
        (
            ["--at", "work", "--", "panic"],
            "1.27.3  exit 2 before it comes there\n1.27.3: on standard error: panic: before; goroutine 1",
        ),
        (["--at", "work", "--timeout", "8", "--", "hang"], "1.27.3  not there within 8 s"),
    ],
)
def test_what_comes_about_instead(program: Asker, words: list[str], says: str) -> None:
    assert program.said("stop", "main.go", *words, on=ON_ONE).startswith(says)


def test_a_package_of_a_module(module: Asker) -> None:
    found = cells(module.said("stop", "./cmd/app", "--at", "main", on=ON_ONE))
    assert found["#0"] == ["main.main", "cmd/app/main.go:10"]


def test_a_function_of_a_test(module: Asker) -> None:
    found = cells(module.said("stop", "dot.ted", "--at", "TestData", on=ON_ONE))
    assert found["#0"] == ["example.com/my.mod/dot%2eted.TestData", "dot.ted/d_test.go:9"]
    assert found["#1"] == ["testing.tRunner"]


def test_an_answer_is_expected_and_seen_to_change(program: Asker) -> None:
    words = ("stop", "main.go", "--at", "work")
    bare = PROGRAM.replace("os.Args[1]", '"me"')
    program.write("main.go", bare)
    program.write("was.json", program.ask(*words, "--json", on=ON_ONE).stdout)
    program.write("main.go", bare.replace("{1, 2, 3}", "{4, 5, 6}"))
    done = program.ask(*words, "--expect", "was.json", on=ON_ONE)
    assert done.returncode == 1, done.stderr
    assert "changed: 1.27.3 amd64: was #0 main.work  main.go:10; " in done.stderr
    assert "[]int = {1}" in done.stderr
    assert "[]int = {4}" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "look.stop has to know where. Say it: --at main.f"),
        (["--at", "wrok"], "No toolchain that was asked has wrok in its program."),
        (["--at", "main.wrok"], "gdb finds no main.wrok in the program; there is main.work"),
        (["--at", "nosuch.go:3"], "nosuch.go names 0 files of what is asked about."),
        (["--at", "work", "--gomaxprocs", "0"], "Processors and seconds are positive numbers."),
        (["--at", "work", "--arch", "arm64"], "What runs, runs on this machine's own processor: amd64."),
        (["--at", "work", "--interactive"], "--interactive wants a terminal, and this is none."),
        (["--at", "work", "--interactive", "--flip"], "--interactive leaves nothing for --flip."),
    ],
)
def test_what_cannot_be_is_refused(program: Asker, words: list[str], says: str) -> None:
    done = program.ask("stop", "main.go", *words, "--", "me", on=ON_ONE)
    assert (done.returncode, says in done.stdout + done.stderr) == (2, True), done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_condition_that_gdb_cannot_take_is_told(program: Asker) -> None:
    done = program.ask("stop", "main.go", "--at", "work", "--when", "nosuch == 3", "--", "me", on=ON_ONE)
    assert done.returncode == 1
    assert "gdb cannot do --when 'nosuch == 3': No symbol \"nosuch\" in current context." in done.stderr


def test_a_condition_that_gdb_cannot_tell_is_no_stop(program: Asker) -> None:
    """gdb stops there as well: at that line n is gone, and nobody knows which time it is."""
    done = program.ask("stop", "main.go", "--at", "main.go:12", "--when", "n == 3", "--", "x")
    assert done.returncode == 1, done.stdout
    said = "gdb cannot do --when 'n == 3': value has been optimized out"
    assert f"1.21.13 amd64, 1.27.3 amd64: {said}" in done.stderr
    assert "main.work" not in done.stdout


def test_a_function_of_another_package_is_found_by_the_end_of_its_name(asker: Asker) -> None:
    asker.write("go.mod", "module example.com/m\n\ngo 1.21\n")
    asker.write("twice/twice.go", "package twice\n\nfunc Twice(n int) int { return 2 * n }\n")
    asker.write("main.go", 'package main\n\nimport "example.com/m/twice"\n\nfunc main() { println(twice.Twice(2)) }\n')
    done = asker.ask("stop", ".", "--at", "twice.Twice", on=ON_ONE)
    assert "there is example.com/m/twice.Twice" in done.stdout


ODD = """package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

type word string

type flag bool

type box[T any] struct{ kept T }

//go:noinline
func (b *box[T]) get(n int) T { println(n); return b.kept }

//go:noinline
func late(text word, is flag, call func()) { println(text, is); call() }

func main() {
	signals := make(chan os.Signal, 3)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGINT)
	for _, one := range []syscall.Signal{syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGINT} {
		syscall.Kill(syscall.Getpid(), one)
		<-signals
	}
	println((&box[int]{3}).get(2))
	late("0xdead \\"it\\"\\n", true, func() {})
	if len(os.Args) > 1 {
		syscall.Kill(syscall.Getpid(), syscall.SIGTRAP)
		time.Sleep(time.Second) // some thread has it by then
		never()
	}
}

//go:noinline
func never() { println("never") }
"""


@pytest.fixture
def odd(asker: Asker) -> Asker:
    asker.write("odd.go", ODD)
    return asker


def test_a_program_that_has_its_own_signals_comes_to_the_place(odd: Asker) -> None:
    found = cells(odd.said("stop", "odd.go", "--at", "late"))
    assert found["#0"] == ["main.late", "odd.go:20"]


def test_text_is_no_address_and_has_one_line_and_a_func_value_is_not_guessed(odd: Asker) -> None:
    found = cells(odd.said("stop", "odd.go", "--at", "late"))
    assert found["text"] == ["main.word", r'"0xdead \"it\"\n"']
    assert found["is"] == ["main.flag", "true"]
    assert found["call"] == ["func()", "optimised out, or not to be read"]


def test_what_stops_it_elsewhere_is_not_taken_for_its_end(odd: Asker) -> None:
    done = odd.ask("stop", "odd.go", "--at", "never", "--", "trap", on=ON_ONE)
    assert done.returncode == 1
    assert "nobody knows: the gdb session failed" in done.stdout
    assert "gdb stopped where nobody has told it to" in done.stderr


def test_a_generic_function_is_found_by_what_it_is_made_for(odd: Asker) -> None:
    told = odd.ask("stop", "odd.go", "--at", "(*box[int]).get", on=ON_ONE)
    assert "main.(*box[go.shape.int]).get" in told.stdout.partition("there is ")[2].partition("there is ")[2]
    found = cells(odd.said("stop", "odd.go", "--at", "main.(*box[go.shape.int]).get", on=ON_ONE))
    assert found["b"] == ["*main.box[go.shape.int]", "0x…"]


def test_a_line_without_code_is_said_to_be_none(odd: Asker) -> None:
    said = odd.said("stop", "odd.go", "--at", "odd.go:18", on=ON_ONE)
    assert "odd.go:20" in said
    assert "gdb stops at line 20 in the place of 18, where the program has no stop" in said
    assert "in the place of" not in odd.said("stop", "odd.go", "--at", "odd.go:20", on=ON_ONE)


def test_tests_run_where_their_package_lies(asker: Asker) -> None:
    asker.write("go.mod", "module example.com/m\n\ngo 1.21\n")
    asker.write("p/testdata/x.txt", "hello")
    asker.write("p/p.go", "package p\n")
    asker.write(
        "p/p_test.go",
        """package p

import (
	"os"
	"testing"
)

//go:noinline
func there(n int) { println(n) }

func TestIt(t *testing.T) {
	read, err := os.ReadFile("testdata/x.txt")
	if err != nil {
		t.Fatal(err)
	}
	there(len(read))
}
""",
    )
    found = cells(asker.said("stop", "./p", "--at", "there", on=ON_ONE))
    assert (found["#0"], found["n"]) == (["example.com/m/p.there", "p/p_test.go:9"], ["int", "5"])


def test_what_cannot_be_run_is_refused(asker: Asker) -> None:
    asker.write("lib/lib.go", "package lib\n\nfunc F() {}\n")
    for words in (("stop", "lib", "--at", "F"), ("run", "lib")):
        done = asker.ask(*words, on=ON_ONE)
        assert (done.returncode, "lib is no program, and has no tests." in done.stderr) == (2, True)
    done = asker.ask("bench", "lib", on=ON_ONE)
    assert (done.returncode, "There are no tests in lib" in done.stderr) == (2, True)
    asker.write("main.go", PROGRAM)
    done = asker.ask("run", "main.go", "--env", "GOMAXPROCS=3", on=ON_ONE)
    assert (done.returncode, "--gomaxprocs 3" in done.stderr) == (2, True)
    twice = ("--env", "GODEBUG=a=1", "--godebug", "b=1")
    assert "said twice" in asker.ask("run", "main.go", *twice, on=ON_ONE).stderr
