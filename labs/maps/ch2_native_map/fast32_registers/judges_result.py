"""What a call gives back, and what it does on the way: the claims 2.2-h, i, j and m."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Symbol, decided, fails, holds, unclear, void

from .judges_reading import Call, calls, first_argument, hash_names
from .lab import ABSENT, LOOKUP, SECOND, Seen, Shape

judges = Judges()

HITS = ("many 5", "many 61", "many 99", "few 2")
MISSES = (f"many {ABSENT}", f"few {ABSENT}", f"empty {ABSENT}", f"none {ABSENT}")


@dataclass(frozen=True)
class Returned:
    """Lookups that found something, and the register that is said to hold the value's address on return."""

    register: str
    first: str
    """The first result register of Go's calling convention."""
    calls: list[Call]


@judges.of(
    "2.2-h",
    sees=lambda seen: Returned("rdx", first_argument(seen), calls(seen, *HITS)),
    control=Control(
        "the first result register, in the same lookups",
        lambda seen: Returned(first_argument(seen), first_argument(seen), calls(seen, *HITS)),
        Outcome.HOLDS,
    ),
)
def the_register_holds_the_result(returned: Returned) -> Finding:
    """Where a lookup has returned, the register points to the value found, in every lookup.

    By gdb: the eight bytes it points to are the value; by the machine code: it is the register that the caller goes on
    to read through. What a miss returns is another claim.
    """
    if not returned.calls:
        return unclear("no lookup was seen to return")
    if returned.register not in returned.calls[0].back.registers:
        return void(f"this processor has no register {returned.register}")
    by_gdb = [points_to_value(call, returned.register) for call in returned.calls]
    by_code = [call.site.used == returned.register for call in returned.calls]
    held = ", ".join(dict.fromkeys(f"{call.back.registers[returned.register]:#x}" for call in returned.calls))
    right = sum(points_to_value(call, returned.first) for call in returned.calls)
    words = f"{returned.register} pointed to the value after {sum(by_gdb)} of {len(by_gdb)} lookups (it was {held}); "
    words += f"{returned.first} did after {right}, and `{returned.calls[0].kind.caller}` goes on to read through "
    words += f"{returned.calls[0].site.used}"
    if all(by_gdb) != all(by_code):
        return unclear(f"the two instruments disagree: {words}", returned.calls[0].site.listing)
    return decided(all(by_gdb), words, returned.calls[0].site.listing)


def points_to_value(call: Call, register: str) -> bool:
    return call.back.strings.get(register) == call.text


@dataclass(frozen=True)
class Missed:
    """Lookups that found nothing, the code of what they ran, and the variable that may be returned instead of nil."""

    first: str
    calls: list[Call]
    shapes: list[Shape]
    zero: Symbol | None


def ran(seen: Seen, name: str) -> list[Shape]:
    """The function's code, and mapaccess2_fast32's where the function calls it."""
    shape = seen.shape(name)
    return [shape, seen.shape(SECOND)] if SECOND in shape.calls and name == LOOKUP else [shape]


@judges.of(
    "2.2-i",
    sees=lambda seen: Missed(first_argument(seen), calls(seen, *MISSES), ran(seen, LOOKUP), seen.zero),
    control=Control(
        "a function of ours that returns nil for a key that is not in the map",
        lambda seen: Missed(
            first_argument(seen), calls(seen, f"ordered {ABSENT}"), ran(seen, "main.ordered"), seen.zero
        ),
        Outcome.HOLDS,
    ),
)
def a_miss_returns_nil(missed: Missed) -> Finding:
    """After each lookup of an absent key the result register is 0: maps of 100 and 6 entries, an empty and a nil one.

    By gdb; the machine code is asked whether it has the address of runtime.zeroVal to return.
    """
    if not missed.calls:
        return unclear("no lookup was seen to return")
    results = [call.back.registers[missed.first] for call in missed.calls]
    lines = [line for shape in missed.shapes for line in shape.zero]
    named = ", ".join(dict.fromkeys(name(result, missed.zero) for result in results))
    words = f"after {len(results)} misses {missed.first} was {named}; the code refers to `runtime.zeroVal` "
    words += f"{len(lines)} times"
    nil = not any(results)
    if nil == bool(lines):
        return unclear(f"the two instruments disagree: {words}", "\n".join(lines))
    return decided(nil, words, "\n".join(lines))


def name(result: int, zero: Symbol | None) -> str:
    if zero is not None and zero.address <= result < zero.address + zero.size:
        return f"{result:#x}, the address of `{zero.name}`"
    return "0" if result == 0 else f"{result:#x}"


@dataclass(frozen=True)
class Walked:
    """Lookups that found something in a large and in a small map, lookups that did not, and the code."""

    first: str
    hits: list[Call]
    misses: list[Call]
    shapes: list[Shape]
    zero: Symbol | None


@judges.of(
    "2.2-j",
    sees=lambda seen: Walked(
        first_argument(seen), calls(seen, *HITS), calls(seen, *MISSES[:2]), ran(seen, LOOKUP), seen.zero
    ),
    control=Control(
        "the lookup of a hash table of ours, made after the diagram",
        lambda seen: Walked(
            first_argument(seen),
            calls(seen, "find 5"),
            calls(seen, f"find {ABSENT}"),
            ran(seen, "main.find"),
            seen.zero,
        ),
        Outcome.HOLDS,
    ),
)
def the_lookup_goes_by_the_diagram(walked: Walked) -> Finding:
    """Every lookup executes a hash function, a found key gives the address of its value, an absent one gives nil.

    By gdb; for nil the machine code is the second witness.
    """
    every = [*walked.hits, *walked.misses]
    if not walked.hits or not walked.misses:
        return unclear("not every lookup was seen to return")
    hashed = [call for call in every if call.hashed]
    found = sum(points_to_value(call, walked.first) for call in walked.hits)
    results = [call.back.registers[walked.first] for call in walked.misses]
    zero = [line for shape in walked.shapes for line in shape.zero]
    without = ", ".join(dict.fromkeys(f"`{call.kind.symbol}`" for call in every if not call.hashed))
    words = f"a hash function ({hash_names(every)}) was executed in {len(hashed)} of {len(every)} lookups"
    words += f" (not for {without})" if without else ""
    words += f"; {found} of {len(walked.hits)} hits gave the value's address, misses gave "
    words += ", ".join(dict.fromkeys(name(result, walked.zero) for result in results))
    nil = not any(results)
    if nil == bool(zero):
        return unclear(f"the two instruments disagree on nil: {words}", "\n".join(zero))
    compares = [line for shape in walked.shapes for line in shape.compares]
    by_the_diagram = len(hashed) == len(every) and found == len(walked.hits) and nil
    return decided(by_the_diagram, words, "\n".join([*compares, *zero]))


@dataclass(frozen=True)
class Assigned:
    """Assignments, lookups to compare them with, and the register that is said to hold the value's address beside."""

    register: str
    first: str
    calls: list[Call]
    lookups: list[Call]


@judges.of(
    "2.2-m",
    sees=lambda seen: Assigned("rsi", first_argument(seen), calls(seen, "set", "set-few"), calls(seen, "many", "few")),
    control=Control(
        "a function of ours that takes the same three arguments, and the value's address as its fifth",
        lambda seen: Assigned(
            calls(seen, "stored")[0].arguments[4],
            first_argument(seen),
            calls(seen, "stored"),
            calls(seen, "many", "few"),
        ),
        Outcome.HOLDS,
    ),
)
def the_registers_are_the_same_and_one_more(assigned: Assigned) -> Finding:
    """At the entry type, header and key stand in the same registers as in a lookup, and the further register holds the
    value's address, at the entry or on return, in every assignment.

    By gdb: the eight bytes it points to are the entry's value; by the machine code: the caller loads it before the
    call, or stores the value through it afterwards.
    """
    if not assigned.calls or not assigned.lookups:
        return unclear("no assignment was seen to return")
    if assigned.register not in assigned.calls[0].entry.registers:
        return void(f"this processor has no register {assigned.register}")
    first = assigned.calls[0]
    orders = {call.order() for call in [*assigned.calls, *assigned.lookups]}
    same = len(orders) == 1
    by_gdb = [points(call, assigned.register) for call in assigned.calls]
    by_code = [assigned.register == call.site.used or assigned.register in call.site.loaded for call in assigned.calls]
    right = sum(points_to_value(call, assigned.first) for call in assigned.calls)
    words = f"`{first.kind.callee}` is entered with {first.order()}, {'as' if same else 'unlike'} the lookup"
    words += f"; {assigned.register} points to the value in {sum(by_gdb)} of {len(by_gdb)} calls, "
    words += f"{assigned.first} on return in {right}; `{first.kind.caller}` goes on through {first.site.used or 'none'}"
    if all(by_gdb) != all(by_code):
        return unclear(f"the two instruments disagree: {words}", first.site.listing)
    return holds(words, first.site.listing) if same and all(by_gdb) else fails(words, first.site.listing)


def points(call: Call, register: str) -> bool:
    return call.text in (call.entry.strings.get(register), call.back.strings.get(register))
