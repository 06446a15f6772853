"""TOML that people write, checked against what it may hold: every fault is named with its table and key."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from claimlab.project.errors import BadData

Told = TypeVar("Told")
_PLACE: Final = re.compile(r"(?s)(?P<says>.*?)(?: - at `(?P<at>[^`]*)`)?")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.*)`")
_LACKING: Final = re.compile(r"Object missing required field `(.*)`")
_OTHER_KIND: Final = re.compile(r"Expected `(.*)`, got `(.*)`")
_NO_SUCH: Final = re.compile(r"Invalid enum value '(.*)'")
_KINDS: Final = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "datetime": "a date with a time",
    "date": "a date",
    "time": "a time",
}
"""What msgspec's names are in the words of TOML. It has no null: that stands for a key that is left out."""


def read_toml(path: Path) -> dict[str, Any]:
    """What the file holds; :class:`BadData` where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadData(str(path), f"it cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadData(str(path), f"it is no UTF-8 at byte {error.start}") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadData(str(path), str(error)) from None


def checked(data: Mapping[str, Any], kind: type[Told], beside: Iterable[str] = ()) -> Told:
    """The data as that type; ValueError says in which table and key they are not, and which key was meant.

    `beside` are keys that whoever asks has taken out of the data already.
    """
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        match = _PLACE.fullmatch(str(error))
        says, at = (match["says"], match["at"] or "$") if match else (str(error), "$")
        if value := _NO_SUCH.fullmatch(says):
            there = list(_values(kind, at))
            near = get_close_matches(value[1], there, n=1)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(there)}"
            raise ValueError(f"{_place(at)}there is no {value[1]}; {meant}") from None
        raise ValueError(f"{_place(at)}{_in_words(says, list(_keys(kind, at)), beside)}") from None


def _place(at: str) -> str:
    """``$.section[1].id`` is ``section 2.id: `` for whoever wrote it."""
    parts = [re.sub(r"\[(\d+)\]", lambda index: f" {int(index[1]) + 1}", part) for part in at.split(".")[1:]]
    return f"{'.'.join(part.replace('[...]', '') for part in parts)}: " if parts else ""


def _in_words(says: str, keys: list[str], beside: Iterable[str]) -> str:
    if unknown := _UNKNOWN.fullmatch(says):
        near = get_close_matches(unknown[1], [*keys, *beside], n=1)
        return f"there is no key {unknown[1]}" + (f"; did you mean {near[0]}?" if near else "")
    if lacking := _LACKING.fullmatch(says):
        return f"there is no {lacking[1]!r}"
    if other := _OTHER_KIND.fullmatch(says):
        wanted = [_KINDS.get(kind, kind) for kind in other[1].split(" | ") if kind != "null"]
        return f"it has to be {' or '.join(wanted)}, and is {_KINDS.get(other[2], other[2])}"
    return says


def _keys(kind: Any, at: str) -> Iterator[str]:
    """The keys of the table at that place."""
    for hint in _hints(kind, at):
        for one in _structs_in(hint):
            yield from one.__struct_encode_fields__


def _values(kind: Any, at: str) -> Iterator[str]:
    """What may stand at that place, of which there is a list."""
    inside = list(_hints(kind, at))
    while inside:
        hint = inside.pop()
        if isinstance(hint, type) and issubclass(hint, Enum):
            yield from map(str, hint)
        elif get_origin(hint) is Literal:
            yield from map(str, get_args(hint))
        else:
            inside += get_args(hint)


def _hints(kind: Any, at: str) -> list[Any]:
    """The types of what may stand at that place."""
    here = [kind]
    for part in re.sub(r"\[[^]]*\]", "", at).split(".")[1:]:
        here = [get_type_hints(inner).get(part) for one in here for inner in _structs_in(one)]
    return here


def _structs_in(hint: Any) -> list[type[msgspec.Struct]]:
    """Those that a type is made of: itself, or what its list, map or union holds."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return [hint]
    return [one for inner in get_args(hint) for one in _structs_in(inner)]
