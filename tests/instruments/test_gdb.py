"""gdb against independent witnesses: nm, the program's own output, and the Go runtime's own view of itself."""

import re
from collections.abc import Callable

import pytest
from tests.bench_fixtures import NEWEST
from tests.looked_at import (
    COUNTER,
    LENGTH,
    POINTER,
    Looked,
    everywhere,
    newest_only,
    symbols,
    witness,
)

from claimlab.benches.bench import Bench
from claimlab.instruments.gdb import Frame, Run, Session, Step, Stop, session
from claimlab.instruments.gobuild import build

pytest_plugins = ["tests.bench_fixtures", "tests.looked_at"]


def at_mark(seen: Session) -> Stop:
    return seen.runs[0].stops[1]


# Breakpoints


@everywhere
def test_a_breakpoint_lies_in_its_function_by_nm(looked_at: Looked) -> None:
    bench, binary, _ = looked_at
    names = ["main.main", "main.inner", "main.(*point).outer", "runtime.gopark", "fmt.Fprintf"]
    seen = session(bench, binary, [Run(["exit"], 1, [Step(names)])])
    known = symbols(bench, binary)
    for name in names:
        found = seen.breakpoint(name)
        assert found.resolved
        assert len(found.addresses) == 1
        assert found.addresses[0] in known[name]


@everywhere
def test_a_name_that_is_not_there_is_unresolved_and_no_error(looked_at: Looked) -> None:
    _, _, seen = looked_at
    found = seen.breakpoint("main.nosuch")
    assert (found.resolved, found.addresses, found.hits) == (False, [], 0)
    assert "not defined" in found.reply


@everywhere
def test_hits_are_counted_over_all_runs(looked_at: Looked) -> None:
    _, _, seen = looked_at
    assert seen.breakpoint("main.inner").hits == 1
    assert seen.breakpoint("main.mark").hits == 3


@everywhere
def test_a_stop_is_at_one_of_the_steps_names(looked_at: Looked) -> None:
    _, _, seen = looked_at
    assert [(stop.at, stop.function) for stop in seen.runs[0].stops] == [
        ("main.inner", "main.inner"),
        ("main.mark", "main.mark"),
    ]


@pytest.mark.docker
def test_the_generic_functions_of_a_program_resolve_by_exact_name(benches_of: Callable[[str], Bench]) -> None:
    source = b"""package main

type stack[T any] struct{ items []T }

//go:noinline
func (s *stack[T]) push(item T) { s.items = append(s.items, item) }

func main() { (&stack[string]{}).push("one") }
"""
    bench = benches_of(NEWEST)
    name = "main.(*stack[go.shape.string]).push"
    seen = session(bench, build(bench, {"main.go": source}), [Run([], 1, [Step([name])])])
    assert [stop.at for stop in seen.runs[0].stops] == [name]


# What stands at a stop


@everywhere
def test_registers_are_integers_and_agree_with_the_frame(looked_at: Looked) -> None:
    bench, binary, seen = looked_at
    stop = at_mark(seen)
    assert all(type(value) is int and 0 <= value < 1 << 64 for value in stop.registers.values())
    assert stop.registers[COUNTER] == stop.frames[0].pc == seen.breakpoint("main.mark").addresses[0]
    assert stop.registers[COUNTER] in symbols(bench, binary)["main.mark"]
    assert stop.registers[POINTER[1:]] == stop.arguments["p"]
    assert stop.registers[LENGTH[1:]] == len("grüße".encode())


@everywhere
def test_values_are_those_the_program_printed(looked_at: Looked) -> None:
    _, _, seen = looked_at
    ((x, _, name, address),) = witness(seen.runs[0], "value")
    values = at_mark(seen).values
    assert (values["X"], values["Name"], values["pointer"]) == (int(x), name, int(address))
    assert values["number"] == 42


@newest_only
def test_a_negative_integer_is_negative(looked_at: Looked) -> None:
    bench, binary, _ = looked_at
    seen = session(bench, binary, [Run(["chain"], 1, [Step(["main.mark"], values={"Y": "p.Y"})])])
    (run,) = seen.runs
    assert run.stops[0].values["Y"] == int(witness(run, "value")[0][1]) == -3


@newest_only
def test_arguments_of_every_kind_are_read_as_what_they_are(looked_at: Looked) -> None:
    bench, binary, _ = looked_at
    seen = session(bench, binary, [Run(["shapes"], 1, [Step(["main.shapes"])])])
    arguments = seen.runs[0].stops[0].arguments
    assert arguments["empty"] == ""
    assert arguments["yes"] == 1
    assert arguments["long"] is None  # longer than is read
    assert re.search(r"len = 3|4, 5, 6", str(arguments["list"]))
    assert arguments["small"] == -3
    assert str(arguments["real"]) == "2.5"


@newest_only
def test_a_struct_is_shown_without_what_lies_behind_its_strings(looked_at: Looked) -> None:
    """A Go string has no end mark: read as C's, it runs on into the next ones."""
    bench, binary, _ = looked_at
    seen = session(bench, binary, [Run(["chain"], 1, [Step(["main.mark"], values={"whole": "*p"})])])
    whole = str(seen.runs[0].stops[0].values["whole"])
    assert re.search(r"X = 7, Y = -3, Name = .*sieben", whole)
    assert len(whole) < 100


@everywhere
def test_what_has_no_value_is_none(looked_at: Looked) -> None:
    _, _, seen = looked_at
    values, strings = at_mark(seen).values, at_mark(seen).strings
    for label in ("no such field", "no such name", "no such syntax", "no such memory"):
        assert values[label] is None, label
    for label in ("no such memory", "negative", "too long", "no such register"):
        assert strings[label] is None, label


@everywhere
def test_arguments_and_strings_agree(looked_at: Looked) -> None:
    """The string by DWARF, and the bytes that the registers of Go's calling convention point at."""
    _, _, seen = looked_at
    stop = at_mark(seen)
    assert stop.arguments["label"] == stop.strings["label"] == "grüße"
    assert stop.arguments["n"] == stop.values["number"] == 42


def frame_lines(frames: list[Frame]) -> list[list[str]]:
    return [[frame.function, frame.file, str(frame.line)] for frame in frames]


@everywhere
def test_a_backtrace_is_the_runtimes_own(looked_at: Looked) -> None:
    """Functions, files and lines, the inlined function with them. Of main's goroutine gdb lists what main called."""
    _, _, seen = looked_at
    printed = witness(seen.runs[0], "frame")
    until_main = printed[: 1 + [function for function, _, _ in printed].index("main.main")]
    frames = at_mark(seen).frames
    assert frames[0].function == "main.mark"
    assert [frame.function for frame in frames[1:]][: len(until_main)] == [one[0] for one in until_main]
    assert "main.between" in [frame.function for frame in frames]
    # main.inner is on another line by the time it calls mark.
    assert frame_lines(frames[2:])[: len(until_main) - 1] == until_main[1:]
    assert frames[1].file == "claimlab/program/main.go"


@everywhere
def test_a_goroutines_backtrace_is_the_runtimes_own_to_its_end(looked_at: Looked) -> None:
    _, _, seen = looked_at
    run = seen.runs[2]
    printed = [function for function, _, _ in witness(run, "frame")]
    assert [frame.function for frame in run.stops[0].frames] == ["main.mark", *printed]
    assert printed[-1] == "runtime.goexit"


@everywhere
def test_goroutines_are_those_the_runtime_lists(looked_at: Looked) -> None:
    _, _, seen = looked_at
    run = seen.runs[3]
    listed = re.findall(r"^goroutine (\d+).* \[(.*)\]:$", run.stderr, re.MULTILINE)
    assert [state for _, state in listed] == ["running"] + ["chan receive"] * 3
    found = {one.id: one for one in run.stops[0].goroutines}
    for number, state in listed:
        one = found[int(number)]
        assert (one.status, one.on_thread) == (("running", True) if state == "running" else ("waiting", False))
    assert [found[int(number)].function for number, state in listed[1:]] == ["runtime.gopark"] * 3


@everywhere
def test_goroutines_are_read_only_where_asked_for(looked_at: Looked) -> None:
    _, _, seen = looked_at
    before, at = seen.runs[0].stops
    assert before.goroutines == []
    assert at.goroutines


# For the reader


@everywhere
def test_the_transcript_is_what_a_person_would_have_typed(looked_at: Looked) -> None:
    _, _, seen = looked_at
    transcript = seen.transcript
    assert "(gdb) break 'main.mark'\nBreakpoint" in transcript
    assert "(gdb) set args exit 'two words'" in transcript
    assert transcript.count("(gdb) run") == len(seen.runs)
    assert "# stopped: breakpoint at main.inner" in transcript
    assert "main.go:" in transcript
    assert "(gdb) info goroutines" in transcript
    assert "# label: 'grüße'" in transcript
    assert seen.gdb.startswith(("1", "Debian 1"))
