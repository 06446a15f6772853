"""Pictures of what fast32-registers saw: which register holds what, at the entry and on return."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from claimlab import ARTICLE, Code, Held, Listing, Moment, On, Pictures, Registers, Role, Words, alike, parts

from .judges_reading import Call, calls
from .judges_result import HITS, MISSES, points_to_value
from .lab import Seen

pictures = Pictures()

NAMES = {"rax": "AX", "rbx": "BX", "rcx": "CX", "rdx": "DX", "rsi": "SI"}
"""As the article, and Go's assembler, call them."""
HEADER, KEY = Held("*hmap", Role.POINTER), Held("key", Role.KEY)
ARGUMENTS = {"type": Held("*maptype"), "header": HEADER, "key": KEY}
VALUE = Held(Words("the value's address", "值的地址"), Role.VALUE)
NIL = Held("nil", Role.VALUE)
ZERO = Held("&zeroVal", Role.VALUE)
LOOKS, ASSIGNS = "mapaccess1_fast32", "mapassign_fast32"


def entered(function: str) -> Words:
    return Words(f"At the first instruction of `{function}`", f"`{function}` 的第一条指令处")


FOUND = Words(f"When `{LOOKS}` has returned, key found", f"`{LOOKS}` 返回后，键存在")
MISSED = Words("… key not found", "……键不存在")


@pictures.of(
    "2.2-f",
    "2.2-g",
    "2.2-h",
    "2.2-i",
    "2.2-k",
    title=Words("Registers of a lookup", "查找时的寄存器"),
)
def lookup(seen: Mapping[str, Seen]) -> Registers | None:
    claimed = [
        Moment(ARTICLE, entered(LOOKS), {"AX": HEADER, "BX": KEY}),
        Moment(ARTICLE, FOUND, {"DX": VALUE}),
        Moment(ARTICLE, MISSED, {"DX": NIL}),
    ]
    measured = [
        alike(seen, lambda one: at_entry(calls(one, "many", "few"))),
        alike(seen, lambda one: on_return(calls(one, *HITS))),
        alike(seen, lambda one: on_miss(one, calls(one, *MISSES))),
    ]
    return drawn(claimed, measured)


@pictures.of("2.2-m", title=Words("Registers of an assignment", "赋值时的寄存器"))
def assignment(seen: Mapping[str, Seen]) -> Registers | None:
    returned = Words(f"When `{ASSIGNS}` has returned", f"`{ASSIGNS}` 返回后")
    claimed = [
        Moment(ARTICLE, entered(ASSIGNS), {"AX": HEADER, "BX": KEY, "SI": VALUE}),
        Moment(ARTICLE, returned, {}),
    ]
    measured = [
        alike(seen, lambda one: at_entry(calls(one, "set"))),
        alike(seen, lambda one: on_return(calls(one, "set"))),
    ]
    return drawn(claimed, measured)


def drawn(claimed: Sequence[Moment], measured: Sequence[Sequence[tuple[On, dict[str, Held]]]]) -> Registers | None:
    """What the article says of a moment, then what was seen; a register that holds something else than it says is
    marked."""
    moments: list[Moment] = []
    for said, groups in zip(claimed, measured, strict=True):
        moments += [said] if said.held else []
        for on, held in groups:
            told = {name: replace(one, marked=said.held.get(name) != one) for name, one in held.items()}
            moments.append(replace(said, whose=on, held=told))
    return Registers(tuple(NAMES.values()), tuple(moments)) if any(measured) else None


def at_entry(found: Sequence[Call]) -> dict[str, Held] | None:
    """What is in a register in every one of the calls."""
    if not found or "rax" not in found[0].entry.registers:
        return None
    return {
        name: held
        for register, name in NAMES.items()
        for what, held in ARGUMENTS.items()
        if all(call.holds(register, what) for call in found)
    }


def on_return(found: Sequence[Call]) -> dict[str, Held] | None:
    if not found or "rax" not in found[0].back.registers:
        return None
    return {
        name: VALUE
        for register, name in NAMES.items()
        if register in found[0].back.strings and all(points_to_value(call, register) for call in found)
    }


def on_miss(seen: Seen, found: Sequence[Call]) -> dict[str, Held] | None:
    if not found or "rax" not in found[0].back.registers or seen.zero is None:
        return None
    address = seen.zero.address
    return {
        name: ZERO
        for register, name in NAMES.items()
        if all(call.back.registers[register] == address for call in found)
    }


@pictures.of("2.2-f", "2.2-g", "2.2-h", "2.2-k", title=Words("The call, in machine code", "这次调用的机器码"))
def call_site(seen: Mapping[str, Seen]) -> Code | None:
    notes = [
        ("<main.wanted>", Words("the key goes into CX", "键放入 CX")),
        ("<main.many>", Words("the map's header into BX", "map 的头部放入 BX")),
        ("lea rax", Words("the map's type into AX", "map 的类型放入 AX")),
        ("qword ptr [rax]", Words("the value is read through AX", "通过 AX 读取值")),
    ]

    def site(one: Seen) -> Listing | None:
        found = next((site for site in one.sites if site.caller == "main.lookMany"), None)
        shown = parts.lines(found.listing, notes) if found and found.architecture == "amd64" else ()
        return Listing(ARTICLE, "main.lookMany", shown) if shown else None

    found = alike(seen, site, lambda listing: listing.lines)
    return Code(tuple(replace(listing, whose=on) for on, listing in found)) if found else None
