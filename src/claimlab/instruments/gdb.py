"""gdb as an instrument: breakpoints, stops, registers, arguments, backtraces, memory and goroutines as data.

A script inside gdb (`inside/gdb_probe.py`) does the work and writes JSON; no output of gdb is parsed. What a person
would have seen is kept beside the data as a transcript.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from claimlab.bench import Bench
from claimlab.errors import LabBroken
from claimlab.instruments.gobuild import Binary

_PROBE: Final = Path(__file__).parent / "inside" / "gdb_probe.py"


class Poke(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Change one byte of the stopped program: the byte at `address` plus `offset` is XORed with `mask`."""

    address: str
    """A gdb expression. Where the binary has no such thing nothing is changed, and the answer says so."""
    mask: int
    offset: int = 0


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Let the program run until one of `at` is reached, read, poke, go on with the next step."""

    at: list[str]
    """Function names; a name the binary lacks is reported as unresolved, not as an error."""
    alone: str = ""
    """Let only the thread run whose stack holds this function; the others stand still until the next step."""
    values: dict[str, str] = {}
    """gdb expressions to evaluate at the stop, by label."""
    strings: dict[str, tuple[str, str]] = {}
    """Byte strings to read at the stop, by label: an address and a length, both gdb expressions."""
    pokes: list[Poke] = []
    goroutines: bool = False


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One process of the binary under gdb."""

    args: list[str]
    gomaxprocs: int
    steps: list[Step]
    """After the last one the process is killed."""


class Breakpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one breakpoint."""

    name: str
    resolved: bool
    addresses: list[int]
    """Where gdb put it: for a function, after its prologue."""
    reply: str
    """What gdb answered."""
    hits: int = 0


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One frame of a backtrace, innermost first."""

    function: str
    file: str
    line: int
    pc: int


class Poked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A byte that was changed, or (all None) was not there to be changed."""

    expression: str
    address: int | None
    before: int | None
    after: int | None


class Goroutine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A goroutine as the toolchain's own runtime-gdb.py sees it."""

    id: int
    status: str
    on_thread: bool
    function: str


class Stop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The program as it stood at one stop."""

    at: str
    """The breakpoint reached, by the name it was asked for."""
    function: str
    registers: dict[str, int]
    arguments: dict[str, str | int | None]
    """The frame's arguments by DWARF; None where the value is optimised out."""
    frames: list[Frame]
    values: dict[str, str | int | None]
    """None where the expression has no value in this binary, such as a field its type lacks."""
    strings: dict[str, str | None]
    poked: list[Poked]
    goroutines: list[Goroutine]


class RunSeen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one process did under gdb."""

    args: list[str]
    gomaxprocs: int
    stops: list[Stop]
    """Shorter than the run's steps if the program ended first."""
    exit_code: int | None
    """Set if the program ended before its last step; None if it was killed there, or died of a signal."""
    stderr: str


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything one gdb session saw."""

    gdb: str
    breakpoints: list[Breakpoint]
    runs: list[RunSeen]
    transcript: str

    def breakpoint(self, name: str) -> Breakpoint:
        return next(found for found in self.breakpoints if found.name == name)


def session(bench: Bench, binary: Binary, runs: Sequence[Run], *, timeout_s: float = 60.0) -> Session:
    """The runs were made, one after the other, in one gdb.

    Auto-loading is off: the toolchain's runtime-gdb.py is sourced by name, which also works for -trimpath binaries.
    """
    order = {
        "binary": binary.name,
        "goroot_src": f"{bench.goroot}/src",
        "runs": list(runs),
        "answer": "gdb.json",
    }
    bench.put({"gdb_probe.py": _PROBE.read_bytes()})
    # The order stands on the command line, so that the journal has all it takes to do the session again.
    handed = f"python ORDER = {msgspec.json.encode(order).decode()!r}"
    command = [
        "gdb",
        "-nx",
        "-nh",
        "-batch",
        "-iex",
        "set auto-load off",
        "-iex",
        handed,
        "-x",
        "gdb_probe.py",
    ]
    done = bench.run(command, step="gdb", timeout_s=timeout_s).or_broken("the gdb session failed")
    answer = msgspec.json.decode(bench.get("gdb.json"), type=Session | str)
    if isinstance(answer, str):
        raise LabBroken("the gdb session failed", " ".join(command), done.exit_code, answer)
    return answer
