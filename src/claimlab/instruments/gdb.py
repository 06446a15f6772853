"""gdb as an instrument: stops, watchpoints, counts, registers, arguments, backtraces, memory and goroutines as data.

Scripts inside gdb (`inside/gdb_*.py`) do the work and write JSON; no output of gdb is parsed. What a person would have
seen is kept beside the data as a transcript.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from claimlab.benches.bench import Bench, with_godebug
from claimlab.instruments.gdb_scripts import INSIDE, ask
from claimlab.instruments.gobuild import Binary
from claimlab.project.errors import LabBroken
from claimlab.toolchains.toolchain import Toolchain

_SCRIPTS: Final = (
    "gdb_probe.py",
    "gdb_alone.py",
    "gdb_probing.py",
    "gdb_reading.py",
    "gdb_reaping.py",
    "gdb_watching.py",
)
_VARIABLE: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_NO_PREEMPTION: Final = "asyncpreemptoff=1"
"""A signal that arrives while gdb steps over a breakpoint makes it meet the breakpoint a second time, even where the
program does not get the signal; so the runtime sends none."""


class Poke(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Change one byte of the stopped program: the byte at `address` plus `offset` is XORed with `mask`."""

    address: str
    """A gdb expression. Where the binary has no such thing nothing is changed, and the answer says so."""
    mask: int
    offset: int = 0


class Watch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Note each instruction that touches a word of memory, by the processor's debug registers.

    There are four of them on amd64, of up to eight aligned bytes each. ``write`` notes writes that change the value,
    ``access`` every read and every write; the program goes on in either case. After 50 touches a watch is taken off.
    """

    label: str
    address: str
    """A gdb expression, evaluated where the step begins: so the first step of a run can watch nothing."""
    access: Literal["write", "access"] = "write"
    size: Literal[1, 2, 4, 8] = 8


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Let the program run until one of `at` is reached, read, poke, go on with the next step."""

    at: list[str]
    """Function names, or ``*`` and the address of an instruction, such as ``*'main.f'`` for the very first of a
    function. A name the binary lacks is reported as unresolved, not as an error. Go enters a function anew after it has
    grown the stack: its first instruction may be reached twice in one call, what follows the prologue is not."""
    when: str = ""
    """A gdb expression: stops at which it is false are passed over."""
    returns: bool = False
    """Let the function of the stop before return to its caller, instead of `at`. No other goroutine may be in the same
    call."""
    watches: list[Watch] = []
    """On the way to the stop."""
    counts: list[str] = []
    """Functions (their names) whose executions on the way to the stop are counted, up to 5000 each."""
    sums: str = ""
    """A gdb expression, such as the name of an argument, that is summed up over what is counted."""
    alone: str = ""
    """Let only the thread run whose stack holds this function; the others stand still until the next step.

    The runtime's threads need each other now and then, above all while the collector works: where the lone one comes to
    wait for another, or no thread is at the function at that moment, the session raises :class:`Hindered`."""
    values: dict[str, str] = {}
    """gdb expressions to evaluate at the stop, by label."""
    strings: dict[str, tuple[str, str]] = {}
    """Byte strings to read at the stop, by label: an address and a length, both gdb expressions."""
    pokes: list[Poke] = []
    force: dict[str, str] = {}
    """Assignments made at the stop: a register or a variable, and the expression of its new value."""
    goroutines: bool = False


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One process of the binary under gdb."""

    args: list[str]
    gomaxprocs: int
    steps: list[Step]
    """After the last one the process is killed."""
    env: dict[str, str] = {}
    """Further environment variables of the program. Of GODEBUG it sees these settings and ``asyncpreemptoff=1``."""
    folder: str = ""
    """Where the program runs, below the bench's folder; there itself if it is empty."""


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


class Forced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A register or variable that was given a value, or (both None) is not there."""

    expression: str
    before: str | int | None
    after: str | int | None


class Touch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One instruction that touched a watched word."""

    label: str
    pc: int
    """Where the program stood then: after the instruction."""
    instruction: str
    """As gdb writes it; empty where it was a jump, which does not end where the program stands."""
    instruction_address: int
    """`pc` where the instruction is not known."""
    function: str
    """The innermost one by DWARF, which may be inlined."""
    file: str
    line: int
    callers: list[str]
    """Function names, innermost first, inlined ones too."""
    before: int
    after: int


class Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often a function was executed, and from where."""

    name: str
    resolved: bool
    hits: int
    chains: dict[str, int]
    """By call chain, ``callee < caller < …``, at most twelve deep."""
    sums: dict[str, int] = {}
    """By call chain, what the step was to sum up; a chain is left out where the expression had no value."""


class Goroutine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A goroutine as the toolchain's own runtime-gdb.py sees it."""

    id: int
    status: str
    on_thread: bool
    function: str


class Stop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The program as it stood at one stop."""

    at: str
    """The breakpoint reached, by the name it was asked for; ``return`` for a step that returns."""
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
    forced: list[Forced] = []
    touches: list[Touch] = []
    """On the way here, in order of time."""
    cut: list[str] = []
    """The watches that were taken off because they had seen enough."""
    unwatched: list[str] = []
    """The watches whose address has no value in this binary."""
    counted: list[Counted] = []

    def touched(self, label: str) -> list[Touch]:
        return [touch for touch in self.touches if touch.label == label]

    def count_of(self, name: str) -> int:
        return next(counted.hits for counted in self.counted if counted.name == name)


class RunSeen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one process did under gdb."""

    args: list[str]
    gomaxprocs: int
    stops: list[Stop]
    """Shorter than the run's steps if the program ended first."""
    exit_code: int | None
    """Set if the program ended before its last step; None if it was killed there, or died of a signal."""
    stderr: str
    env: dict[str, str] = {}
    """Beside GOMAXPROCS."""


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything one gdb session saw."""

    gdb: str
    breakpoints: list[Breakpoint]
    runs: list[RunSeen]
    transcript: str

    def breakpoint(self, name: str) -> Breakpoint:
        return next(found for found in self.breakpoints if found.name == name)


def session(bench: Bench, binary: Binary, runs: Sequence[Run], *, timeout_s: float = 60.0) -> Session:
    """The runs were made, one after the other, in one gdb; :class:`LabBroken` says what went wrong otherwise.

    Asynchronous preemption is off, or a breakpoint might be met twice: a goroutine that spins without calling a
    function is never interrupted, and a collection never starts beside it. Call runtime.Gosched in such loops.

    Auto-loading is off: the toolchain's runtime-gdb.py is sourced by name, which also works for -trimpath binaries.
    """
    order = {
        "binary": binary.name,
        "goroot_src": f"{bench.goroot}/src",
        "runs": [msgspec.structs.replace(run, env=environment(run, bench.toolchain)) for run in runs],
    }
    scripts = {name: (INSIDE / name).read_bytes() for name in _SCRIPTS}
    return ask(bench, scripts, order, Session, what="the gdb session failed", timeout_s=timeout_s)


def environment(run: Run, toolchain: Toolchain) -> dict[str, str]:
    """The variables that gdb gives the program beside GOMAXPROCS; :class:`LabBroken` for what cannot be given.

    Of several settings of one name the last counts, so ours is last.
    """
    for name, value in run.env.items():
        if name == "GOMAXPROCS":
            raise LabBroken("GOMAXPROCS is said by Run.gomaxprocs, not by its environment")
        if not _VARIABLE.fullmatch(name) or value != value.strip() or not value.isprintable():
            raise LabBroken(f"gdb cannot set the environment variable {name!r} to {value!r}")
    wanted = with_godebug(toolchain, run.env)
    if any(setting.startswith("asyncpreemptoff=") for setting in wanted.get("GODEBUG", "").split(",")):
        raise LabBroken("under gdb GODEBUG has asyncpreemptoff=1: else a breakpoint might be met twice")
    return wanted | {"GODEBUG": ",".join(filter(None, (wanted.get("GODEBUG"), _NO_PREEMPTION)))}
