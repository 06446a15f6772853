"""What answers are called where they turn."""

import pytest
from tests.ours import toolchain

from claimlab.questions.codes import CodeAnswer
from claimlab.questions.decided import DecidedAnswer, Decision
from claimlab.questions.layouts import LayoutAnswer, Place
from claimlab.questions.question import Answer
from claimlab.questions.runs import RunAnswer, Way
from claimlab.questions.told import Told
from claimlab.questions.turning import Naming, namings

GO = toolchain("1.27.3")


def layout(**offsets: int | None) -> LayoutAnswer:
    return LayoutAnswer("runtime.g", fields=tuple(Place(name, at, 8, "uint64") for name, at in offsets.items()))


def code(*instructions: str) -> CodeAnswer:
    return CodeAnswer("main.f", instructions=instructions)


def escapes(*subjects: str) -> DecidedAnswer:
    return DecidedAnswer(tuple(Decision("main.go", 3, 5, "escapes", one) for one in subjects))


def ends(*ways: str) -> RunAnswer:
    return RunAnswer(len(ways), tuple(Way(how, printed, 1) for how, printed in (way.split("|") for way in ways)))


def many(start: int) -> LayoutAnswer:
    return layout(**{f"f{number}": start + number for number in range(9)})


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ((layout(goid=152), layout(goid=160)), [("goid", ["152", "160"])]),
        ((layout(goid=152, m=48), layout(goid=160, m=48)), [("goid", ["152", "160"])]),
        ((layout(a=1, b=2), layout(a=3, b=2), layout(a=3, b=4)), [("a", ["1", "3", "3"]), ("b", ["2", "2", "4"])]),
        ((layout(goid=152), layout(goid=None)), [("goid", ["152", "none"])]),
        (
            (layout(goid=152), LayoutAnswer("runtime.g", present=False)),
            [("", ["goid 152 8 B uint64", "there is no runtime.g"])],
        ),
        ((escapes("x"), escapes("x", "y")), [("main.go:3:5 escapes y", ["none", "yes"])]),
        ((ends("exit 0|a\nb\n"), ends("exit 2: panic|")), [("", ["exit 0 | a | b", "exit 2: panic"])]),
        (
            (code("nop", "ret"), code("pause", "ret"), code("ret")),
            [
                (
                    "",
                    [
                        "instructions 2; calls nothing",
                        "another (instructions 2; calls nothing)",
                        "instructions 1; calls nothing",
                    ],
                )
            ],
        ),
    ],
)
def test_what_differs_is_named(answers: tuple[Answer, ...], named: list[Naming]) -> None:
    assert namings([Told(GO, "amd64", "answered", one) for one in answers]) == named


def test_of_many_rows_some_are_named_and_the_others_counted() -> None:
    found = namings([Told(GO, "amd64", "answered", one) for one in (many(0), many(1), many(2))])
    assert [label for label, _ in found] == ["f0", "f1", "f2", "f3", "f4", "f5", "3 rows more"]
    assert found[-1][1] == ["one answer", "another", "a third"]


def test_what_does_not_build_is_named_by_what_the_compiler_says_first() -> None:
    refused = Told(GO, "amd64", "refused", words="# main\n./main.go:3:1: undefined: x\nmore")
    named = namings([refused, Told(GO, "amd64", "answered", layout(goid=1))])
    assert named == [("", ["does not build: ./main.go:3:1: undefined: x", "goid 1 8 B uint64"])]
