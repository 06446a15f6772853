"""Which registers do mapaccess1_fast32 and mapassign_fast32 take their arguments and give their results in?

Section 2.2 of the article. gdb stops at the very first instruction of the function, then inside it, then where it has
returned; what the registers hold there is compared with what the program knows. The machine code of the call, before
and after it, is the second witness.
"""

from typing import Final

import msgspec

from claimlab import (
    Architecture,
    Bench,
    Function,
    Instruction,
    Lab,
    Run,
    Session,
    Step,
    Symbol,
    disassembly,
    gdb,
    gobuild,
    symbols,
)

lab = Lab(asks={"zh": "mapaccess1_fast32 和 mapassign_fast32 用哪些寄存器传参和返回结果？"})

LOOKUP, ASSIGN, SECOND = "runtime.mapaccess1_fast32", "runtime.mapassign_fast32", "runtime.mapaccess2_fast32"
"""From Go 1.27 on the first is a shell around the last (internal/runtime/maps/runtime_fast32.go)."""
ZERO = "runtime.zeroVal"
HASHES = ["runtime.memhash32", "internal/runtime/maps.memHash32AES", "main.hashOf"]
"""Of int32 keys, on a processor with AES instructions: up to 1.26, and in 1.27; and of our own table."""


class Kind(msgspec.Struct, frozen=True):
    """A call: of what, by whom, and the map or table whose header is handed over."""

    callee: str
    caller: str
    symbol: str
    header: str
    """Its address, as a gdb expression: a map's variable holds it, our table's variable is the table."""


def on_map(callee: str, caller: str, variable: str) -> Kind:
    return Kind(callee, caller, variable, f"'{variable}'")


KINDS: Final = {
    "many": on_map(LOOKUP, "main.lookMany", "main.many"),
    "few": on_map(LOOKUP, "main.lookFew", "main.few"),
    "empty": on_map(LOOKUP, "main.lookEmpty", "main.empty"),
    "none": on_map(LOOKUP, "main.lookNone", "main.none"),
    "set": on_map(ASSIGN, "main.setMany", "main.many"),
    "set-few": on_map(ASSIGN, "main.setFew", "main.few"),
    "ordered": on_map("main.ordered", "main.callOrdered", "main.many"),
    "find": Kind("main.find", "main.callFind", "main.own", "&'main.own'"),
    "twenty": on_map("main.twenty", "main.callTwenty", "main.many"),
    "leaf": on_map("main.leaf", "main.callLeaf", "main.many"),
    "stored": on_map("main.stored", "main.callStored", "main.many"),
}
ABSENT = 1000
"""The number of an entry that no map has."""
CALLS: Final = [
    *(("many", number) for number in (5, 61, 99, ABSENT)),
    *(("few", number) for number in (2, ABSENT)),
    *(("empty", ABSENT), ("none", ABSENT)),
    *(("set", number) for number in (5, 61)),
    ("set-few", 2),
    *(("find", number) for number in (5, ABSENT)),
    *(("ordered", ABSENT), ("twenty", 5), ("leaf", 5), ("stored", 5)),
]
"""Kind, and number of the entry."""
RESULTS: Final = {"amd64": ["rax", "rdx", "rsi"], "arm64": ["x0", "x4"]}
"""Registers that hold, or are said to hold, the address of a value."""
ARGUMENTS: Final = {
    "amd64": ["rax", "rbx", "rcx", "rdi", "rsi", "r8", "r9", "r10", "r11"],
    "arm64": [f"x{number}" for number in range(16)],
}
"""The integer argument and result registers of Go's calling convention (https://go.dev/s/regabi)."""


FRAME_REGISTERS: Final = ("rbp", "x29", "x30")
"""What a prologue saves on the stack: the caller's frame pointer, and on arm64 the return address."""
LOOKED_INSIDE: Final = ("many", "few", "leaf")


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a function's machine code this lab asks for."""

    name: str
    present: bool
    instructions: int
    lowers: list[str]
    """The instructions that lower the stack pointer, as listed."""
    zero: list[str]
    """Those that refer to runtime.zeroVal."""
    compares: list[str]
    """Those that compare four bytes of memory."""
    calls: list[str]
    """The functions that it calls by name."""


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The machine code around a call."""

    caller: str
    architecture: Architecture
    loaded: dict[str, str]
    """The argument registers that the caller writes before the call, each with the variable that the last such
    instruction refers to, if any."""
    stored: list[str]
    """The instructions before the call that put something on the stack, as listed, without what a prologue saves."""
    used: str
    """The register through which the caller first reaches for memory after the call; empty if through none."""
    listing: str


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    sites: list[Site]
    """Where our functions make the calls."""
    shapes: list[Shape]
    """The functions called."""
    zero: Symbol | None
    """runtime.zeroVal by the symbol table."""
    calls: Session
    """Each of CALLS: at the first instruction, for some inside, and on return."""

    def shape(self, name: str) -> Shape:
        return next(shape for shape in self.shapes if shape.name == name)

    def site(self, caller: str) -> Site:
        return next(site for site in self.sites if site.caller == caller)


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    callers = {kind.caller: kind.callee for kind in KINDS.values()}
    callees = list(dict.fromkeys([*callers.values(), SECOND]))
    elf = bench.get(program.name)
    read = disassembly.read(elf, program.name, [*callers, *callees])
    functions = {function.name: function for function in read}
    inside = {kind: inside_of(functions[KINDS[kind].callee]) for kind in LOOKED_INSIDE}
    pointed = {name: (f"uintptr(${name})", "8") for name in RESULTS[read[0].architecture]}
    runs = [call(kind, number, inside.get(kind), pointed) for kind, number in CALLS]
    return Seen(
        sites=[site(functions[caller], callee) for caller, callee in callers.items()],
        shapes=[shape(functions[name]) for name in callees],
        zero=symbols.read(elf, program.name).find(ZERO),
        calls=gdb.session(bench, program, runs),
    )


def call(kind: str, number: int, inside: int | None, pointed: dict[str, tuple[str, str]]) -> Run:
    callee = KINDS[kind].callee
    known = {"type": "'main.descriptor'", "header": KINDS[kind].header, "key": "'main.wanted'"}
    # An assignment overwrites an entry that is there: its value is in memory before.
    before = pointed if callee in (ASSIGN, "main.stored") else {}
    return Run(
        [kind, str(number)],
        1,
        [
            # The program has assigned to maps before it makes the call, but has looked nothing up.
            *([Step(["main.hold"])] if callee == ASSIGN else []),
            Step([f"*'{callee}'"], values=known, strings=before),
            *([Step([f"*{inside:#x}"])] if inside else []),
            Step([], returns=True, counts=HASHES if callee in (LOOKUP, "main.find") else [], strings=pointed),
        ],
    )


def site(function: Function, callee: str) -> Site:
    place = next(at for at, one in enumerate(function.instructions) if one.target == callee)
    before, after = function.instructions[:place], function.instructions[place + 1 :]
    arguments = {name: register for register in ARGUMENTS[function.architecture] for name in halves(register)}
    reached = (one.memory for one in after if one.memory is not None and one.memory.access)
    return Site(
        function.name,
        function.architecture,
        {arguments[one.destination]: one.refers for one in before if one.destination in arguments},
        [str(one) for one in before if puts_on_the_stack(one)],
        next((memory.base for memory in reached if memory.base in arguments), ""),
        function.around(function.instructions[place].address, 4, 2),
    )


def halves(register: str) -> list[str]:
    """A register and its lower half, whose write clears the upper one."""
    if register.startswith("x"):
        return [register, f"w{register[1:]}"]
    return [register, f"{register}d" if register[1].isdigit() else f"e{register[1:]}"]


def puts_on_the_stack(one: Instruction) -> bool:
    memory = one.memory
    if memory is None or memory.base not in ("rsp", "sp") or "w" not in memory.access:
        return False
    return not any(operand.register in FRAME_REGISTERS for operand in one.operands)


def inside_of(function: Function) -> int | None:
    """The address of an instruction behind the prologue that every call executes: the first that reads memory through
    an argument register, or calls something. None if there is none.

    Not the very first of the function, where gdb has already stopped.
    """
    registers = ARGUMENTS[function.architecture]
    for one in function.instructions[1:]:
        reads = one.memory is not None and one.memory.base in registers and "r" in one.memory.access
        if reads or (one.target and one.mnemonic in ("call", "bl")):
            return one.address
    return None


def shape(function: Function) -> Shape:
    compares = [one for one in function.instructions if one.mnemonic == "cmp" and one.memory and one.memory.size == 4]
    return Shape(
        function.name,
        function.present,
        len(function.instructions),
        [str(one) for one in function.instructions if lowers_the_stack(one)],
        [str(one) for one in function.instructions if one.refers.partition("+")[0] == ZERO],
        [str(one) for one in compares],
        function.targets(),
    )


def lowers_the_stack(one: Instruction) -> bool:
    """PUSH or SUB on amd64; on arm64 SUB, or a store that moves the stack pointer down first."""
    first = one.operands[0].register if one.operands else ""
    if one.mnemonic == "push" or (one.mnemonic == "sub" and first in ("rsp", "sp")):
        return True
    memory = one.memory
    return memory is not None and memory.base == "sp" and memory.displacement < 0 and one.text.endswith("!")
