"""What the observations of gdb-panic say of the claims 2.3-a … 2.3-n."""

from dataclasses import dataclass

from claimlab.instruments.gdb import Breakpoint, Frame, RunSeen, Stop
from claimlab.instruments.processes import Tally
from claimlab.lab import Control, Judges
from claimlab.outcome import Finding, Outcome, decided, fails, holds, unclear, void
from claimlab.statistics import share

from .lab import DEATHS, HASH_WRITING, Seen

judges = Judges()
MESSAGE = "concurrent map writes"


def as_text(frames: list[Frame]) -> str:
    return "\n".join(f"#{depth} {frame.function} at {frame.file}:{frame.line}" for depth, frame in enumerate(frames))


def last(run: RunSeen) -> Stop | None:
    return run.stops[-1] if run.stops else None


def died(run: RunSeen) -> bool:
    return bool(run.stops) and run.stops[-1].at in DEATHS


# --- how processes end -------------------------------------------------------------------------------------


def survives(one: Tally, two: Tally) -> Finding:
    dead, runs = one.died() + two.died(), one.runs + two.runs
    counted = share(dead, runs)
    words = f"{counted} processes died, GOMAXPROCS 1 and 2 together"
    if dead == 0:
        return holds(words)
    return fails(words) if counted.low > 0.5 else unclear(words)


@judges.of(
    "2.3-a",
    sees=lambda seen: (seen.counts["remove-absent/1"], seen.counts["remove-absent/2"]),
    control=Control(
        "an assignment to a nil map, which does panic",
        lambda seen: (seen.counts["assign-nil/1"], seen.counts["assign-nil/2"]),
        Outcome.FAILS,
    ),
)
def removing_from_an_empty_map_survives(tallies: tuple[Tally, Tally]) -> Finding:
    """No process dies whose only map operation is a delete of an absent key from an empty, non-nil map."""
    return survives(*tallies)


@judges.of(
    "2.3-k",
    sees=lambda seen: (seen.counts["remove-alone/1"], seen.counts["remove-alone/2"]),
    control=Control(
        "an assignment to a nil map, counted by the same rule: it does crash",
        lambda seen: (seen.counts["assign-nil/1"], seen.counts["assign-nil/2"]),
        Outcome.FAILS,
    ),
)
def removing_alone_survives(tallies: tuple[Tally, Tally]) -> Finding:
    """No process dies in which one goroutine deletes present and absent keys 20 000 times in a row."""
    return survives(*tallies)


def mostly_dies(tally: Tally, beside: Tally, message: str) -> Finding:
    """Decided by GOMAXPROCS=2; the count under GOMAXPROCS=1 is told beside it."""
    counted = share(tally.count(message), tally.runs)
    other = tally.died() - counted.count
    words = f"{counted} processes died with “{message}” under GOMAXPROCS=2"
    words += f" and {other} in another way" if other else ""
    words += f"; {share(beside.count(message), beside.runs)} under GOMAXPROCS=1"
    if counted.low > 0.5:
        return holds(words)
    return fails(words) if counted.high < 0.5 else unclear(words)


@judges.of(
    "2.3-b",
    sees=lambda seen: (seen.counts["listed/2"], seen.counts["listed/1"]),
    control=Control(
        "two goroutines that keep assigning and are waited for",
        lambda seen: (seen.counts["assign-assign/2"], seen.counts["assign-assign/1"]),
        Outcome.HOLDS,
    ),
)
def the_listed_program_dies(tallies: tuple[Tally, Tally]) -> Finding:
    """More often than not, a process that runs the program as listed dies with that message."""
    return mostly_dies(*tallies, MESSAGE)


@judges.of(
    "2.3-i",
    sees=lambda seen: (seen.counts["assign-assign/2"], seen.counts["assign-assign/1"]),
    control=Control(
        "the same load with a mutex around each operation",
        lambda seen: (seen.counts["locked/2"], seen.counts["locked/1"]),
        Outcome.FAILS,
    ),
)
def two_assigners_die(tallies: tuple[Tally, Tally]) -> Finding:
    """Two goroutines that assign a million times each, on two processors, end the process more often than not.

    “At the same time” needs two processors for Go code: under GOMAXPROCS=1 the runtime's map code is not
    preempted, so that two assignments do not overlap.
    """
    return mostly_dies(*tallies, MESSAGE)


@judges.of(
    "2.3-j",
    sees=lambda seen: (seen.counts["assign-remove/2"], seen.counts["assign-remove/1"]),
    control=Control(
        "the same load with a mutex around each operation",
        lambda seen: (seen.counts["locked/2"], seen.counts["locked/1"]),
        Outcome.FAILS,
    ),
)
def an_assigner_beside_a_remover_dies(tallies: tuple[Tally, Tally]) -> Finding:
    """One goroutine that assigns and one that deletes, a million times each on two processors, end the process."""
    return mostly_dies(*tallies, MESSAGE)


# --- where it dies -------------------------------------------------------------------------------------------


@judges.of(
    "2.3-c",
    sees=lambda seen: last(seen.assigning.runs[0]),
    control=Control("a map[int32]string", lambda seen: last(seen.assigning.runs[1]), Outcome.FAILS),
)
def goes_through_fast64(stop: Stop | None) -> Finding:
    """The first of the runtime's assign functions that the assignment reaches is runtime.mapassign_fast64."""
    if stop is None or len(stop.frames) < 2:
        return unclear("no assign function was reached")
    called = f"{stop.frames[1].function} calls {stop.at}"
    return decided(stop.at == "runtime.mapassign_fast64", called, as_text(stop.frames[:2]))


@dataclass(frozen=True)
class Asked:
    """A breakpoint that was asked for, and where the session stopped."""

    breakpoint: Breakpoint
    stop: Stop | None


@judges.of(
    "2.3-e",
    sees=lambda seen: Asked(seen.dying.breakpoint("runtime.fatalerror"), last(seen.dying.runs[0])),
    control=Control(
        "a breakpoint on runtime.fatal, in the same session",
        lambda seen: Asked(seen.dying.breakpoint("runtime.fatal"), last(seen.dying.runs[0])),
        Outcome.HOLDS,
    ),
)
def the_breakpoint_stops_it(asked: Asked) -> Finding:
    """gdb sets the breakpoint, and execution stops at it when the program dies."""
    where = f"execution stopped at {asked.stop.at}" if asked.stop else "the program ended without a stop"
    stopped = asked.stop is not None and asked.stop.at == asked.breakpoint.name
    return decided(asked.breakpoint.resolved and stopped, f"gdb: {asked.breakpoint.reply} — {where}")


@dataclass(frozen=True)
class Chain:
    """Two functions, and the stop in whose backtrace they are looked for."""

    caller: str
    callee: str
    stop: Stop | None


@judges.of(
    "2.3-f",
    sees=lambda seen: Chain("runtime.mapassign_fast64", "runtime.throw", last(seen.dying.runs[0])),
    control=Control(
        "a read of an unmapped address, which does end in runtime.throw",
        lambda seen: Chain("main.badAddress", "runtime.throw", last(seen.throwing.runs[0])),
        Outcome.HOLDS,
    ),
)
def the_backtrace_reads(chain: Chain) -> Finding:
    """The innermost frame is the callee, and the caller stands somewhere above it."""
    if chain.stop is None:
        return unclear("the program ended without a stop")
    names = [frame.function for frame in chain.stop.frames if frame.function]
    read = " ← ".join(names[:4])
    found = names[0] == chain.callee and chain.caller in names[1:]
    return decided(found, f"the backtrace reads {read}", as_text(chain.stop.frames[:5]))


@dataclass(frozen=True)
class Pointing:
    """A register at a stop."""

    register: str
    stop: Stop | None


@judges.of(
    "2.3-g",
    sees=lambda seen: Pointing("rax", last(seen.dying.runs[0])),
    control=Control(
        "the same register at the entry of the assign function, where it holds the map's type",
        lambda seen: Pointing(argument(seen, 0), last(seen.assigning.runs[0])),
        Outcome.FAILS,
    ),
)
def the_register_holds_the_message(pointing: Pointing) -> Finding:
    """The bytes at the register's address, as many as the next argument register says, are the message."""
    if pointing.stop is None:
        return unclear("the program ended without a stop")
    if pointing.register not in pointing.stop.registers:
        return void(f"this processor has no register {pointing.register}")
    text = pointing.stop.strings[pointing.register]
    by_dwarf = pointing.stop.arguments.get("s")
    words = f"{pointing.register} = {pointing.stop.registers[pointing.register]:#x}, where memory reads {text!r}"
    words += f"; by DWARF the argument s of {pointing.stop.function} is {by_dwarf!r}" if by_dwarf else ""
    return decided(text == MESSAGE, words)


def argument(seen: Seen, position: int) -> str:
    """The register of an integer argument in Go's register ABI, on the processor the trial ran on."""
    stop = last(seen.assigning.runs[0])
    amd64 = stop is not None and "rax" in stop.registers
    return (("rax", "rbx") if amd64 else ("x0", "x1"))[position]


@judges.of(
    "2.3-h",
    sees=lambda seen: Pointing("rbp", last(seen.dying.runs[0])),
    control=Control(
        "the second argument register at the entry of the assign function, which takes the map there",
        lambda seen: Pointing(argument(seen, 1), last(seen.assigning.runs[0])),
        Outcome.HOLDS,
    ),
)
def the_register_points_to_the_header(pointing: Pointing) -> Finding:
    """The register's value is the address of the map's header, which the program's variable holds."""
    if pointing.stop is None:
        return unclear("the program ended without a stop")
    if pointing.register not in pointing.stop.registers:
        return void(f"this processor has no register {pointing.register}")
    value, header = pointing.stop.registers[pointing.register], pointing.stop.values["map"]
    if not isinstance(header, int):
        return unclear("gdb could not read the map variable")
    stack = pointing.stop.registers.get("rsp", pointing.stop.registers.get("sp", 0))
    words = f"{pointing.register} = {value:#x}, the header is at {header:#x}"
    words += f"; {value - stack} bytes above the stack pointer" if 0 <= value - stack < 4096 else ""
    return decided(value == header, words)


# --- what the check looks at ---------------------------------------------------------------------------------


@judges.of(
    "2.3-d",
    sees=lambda seen: seen.overlapping.runs[0],
    control=Control(
        "the second assignment let in a little later, after the first has marked the map",
        lambda seen: seen.overlapping.runs[1],
        Outcome.HOLDS,
    ),
)
def the_overlap_is_detected(run: RunSeen) -> Finding:
    """A second assignment that runs entirely while a first one is inside the runtime ends the process.

    gdb holds the first one and lets only the second run: no chance is involved.
    """
    if len(run.stops) < 3:
        return unclear("the first assignment could not be held inside the runtime")
    inside, second = run.stops[1], run.stops[2]
    held = f"first assignment held in {inside.at}"
    if second.at in DEATHS:
        return holds(f"{held}: the second one ended the process in {second.at}", as_text(second.frames[:5]))
    if second.at == "main.secondDone" and last(run) is not second and not died(run):
        entries = run.stops[-1].values["count"] or run.stops[-1].values["used"]
        words = f"{held}: the second one ran from start to end, the first one went on, nothing was reported"
        return fails(f"{words}; the map has {entries} entries", as_text(inside.frames[:4]))
    return unclear(f"{held}: the second one ended at {second.at}, the process at {run.stops[-1].at}")


@dataclass(frozen=True)
class Suspect:
    """A byte that is said to be what the check looks at."""

    name: str
    exists: bool
    set_by_a_writer: bool
    """It is set while an assignment is under way."""
    deadly: bool
    """Changed by gdb, with a single goroutine in the process, it ends the process."""
    harmless_beside: str = ""
    """What else was changed in the same way and did not end the process."""


def bucket_byte(seen: Seen) -> Suspect:
    run = seen.under_way.runs[0]
    poked = [byte for stop in run.stops for byte in stop.poked if byte.address is not None]
    return Suspect("a key in its bucket, changed during an assignment", bool(poked), bool(poked), died(run))


def mark_byte(seen: Seen) -> Suspect:
    run = seen.under_way.runs[1]
    changed = [byte for stop in run.stops for byte in stop.poked if byte.address is not None]
    field = changed[0].expression.rpartition(".")[2] if changed else "?"
    set_then = any(byte.before for byte in changed)
    return Suspect(f"the field {field}, changed during an assignment", bool(changed), set_then, died(run))


def writing_bit(seen: Seen) -> Suspect:
    name = f"bit {HASH_WRITING} of hmap.flags"
    under_way = seen.under_way.runs[1].stops
    flags = under_way[1].values["flags"] if len(under_way) > 1 else None
    poked = [(run.stops[0].poked[0].after, died(run)) for run in seen.bits.runs if run.stops]
    tried = {value: dead for value, dead in poked if value is not None}
    if not isinstance(flags, int):
        return Suspect(name, False, False, False)
    deadly = [value for value, dead in tried.items() if dead]
    harmless = ", ".join(str(value) for value, dead in sorted(tried.items()) if not dead)
    only = deadly == [HASH_WRITING] and len(tried) == 8
    return Suspect(name, True, bool(flags & HASH_WRITING), only, f"the bits {harmless}" if harmless else "")


def is_the_cause(suspect: Suspect) -> Finding:
    if not suspect.exists:
        return void(f"{suspect.name}: this toolchain's map has no such field")
    words = f"{suspect.name}: " + ("the process died" if suspect.deadly else "the process went on")
    words += f"; {suspect.harmless_beside} changed instead: it went on" if suspect.harmless_beside else ""
    return decided(suspect.set_by_a_writer and suspect.deadly, words)


@judges.of(
    "2.3-l",
    sees=bucket_byte,
    control=Control("the field that marks the map as being written", mark_byte, Outcome.HOLDS),
)
def bucket_state_is_the_cause(suspect: Suspect) -> Finding:
    """What the check looks at changes during an assignment, and changing it (and nothing else) ends the process."""
    return is_the_cause(suspect)


@judges.of(
    "2.3-m",
    sees=writing_bit,
    control=Control("a key in its bucket, changed during an assignment", bucket_byte, Outcome.FAILS),
)
def the_flag_bit_is_the_cause(suspect: Suspect) -> Finding:
    """The bit is set while an assignment is under way, and of the eight bits it alone makes a delete die."""
    return is_the_cause(suspect)


@judges.of(
    "2.3-n",
    sees=lambda seen: seen.marked.runs[1],
    control=Control("len of the map, which does not check", lambda seen: seen.marked.runs[0], Outcome.HOLDS),
)
def a_single_goroutine_is_not_checked(run: RunSeen) -> Finding:
    """In a process whose only goroutine of its own uses the map, the operation takes no notice of the mark."""
    if len(run.stops) < 2 or not any(byte.after for byte in run.stops[0].poked):
        return unclear("the mark could not be set")
    end = run.stops[1]
    if end.at in DEATHS:
        return fails(f"one goroutine, mark set by gdb: the operation died in {end.at}", as_text(end.frames[:4]))
    return holds("one goroutine, mark set by gdb: the operation took no notice")
