"""What crosses from a bench as JSON becomes data, or one sentence that says what is wrong with it."""

import json
import math
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from claimlab.project.errors import LabBroken

Kind = TypeVar("Kind")
_TOLD_CHARACTERS: Final = 300
"""Of what is wrong: a field's name may be as long as the answer."""


def decoded(content: bytes, kind: type[Kind], what: str) -> Kind:
    """The JSON as this type; :class:`LabBroken` names `what` it is, the field, and what is wrong there.

    NaN, numbers without bounds, invalid UTF-8, unknown fields of structs that forbid them, and nesting without end are
    refused.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        wrong = str(error)
    except UnicodeDecodeError as error:
        wrong = f"a string is not UTF-8{_place(content, lambda value: chr(0xFFFD) in str(value))} ({error.reason})"
    except msgspec.DecodeError as error:
        no_number = _place(content, lambda value: isinstance(value, float) and not math.isfinite(value))
        wrong = f"a number is not finite{no_number}" if no_number else str(error)
    except RecursionError:
        wrong = "it is nested too deep"
    raise LabBroken(f"{what} is not the answer that was asked for: {_cut(wrong)}")


def _place(content: bytes, is_wrong: Callable[[Any], bool]) -> str:
    """Where the first string or number is with which something is wrong, as msgspec says it; empty if nobody knows.

    The standard library reads what JSON does not allow: NaN, and here any bytes.
    """
    try:
        whole = json.loads(content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return ""
    waiting = [("$", whole)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            if strange := next((key for key in value if is_wrong(key)), None):
                return f" - at the name {strange!r} in `{path}`"
            waiting += [(f"{path}.{key}", one) for key, one in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(f"{path}[{number}]", one) for number, one in reversed(list(enumerate(value)))]
        elif is_wrong(value):
            return f" - at `{path}`"
    return ""


def _cut(words: str) -> str:
    """Without its middle if it is long: the field stands at the end."""
    half = _TOLD_CHARACTERS // 2
    return words if len(words) <= _TOLD_CHARACTERS else f"{words[:half]} … {words[-half:]}"
