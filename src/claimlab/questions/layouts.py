"""How a type lies in memory: ``look.layout``."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import groupby
from typing import ClassVar, Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import dwarf_types
from claimlab.instruments.dwarf_types import Field, TypeLayout, Types
from claimlab.project.errors import LabBroken
from claimlab.questions.programs import Kept, binaries_with, nearest, own_files, spelled
from claimlab.questions.question import Answer, Question, Row, Seen, Sees

_NEAR: Final = 3
_TYPE: Final = re.compile(r"[\w/.%]+\.\w+\Z")
_DEEPEST: Final = 8
"""So far are structs in structs followed."""


class LayoutSeen(Seen, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The type, and the structs that lie in it."""

    type: TypeLayout | None = None
    inside: dict[str, TypeLayout] = msgspec.field(default_factory=dict)
    """By their names, the structs among its fields and theirs."""
    pointer_words: tuple[int, ...] | None = None
    """By DWARF's types; None if it has too many parts to say."""
    near: tuple[str, ...] = ()
    """If there is no such type: others that are called almost so, the nearest first."""
    others: dict[str, TypeLayout] = msgspec.field(default_factory=dict)
    """Those that were to be read beside it."""


class Layout(Question, frozen=True, tag="layout"):
    """Where do the fields of a type lie?"""

    type: str
    """As DWARF names it: ``runtime.g``, ``sync.Map``, ``main.T``, ``example.com/module/package.T``."""
    others: tuple[str, ...] = ()
    """Types that are read beside it."""

    sees: ClassVar[Sees] = LayoutSeen

    def words(self) -> list[str]:
        return [self.type, *self.about()]

    def look(self, bench: Bench) -> LayoutSeen:
        near: tuple[str, ...] = ()
        notes: tuple[str, ...] = ()
        others: dict[str, TypeLayout] = {}
        for found in binaries_with(self, bench, self.type, lambda name: Kept(f"*{name}", "nil")):
            notes = found.notes
            if found.refused:
                return LayoutSeen(refused=found.refused, notes=notes)
            known = dwarf_types.read(bench.get(found.binary), found.binary)
            others |= {name: known.layout(name) for name in self.others}
            names = spelled(self.type, own_files(bench))
            layout = next((one for name in names if (one := known.layout(name)).present), None)
            if layout is not None:
                inside = dict(_inside(known, layout, _DEEPEST))
                words = _words(known, layout)
                return LayoutSeen(notes=notes, type=layout, inside=inside, pointer_words=words, others=others)
            types = (one for one in known.names() if _TYPE.match(one))
            near = nearest(self.type, bench, self.package, types) or near
        return LayoutSeen(notes=notes, near=near, others=others)


def _inside(known: Types, layout: TypeLayout, deepest: int) -> Iterator[tuple[str, TypeLayout]]:
    for field in layout.fields if deepest else ():
        name = field.element or field.type
        if name and (field.kind == "struct" or field.element):
            inner = known.layout(name)
            if inner.present and inner.kind == "struct":
                yield name, inner
                yield from _inside(known, inner, deepest - 1)


def _words(known: Types, layout: TypeLayout) -> tuple[int, ...] | None:
    try:
        return tuple(known.layout(layout.name, parts=True).pointer_words())
    except LabBroken:
        return None


# --- what is said of it ---


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a field lies; nothing but its name if there is none."""

    name: str
    """A path for a field of a field: ``sched.bp``."""
    offset: int | None = None
    """In bytes, from the start of the whole type."""
    size: int | None = None
    type: str = ""


class LayoutAnswer(Answer, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The type, or those of its fields that were asked for."""

    type: str
    present: bool = True
    size: int | None = None
    """None where single fields were asked for, like the two after it."""
    align: int | None = None
    pointer_words: tuple[int, ...] | None = None
    fields: tuple[Place, ...] = ()

    def rows(self) -> list[Row]:
        if not self.present:
            return [Row("", f"there is no {self.type}")]
        rows = [_row(one) for one in self.fields]
        if self.size is None:
            return rows
        words = [] if self.pointer_words is None else [Row("(pointers)", _ranges(self.pointer_words))]
        return [Row("(size)", f"{self.size} B"), Row("(alignment)", f"{self.align} B"), *words, *rows]


def _row(place: Place) -> Row:
    if place.offset is None:
        return Row(place.name, "there is no such field", "-")
    return Row(place.name, f"{place.offset}  {place.size} B  {place.type}", f"{place.offset}")


def _ranges(words: Sequence[int]) -> str:
    """``words 0-2, 5``."""
    runs = [[word for _, word in run] for _, run in groupby(enumerate(words), lambda pair: pair[1] - pair[0])]
    shown = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return f"words {shown}" if shown else "none"


def answer(asked: str, seen: LayoutSeen, fields: Sequence[str]) -> LayoutAnswer:
    """The whole type, or only these fields of it."""
    layout = seen.type
    if layout is None:
        return LayoutAnswer(asked, present=False)
    if fields:
        return LayoutAnswer(asked, fields=tuple(place_of(path, layout, seen.inside) for path in fields))
    return LayoutAnswer(
        asked,
        size=layout.size,
        align=layout.align,
        pointer_words=seen.pointer_words,
        fields=tuple(_at(field, 0) for field in layout.fields),
    )


def hints(asked: str, seen: LayoutSeen, fields: Sequence[str]) -> list[str]:
    """What there is instead of what is not there."""
    if seen.type is None:
        near = f"; there is {', '.join(seen.near)}" if seen.near else ""
        return [f"no type {asked} in the program{near}"]
    names = [field.name for field in seen.type.fields]
    absent = [path for path in fields if place_of(path, seen.type, seen.inside).offset is None]
    close = {path: get_close_matches(path, names, n=_NEAR, cutoff=0.5) for path in absent}
    return [f"{asked} has no {path}; there is {', '.join(near)}" for path, near in close.items() if near]


def place_of(path: str, layout: TypeLayout, inside: Mapping[str, TypeLayout]) -> Place:
    """Where the field of that path lies in the type; without an offset if there is none."""
    offset, here = 0, layout
    *outer, last = path.split(".")
    for name in outer:
        step = here.field(name)
        if step is None or step.type not in inside:
            return Place(path)
        offset, here = offset + step.offset, inside[step.type]
    field = here.field(last)
    return Place(path) if field is None else _at(field, offset, path)


def _at(field: Field, start: int, path: str = "") -> Place:
    """In a type, or in a struct that begins at `start` in it. Dots in import paths are dots (see programs.spelled)."""
    return Place(path or field.name, start + field.offset, field.size, field.type.replace("%2e", "."))
