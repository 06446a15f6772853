"""What changed from one Go release to the next: claims whose outcome flipped, types that are laid out anew. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec

from claimlab.instruments.layout import Field, TypeLayout
from claimlab.project.languages import Language, Translate, Words, in_english
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Release, Toolchain
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
    """Variants that have the outcome it had before, of releases that have the new one without."""

    @property
    def reasons(self) -> list[Words]:
        """What made the difference, as far as variants show it."""
        return reasons_of(self.undone)


def reasons_of(undone: Iterable[Toolchain]) -> list[Words]:
    """What the releases did that these builds undo, each once."""
    return list(dict.fromkeys(tool.undoes for tool in undone if tool.undoes))


@dataclass(frozen=True, slots=True)
class Change:
    """One release against an earlier one."""

    release: Toolchain
    before: Toolchain | None
    flips: tuple[Flip, ...]

    def by_reason(self, translate: Translate = in_english, language: Language = "en") -> dict[str, list[Flip]]:
        """The flips under what made them, as far as variants show it; the largest group first."""
        return flips_by_reason(self.flips, translate, language)


def flips_by_reason(flips: Iterable[Flip], translate: Translate, language: Language) -> dict[str, list[Flip]]:
    """As :meth:`Change.by_reason`."""
    groups: dict[str, list[Flip]] = {}
    for flip in flips:
        was, now = translate(str(flip.was)), translate(str(flip.now))
        reasons = [reason.of(language) for reason in flip.reasons]
        reason = translate(", ").join(reasons) or translate("{was} → {now}").format(was=was, now=now)
        groups.setdefault(reason, []).append(flip)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def changes(rows: Sequence[Row], releases: Sequence[Toolchain]) -> list[Change]:
    """One for each release (plain builds, oldest first); the first has nothing to be compared with."""
    first = [Change(releases[0], None, ())] if releases else []
    return first + [change_between(rows, was, now) for was, now in pairwise(releases)]


def change_between(rows: Iterable[Row], before: Toolchain, release: Toolchain) -> Change:
    """What is another way on a release than on an earlier one, whatever lies between."""
    return Change(release, before, tuple(_flips(rows, before, release)))


def _flips(rows: Iterable[Row], before: Toolchain, release: Toolchain) -> Iterator[Flip]:
    for row in rows:
        was, now = row.outcomes.get(before.name), row.outcomes.get(release.name)
        if was is None or now is None or was is now or not {was, now} <= DECIDED:
            continue
        yield Flip(row, was, now, tuple(_undone(row, before, release)))


def _undone(row: Row, before: Toolchain, release: Toolchain) -> Iterator[Toolchain]:
    """Variants that turn a release after `before` back, if the outcome is the same from there on."""
    was, now = row.outcomes[before.name], row.outcomes[release.name]
    for name, tool in row.axis.items():
        if tool and row.outcomes.get(name) is was and undoes_between(tool, before, release):
            later = [
                row.outcomes.get(one.name) for one in row.axis.values() if one and _lies(tool.release, one, release)
            ]
            if set(later) == {now}:
                yield tool


def undoes_between(tool: Toolchain, before: Toolchain, release: Toolchain) -> bool:
    """It is a variant of a release after `before`, up to `release`."""
    return bool(tool.variant) and before.order[:2] < tool.order[:2] <= release.order[:2]


def _lies(first: Release, tool: Toolchain, last: Toolchain) -> bool:
    """It is a plain build of a release from the first to the last."""
    return not tool.variant and Toolchain(first).order <= tool.order <= last.order


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
    undone: tuple[Toolchain, ...] = ()
    """Variants that have it as it was, of releases that have it as it is now without."""
    instead: str = ""
    """The other type that `was` is, where a lab found that on the earlier release and this one on the later."""

    @property
    def lines(self) -> list[Line]:
        """Its fields in the order of the new layout, those that went last."""
        if self.instead or not (self.was.present and self.now.present):
            return []
        names = [field.name for field in self.now.fields]
        names += [field.name for field in self.was.fields if field.name not in names]
        return [_line(name, self.was.field(name), self.now.field(name)) for name in names]


def _line(name: str, was: Field | None, now: Field | None) -> Line:
    known = now or was
    return Line(name, known.type if known else "", _place(was), _place(now))


def _place(field: Field | None) -> tuple[int, int] | None:
    return (field.offset, field.size) if field else None


@dataclass(frozen=True, slots=True)
class Laid:
    """How the runtime's types lie, as labs laid them bare."""

    types: Mapping[str, Mapping[str, TypeLayout]]
    """By toolchain, by the type's name."""
    places: Mapping[str, Mapping[str, str]]
    """By toolchain, by the place in a lab's observation, the name of the type that was found there."""


def moves(laid: Laid, before: Toolchain, release: Toolchain, builds: Iterable[Toolchain] = ()) -> list[Move]:
    """The types that both releases were asked for and that are not laid out alike, and those that labs find where they
    found others; `builds` are the variants that may undo it."""
    was, now = laid.types.get(before.name, {}), laid.types.get(release.name, {})
    between = [tool for tool in builds if undoes_between(tool, before, release)]
    both = [
        Move(name, was[name], now[name], tuple(tool for tool in between if _undoes(name, laid, tool, was[name])))
        for name in sorted(was.keys() & now.keys())
        if _shape(was[name]) != _shape(now[name])
    ]
    return both + [
        Move(new, was[old], now[new], tuple(tool for tool in between if _found(laid, tool, place) == old), old)
        for (old, new), place in _replaced(laid, before, release).items()
        if new not in was and was[old].present and now[new].present
    ]


def _replaced(laid: Laid, before: Toolchain, release: Toolchain) -> dict[tuple[str, str], str]:
    """Types that are found in one place on the two releases, with that place."""
    found = {(name, _found(laid, release, place)): place for place, name in laid.places.get(before.name, {}).items()}
    return {names: place for names, place in found.items() if names[0] != names[1] and names[1]}


def _found(laid: Laid, tool: Toolchain, place: str) -> str:
    return laid.places.get(tool.name, {}).get(place, "")


def _undoes(name: str, laid: Laid, tool: Toolchain, was: TypeLayout) -> bool:
    """The build has the type as it was, and its release has not. A type that came or went is as it was if it is there
    or not, whatever else a release did to it."""
    built, plain = (laid.types.get(one, {}).get(name) for one in (tool.name, tool.release.name))
    if built is None or plain is None:
        return False
    if plain.present is not was.present:
        return built.present is was.present
    return _shape(built) == _shape(was) != _shape(plain)


def _shape(layout: TypeLayout) -> object:
    fields = [(field.name, field.offset, field.size) for field in layout.fields]
    return layout.present, layout.size if layout.present else 0, fields


def laid_out(seen: Mapping[str, Mapping[str, Any]]) -> Laid:
    """What labs saw, by their names and by toolchain, as layouts of the runtime's own types."""
    types: dict[str, dict[str, TypeLayout]] = {}
    places: dict[str, dict[str, str]] = {}
    for lab, of_lab in seen.items():
        for toolchain, one in of_lab.items():
            found = {place: it for place, it in _walk(one, lab) if it.name.startswith(RUNTIMES_OWN)}
            types.setdefault(toolchain, {}).update({it.name: it for it in found.values()})
            places.setdefault(toolchain, {}).update({place: it.name for place, it in found.items()})
    return Laid(types, places)


def _walk(thing: Any, place: str) -> Iterator[tuple[str, TypeLayout]]:
    if isinstance(thing, TypeLayout):
        yield place, thing
    elif isinstance(thing, msgspec.Struct):
        for name in thing.__struct_fields__:
            yield from _walk(getattr(thing, name), f"{place}.{name}")
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _walk(value, f"{place}.{key}")
    elif isinstance(thing, list | tuple):
        for number, value in enumerate(thing):
            yield from _walk(value, f"{place}.{number}")
