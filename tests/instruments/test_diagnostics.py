"""What the compiler says, against itself (its JSON and its text), against the source's own comments, and against the
binary that comes of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from tests.bench_fixtures import RESOURCES, VARIANT, bench_at, places, shell
from tests.ours import TOOLCHAINS

from claimlab.benches.bench import Bench
from claimlab.instruments import diagnostics, diagnostics_text
from claimlab.instruments.diagnostics_text import TEXT_ONLY, CallSite, Diagnostic, Flow, Tree
from claimlab.instruments.gobuild import build
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures"]

SOURCE: Final = {"main.go": (RESOURCES / "diagnosed.go").read_bytes()}
LINES: Final = SOURCE["main.go"].decode().splitlines()
KINDS: Final = "escapes|does not escape|leaks|can inline|cannot inline|inlines a call|bounds check|slice bounds check"
IMPORTING: Final = {"main.go": b'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println(1) }\n'}
PLACES: Final = places(*(one.name for one in TOOLCHAINS if not one.variant or one.name == VARIANT))
newest_only = pytest.mark.parametrize("told", PLACES[-1:], indirect=True)


@dataclass
class Told:
    """What one toolchain's compiler says of the program."""

    bench: Bench
    decisions: list[Diagnostic]
    calls: list[CallSite]
    trees: dict[str, Tree]

    def calls_in(self, function: str) -> list[str]:
        return [call.target for call in self.calls if call.function == f"main.{function}"]


@pytest.fixture(scope="module", params=PLACES)
def told(request: pytest.FixtureRequest) -> Iterator[Told]:
    with bench_at(request) as bench:
        yield Told(
            bench,
            diagnostics.decisions(bench, SOURCE),
            diagnostics.assembly(bench, SOURCE),
            {tree.function: tree for tree in diagnostics.walked(bench, ["lookup", "last", "nosuch"], SOURCE)},
        )


def expected_kinds() -> dict[int, set[str]]:
    """What the comments of the source say, by line."""
    found = {}
    for number, line in enumerate(LINES, 1):
        comment = line.partition(" // ")[2]
        if comment and re.fullmatch(f"({KINDS})(, ({KINDS}))*", comment):
            found[number] = set(comment.split(", "))
    return found


# --- decisions ---------------------------------------------------------------------------------------------


def test_each_line_is_told_as_its_comment_says(told: Told) -> None:
    kinds: dict[int, set[str]] = {}
    for one in told.decisions:
        kinds.setdefault(one.line, set()).add(one.kind)
    assert kinds == expected_kinds()


def test_json_and_text_say_the_same(told: Told) -> None:
    for one in told.decisions:
        assert one.witnesses == (["text"] if one.kind in TEXT_ONLY else ["json", "text"]), one
        assert bool(one.code) == ("json" in one.witnesses)


def test_a_place_is_told_of_once(told: Told) -> None:
    places = [(one.file, one.line, one.column, one.kind, one.message) for one in told.decisions]
    assert len(set(places)) == len(places)
    assert {file for file, *_ in places} == {"main.go"}


def test_a_column_points_at_what_is_meant(told: Told) -> None:
    def at(line: str, kind: str) -> str:
        (found,) = [one for one in told.decisions if line in LINES[one.line - 1] and one.kind == kind]
        return LINES[found.line - 1].encode()[found.column - 1 :].decode()

    assert at("numbers := make", "does not escape").startswith("([]int, 4)")  # of a call it is the parenthesis
    assert at("made := pair", "escapes").startswith("made :=")
    assert at("return &pair{", "escapes").startswith("&pair{")
    assert at("slice(numbers", "leaks").startswith("numbers []int")


def test_an_escape_is_explained(told: Told) -> None:
    (one,) = [one for one in told.decisions if "made := pair" in LINES[one.line - 1] and one.kind == "escapes"]
    assert one.message in ("made escapes to heap", "moved to heap: made")
    assert any("&made" in step.message and step.line == one.line + 1 for step in one.flow)


@newest_only
def test_a_second_compilation_of_the_same_source_is_told_too(told: Told) -> None:
    assert diagnostics.decisions(told.bench, SOURCE) == told.decisions


@newest_only
def test_a_source_that_does_not_compile_breaks_the_lab(told: Told) -> None:
    with pytest.raises(LabBroken, match="does not compile"):
        diagnostics.decisions(told.bench, {"main.go": b"package main\n\nfunc main() { nosuch() }\n"}, "wrong")


# --- assembly ----------------------------------------------------------------------------------------------


def test_the_calls_are_those_of_the_binary(told: Told) -> None:
    """GNU objdump reads the calls from the machine code that the linker made."""
    binary = build(told.bench, SOURCE, "linked")
    for function in ("lookup", "assign", "local", "last", "keep", "moved", "index", "main"):
        listed = shell(told.bench, f"objdump -d --no-show-raw-insn --disassemble=main.{function} {binary.name}").text()
        linked = re.findall(r"\bcall +[0-9a-f]+ <(\S+?)>|\bbl\t[0-9a-f]+ <(\S+?)>", listed)
        direct = [target for target in told.calls_in(function) if target]
        # The linker names the calling convention of functions written in assembly.
        assert direct == [(amd64 or arm64).removesuffix(".abi0") for amd64, arm64 in linked], function


def test_a_call_has_its_line_and_is_shown_as_printed(told: Told) -> None:
    (call,) = [call for call in told.calls if call.function == "main.lookup" and "mapaccess" in call.target]
    assert (call.target, call.instruction, call.file) == ("runtime.mapaccess1_fast32", "CALL", "main.go")
    assert "return ages[key]" in LINES[call.line - 1]
    assert call.text.endswith(f"(main.go:{call.line}) CALL runtime.mapaccess1_fast32(SB)")


def test_a_call_through_a_variable_has_no_target(told: Told) -> None:
    (call,) = [call for call in told.calls if call.function == "main.main" and not call.target]
    assert "apply(2)" in LINES[call.line - 1]


def test_a_command_is_run_as_typed(told: Told) -> None:
    typed = diagnostics.typed(told.bench, "go tool compile -S main.go", SOURCE)
    assert (typed.exit_code, typed.complaint) == (0, "")
    listed = [(call.function, call.target, call.line) for call in typed.calls]
    assert sorted(listed) == sorted((call.function, call.target, call.line) for call in told.calls)


def test_a_command_that_fails_tells_why(told: Told) -> None:
    typed = diagnostics.typed(told.bench, "go tool compile -S main.go", IMPORTING, "importing")
    assert typed.exit_code != 0
    assert typed.calls == []
    assert "could not import fmt" in typed.complaint


# --- trees -------------------------------------------------------------------------------------------------


def test_a_map_is_indexed_before_walk_and_a_function_called_after(told: Told) -> None:
    tree = told.trees["lookup"]
    assert "INDEXMAP" in tree.before
    assert "mapaccess1_fast32" not in tree.before
    assert "runtime.mapaccess1_fast32" in tree.after
    assert "INDEXMAP" not in tree.after


def test_a_call_in_the_source_stands_in_both_trees(told: Told) -> None:
    assert all(
        "CALLFUNC" in tree and "main.local" in tree for tree in (told.trees["last"].before, told.trees["last"].after)
    )


def test_a_function_that_is_not_there_has_no_tree(told: Told) -> None:
    assert set(told.trees) == {"lookup", "last"}


# --- reading text ------------------------------------------------------------------------------------------

TEXT = """# claimlab/x
claimlab/x/main.go:24:2: t escapes to heap in heap:
claimlab/x/main.go:24:2:   flow: ~r0 ← &t:
claimlab/x/main.go:24:2:     from &t (address-of) at claimlab/x/main.go:25:9
claimlab/x/main.go:24:2: moved to heap: t
claimlab/x/main.go:32:6: inlining call to one
claimlab/x/main.go:32:6: inlining call to two
claimlab/x/main.go:40:3: ignoring self-assignment in x = x
"""
LOG = """{"version":0,"package":"main","gc_version":"go1.27.3","file":"claimlab/x/main.go"}
{"range":{"start":{"line":24,"character":2},"end":{"line":24,"character":2}},"severity":3,"code":"escapes","message":""}
{"range":{"start":{"line":50,"character":2},"end":{"line":50,"character":2}},"severity":3,"code":"nilcheck","message":""}
"""


def test_text_and_log_are_merged_by_place_and_kind() -> None:
    both, one, two, other, unknown = diagnostics_text.merged(TEXT, LOG, "claimlab/x/")
    steps = [Flow("flow: ~r0 ← &t:", 0), Flow("from &t (address-of)", 25)]
    message = "t escapes to heap in heap:"
    assert both == Diagnostic("main.go", 24, 2, "escapes", message, ["json", "text"], "escapes", steps)
    assert [found.message for found in (one, two)] == ["inlining call to one", "inlining call to two"]
    assert (other.kind, other.witnesses) == ("other", ["text"])
    assert (unknown.kind, unknown.code) == ("other", "nilcheck")


def test_calls_are_read_from_both_processors_listings() -> None:
    listing = (
        "main.F[go.shape.struct { X int }] STEXT dupok size=61 args=0x8 locals=0x20 funcid=0x0\n"
        "\t0x0020 00032 (/tmp/x/main.go:10)\tCALL\truntime.mapaccess1_fast32(SB)\n"
        "\t0x0024 00036 (/tmp/x/main.go:11)\tCALL\tAX\n"
        "\t0x0028 00040 (/tmp/x/main.go:11)\tCALL\t(R1)\n"
        "\t0x002c 00044 (/tmp/x/main.go:12)\tJMP\t32\n"
        "\t0x0030 00048 (<autogenerated>:1)\tJMP\tmain.other(SB)\n"
        "\trel 33+4 t=R_CALL runtime.mapaccess1_fast32+0\n"
    )
    found = diagnostics_text.calls(listing)
    assert [(call.instruction, call.target, call.file, call.line) for call in found] == [
        ("CALL", "runtime.mapaccess1_fast32", "main.go", 10),
        ("CALL", "", "main.go", 11),
        ("CALL", "", "main.go", 11),
        ("JMP", "main.other", "<autogenerated>", 1),
    ]
    assert {call.function for call in found} == {"main.F[go.shape.struct { X int }]"}
    assert found[1].text == "0x0024 (main.go:11) CALL AX"


def test_without_sources_the_compiler_is_asked_about_the_labs_own(told: Told) -> None:
    told.bench.files = SOURCE
    assert diagnostics.decisions(told.bench, name="own") == told.decisions
    assert [tree.function for tree in diagnostics.walked(told.bench, ["lookup"], name="own-walked")] == ["lookup"]
