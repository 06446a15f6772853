"""The machine code of a function: ``look.code``."""

import re
from typing import ClassVar, Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import disassembly, symbols
from claimlab.instruments.disassembly import Function
from claimlab.instruments.machine_code import Instruction
from claimlab.questions.programs import Kept, binaries_with, nearest, own_files, spelled
from claimlab.questions.question import Answer, Question, Row, Seen, Sees

_RELATIVE: Final = re.compile(r"\[rip (?:[+-] )?(?:0x)?[0-9a-f]*\]|\[rip\]")
_NUMBER: Final = r"#?-?(?:0x)?[0-9a-f]+"
_STACK: Final = re.compile(rf"\[((?:rsp|sp)(?: \+ [a-z]\w*(?:\*\d)?)?)(?:,? (?:[+-] )?{_NUMBER})?\](?:(, ){_NUMBER})?")
_FRAME: Final = re.compile(rf"((?:add|sub) (?:rsp|\w+, sp), ){_NUMBER}")
_LOW_BITS: Final = re.compile(rf"(, \[?\w+)(?:, {_NUMBER})?(\]|$)")
"""The second half of an address on arm64, beside the register that has the first."""
_NUMBERED: Final = re.compile(r"(\.\.[A-Za-z]+[._])\d+\b")
"""What the compiler makes for a package and counts there: ``main..stmp_3``."""
_PADDING: Final = "udf #0"
"""Behind a function on arm64."""
_UNSPOKEN: Final = re.compile(
    r"type:|go:itab\.|go:string\.|runtime\.(?:rodata|types|gcbits|text|noptrdata|data|bss|noptrbss)(?:\+|\Z)"
)
"""Symbols of the linker that stand for all that lies behind them: a place in one is an address."""


class CodeSeen(Seen, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The function as it was linked into a program."""

    function: Function | None = None
    near: tuple[str, ...] = ()
    """If there is no such function: others that are called almost so."""
    others: dict[str, Function] = msgspec.field(default_factory=dict)
    """Those that were to be read beside it."""


class Code(Question, frozen=True, tag="code"):
    """What machine code is made of a function?"""

    function: str
    """As nm names it: ``runtime.mallocgc``, ``sync.(*Map).Load``, ``main.f``."""
    others: tuple[str, ...] = ()
    """Functions that are read beside it."""

    sees: ClassVar[Sees] = CodeSeen

    def words(self) -> list[str]:
        return [self.function, *self.about()]

    def look(self, bench: Bench) -> CodeSeen:
        near: tuple[str, ...] = ()
        notes: tuple[str, ...] = ()
        others: dict[str, Function] = {}
        for found in binaries_with(self, bench, self.function, lambda name: Kept("any", name)):
            notes = found.notes
            if found.refused:
                return CodeSeen(refused=found.refused, notes=notes)
            elf = bench.get(found.binary)
            names = spelled(self.function, own_files(bench))
            read = disassembly.read(elf, found.binary, [*self.others, *names])
            others |= {one.name: one for one in read[: len(self.others)]}
            function = next((one for one in read[len(self.others) :] if one.present), None)
            if function is not None:
                return CodeSeen(notes=notes, function=function, others=others)
            there = (one.name for one in symbols.read(elf, found.binary).all if one.kind == "function")
            near = nearest(self.function, bench, self.package, there) or near
        return CodeSeen(notes=notes, near=near, others=others)


class CodeAnswer(Answer, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The function without what changes with its place: addresses, and where on the stack things are kept."""

    function: str
    present: bool = True
    instructions: tuple[str, ...] = ()
    """In Intel's syntax on amd64 and in Arm's on arm64; jumps lead to ``L1``, ``L2``, in order of address."""
    calls: tuple[str, ...] = ()
    """What it calls or jumps to directly, each once."""

    def rows(self) -> list[Row]:
        if not self.present:
            return [Row("", f"there is no {self.function}")]
        number = sum(not line.endswith(":") for line in self.instructions)
        return [Row("instructions", str(number)), Row("calls", ", ".join(self.calls) or "nothing")]

    def listing(self) -> list[str]:
        return list(self.instructions)


def answer(asked: str, seen: CodeSeen) -> CodeAnswer:
    if seen.function is None:
        return CodeAnswer(asked, present=False)
    return CodeAnswer(asked, instructions=tuple(placeless(seen.function)), calls=tuple(seen.function.targets()))


def hints(asked: str, seen: CodeSeen) -> list[str]:
    """What there is instead of what is not there."""
    if seen.function is not None:
        return []
    near = f"; there is {', '.join(seen.near)}" if seen.near else ""
    return [f"no function {asked} in the program{near}"]


def placeless(function: Function) -> list[str]:
    """The instructions, each without addresses and offsets from the stack pointer; a label stands on a line before the
    instruction that jumps lead to."""
    addresses = {one.address for one in function.instructions}
    jumps = [place for one in function.instructions if (place := _inside(one, addresses)) is not None]
    labels = {place: f"L{number + 1}" for number, place in enumerate(sorted(set(jumps)))}
    lines = []
    before = None
    for one in function.instructions:
        if one.address in labels:
            lines.append(f"{labels[one.address]}:")
        lines.append(_line(one, before, labels, addresses))
        before = one
    while lines and lines[-1] == _PADDING:
        lines.pop()
    return lines


def _inside(one: Instruction, addresses: set[int]) -> int | None:
    """Where in the function it jumps to, if it does."""
    last = one.operands[-1] if one.operands else None
    if last is None or one.target or last.kind != "immediate" or not _JUMP.match(one.mnemonic):
        return None
    return last.immediate if last.immediate in addresses else None


_JUMP: Final = re.compile(r"j|call|b(?:\.|l$|$)|cbn?z|tbn?z")


def _line(one: Instruction, before: Instruction | None, labels: dict[int, str], addresses: set[int]) -> str:
    place = _inside(one, addresses)
    head = one.text.rpartition(" ")[0]
    if place is not None:
        return f"{head} {labels[place]}"
    if one.target:
        return f"{head} {one.target}"
    if one.mnemonic in {"adr", "adrp"}:
        return f"{head} …"
    text = _STACK.sub(lambda match: f"[{match[1]} …]{', …' if match[2] else ''}", one.text)
    text = _FRAME.sub(r"\1…", text)
    meant = _symbol(one.refers)
    if before is not None and before.mnemonic == "adrp" and before.destination in text:
        return _LOW_BITS.sub(lambda match: f"{match[1]}, <{meant or '…'}>{match[2]}", text, count=1)
    return _RELATIVE.sub(lambda _: f"[{meant or 'rip …'}]", text)


def _symbol(name: str) -> str:
    """What is to be said of it: nothing if it only names what lies before."""
    return "" if _UNSPOKEN.match(name) else _NUMBERED.sub(r"\1…", name)
