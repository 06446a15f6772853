"""What crosses from a bench as JSON becomes data, or one sentence that says what is wrong with it."""

from typing import TypeVar

import msgspec

from claimlab.project.errors import LabBroken

Kind = TypeVar("Kind")


def decoded(content: bytes, kind: type[Kind], what: str) -> Kind:
    """The JSON as this type; :class:`LabBroken` names `what` it is, the field, and what is wrong there.

    NaN, invalid UTF-8, unknown fields of structs that forbid them, and nesting without end are refused.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LabBroken(f"{what} is not the answer that was asked for: {error}") from None
    except RecursionError:
        raise LabBroken(f"{what} is not the answer that was asked for: it is nested too deep") from None
