"""From what instruments saw to parts of pictures, so that a lab's pictures.py has only to choose.

Apart from the rest of the package because it knows the instruments.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from claimlab.instruments.disassembly import Function
from claimlab.instruments.gdb import Frame
from claimlab.instruments.layout import Field, TypeLayout
from claimlab.instruments.machine_code import Instruction
from claimlab.pictures.code import Call, Calls, Line, Listing, Skip
from claimlab.pictures.memory import Memory, Part, Role
from claimlab.pictures.sources import Whose
from claimlab.project.languages import Words

_LISTED: Final = re.compile(
    r"(?:=>)?\s*(?P<address>0x[0-9a-f]+)\s+(?P<text>.*?)\s*(?:<(?P<means>[^<>]+)>)?\s*(?:; (?P<source>\S+:\d+))?"
)
"""A line of an instruction as text (instruments.machine_code: Instruction; disassembly: listing)."""
_DISTANCE: Final = re.compile(r"\[rip [+-] (?:0x[0-9a-f]+|\d+)\]")


def memory(
    whose: Whose, layout: TypeLayout, roles: Mapping[str, Role] | None = None, *, marked: Collection[str] = ()
) -> Memory:
    """The fields of a type by DWARF. Pointers are known as such; of the others `roles` says what they are for."""
    parts = (_part(field, roles or {}, marked) for field in layout.fields if field.size)
    return Memory(whose, layout.name, layout.size, tuple(parts))


def _part(field: Field, roles: Mapping[str, Role], marked: Collection[str]) -> Part:
    usual = Role.POINTER if field.kind == "pointer" else Role.OTHER
    count = field.count if field.count and not field.size % field.count else 1
    return Part(field.offset, field.size, field.name, roles.get(field.name, usual), count, field.name in marked)


def listing(
    whose: Whose, function: Function, notes: Mapping[int, Words], *, before: int = 3, after: int = 2
) -> Listing:
    """The instructions at the addresses of `notes`, which are marked, with some before and after them."""
    code = function.instructions
    places = [place for place, one in enumerate(code) if one.address in notes]
    shown = near(places, len(code), before, after)
    lines = [one if isinstance(one, Skip) else line(code[one], function, notes.get(code[one].address)) for one in shown]
    return Listing(whose, function.name, tuple(lines))


def near(places: Iterable[int], many: int, before: int, after: int) -> Iterator[int | Skip]:
    """Of `many` lines the numbers of those around the places, and how many are left out before, between and after."""
    kept = {one for place in places for one in range(place - before, place + after + 1)}
    for is_kept, run in groupby(range(many), kept.__contains__):
        if is_kept:
            yield from run
        else:
            yield Skip(len(list(run)))


def line(one: Instruction, function: Function, note: Words | None = None) -> Line:
    """One instruction of a function, without addresses; it is marked if there is a note."""
    start = function.address or 0
    place = f"{one.file.rpartition('/')[2]}:{one.line}" if one.file else ""
    means, text = one.target or one.refers, one.text
    if one.target:
        text, means = f"{one.mnemonic} {one.target}", ""
    elif one.operands and one.operands[-1].kind == "immediate" and function.at(one.operands[-1].immediate):
        text = f"{text.rpartition(' ')[0]} +{one.operands[-1].immediate - start:#x}"
    return Line(_DISTANCE.sub("[…]", text), one.address - start, place, means, note is not None, note)


def lines(listed: str, notes: Sequence[tuple[str, Words]] = ()) -> tuple[Line, ...]:
    """The instructions of a listing that is kept as text. A line that contains the first of a note is marked."""
    found = []
    for whole in listed.splitlines():
        match = _LISTED.fullmatch(whole.rstrip())
        if match:
            note = next((words for part, words in notes if part in whole), None)
            means, text = match["means"] or "", match["text"]
            if text.startswith(("call ", "bl ")) and means:
                text, means = f"{text.split()[0]} {means}", ""
            source = (match["source"] or "").rpartition("/")[2]
            found.append(Line(_DISTANCE.sub("[…]", text), None, source, means, note is not None, note))
    return tuple(found)


def calls(whose: Whose, frames: Iterable[Frame], *, marked: Collection[str] = (), ends: Words | None = None) -> Calls:
    """A backtrace of gdb, which begins with the innermost frame. Of places only the file is kept: releases differ in
    lines."""
    named = [frame for frame in frames if frame.function]
    shown = (Call(frame.function, frame.file.rpartition("/")[2], frame.function in marked) for frame in reversed(named))
    return Calls(whose, tuple(shown), ends)
