"""Where a program stops: what is compared of it, and what is shown."""

import msgspec
import pytest
from tests.ours import toolchain

from claimlab.instruments.gdb import Breakpoint, Frame, Goroutine, RunSeen, Session
from claimlab.instruments.gdb import Stop as Stopped
from claimlab.instruments.parameters import Parameter
from claimlab.questions.stops import Argument, Call, Stop, StopAnswer, StopSeen, answer, hints
from claimlab.questions.told import Told, groups
from claimlab.questions.turning import namings

QUESTION = Stop(place="main.f", at="main.go")
FILES = {"main.go": b"package main\n"}
OLD, NEW = toolchain("1.26.6"), toolchain("1.27.3")
OWN = Frame("main.f", "claimlab/program/main.go", 7, 0x47B)
GOS = Frame("runtime.main", "runtime/proc.go", 283, 0x43A)
KNOWN = (
    Parameter("n", "int"),
    Parameter("p", "*int", is_address=True),
    Parameter("s", "string", is_text=True),
    Parameter("b", "bool", is_truth=True),
    Parameter("all", "[]int"),
    Parameter("err", "error", is_result=True),
)
VALUES: dict[str, str | int | None] = {
    "all": "{array = 0xc000012000, len = 3, cap = 4}",
    "b": 1,
    "err": "{tab = 0x0, data = 0x0}",
    "n": 12,
    "p": 0xC000012018,
    "s": "rect",
}


def stopped(*frames: Frame, registers: int = 1, waiting: int = 1, **values: str | int | None) -> StopSeen:
    """What was seen of a program that stopped, with arguments that are not as usual."""
    goroutines = [Goroutine(7 - number, "waiting", False, "runtime.gopark") for number in range(waiting)]
    stop = Stopped(
        at="main.f",
        function="main.f",
        registers={"r10": registers, "r8": 5, "rax": 6},
        arguments=VALUES | values,
        frames=list(frames or (OWN, GOS)),
        values={},
        strings={},
        poked=[],
        goroutines=[*goroutines, Goroutine(1, "running", True, "runtime.gopark")],
    )
    return StopSeen(session=session(stop), parameters=KNOWN)


def session(*stops: Stopped, resolved: bool = True, exit_code: int | None = None, stderr: str = "") -> Session:
    point = Breakpoint("main.f", resolved, [], "")
    return Session("13.1", [point], [RunSeen([], 1, list(stops), exit_code, stderr)], "")


def said(seen: StopSeen, *, registers: bool = False) -> StopAnswer:
    return answer(QUESTION, seen, FILES, registers=registers)


def rows(*some: StopAnswer) -> dict[str, str]:
    return {row.label: row.text for row in some[0].rows_with(some[1:])}


def test_the_answer_has_calls_arguments_and_goroutines() -> None:
    found = said(stopped())
    assert found.calls == (Call("main.f", "main.go", 7, True), Call("runtime.main", "runtime/proc.go", 283))
    assert found.arguments == (
        Argument("n", "12", "int"),
        Argument("p", "0xc000012018", "*int"),
        Argument("s", '"rect"', "string", is_text=True),
        Argument("b", "true", "bool"),
        Argument("all", "{array = 0xc000012000, len = 3, cap = 4}", "[]int"),
    )
    assert [one.id for one in found.goroutines] == [1, 7]
    assert found.registers == {}
    assert said(stopped(), registers=True).registers == {"r10": 1, "r8": 5, "rax": 6}


def test_what_is_shown_has_no_addresses() -> None:
    assert rows(said(stopped())) == {
        "#0": "main.f  main.go:7",
        "#1": "runtime.main",
        "n  int": "12",
        "p  *int": "0x…",
        "s  string": '"rect"',
        "b  bool": "true",
        "all  []int": "{array = 0x…, len = 3, cap = 4}",
        "goroutines running": "1",
        "goroutines waiting": "1",
    }


@pytest.mark.parametrize(
    "other",
    [
        stopped(p=0xC000099999, all="{array = 0x77, len = 3, cap = 4}"),
        stopped(registers=99),
        stopped(waiting=5),
        stopped(OWN, msgspec.structs.replace(GOS, line=300, file="runtime/new.go", pc=1)),
        stopped(err="{tab = 0x1, data = 0x2}"),
    ],
    ids=["addresses", "registers", "other goroutines", "lines of Go's own", "a result"],
)
def test_what_makes_no_difference(other: StopSeen) -> None:
    assert said(stopped(), registers=True).key() == said(other, registers=True).key()


@pytest.mark.parametrize(
    "other",
    [
        stopped(msgspec.structs.replace(OWN, line=8), GOS),
        stopped(OWN, msgspec.structs.replace(GOS, function="runtime.other")),
        stopped(OWN),
        stopped(n=13),
        stopped(n=None),
        stopped(p=0),
        stopped(all="{array = 0x0, len = 3, cap = 4}"),
        stopped(all="{array = 0xc000012000, len = 2, cap = 4}"),
        stopped(s="Rect"),
        StopSeen(),
    ],
    ids=["line", "function", "depth", "number", "optimised out", "nil", "nil inside", "length", "text", "not there"],
)
def test_what_makes_a_difference(other: StopSeen) -> None:
    assert said(stopped()).key() != said(other).key()


def test_releases_that_agree_stand_together_with_what_differs_in_numbers() -> None:
    one, two = said(stopped(), registers=True), said(stopped(registers=2, waiting=3), registers=True)
    (group,) = groups([Told(OLD, "amd64", "answered", one), Told(NEW, "amd64", "answered", two)], ["1.26.6", "1.27.3"])
    shown = {row.label: row.text for row in group.rows}
    assert (shown["goroutines waiting"], shown["goroutines running"]) == ("1 to 3", "1")
    assert (shown["r10"], shown["r8"]) == ("…", "0x5")
    in_order = [row.label for row in sorted(group.rows, key=lambda row: row.order)]
    assert in_order[-3:] == ["r8", "r10", "rax"]


def test_of_a_deep_backtrace_the_beginning_is_shown_and_all_of_it_counts() -> None:
    deep, deeper = said(stopped(*[OWN] * 20)), said(stopped(*[OWN] * 21))
    assert (rows(deep)["…"], rows(deeper)["…"]) == ("8 calls more", "9 calls more")
    assert "#12" not in rows(deep)
    assert deep.key() != deeper.key()


@pytest.mark.parametrize(
    ("seen", "instead", "hinted"),
    [
        (StopSeen(), "not there within 30 s", []),
        (
            StopSeen(session=session(resolved=False, exit_code=0), near=("main.g",)),
            "there is no main.f",
            ["gdb finds no main.f in the program; there is main.g"],
        ),
        (StopSeen(session=session(exit_code=0)), "exit 0 before it comes there", []),
        (
            StopSeen(session=session(exit_code=2, stderr="panic: x\n\ngoroutine 1\nmore\nand more\n")),
            "exit 2 before it comes there",
            ["on standard error: panic: x; goroutine 1; more"],
        ),
        (StopSeen(session=session()), "ends before, and gdb saw no exit code", []),
    ],
)
def test_what_came_about_instead(seen: StopSeen, instead: str, hinted: list[str]) -> None:
    found = said(seen)
    assert (found.instead, hints(QUESTION, seen)) == (instead, hinted)
    assert [(row.label, row.text) for row in found.rows()] == [("", instead)]
    assert found.is_nowhere == (instead == "there is no main.f")


def test_what_came_about_instead_of_a_condition() -> None:
    asked = msgspec.structs.replace(QUESTION, when="n == 3")
    ended, hangs = StopSeen(session=session(exit_code=0)), StopSeen()
    assert answer(asked, ended, FILES).instead == "exit 0 before it comes there with n == 3"
    assert answer(asked, hangs, FILES).instead == "not there with n == 3 within 30 s"


def test_an_answer_survives_json() -> None:
    found = said(stopped(), registers=True)
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(found.as_data())), StopAnswer) == found


def test_a_flip_names_the_rows_that_differ() -> None:
    other = said(stopped(OWN, msgspec.structs.replace(GOS, function="runtime.other"), waiting=4, n=13))
    found = namings([Told(GO, "amd64", "answered", one) for GO, one in ((OLD, said(stopped())), (NEW, other))])
    assert found == [("#1", ["runtime.main", "runtime.other"]), ("n int", ["12", "13"])]


def test_the_words_of_a_question_ask_it_again() -> None:
    asked = Stop(place="main.f", when="n == 3", env={"A": "1"}, args=("x y",), at="main.go", timeout_s=5, gomaxprocs=2)
    options = ["--at", "main.f", "--when", "n == 3", "--gomaxprocs", "2", "--timeout", "5", "--env", "A=1"]
    assert asked.words() == ["main.go", *options, "--", "x y"]
