"""Sources that are taken and sources that are refused, by every release; and what is no answer at all."""

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from tests.bench_fixtures import EITHER, EVERY_RELEASE, HELLO, NEWEST, bench_at

from claimlab.benches.bench import Bench, Completed
from claimlab.instruments.builds import Attempt, Complaint, attempt, read, vet
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]

WRONG: Final = b"""package main

func main() {
	undefinedName()
	used := f(1, 2)
}

func f(a int) string {
}
"""
MANY: Final = b"package main\n\nfunc main() {\n" + b"".join(b"\tx%d()\n" % number for number in range(25)) + b"}\n"
ASSEMBLED: Final = b"package main\n\nfunc other()\n\nfunc main() { other() }\n"
ODD_PRINTF: Final = b"""package main

import "fmt"

func main() {
	fmt.Printf("%d\\n", "x")
}
"""
RANGE_OVER_INT: Final = b"package main\n\nfunc main() {\n\tfor range 3 {\n\t}\n}\n"


@pytest.fixture(scope="module", params=EVERY_RELEASE)
def anywhere(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with bench_at(request) as bench:
        yield bench


# On a bench


def test_what_builds_is_accepted(anywhere: Bench) -> None:
    assert attempt(anywhere, HELLO) == vet(anywhere, HELLO) == Attempt(True, [])


def test_the_compilers_messages_have_their_places(anywhere: Bench) -> None:
    found = attempt(anywhere, {"main.go": WRONG}, "wrong")
    assert not found.accepted
    assert [(one.by, one.file, one.line, one.column) for one in found.complaints] == [
        ("compiler", "main.go", 4, 2),
        ("compiler", "main.go", 5, 2),
        ("compiler", "main.go", 5, 15),
        ("compiler", "main.go", 9, 1),
    ]
    assert found.complaints[0].text == "undefined: undefinedName"
    assert found.complaints[2].text == "too many arguments in call to f\n\thave (number, number)\n\twant (int)"
    assert found.complains("declared and not used", line=5)
    assert found.complains("missing return") and not found.complains("missing return", line=4)


def test_all_messages_come_not_only_ten(anywhere: Bench) -> None:
    found = attempt(anywhere, {"main.go": MANY}, "many")
    assert [one.text for one in found.complaints] == [f"undefined: x{number}" for number in range(25)]


@pytest.mark.parametrize(
    ("source", "by", "words"),
    [
        (b"package main\n\nfunc main() { if }\n", "compiler", "syntax error: unexpected }"),
        (b"func main() {}\n", "go", "expected 'package', found 'func'"),
        (b'package main\n\nimport _ "nosuch"\n\nfunc main() {}\n', "go", "package nosuch is not in std"),
        (b'package main\n\nimport _ "example.com/a"\n\nfunc main() {}\n', "go", "no required module provides"),
    ],
)
def test_whoever_refuses_it_is_named(anywhere: Bench, source: bytes, by: str, words: str) -> None:
    (one,) = attempt(anywhere, {"main.go": source}, "refused").complaints
    assert (one.by, one.file) == (by, "main.go")
    assert words in one.text


def test_assembler_and_linker_refuse_too(anywhere: Bench) -> None:
    unknown = attempt(anywhere, {"main.go": ASSEMBLED, "other.s": "TEXT ·other(SB), 4, $0-0\n\tNOSUCH\n".encode()}, "a")
    assert [(one.by, one.file, one.line) for one in unknown.complaints] == [("assembler", "other.s", 2)]
    assert unknown.complains("NOSUCH")
    nowhere = attempt(anywhere, {"main.go": ASSEMBLED, "other.s": b""}, "b")
    assert nowhere.complaints == [Complaint("linker", "", 0, 0, "main.main: relocation target main.other not defined")]
    nothing = attempt(anywhere, {"main.go": b"package main\n"}, "c")
    assert [one.by for one in nothing.complaints] == ["linker"]
    assert nothing.complains("function main is undeclared")


def test_releases_and_language_versions_differ_in_what_they_take(anywhere: Bench) -> None:
    """Ranging over an integer came with Go 1.22 (https://go.dev/doc/go1.22)."""
    source = {"main.go": RANGE_OVER_INT}
    assert attempt(anywhere, source, "own").accepted == (anywhere.toolchain.go.minor >= 22)
    old = attempt(anywhere, source, "old", language="1.21")
    assert not old.accepted
    assert old.complains("cannot range over 3", line=4)


def test_vet_says_what_the_compiler_does_not(anywhere: Bench) -> None:
    source = {"main.go": ODD_PRINTF}
    assert attempt(anywhere, source, "odd").accepted
    (one,) = vet(anywhere, source, "odd").complaints
    assert (one.by, one.file, one.line) == ("vet", "main.go", 6)
    assert 'format %d has arg "x" of wrong type string' in one.text


def test_vet_tells_that_a_source_does_not_compile(anywhere: Bench) -> None:
    found = vet(anywhere, {"main.go": WRONG}, "vetted")
    assert found.complaints == [Complaint("vet", "main.go", 4, 2, "undefined: undefinedName")]


# What is no answer


@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
def test_a_build_that_takes_too_long_breaks_the_lab(either_bench: Bench) -> None:
    """The image holds no compiled net/http."""
    source = b'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe("", nil) }\n'
    with pytest.raises(LabBroken, match="took too long"):
        attempt(either_bench, {"main.go": source}, "slow", timeout_s=1)


KILLS: Final = b"""case "$*" in
*V=full*) ;;
*) case "$1" in *compile) $HOW ;; esac ;;
esac
exec "$@"
"""
"""For go's -toolexec: something befalls the compiler where it is to compile."""


@pytest.mark.docker
@pytest.mark.parametrize("toolchain", ["1.21.13", NEWEST])
@pytest.mark.parametrize("how", ["kill -9 $$", "ulimit -v 300000", "exec false"])
def test_a_compiler_that_dies_has_not_refused(benches_of: Callable[[str], Bench], toolchain: str, how: str) -> None:
    bench = benches_of(toolchain)
    attempt(bench, HELLO, "killed")
    bench.put({"kill.sh": KILLS.replace(b"$HOW", how.encode())})
    script = 'cd killed.src && echo "// anew" >> main.go && go build -trimpath -toolexec="sh $OLDPWD/kill.sh" -o ../x .'
    done = bench.run(["sh", "-c", script], step="build", env={"CGO_ENABLED": "0"})
    assert done.exit_code == 1
    with pytest.raises(LabBroken, match="came to nothing") as caught:
        read(done, HELLO, "the build came to nothing")
    assert caught.value.tail


@pytest.mark.docker
def test_a_go_command_that_fails_itself_breaks_the_lab(benches_of: Callable[[str], Bench]) -> None:
    bench = benches_of(NEWEST)
    with pytest.raises(LabBroken, match="found packages other"):
        attempt(bench, {**HELLO, "b.go": b"package other\n"})
    with pytest.raises(LabBroken, match="no non-test Go files"):
        attempt(bench, {"main_test.go": b"package main\n"}, "none")
    with pytest.raises(LabBroken, match="the build came to no answer"):
        attempt(bench, HELLO, "flags", gcflags="-nosuchflag")


# What was written


def ended(text: str, exit_code: int = 1, *, timed_out: bool = False) -> Completed:
    return Completed(("go", "build"), exit_code, b"", text.encode(), 1.0, timed_out)


REFUSAL: Final = "# claimlab/x\n./main.go:3:15: undefined: a\n"


def test_a_refusal_needs_the_right_exit_code_and_nothing_else_in_it() -> None:
    assert read(ended(REFUSAL), HELLO, "").complaints == [Complaint("compiler", "main.go", 3, 15, "undefined: a")]
    for text, code in (
        (REFUSAL, 137),
        (REFUSAL, 2),
        ("", 1),
        (REFUSAL + "x: signal: killed\n", 1),
        (REFUSAL + "fatal error: runtime: out of memory\n", 1),
        (REFUSAL + "goroutine 1 [running]:\n", 1),
        ("# claimlab/x\n./main.go:3:5: internal compiler error: 'f': out of luck\n", 1),
        ("# claimlab/x\ngo: error obtaining buildID for go tool compile: signal: killed\n", 1),
        ("go: error obtaining buildID for go tool compile: signal: killed\n", 1),
        ("/usr/local/go/src/fmt/print.go:3:15: undefined: a\n", 1),
    ):
        with pytest.raises(LabBroken):
            read(ended(text, code), HELLO, "no answer")
    with pytest.raises(LabBroken):
        read(ended(REFUSAL, timed_out=True), HELLO, "no answer")


def test_vets_messages_are_read_in_the_forms_of_all_releases() -> None:
    said = 'fmt.Printf format %d has arg "x" of wrong type string'
    old = f"# claimlab/x\n./main.go:6:13: {said}\n"
    newer = f"# claimlab/x\n# [claimlab/x]\n./main.go:6:13: {said}\n"
    newest = f"main.go:6:13: {said}\n"
    for text in (old, newer, newest):
        assert read(ended(text), HELLO, "", vetted=True).complaints == [Complaint("vet", "main.go", 6, 13, said)]
    with pytest.raises(LabBroken):
        read(ended("# claimlab/x\nvet: cannot run\n"), HELLO, "no answer", vetted=True)


def test_an_attempt_in_words() -> None:
    assert str(Attempt(True, [])) == "accepted"
    refused = Attempt(
        False, [Complaint("compiler", "main.go", 3, 15, "undefined: a"), Complaint("linker", "", 0, 0, "b")]
    )
    assert str(refused) == "main.go:3:15: undefined: a\nb"


def test_without_sources_the_labs_own_are_tried(anywhere: Bench) -> None:
    anywhere.files = {
        "main.go": b"package main\n\nfunc main() {}\n",
        "refused/main.go": b"package main\n\nfunc main() { nosuch() }\n",
    }
    assert attempt(anywhere).accepted
    assert attempt(anywhere, folder="refused").complains("undefined: nosuch")
    assert vet(anywhere).accepted
