"""How machine code is shown: by offset, so that equal functions look equal, with atomic instructions said to be so."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from claimlab.instruments.disassembly import Function
from claimlab.instruments.machine_code import Instruction
from claimlab.instruments.symbols import Symbol
from claimlab.site.evidence.alike import SAME_BUT, in_tabs
from claimlab.site.evidence.room import MOST_LINES, Place
from claimlab.site.evidence.tables import Shown, side_by_side
from claimlab.site.html import element, paragraph, scroll
from claimlab.site.reader import say

_DISTANCE: Final = re.compile(r"\[rip(?: [+-] (?:0x[0-9a-f]+|\d+))?\]")
LINE: Final = 80
"""Characters of a line, about."""


def functions(seen: Mapping[str, Function], place: Place) -> Markup:
    return in_tabs(seen, _function, place, _essence, SAME_BUT)


def _essence(function: Function) -> list[str]:
    return [function.architecture, *_alike(function.instructions)] if function.present else []


def _function(function: Function, place: Place) -> Markup:
    if function.address is None:
        return paragraph(say("The binary has no function of this name."))
    atomic = Counter(" ".join([*one.prefixes, one.mnemonic]) for one in function.instructions if one.atomic)
    said = say(
        "{name} at {address} ({architecture}): {number} instructions, {atomic} of them atomic",
        name=function.name,
        address=f"{function.address:#x}",
        architecture=function.architecture,
        number=len(function.instructions),
        atomic=atomic.total() or say("none"),
    )
    said += f" ({', '.join(f'{count} × {name}' for name, count in atomic.items())})" if atomic else ""
    offsets = say("Offsets count from its first byte.")
    label = say("Instructions of {name}", name=function.name)
    return paragraph(f"{said}. {offsets}") + _listing(function.instructions, label, place)


def instructions(seen: Mapping[str, Mapping[str, Instruction]], place: Place) -> Markup:
    """Instructions that stand by themselves, with their addresses."""
    return in_tabs(
        {name: list(ones.values()) for name, ones in seen.items()},
        lambda ones, where: _listing(ones, say("Instructions"), where, absolute=True),
        place,
        _alike,
        SAME_BUT,
    )


def _alike(found: Sequence[Instruction]) -> list[str]:
    """The instructions without the distances to what has no symbol, such as the text of an error."""
    return [f"{_DISTANCE.sub('[rip + …]', text)} {meant}" for text, meant in _texts(found)]


def _line(one: Instruction, text: str, meant: str, start: int) -> str:
    """By its offset from the start, with what else is known of it, and its line in the source."""
    source = f"; {one.file.rpartition('/')[2]}:{one.line}" if one.file else ""
    offset = f"{'+' if start else ''}{one.address - start:#x}"
    return f"{offset:<8} {text:<48} {' '.join(part for part in (meant, source) if part)}".rstrip()


def _texts(found: Sequence[Instruction]) -> list[tuple[str, str]]:
    """The instructions as they would read wherever the function lay, and the symbol meant if that does not show.

    Symbols and offsets stand for addresses.
    """
    start, end = (found[0].address, found[-1].address + found[-1].size) if found else (0, 0)
    texts = []
    for one in found:
        text, meant = one.text, one.target or one.refers
        goal = one.operands[-1].immediate if one.operands and one.operands[-1].kind == "immediate" else 0
        if one.target or start <= goal < end:
            text = text.replace(f"{goal:#x}", one.target or f"+{goal - start:#x}")
        elif one.refers and (distance := _DISTANCE.search(text)):
            text = text.replace(distance[0], f"[{meant}]")
        texts.append((text, f"<{meant}>" if meant and meant not in text else ""))
    return texts


def _listing(found: Sequence[Instruction], label: str, place: Place, *, absolute: bool = False) -> Markup:
    """A line for each; those of atomic instructions are coloured, and end with the word.

    Where there is no room for all, the first are shown, and the atomic ones with their neighbours.
    """
    start = found[0].address if found and not absolute else 0
    most = max(8, min(MOST_LINES, place.room // LINE))
    kept = set(range(len(found))) if len(found) <= most else _telling(found, most)
    lines, last, mark = [], -1, say("atomic")
    texts = _texts(found)
    for number in [*sorted(kept), len(found)]:
        if number > last + 1:
            lines.append(say("… instructions left out here: {number} …", number=number - last - 1))
        if number < len(found):
            line = _line(found[number], *texts[number], start)
            atomic = found[number].atomic
            lines.append(element("span", f"{line}  ◂ {mark}", classes="cl-atomic") if atomic else line)
        last = number
    left = place.elsewhere(say("All instructions are in the record.")) if len(kept) < len(found) else Markup("")
    return scroll(label, element("pre", Markup("\n").join(lines), classes="cl-text")) + left


def _telling(found: Sequence[Instruction], most: int) -> set[int]:
    """Which instructions to show: up to half of them atomic ones and their neighbours, the rest from the start."""
    atomic = [place for place, one in enumerate(found) if one.atomic]
    near = dict.fromkeys(
        place for middle in atomic for place in (middle - 1, middle, middle + 1) if 0 <= place < len(found)
    )
    kept = set(list(near)[: most // 2])
    for place in range(len(found)):
        if len(kept) >= most:
            break
        kept.add(place)
    return kept


def symbols(seen: Mapping[str, Mapping[str, Symbol]], place: Place) -> Markup:
    rows: dict[str, dict[str, Shown]] = {}
    for toolchain, found in seen.items():
        for one in found.values():
            said = {"kind": one.kind, "address": f"{one.address:#x}", "size": one.size}
            rows.setdefault(one.name, {})[toolchain] = say("{kind} at {address}, {size} bytes", **said)
    lead = paragraph(say("A dash: the binary has no such symbol."))
    return lead + side_by_side(say("Symbols"), say("Symbol"), rows, list(seen), place)
