"""What changed from one Go release to the next: claims whose outcome flipped, types that are laid out anew. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec

from claimlab.instruments.layout import Field, TypeLayout
from claimlab.project.languages import Language, Translate, in_english
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Toolchain
from claimlab.verdicts.ledger import Row
from claimlab.verdicts.verdict import DECIDED

RUNTIMES_OWN = ("runtime.", "sync.", "internal/")
"""Types of the programs under test are laid out by the labs, not by a release."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A claim whose outcome is another one than on the release before."""

    row: Row
    was: Outcome
    now: Outcome
    undone: tuple[Toolchain, ...]
    """The release's builds with an experiment that have the outcome it had before."""


@dataclass(frozen=True, slots=True)
class Change:
    """One release against the one before it."""

    release: Toolchain
    before: Toolchain | None
    flips: tuple[Flip, ...]

    def by_reason(self, translate: Translate = in_english, language: Language = "en") -> dict[str, list[Flip]]:
        """The flips under what made them, as far as experiments show it; the largest group first."""
        groups: dict[str, list[Flip]] = {}
        for flip in self.flips:
            reasons = [tool.undoes.of(language) for tool in flip.undone if tool.undoes]
            was, now = translate(str(flip.was)), translate(str(flip.now))
            reason = translate(", ").join(reasons) or translate("{was} → {now}").format(was=was, now=now)
            groups.setdefault(reason, []).append(flip)
        return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def changes(rows: Sequence[Row], releases: Sequence[Toolchain]) -> list[Change]:
    """One for each release (plain builds, oldest first); the first has nothing to be compared with."""
    first = [Change(releases[0], None, ())] if releases else []
    return first + [Change(now, was, tuple(_flips(rows, was, now))) for was, now in pairwise(releases)]


def _flips(rows: Iterable[Row], before: Toolchain, release: Toolchain) -> Iterator[Flip]:
    for row in rows:
        was, now = row.outcomes.get(before.name), row.outcomes.get(release.name)
        if was is None or now is None or was is now or not {was, now} <= DECIDED:
            continue
        undone = [
            tool
            for name, tool in row.axis.items()
            if tool and tool.experiment and tool.release.name == release.release.name and row.outcomes.get(name) is was
        ]
        yield Flip(row, was, now, tuple(undone))


@dataclass(frozen=True, slots=True)
class Line:
    """A field before and after: its offset and size in bytes, None where there is none."""

    field: str
    type: str
    was: tuple[int, int] | None
    now: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Move:
    """A type that is laid out anew, or came, or went."""

    name: str
    was: TypeLayout
    now: TypeLayout

    @property
    def lines(self) -> list[Line]:
        """Its fields in the order of the new layout, those that went last."""
        if not (self.was.present and self.now.present):
            return []
        names = [field.name for field in self.now.fields]
        names += [field.name for field in self.was.fields if field.name not in names]
        return [_line(name, self.was.field(name), self.now.field(name)) for name in names]


def _line(name: str, was: Field | None, now: Field | None) -> Line:
    known = now or was
    return Line(name, known.type if known else "", _place(was), _place(now))


def _place(field: Field | None) -> tuple[int, int] | None:
    return (field.offset, field.size) if field else None


def moves(before: Mapping[str, TypeLayout], after: Mapping[str, TypeLayout]) -> list[Move]:
    """The types that both releases were asked for and that are not laid out alike."""
    return [
        Move(name, before[name], after[name])
        for name in sorted(before.keys() & after.keys())
        if _shape(before[name]) != _shape(after[name])
    ]


def _shape(layout: TypeLayout) -> object:
    fields = [(field.name, field.offset, field.size) for field in layout.fields]
    return layout.present, layout.size if layout.present else 0, fields


def layouts_in(seen: Any) -> dict[str, TypeLayout]:
    """The runtime's own types in an observation, by name."""
    return {layout.name: layout for layout in _walk(seen) if layout.name.startswith(RUNTIMES_OWN)}


def _walk(thing: Any) -> Iterator[TypeLayout]:
    if isinstance(thing, TypeLayout):
        yield thing
    elif isinstance(thing, msgspec.Struct):
        for name in thing.__struct_fields__:
            yield from _walk(getattr(thing, name))
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from _walk(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from _walk(value)
