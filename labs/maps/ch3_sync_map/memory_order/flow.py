"""Whose memory an instruction touches: arguments followed through a function's registers and stack, on every path.

A value is an argument's name with an offset, such as ``m+8``, or a place on the stack. Where two paths meet, what they
do not agree on is unknown. Go's compiler gives arguments in registers (https://go.dev/s/regabi): RAX, RBX, RCX, … and
X0, X1, X2, … . What a called function leaves in registers is unknown; what lies on the caller's stack stays.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from claimlab import Function, Instruction, Operand

ARGUMENTS: Final = {"amd64": ("rax", "rbx", "rcx", "rdi", "rsi"), "arm64": ("x0", "x1", "x2", "x3", "x4")}
_STACK: Final = {"amd64": "rsp", "arm64": "sp"}
_WORDS: Final = re.compile(r"([a-d])[lhx]|e?([a-d])x|r([a-d])x")
_KEEPS: Final = "runtime.gcWriteBarrier"
"""Functions that leave all registers but one as they are (runtime/asm_amd64.s, runtime/asm_arm64.s)."""
_BUFFER: Final = {"amd64": "r11", "arm64": "x25"}
_STORES: Final = ("str", "stur", "stp", "stlr")
_LOADS: Final = ("ldr", "ldur", "ldp", "ldar")

Value = tuple[str, int]
Known = dict[str | int, Value]
"""By register, or by place on the stack relative to where it was on entry."""


class Use(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An instruction that touches memory an argument leads to, or a call that is given such an address first."""

    function: str
    address: int
    text: str
    mnemonic: str
    access: str
    """``r``, ``w`` or ``rw``; ``call`` for a call or a jump to another function."""
    where: str
    """The address, such as ``m+8``."""
    target: str
    """The function called."""
    always: bool
    """There is no way through the function that avoids it."""
    atomic: bool

    def __str__(self) -> str:
        what = f"  <{self.target}({self.where})>" if self.target else f"  {self.access} {self.where}"
        return f"{self.address:#x}  {self.text:<36}{what}"


def uses(function: Function, arguments: Sequence[str]) -> list[Use]:
    """What the function does with memory that its arguments, named in order, lead to; in order of address."""
    return list(_Flow(function, arguments).uses()) if function.instructions else []


def family(register: str) -> str:
    """The 64-bit register that a name is a part of."""
    if match := _WORDS.fullmatch(register):
        return f"r{next(filter(None, match.groups()))}x"
    if match := re.fullmatch(r"[er]?([sd]i|[sb]p)l?", register):
        return register if register == "sp" else f"r{match[1]}"
    if match := re.fullmatch(r"(r\d+)[dwb]", register):
        return match[1]
    return f"x{register[1:]}" if re.fullmatch(r"w\d+", register) else register


@dataclass
class _Flow:
    function: Function
    arguments: Sequence[str]

    def __post_init__(self) -> None:
        self.code = self.function.instructions
        self.arm = self.function.architecture == "arm64"
        self.stack = _STACK[self.function.architecture]
        self.places = {one.address: place for place, one in enumerate(self.code)}
        registers = ARGUMENTS[self.function.architecture]
        entry: Known = {register: (name, 0) for register, name in zip(registers, self.arguments, strict=False)}
        entry[self.stack] = ("stack", 0)
        self.before: dict[int, Known] = {0: entry}
        waiting = [0]
        while waiting:
            place = waiting.pop()
            known = self.step(self.code[place], dict(self.before[place]))
            for following in self.following(place):
                met = self.before.get(following)
                merged = known if met is None else {key: met[key] for key in met if known.get(key) == met[key]}
                if merged != met:
                    self.before[following] = dict(merged)
                    waiting.append(following)

    def following(self, place: int) -> list[int]:
        """The places that may be executed next; none after a return, or a jump out of the function."""
        one = self.code[place]
        next_one = [place + 1] if place + 1 < len(self.code) else []
        if self.is_return(one):
            return []
        if self.is_call(one) or not self.is_jump(one):
            return next_one
        target = self.places.get(one.operands[-1].immediate) if one.operands else None
        inside = [] if target is None else [target]
        return inside if one.mnemonic in ("jmp", "b") else [*inside, *next_one]

    def is_return(self, one: Instruction) -> bool:
        return one.mnemonic in ("ret", "ud2", "int3", "udf", "brk")

    def is_call(self, one: Instruction) -> bool:
        return one.mnemonic in ("call", "bl", "blr")

    def is_jump(self, one: Instruction) -> bool:
        if self.arm:
            return one.mnemonic in ("b", "cbz", "cbnz", "tbz", "tbnz") or one.mnemonic.startswith("b.")
        return one.mnemonic.startswith("j")

    def address(self, operand: Operand | None, known: Known) -> Value | None:
        if operand is None or operand.index or operand.base == "rip":
            return None
        base = known.get(family(operand.base))
        return (base[0], base[1] + operand.displacement) if base else None

    def step(self, one: Instruction, known: Known) -> Known:
        """What is known after the instruction."""
        if self.is_call(one) and one.target.startswith(_KEEPS):
            known.pop(_BUFFER[self.function.architecture], None)
            return known
        if self.is_call(one):
            return {key: value for key, value in known.items() if isinstance(key, int) or key == self.stack}
        place = self.address(one.memory, known)
        slot = place[1] if place and place[0] == "stack" else None
        registers = [family(operand.register) for operand in one.operands if operand.kind == "register"]
        moved = self.moved(one, known, place)
        if one.memory and one.memory.access in ("w", "rw") and slot is not None:
            sources = registers[: 2 if one.mnemonic == "stp" else 1] if self.stores(one) else []
            for number in range(max(1, len(sources))):
                known.pop(slot + 8 * number, None)
            for number, register in enumerate(sources):
                if register in known:
                    known[slot + 8 * number] = known[register]
        for register in self.written(one):
            known.pop(register, None)
        return {**known, **moved}

    def stores(self, one: Instruction) -> bool:
        return one.mnemonic in _STORES or (one.mnemonic == "mov" and one.operands[-1].kind == "register")

    def written(self, one: Instruction) -> list[str]:
        """The registers that the instruction changes in a way that is not followed."""
        found = [
            family(operand.register) for operand in one.operands if operand.kind == "register" and "w" in operand.access
        ]
        if self.arm and one.mnemonic in _LOADS:
            found += [family(operand.register) for operand in one.operands if operand.kind == "register"]
        hidden = {"cmpxchg": ["rax"], "mul": ["rax", "rdx"], "cqo": ["rdx"], "div": ["rax", "rdx"], "pop": []}
        return [register for register in [*found, *hidden.get(one.mnemonic, [])] if register != self.stack]

    def moved(self, one: Instruction, known: Known, place: Value | None) -> Known:
        """The registers whose new value is known."""
        first = family(one.operands[0].register) if one.operands and one.operands[0].kind == "register" else ""
        moved: Known = {}

        def put(register: str, value: Value | None) -> None:
            if value:
                moved[register] = value

        here = place[1] if place and place[0] == "stack" else None
        if one.mnemonic == "mov" and first and one.operands[1].kind == "register":
            put(first, known.get(family(one.operands[1].register)))
        elif one.mnemonic == "lea":
            put(first, place)
        elif here is not None and first and (one.mnemonic == "mov" or one.mnemonic in _LOADS):
            put(first, known.get(here))
            if one.mnemonic == "ldp":
                put(family(one.operands[1].register), known.get(here + 8))
        elif one.mnemonic in ("add", "sub") and first and one.operands[-1].kind == "immediate":
            source = known.get(family(one.operands[-2].register if self.arm else first))
            sign = 1 if one.mnemonic == "add" else -1
            put(first, source and (source[0], source[1] + sign * one.operands[-1].immediate))
        put(self.stack, self.moved_stack(one, known) or moved.get(self.stack))
        return moved

    def moved_stack(self, one: Instruction, known: Known) -> Value | None:
        """The stack pointer after a push, a pop, or one of Arm's accesses that move their base."""
        name, at = known[self.stack]
        if one.mnemonic in ("push", "pop"):
            return name, at + (8 if one.mnemonic == "pop" else -8)
        if not self.arm or one.memory is None or one.memory.base != "sp":
            return None
        if one.text.endswith("!"):
            return name, at + one.memory.displacement
        last = one.operands[-1]
        return (name, at + last.immediate) if last.kind == "immediate" and "]," in one.text else None

    def uses(self) -> Iterator[Use]:
        first = ARGUMENTS[self.function.architecture][0]
        for place, one in enumerate(self.code):
            known = self.before.get(place)
            if known is None:
                continue
            given = known.get(first) if one.target and not self.is_return(one) else None
            touched = self.address(one.memory, known) if one.memory and one.memory.access else None
            for value, access in ((given, "call"), (touched, one.memory.access if one.memory else "")):
                if value and value[0] != "stack":
                    where = value[0] + (f"+{value[1]}" if value[1] else "")
                    target = one.target if access == "call" else ""
                    common = (self.function.name, one.address, one.text, one.mnemonic)
                    yield Use(*common, access, where, target, self.is_on_every_way(place), one.atomic)

    def is_on_every_way(self, avoided: int) -> bool:
        """No way leads from the entry to a return without it."""
        seen, waiting = {avoided}, [0] if avoided else []
        while waiting:
            place = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            if self.code[place].mnemonic == "ret":
                return False
            waiting += self.following(place)
        return True
