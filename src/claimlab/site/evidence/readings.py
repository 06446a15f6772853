"""Whatever an observation holds that no instrument's presenter shows: a table of readings, by the fields' names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import msgspec
from markupsafe import Markup
from msgspec.structs import fields

from claimlab.site.evidence.room import Place
from claimlab.site.evidence.tables import Shown, side_by_side
from claimlab.site.html import paragraph
from claimlab.site.reader import say

LONGEST, MOST_VALUES = 160, 64
NAMES: Final = ("label", "name", "Label", "Name", "way", "function")
"""Fields by which a thing in a list is called, if it has one."""
Part = tuple[str, Any]
_RECORDED: Final = object()
"""No value is equal to it."""


@dataclass(frozen=True, slots=True)
class Readings:
    """The plain values in one field of an observation, by what leads to them."""

    rows: dict[str, str] = field(default_factory=dict)


def table(seen: Mapping[str, Readings], place: Place) -> Markup:
    """The readings side by side, but for places that are empty on every toolchain."""
    rows: dict[str, dict[str, Shown]] = {}
    for toolchain, found in seen.items():
        for name, text in found.rows.items():
            rows.setdefault(name, {})[toolchain] = text
    empty = {say("none"), say("empty")}
    telling = {name: row for name, row in rows.items() if set(row.values()) - empty}
    content = Markup("")
    if telling:
        content += side_by_side(say("Readings"), say("Reading"), telling, list(seen), place)
    if missing := len(rows) - len(telling):
        note = say("Places that are empty on every toolchain, and not shown: {number}.", number=missing)
        content += paragraph(note)
    return content


def parts(thing: Any) -> list[Part] | None:
    """What a value is made of, with a name for each that stands once; None for a plain value."""
    if isinstance(thing, msgspec.Struct):
        values = [(words, getattr(thing, name), usual) for name, words, usual in _shape(type(thing))]
        return [(words, value) for words, value, usual in values if usual is _RECORDED or value != usual]
    if isinstance(thing, Mapping):
        return [(str(key), value) for key, value in thing.items()]
    return _numbered(thing) if _is_list(thing) else None


def _is_list(thing: Any) -> bool:
    return isinstance(thing, Sequence) and not isinstance(thing, str | bytes)


@cache
def _shape(kind: type[msgspec.Struct]) -> list[tuple[str, str, Any]]:
    """The fields: the name of each, the same in words, and the value with which the record leaves it out.

    A type may say that it leaves out what is as it always is.
    """
    omits = kind.__struct_config__.omit_defaults
    return [
        (
            one.name,
            one.name.replace("_", " "),
            (one.default if one.default_factory is msgspec.NODEFAULT else one.default_factory())
            if omits
            else _RECORDED,
        )
        for one in fields(kind)
    ]


def _numbered(things: Sequence[Any]) -> list[Part]:
    """The things by their own names, where they have any, and else by number."""
    found: dict[str, Any] = {}
    for number, thing in enumerate(things, start=1):
        name = _own_name(thing)
        found[f"{name} ({number})" if name in found else name or str(number)] = thing
    return list(found.items())


def _own_name(thing: Any) -> str:
    if not isinstance(thing, msgspec.Struct):
        return ""
    names = (getattr(thing, name) for name in NAMES if name in thing.__struct_fields__)
    return next((name for name in names if isinstance(name, str) and name), "")


def reading(thing: Any, path: Sequence[str]) -> str | None:
    """The value in words, if it is a plain one, or a list, map or struct of a few: ``Offset 8; Size 16``.

    None for what has to be taken apart.
    """
    if _is_list(thing):
        return _list(thing)
    inside = parts(thing)
    if inside is None:
        return _plain(thing, path[-1] if path else "")
    if not inside:
        return say("none")
    if not path:
        return None
    words: list[str] = []
    for name, value in inside:
        if not names_it(name, value, path):
            text = _brief(value, name)
            if text is None:
                return None
            words.append(f"{name} {text}")
    line = "; ".join(words)
    return line if len(line) <= LONGEST else None


def names_it(name: str, value: Any, path: Sequence[str]) -> bool:
    """The part says no more than what its whole is called by already."""
    called = path[-1] if path else ""
    return name in NAMES and bool(called) and value in (called, called.rpartition(" (")[0])


def _brief(thing: Any, name: str) -> str | None:
    """In words, if it is plain and short or a list of such."""
    if _is_list(thing):
        return _list(thing)
    if isinstance(thing, msgspec.Struct | Mapping):
        return None if parts(thing) else say("none")
    text = _plain(thing, name)
    return None if "\n" in text else text


def _list(things: Sequence[Any]) -> str | None:
    if not things:
        return say("none")
    if any(isinstance(one, msgspec.Struct | Mapping) or _is_list(one) for one in things):
        return None
    texts = [_plain(value, "") for value in things[:MOST_VALUES]]
    if any("\n" in text for text in texts):
        return None
    more = say(", … ({number} in all)", number=len(things)) if len(things) > MOST_VALUES else ""
    return ", ".join(texts) + more


def _plain(thing: Any, name: str) -> str:
    if thing is None:
        return say("none")
    if isinstance(thing, bool):
        return say("yes") if thing else say("no")
    if isinstance(thing, int) and name.lower().endswith(("address", "pc")):
        return f"{thing:#x}"
    if isinstance(thing, bytes):
        return say("{number} bytes", number=len(thing))
    return str(thing) or say("empty")
