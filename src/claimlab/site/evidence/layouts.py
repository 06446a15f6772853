"""How layouts of types are shown: field by field, with the toolchains side by side, so that one sees what moved."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from claimlab.instruments.layout import WORD_BYTES, PointerLayout, TypeLayout
from claimlab.site.evidence.alike import in_short
from claimlab.site.evidence.room import Place
from claimlab.site.evidence.tables import PATH, Shown, side_by_side
from claimlab.site.html import paragraph
from claimlab.site.reader import say

LONGEST_LIST: Final = 24
_LATER_ELEMENT: Final = re.compile(r"\[[1-9]")


def types(seen: Mapping[str, Mapping[str, TypeLayout]], place: Place) -> Markup:
    """The fields below each type; of those that no binary has only the names."""
    rows: dict[str, dict[str, Shown]] = {}
    nowhere: list[str] = []
    for name in dict.fromkeys(name for found in seen.values() for name in found):
        layouts = {toolchain: found[name] for toolchain, found in seen.items() if name in found}
        if any(layout.present for layout in layouts.values()):
            rows |= {f"{name}{PATH}{field}": row for field, row in _fields(layouts).items()}
        else:
            nowhere.append(name)
    content = Markup("")
    if rows:
        lead = say("For each field: its offset, its size, its type. A dash: there is no such field.")
        if any(_follows(part.path) for found in seen.values() for one in found.values() for part in one.parts):
            lead += " " + say("Of an array's elements the first one is shown; the others follow it without a gap.")
        content += paragraph(lead) + side_by_side(say("Layouts"), say("Field"), rows, list(seen), place)
    if nowhere:
        said = {"toolchains": in_short(list(seen)), "names": ", ".join(nowhere)}
        content += paragraph(say("Not in the binaries of {toolchains}: {names}.", **said))
    return content


def _fields(layouts: Mapping[str, TypeLayout]) -> dict[str, dict[str, Shown]]:
    whole = say("(the whole)")
    rows: dict[str, dict[str, Shown]] = {whole: {name: _whole(layout) for name, layout in layouts.items()}}
    for toolchain, layout in layouts.items():
        blanks = 0
        for field in layout.fields:
            blanks += field.name == "_"
            name = f"_ ({blanks})" if field.name == "_" else field.name
            rows.setdefault(name, {})[toolchain] = (_lies(field.offset, field.size), field.type)
        for part in (part for part in layout.parts if not _follows(part.path)):
            path = say("part {path}", path=part.path)
            rows.setdefault(path, {})[toolchain] = (_lies(part.offset, part.size), part.type)
    return rows


def _follows(path: str) -> bool:
    """It is a part of an element of an array, and not of the first one."""
    return bool(_LATER_ELEMENT.search(path))


def _lies(offset: int, size: int) -> str:
    return say("at {offset}, {size} bytes", offset=offset, size=size)


def _whole(layout: TypeLayout) -> Shown:
    if not layout.present:
        return say("no such type")
    size = _aligned(layout.size, layout.align)
    return (size, f"{layout.count} × {layout.element}") if layout.element else size


def _aligned(size: int, align: int) -> str:
    return say("{size} bytes, aligned to {align}", size=size, align=align)


def pointers(seen: Mapping[str, Mapping[str, PointerLayout]], place: Place) -> Markup:
    rows: dict[str, dict[str, Shown]] = {}
    for toolchain, found in seen.items():
        for label, layout in found.items():
            rows.setdefault(label, {})[toolchain] = _pointers(layout)
    return side_by_side(say("Where the collector looks for pointers"), say("Type"), rows, list(seen), place)


def _pointers(layout: PointerLayout) -> Shown:
    if not layout.present:
        return say("no such value")
    said = [*([layout.name] if layout.name else []), _aligned(layout.size, layout.align)]
    words = layout.size // WORD_BYTES
    if layout.words is None:
        said.append(
            say(
                "pointers within the first {number} bytes; nothing has asked for their mask yet",
                number=layout.ptr_bytes,
            )
        )
    elif layout.words:
        which = in_runs(layout.words)
        said.append(say("pointers in {some} of {all} words: {which}", some=len(layout.words), all=words, which=which))
        said.append(say("the collector looks at the first {number} bytes", number=layout.ptr_bytes))
    else:
        said.append(say("no pointers"))
    if layout.form in ("program", "on demand"):
        made = say("the mask is made by a program"), say("the mask is made on demand")
        said.append(made[layout.form == "on demand"])
    if layout.map_type:
        said.append(f"{layout.block}: " + ", ".join(f"{name} {value}" for name, value in layout.map_type.items()))
    return tuple(said)


def in_runs(numbers: Sequence[int]) -> str:
    """``0, 3–5, 9``; of a very long list the beginning and the end."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    words = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    if len(words) > LONGEST_LIST:
        words = [*words[: LONGEST_LIST - 2], "…", words[-1]]
    return ", ".join(words)
