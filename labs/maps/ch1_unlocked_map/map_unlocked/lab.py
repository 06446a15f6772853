"""When does a program die that uses a map from several goroutines without a lock, and what does the runtime look at?

Section 1 of the article. Three kinds of experiment: many fresh processes, of which we count how they end; single
processes in which gdb changes a byte of the map, or holds a goroutine inside the runtime while another one reads; and a
look at what lookups change in the map's header, by the processor's watch registers and by comparing its bytes.
"""

import msgspec

from claimlab import Bench, Binary, Lab, Run, RunSeen, Session, Stop, Tally, TypeLayout, gdb, gobuild, layout, processes

from .experiments import DEATHS, HOLD, by_one_goroutine, by_two_goroutines, headers

lab = Lab(
    host_matters=True,
    asks={"zh": "多个 goroutine 不加锁使用 map，程序在什么情况下会死，运行时检查的是什么？"},
)

HEADERS = ["runtime.hmap", "internal/runtime/maps.Map"]


class Noted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An instruction that touched a watched word."""

    label: str
    instruction: str
    place: str
    callers: list[str]
    """Innermost first."""


class Halt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The program as it stood at one stop: of gdb's Stop what the judges of this lab ask for."""

    at: str
    frames: list[str] = []
    """Function, file and line, innermost first; at most four, and none where we stopped the program ourselves."""
    message: str = ""
    """What the runtime is about to say: the argument `s` of `runtime.fatal` and `runtime.throw`."""
    values: dict[str, int] = {}
    """Only what exists in this binary; and so it is with what follows."""
    changed: dict[str, tuple[int, int]] = {}
    """What gdb changed here: before, after."""
    noted: list[Noted] = []
    unwatched: list[str] = []
    counted: dict[str, int] = {}
    """Executions on the way here. gdb may count one twice, if a signal comes in between; never one too few."""


class Process(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One process under gdb."""

    args: list[str]
    steps: int
    """How many stops were planned."""
    halts: list[Halt]
    exit_code: int | None = None
    """Set if it ended before its last step."""
    stderr: str = ""

    @property
    def died(self) -> bool:
        return bool(self.halts) and self.halts[-1].at in DEATHS

    @property
    def lost(self) -> bool:
        """It neither died nor went all the way that was planned for it."""
        return not self.died and len(self.halts) < self.steps


class Experiments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The processes of one gdb session, by experiment; the session itself has the transcript."""

    session: Session
    processes: dict[str, list[Process]]


class Compared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The offsets of those bytes of a header that differed afterwards, by what was done."""

    map: str
    lookup: list[int]
    range: list[int]
    assign: list[int]


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    counts: dict[str, Tally]
    """How fresh processes ended, by experiment and GOMAXPROCS, such as ``read-read/2``."""
    header: TypeLayout
    """The type of a map's header."""
    compared: list[Compared]
    watched: Experiments
    """The headers of the same maps, watched."""
    alone: Experiments
    """One goroutine does one thing, and gdb changes a byte."""
    together: Experiments
    """A writer is held and a reader let run; and several readers."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    header = next(found for found in layout.types(bench, program, HEADERS) if found.present)
    argv = [f"./{program.name}", "headers", str(header.size)]
    return Seen(
        counts=count(bench, f"./{program.name}"),
        header=header,
        compared=processes.answer(bench, argv, list[Compared], gomaxprocs=1),
        watched=under_gdb(bench, program, headers(header.size)),
        alone=under_gdb(bench, program, by_one_goroutine(bits=header.field("flags") is not None)),
        together=under_gdb(bench, program, by_two_goroutines()),
    )


def count(bench: Bench, program: str) -> dict[str, Tally]:
    """Every pattern of access in a hundred fresh processes.

    The racing ones may do more with two processors: they die early if they die, and on a busy machine the two
    goroutines need time to meet.
    """
    patterns: dict[str, dict[int, list[str]]] = {
        "read-read": {2: ["500"], 4: ["500"]},
        "read-crowd": {4: []},
        "range-range": {2: []},
        "migrating": {4: ["500"]},
        "assign-alone": {2: ["5000"]},
        "turns": {2: ["100"]},
        "assign-assign": {1: ["5000"], 2: ["30000000"]},
        "read-assign": {1: ["5000"], 2: ["30000000"]},
        "assign-nil": {2: []},
        "recover": {2: ["30000000"]},
        "recover-nil": {2: ["1"]},
    }
    marks = ["deferred call runs", "recovered from"]
    return {
        f"{name}/{gomaxprocs}": processes.tally(
            bench, [program, name, *words], runs=100, gomaxprocs=gomaxprocs, marks=marks
        )
        for name, by_gomaxprocs in patterns.items()
        for gomaxprocs, words in by_gomaxprocs.items()
    }


def under_gdb(bench: Bench, program: Binary, experiments: dict[str, list[Run]]) -> Experiments:
    seen = gdb.session(bench, program, [run for runs in experiments.values() for run in runs])
    runs = iter(seen.runs)
    found = {name: [process(one, next(runs)) for one in wanted] for name, wanted in experiments.items()}
    return Experiments(msgspec.structs.replace(seen, runs=[]), found)


def process(wanted: Run, run: RunSeen) -> Process:
    halts = [halt(stop) for stop in run.stops]
    stderr = run.stderr if run.exit_code is not None else ""
    return Process(run.args, len(wanted.steps), halts, run.exit_code, stderr)


def halt(stop: Stop) -> Halt:
    pokes = {one.expression: (one.before, one.after) for one in stop.poked}
    forced = {one.expression: (one.before, one.after) for one in stop.forced}
    both = {name: pair for name, pair in (pokes | forced).items() if isinstance(pair[0], int)}
    message = stop.arguments.get("s")
    frames = [] if stop.at == HOLD else stop.frames[:4]
    return Halt(
        stop.at,
        [f"{frame.function} at {frame.file}:{frame.line}" for frame in frames if frame.function],
        message if isinstance(message, str) else "",
        {label: value for label, value in stop.values.items() if isinstance(value, int)},
        msgspec.convert(both, dict[str, tuple[int, int]]),
        [Noted(one.label, one.instruction, f"{one.file}:{one.line}", one.callers[:6]) for one in stop.touches],
        stop.unwatched,
        {one.name: one.hits for one in stop.counted if one.resolved},
    )
