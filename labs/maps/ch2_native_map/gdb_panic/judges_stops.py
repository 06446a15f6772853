"""Where a dying process stands under gdb: the claims 2.3-c, e, f, g and h."""

from dataclasses import dataclass

from claimlab import Breakpoint, Control, Finding, Judges, Outcome, Stop, decided, unclear, void

from .judges_reading import MESSAGE, as_text, last
from .lab import Seen

judges = Judges()


@judges.of(
    "2.3-c",
    sees=lambda seen: last(seen.assigning.runs[0]),
    control=Control("a map[int32]string", lambda seen: last(seen.assigning.runs[1]), Outcome.FAILS),
)
def goes_through_fast64(stop: Stop | None) -> Finding:
    """The first of the runtime's assign functions that the assignment reaches is runtime.mapassign_fast64."""
    if stop is None or len(stop.frames) < 2:
        return unclear("no assign function was reached")
    called = f"`{stop.frames[1].function}` calls `{stop.at}`"
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
    where = f"execution stopped at `{asked.stop.at}`" if asked.stop else "the program ended without a stop"
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
    read = " ← ".join(f"`{name}`" for name in names[:4])
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
    words = f"`{pointing.register}` = {pointing.stop.registers[pointing.register]:#x}, where memory reads "
    words += f"“{text}”" if text else "no string"
    words += f"; by DWARF the argument `s` of `{pointing.stop.function}` is “{by_dwarf}”" if by_dwarf else ""
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
    words = f"`{pointing.register}` = {value:#x}, the header is at {header:#x}"
    words += f"; {value - stack} bytes above the stack pointer" if 0 <= value - stack < 4096 else ""
    return decided(value == header, words)
