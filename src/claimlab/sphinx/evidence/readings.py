"""Whatever an observation holds that no instrument's presenter shows: a table of readings, by the fields' names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from docutils import nodes
from msgspec.structs import FieldInfo, fields

from claimlab.sphinx.elements import paragraph
from claimlab.sphinx.evidence.alike import Shown, side_by_side

LONGEST, MOST_VALUES = 160, 64
NAMES: Final = ("label", "name", "Label", "Name", "way", "function")
"""Fields by which a thing in a list is called, if it has one."""
EMPTY: Final = frozenset({"none", "empty"})
Part = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Readings:
    """The plain values in one field of an observation, by what leads to them."""

    rows: dict[str, str] = field(default_factory=dict)


def table(seen: Mapping[str, Readings]) -> list[nodes.Node]:
    """The readings side by side, but for places that are empty on every toolchain."""
    rows: dict[str, dict[str, Shown]] = {}
    for toolchain, found in seen.items():
        for name, text in found.rows.items():
            rows.setdefault(name, {})[toolchain] = text
    telling = {name: row for name, row in rows.items() if set(row.values()) - EMPTY}
    content = side_by_side("Readings", "Reading", telling, list(seen)) if telling else []
    if len(telling) < len(rows):
        note = f"{len(rows) - len(telling)} places that are empty on every toolchain are not shown."
        content.append(paragraph(nodes.Text(note)))
    return content


def parts(thing: Any) -> list[Part] | None:
    """What a value is made of, with a name for each that stands once; None for a plain value."""
    if isinstance(thing, msgspec.Struct):
        return [
            (one.name.replace("_", " "), getattr(thing, one.name)) for one in fields(thing) if _recorded(thing, one)
        ]
    if isinstance(thing, Mapping):
        return [(str(key), value) for key, value in thing.items()]
    if isinstance(thing, Sequence) and not isinstance(thing, str | bytes):
        return _numbered(thing)
    return None


def _recorded(thing: msgspec.Struct, one: FieldInfo) -> bool:
    """The record has the field: a type may say that it leaves out what is as it always is."""
    if not thing.__struct_config__.omit_defaults:
        return True
    usual = one.default if one.default_factory is msgspec.NODEFAULT else one.default_factory()
    return bool(getattr(thing, one.name) != usual)


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
    inside = parts(thing)
    if inside is None:
        return _plain(thing, path[-1] if path else "")
    if not inside:
        return "none"
    if not isinstance(thing, msgspec.Struct | Mapping):
        return _list(inside)
    if not path:
        return None
    words = [(name, _brief(value, name)) for name, value in inside if not names_it(name, value, path)]
    if any(text is None for _, text in words):
        return None
    line = "; ".join(f"{name} {text}" for name, text in words)
    return line if len(line) <= LONGEST else None


def names_it(name: str, value: Any, path: Sequence[str]) -> bool:
    """The part says no more than what its whole is called by already."""
    called = path[-1] if path else ""
    return name in NAMES and bool(called) and value in (called, called.rpartition(" (")[0])


def _brief(thing: Any, name: str) -> str | None:
    """In words, if it is plain and short or a list of such."""
    inside = parts(thing)
    if inside is None:
        text = _plain(thing, name)
        return None if "\n" in text else text
    if not inside:
        return "none"
    return None if isinstance(thing, msgspec.Struct | Mapping) else _list(inside)


def _list(inside: Sequence[Part]) -> str | None:
    if any(parts(value) is not None for _, value in inside):
        return None
    texts = [_plain(value, "") for _, value in inside[:MOST_VALUES]]
    if any("\n" in text for text in texts):
        return None
    more = f", … ({len(inside)} in all)" if len(inside) > MOST_VALUES else ""
    return ", ".join(texts) + more


def _plain(thing: Any, name: str) -> str:
    if thing is None:
        return "none"
    if isinstance(thing, bool):
        return "yes" if thing else "no"
    if isinstance(thing, int) and name.lower().endswith(("address", "pc")):
        return f"{thing:#x}"
    return f"{len(thing)} bytes" if isinstance(thing, bytes) else str(thing) or "empty"
