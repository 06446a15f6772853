"""What the registers and the stack hold when the function is entered: the claims 2.2-f, g, k and l."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Stop, decided, unclear, void

from .judges_reading import Call, calls
from .lab import ARGUMENTS, LOOKUP, Seen, Shape

judges = Judges()
LOOKUPS = ("many", "few")


@dataclass(frozen=True)
class Asked:
    """Calls, and a register that is said to hold something at their entry."""

    register: str
    what: str
    """``header`` or ``key``."""
    calls: list[Call]


def argument(seen: Seen, position: int) -> str:
    return ARGUMENTS[seen.sites[0].architecture][position]


def holds_at_entry(asked: Asked) -> Finding:
    """By gdb: the register's value; by the machine code of the call: what was loaded into it."""
    if not asked.calls:
        return unclear("no call was seen")
    if asked.register not in asked.calls[0].entry.registers:
        return void(f"this processor has no register {asked.register}")
    by_gdb = [call.holds(asked.register, asked.what) for call in asked.calls]
    by_code = [call.site.loaded.get(asked.register) == expected(call, asked.what) for call in asked.calls]
    first = asked.calls[0]
    orders = "; ".join(dict.fromkeys(call.order() for call in asked.calls))
    words = f"at the first instruction of `{first.kind.callee}`, in {len(asked.calls)} calls with "
    words += f"{len({call.number for call in asked.calls})} keys: {orders}"
    shows = "\n".join([first.site.listing, *values(first)])
    if by_gdb != by_code:
        return unclear(f"the two instruments disagree: {words}; by the call's code it holds otherwise", shows)
    return decided(all(by_gdb), words, shows)


def expected(call: Call, what: str) -> str:
    return {"header": call.kind.symbol, "key": "main.wanted"}[what]


def values(call: Call) -> list[str]:
    known = [f"{what} = {hexadecimal(call.entry.values[what])}" for what in ("type", "header", "key")]
    registers = [f"{name} = {call.entry.registers[name]:#x}" for name in call.arguments[:3]]
    return [f"in registers: {', '.join(registers)}", f"by the program's variables: {', '.join(known)}"]


def hexadecimal(value: str | int | None) -> str:
    return hex(value & (1 << (32 if value < 0 else 64)) - 1) if isinstance(value, int) else str(value)


@judges.of(
    "2.2-f",
    sees=lambda seen: Asked("rax", "header", calls(seen, *LOOKUPS)),
    control=Control(
        "a function of ours whose first argument is the map",
        lambda seen: Asked(argument(seen, 0), "header", calls(seen, "ordered")),
        Outcome.HOLDS,
    ),
)
def the_first_register_holds_the_header(asked: Asked) -> Finding:
    """At the function's very first instruction AX is the address of the map's header, in every lookup."""
    return holds_at_entry(asked)


@judges.of(
    "2.2-g",
    sees=lambda seen: Asked("rbx", "key", calls(seen, *LOOKUPS)),
    control=Control(
        "a function of ours whose second argument is the key",
        lambda seen: Asked(argument(seen, 1), "key", calls(seen, "ordered")),
        Outcome.HOLDS,
    ),
)
def the_second_register_holds_the_key(asked: Asked) -> Finding:
    """At the function's very first instruction the low half of BX is the key, in every lookup."""
    return holds_at_entry(asked)


@dataclass(frozen=True)
class Passed:
    """Calls, and the values that are their arguments."""

    calls: list[Call]
    values: list[int]
    """Of all the calls; empty where each has its own: the map's type, its header and the key."""


@judges.of(
    "2.2-k",
    sees=lambda seen: Passed(calls(seen, *LOOKUPS, "empty"), []),
    control=Control(
        "a function of ours with twenty arguments",
        lambda seen: Passed(calls(seen, "twenty"), list(range(0x1001, 0x1015))),
        Outcome.FAILS,
    ),
)
def all_arguments_are_in_registers(passed: Passed) -> Finding:
    """At the function's very first instruction every argument stands in a register for arguments (https://go.dev/s/regabi),
    and the caller has put none on the stack.

    By gdb's registers, and by the machine code before the call.
    """
    if not passed.calls:
        return unclear("no call was seen")
    missing = [absent(call, passed.values) for call in passed.calls]
    stored = [call.site.stored for call in passed.calls]
    first = passed.calls[0]
    count = len(passed.values) or 3
    words = (
        f"`{first.kind.callee}` takes {count} arguments; at its first instruction {count - len(missing[0])} of them "
    )
    words += (
        f"are in argument registers ({len(passed.calls)} calls); `{first.kind.caller}` puts {len(stored[0])} values "
    )
    words += "on the stack before the call"
    shows = "\n".join([first.site.listing, *values(first)]) if not passed.values else first.site.listing
    in_registers = not any(missing)
    if in_registers != (not any(stored)):
        return unclear(f"the two instruments disagree: {words}", shows)
    return decided(in_registers, words, shows)


def absent(call: Call, known: list[int]) -> list[str]:
    """The arguments that no argument register holds."""
    if known:
        registers = [call.entry.registers[name] for name in call.arguments]
        return [hex(value) for value in known if value not in registers]
    return [what for what in ("type", "header", "key") if not any(call.holds(name, what) for name in call.arguments)]


@dataclass(frozen=True)
class Framed:
    """Calls with a stop inside, and the function's code."""

    shape: Shape
    calls: list[Call]


@judges.of(
    "2.2-l",
    sees=lambda seen: Framed(seen.shape(LOOKUP), calls(seen, *LOOKUPS)),
    control=Control(
        "a function of ours that calls nothing and needs no stack",
        lambda seen: Framed(seen.shape("main.leaf"), calls(seen, "leaf")),
        Outcome.HOLDS,
    ),
)
def no_frame_is_pushed(framed: Framed) -> Finding:
    """Inside the function the stack pointer is where it was at its first instruction, and no instruction lowers it.

    By gdb's registers, and by the machine code. The return address, which CALL pushes on amd64, does not count.
    """
    depths = {pointer(call.entry) - pointer(call.inside) for call in framed.calls if call.inside is not None}
    if not depths:
        return unclear("no call was stopped inside the function")
    lowered = framed.shape.lowers
    told = ", ".join(map(str, sorted(depths)))
    words = f"inside `{framed.shape.name}` the stack pointer is {told} bytes lower than at its first instruction; "
    words += f"{len(lowered)} of its {framed.shape.instructions} instructions lower it"
    if (depths == {0}) != (not lowered):
        return unclear(f"the two instruments disagree: {words}", "\n".join(lowered))
    return decided(depths == {0}, words, "\n".join(lowered))


def pointer(stop: Stop) -> int:
    return stop.registers.get("rsp", stop.registers.get("sp", 0))
