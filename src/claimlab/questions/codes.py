"""The machine code of a function: ``look.code``."""

import re
from difflib import get_close_matches
from typing import ClassVar, Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import disassembly, symbols
from claimlab.instruments.disassembly import Function
from claimlab.instruments.machine_code import Instruction
from claimlab.questions.programs import Kept, programs_with
from claimlab.questions.question import Answer, Question, Row, Seen, Sees

_NEAR: Final = 3
_RELATIVE: Final = re.compile(r"\[rip (?:[+-] )?(?:0x)?[0-9a-f]*\]|\[rip\]")
_STACK: Final = re.compile(r"\[(rsp|sp)(?:,? (?:[+-] )?#?-?(?:0x)?[0-9a-f]+)?\]")
_FRAME: Final = re.compile(r"((?:add|sub) (?:rsp|sp, sp), )#?-?(?:0x)?[0-9a-f]+")
_PLACE: Final = re.compile(r"\+0x[0-9a-f]+\Z")
_UNSPOKEN: Final = re.compile(
    r"(?:type:|go:string\.|runtime\.(?:rodata|types|gcbits|text|noptrdata|data|bss|noptrbss))"
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
        for number, program in enumerate(programs_with(self, bench, self.function, lambda name: Kept("any", name))):
            found = program.build(bench, f"program{number}", self.arch)
            notes = found.notes
            if found.refused:
                if program.is_own:
                    return CodeSeen(refused=found.refused, notes=notes)
                continue  # what it imports is not there on this release, or is nobody's to import
            elf = bench.get(found.binary)
            function, *beside = disassembly.read(elf, found.binary, [self.function, *self.others])
            others |= {one.name: one for one in beside}
            if function.present:
                return CodeSeen(notes=notes, function=function, others=others)
            near = _near(self.function, elf, found.binary) or near
        return CodeSeen(notes=notes, near=near, others=others)


def _near(name: str, elf: bytes, binary: str) -> tuple[str, ...]:
    """Functions whose own name, without their package's, is almost the one looked for."""
    own: dict[str, list[str]] = {}
    for one in symbols.read(elf, binary).all:
        if one.kind == "function":
            own.setdefault(one.name.rpartition(".")[2], []).append(one.name)
    close = get_close_matches(name.rpartition(".")[2], own, n=_NEAR, cutoff=0.7)
    return tuple(full for near in close for full in own[near])[:_NEAR]


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
    for one in function.instructions:
        if one.address in labels:
            lines.append(f"{labels[one.address]}:")
        lines.append(_line(one, labels, addresses))
    return lines


def _inside(one: Instruction, addresses: set[int]) -> int | None:
    """Where in the function it jumps to, if it does."""
    last = one.operands[-1] if one.operands else None
    if last is None or one.target or last.kind != "immediate" or not _JUMP.match(one.mnemonic):
        return None
    return last.immediate if last.immediate in addresses else None


_JUMP: Final = re.compile(r"j|call|b(?:\.|l$|$)|cbn?z|tbn?z")


def _line(one: Instruction, labels: dict[int, str], addresses: set[int]) -> str:
    place = _inside(one, addresses)
    head = one.text.rpartition(" ")[0]
    if place is not None:
        return f"{head} {labels[place]}"
    if one.target:
        return f"{head} {one.target}"
    text = _FRAME.sub(r"\1…", _STACK.sub(r"[\1 …]", one.text))
    if one.mnemonic == "adrp":
        return f"{head} …"
    if one.refers:
        meant = _symbol(one.refers)
        if _RELATIVE.search(text):
            return _RELATIVE.sub(lambda _: f"[{meant}]", text)
        return re.sub(r"#(?:0x)?[0-9a-f]+", lambda _: f"<{meant}>", text, count=1)
    return text


def _symbol(name: str) -> str:
    return _PLACE.sub("", name) if _UNSPOKEN.match(name) else name
