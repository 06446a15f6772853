"""How machine code is shown: by offset, so that equal functions look equal, with atomic instructions said to be so."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from docutils import nodes

from claimlab.instruments.disassembly import Function
from claimlab.instruments.machine_code import Instruction
from claimlab.instruments.symbols import Symbol
from claimlab.sphinx.elements import Scroll, paragraph, span
from claimlab.sphinx.evidence.alike import MOST_LINES, Shown, in_tabs, side_by_side, tall

SAME: Final = "The same, but for addresses, on"
_DISTANCE: Final = re.compile(r"\[rip(?: [+-] (?:0x[0-9a-f]+|\d+))?\]")


def functions(seen: Mapping[str, Function]) -> list[nodes.Node]:
    return in_tabs(seen, _function, _essence, SAME)


def _essence(function: Function) -> list[str]:
    return [function.architecture, *_alike(function.instructions)] if function.present else []


def _function(function: Function) -> list[nodes.Node]:
    if function.address is None:
        return [paragraph(nodes.Text("The binary has no function of this name."))]
    atomic = Counter(" ".join([*one.prefixes, one.mnemonic]) for one in function.instructions if one.atomic)
    said = f"{function.name} at {function.address:#x} ({function.architecture}): "
    said += f"{len(function.instructions)} instructions, {atomic.total() or 'none'} of them atomic"
    said += f" ({', '.join(f'{count} × {name}' for name, count in atomic.items())})" if atomic else ""
    return [
        paragraph(nodes.Text(f"{said}. Offsets count from its first byte.")),
        _listing(function.instructions, f"Instructions of {function.name}"),
    ]


def instructions(seen: Mapping[str, Mapping[str, Instruction]]) -> list[nodes.Node]:
    """Instructions that stand by themselves, with their addresses."""
    found = {name: list(ones.values()) for name, ones in seen.items()}
    return in_tabs(found, lambda ones: [_listing(ones, "Instructions", absolute=True)], _alike, SAME)


def _alike(found: Sequence[Instruction]) -> list[str]:
    """The instructions without the distances to what has no symbol, such as the text of an error."""
    return [f"{_DISTANCE.sub('[rip + …]', text)} {more}" for text, more in _texts(found)]


def _lines(found: Sequence[Instruction], *, absolute: bool = False) -> list[str]:
    """One line for each, by its offset from the first or its address."""
    start = found[0].address if found else 0
    places = [f"{one.address:#x}" if absolute else f"+{one.address - start:#x}" for one in found]
    return [f"{place:<8} {text:<48} {more}".rstrip() for place, (text, more) in zip(places, _texts(found), strict=True)]


def _texts(found: Sequence[Instruction]) -> list[tuple[str, str]]:
    """The instructions as they would read wherever the function lay, and what else is known of them.

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
        named = f"<{meant}>" if meant and meant not in text else ""
        place = f"; {one.file.rpartition('/')[2]}:{one.line}" if one.file else ""
        texts.append((text, " ".join(part for part in (named, place) if part)))
    return texts


def _listing(found: Sequence[Instruction], label: str, *, absolute: bool = False) -> Scroll:
    """The lines; those of atomic instructions are coloured, and end with the word."""
    # Sphinx colours, as a programming language, whatever block is no more than its source.
    block = nodes.literal_block("marked up", "", classes=["cl-code"])
    for one, line in zip(found[:MOST_LINES], _lines(found, absolute=absolute), strict=False):
        if one.atomic:
            block += [span(nodes.Text(f"{line}  ◂ atomic"), classes=["cl-atomic"]), nodes.Text("\n")]
        else:
            block += nodes.Text(f"{line}\n")
    if len(found) > MOST_LINES:
        block += nodes.Text(f"… {len(found) - MOST_LINES} more instructions are in the record")
    return tall(Scroll("", block, label=label))


def symbols(seen: Mapping[str, Mapping[str, Symbol]]) -> list[nodes.Node]:
    rows: dict[str, dict[str, Shown]] = {}
    for toolchain, found in seen.items():
        for one in found.values():
            rows.setdefault(one.name, {})[toolchain] = f"{one.kind} at {one.address:#x}, {one.size} bytes"
    lead = paragraph(nodes.Text("A dash: the binary has no such symbol."))
    return [lead, *side_by_side("Symbols", "Symbol", rows, list(seen))]
