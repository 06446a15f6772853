"""look.stop --interactive: somebody at a terminal is in gdb on a bench, on both engines."""

import fcntl
import os
import re
import signal
import struct
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.asker import Asker
from tests.bench_fixtures import EITHER, NEWEST, eventually, left_of
from tests.tiny_lab import clean_environment
from tests.visitor import Visitor, visiting

from claimlab.benches import host
from claimlab.benches.engine import Engine

pytest_plugins = ["tests.bench_fixtures", "tests.asker"]
pytestmark = pytest.mark.parametrize("either_engine", EITHER, indirect=True)
PROMPT = "(gdb) "
PROGRAM = """package main

import (
	"fmt"
	"os"
	"time"
)

//go:noinline
func wait(name string, seconds int) {
	fmt.Println("waiting for", name)
	time.Sleep(time.Duration(seconds) * time.Second)
}

func main() {
	wait(os.Args[1], 600)
}
"""


@pytest.fixture
def visitor(asker: Asker, either_engine: Engine, tmp_path: Path) -> Iterator[Visitor]:
    """They see gdb's first prompt."""
    asker.write("main.go", PROGRAM)
    (tmp_path / "scratch").mkdir()
    words = ["look.stop", "main.go", "--at", "wait", "--interactive", "--engine", either_engine.name, "--go", NEWEST]
    env = clean_environment(XDG_CACHE_HOME=str(asker.cache), TMPDIR=str(tmp_path / "scratch"), TERM="dumb")
    command = [sys.executable, "-m", "claimlab.cli", *words, "--", "a name"]
    with visiting(command, tmp_path, env) as visitor:
        visitor.sees(PROMPT)
        yield visitor


def assert_gone(visitor: Visitor, engine: Engine, folder: Path) -> None:
    left: list[str] = []

    def is_nothing_left() -> bool:
        left[:] = left_of(visitor.run, engine, folder / "scratch")
        return not left

    assert eventually(is_nothing_left, 30), left


def answered(visitor: Visitor, command: str) -> str:
    visitor.types(f"{command}\n")
    return visitor.sees(PROMPT)


def test_they_stand_at_the_place_with_sources_and_goroutines(
    visitor: Visitor, either_engine: Engine, tmp_path: Path
) -> None:
    assert f"Go {NEWEST}, engine {either_engine.name}" in visitor.seen
    assert re.search(r"main\.wait \(name=\"a name\", seconds=600\)", visitor.seen)
    assert "//go:noinline" in answered(visitor, "list")
    assert "main.wait" in answered(visitor, "backtrace")
    assert re.search(r"\* 1 +running ", answered(visitor, "info goroutines"))
    assert "func timeSleep(" in answered(visitor, "list time.Sleep"), "Go's own sources"
    assert left_of(visitor.run, either_engine, tmp_path / "scratch"), "the bench is there"
    visitor.types("quit\n")
    assert visitor.waits() == 0, visitor.seen
    assert_gone(visitor, either_engine, tmp_path)


def test_ctrl_c_stops_the_program_and_not_the_command(visitor: Visitor, either_engine: Engine, tmp_path: Path) -> None:
    visitor.types("continue\n")
    visitor.sees("waiting for a name")
    visitor.types("\x03")
    assert "SIGINT" in visitor.sees(PROMPT)
    visitor.types("\x03")
    visitor.sees(PROMPT)
    assert "main.wait" in answered(visitor, "goroutine 1 backtrace"), "gdb is still there"
    visitor.types("\x04")
    assert visitor.waits() == 0, visitor.seen
    assert_gone(visitor, either_engine, tmp_path)


def test_gdbs_terminal_is_as_large_as_theirs(visitor: Visitor) -> None:
    fcntl.ioctl(visitor.end, termios.TIOCSWINSZ, struct.pack("HHHH", 31, 117, 0, 0))
    asked = "python import os; print(*os.get_terminal_size(0))"
    assert eventually(lambda: "117 31" in answered(visitor, asked), 30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_who_is_ended_by_a_signal_leaves_no_bench(
    visitor: Visitor, either_engine: Engine, tmp_path: Path, number: signal.Signals
) -> None:
    os.kill(visitor.process.pid, number)
    assert visitor.waits() == 128 + number
    assert_gone(visitor, either_engine, tmp_path)


def test_the_terminal_is_afterwards_as_it_was(visitor: Visitor) -> None:
    during = termios.tcgetattr(visitor.end)
    visitor.types("quit\n")
    assert visitor.waits() == 0, visitor.seen
    assert during != visitor.before
    assert termios.tcgetattr(visitor.end) == visitor.before


@pytest.mark.gdb
def test_gdb_that_is_killed_is_told_of(visitor: Visitor, either_engine: Engine, tmp_path: Path) -> None:
    answered(visitor, "set confirm off")
    visitor.types("python import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n")
    assert visitor.waits() == 1
    assert "gdb did not end by itself" in visitor.seen
    assert_gone(visitor, either_engine, tmp_path)


def test_who_measures_time_waits_for_no_visitor(visitor: Visitor) -> None:
    with host.alone():  # without end, if gdb's prompt kept the machine
        visitor.types("p 6 * 7\n")
        visitor.sees("42")
