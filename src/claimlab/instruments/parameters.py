"""The parameters of a function as DWARF describes them: which of them are results, and which are addresses."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec

from claimlab.instruments import dwarf_types
from claimlab.instruments.dwarf_types import kind_of, name_of

if TYPE_CHECKING:
    from elftools.dwarf.die import DIE


_GENERIC: Final = ".param"
"""How types of a generic function's parameters begin, which refer to what they stand for (cmd/compile: reader.go)."""
_PARTS_OF_TEXT: Final = ["str", "len"]


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One parameter, or one result."""

    name: str
    type: str
    is_address: bool = False
    is_text: bool = False
    """A string, whatever its type is called."""
    is_truth: bool = False
    is_result: bool = False


def read(elf: bytes, name: str, function: str) -> list[Parameter]:
    """Those of the function, in its order; of one that is not in the DWARF of the binary `name` there are none."""
    entry = next(_entries(dwarf_types.read(elf, name).file.get_dwarf_info(), function), None)
    return [] if entry is None else [_parameter(child) for child in entry.iter_children() if _is_whole(child)]


def _entries(dwarf: Any, function: str) -> Iterator["DIE"]:
    """The function's entries that have its name: the one of its code, or the one that inlined copies refer to.

    Go's linker writes each name into the entry itself, so only units that have its bytes are read.
    """
    content = dwarf.debug_info_sec.stream.getvalue()
    places = [match.start() for match in re.finditer(re.escape(function.encode()) + b"\0", content)]
    for unit in dwarf.iter_CUs():
        if any(unit.cu_offset <= place < unit.cu_offset + unit.size for place in places):
            for entry in unit.get_top_DIE().iter_children():
                if entry.tag == "DW_TAG_subprogram" and name_of(entry) == function:
                    yield entry


def _is_whole(child: "DIE") -> bool:
    """It is a parameter that says its name and its type."""
    return child.tag == "DW_TAG_formal_parameter" and {"DW_AT_name", "DW_AT_type"} <= child.attributes.keys()


def _parameter(child: "DIE") -> Parameter:
    entry = child.get_DIE_from_attribute("DW_AT_type")
    while name_of(entry).startswith(_GENERIC) and "DW_AT_type" in entry.attributes:
        entry = entry.get_DIE_from_attribute("DW_AT_type")
    # Go's compiler says of results that they are variable parameters (cmd/internal/dwarf: putvar).
    result = child.attributes.get("DW_AT_variable_parameter")
    is_result = result is not None and bool(result.value)
    kind, parts = kind_of(entry), dwarf_types.member_names(entry)
    return Parameter(
        name_of(child),
        name_of(entry),
        is_address=kind == "pointer",
        is_text=parts == _PARTS_OF_TEXT,
        is_truth=kind == "boolean",
        is_result=is_result,
    )
