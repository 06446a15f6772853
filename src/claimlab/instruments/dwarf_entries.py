"""Where the named types begin in the DWARF of a compile unit. Part of `layout`.

pyelftools reads an entry with all that it says, and a small program has some ten thousands: seconds. To find one type
by its name nothing is needed but the lengths of everything else, which the unit's abbreviations give.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from claimlab.project.errors import LabBroken

if TYPE_CHECKING:
    from elftools.dwarf.compileunit import CompileUnit

TYPE_TAGS: Final = frozenset(
    {
        "DW_TAG_array_type",
        "DW_TAG_base_type",
        "DW_TAG_pointer_type",
        "DW_TAG_structure_type",
        "DW_TAG_subroutine_type",
        "DW_TAG_typedef",
    }
)
"""Of entries that are Go's types."""
_FIXED: Final = {
    1: ("data1", "ref1", "flag", "strx1", "addrx1"),
    2: ("data2", "ref2", "strx2", "addrx2"),
    3: ("strx3", "addrx3"),
    4: ("data4", "ref4", "strx4", "addrx4", "ref_sup4"),
    8: ("data8", "ref8", "ref_sig8", "ref_sup8"),
    16: ("data16",),
    0: ("flag_present", "implicit_const"),
}
_LENGTHS: Final = {f"DW_FORM_{name}": size for size, names in _FIXED.items() for name in names}
"""In bytes (DWARF 5, 7.5.6)."""
_OFFSETS: Final = frozenset(f"DW_FORM_{name}" for name in ("ref_addr", "sec_offset", "strp", "line_strp", "strp_sup"))
"""As long as the format's offsets are, since DWARF 3."""
_STRING, _NUMBER, _BLOCK, _COUNTED = "string", "number", "block", "counted"
_READ: Final = {
    "DW_FORM_string": (_STRING, 0),
    **{
        f"DW_FORM_{name}": (_NUMBER, 0)
        for name in ("udata", "sdata", "ref_udata", "strx", "addrx", "loclistx", "rnglistx")
    },
    "DW_FORM_exprloc": (_BLOCK, 0),
    "DW_FORM_block": (_BLOCK, 0),
    "DW_FORM_block1": (_COUNTED, 1),
    "DW_FORM_block2": (_COUNTED, 2),
    "DW_FORM_block4": (_COUNTED, 4),
}
"""What stands there says where it ends: a zero; a byte without its high bit, as the last of a number in groups of seven
bits (7.6); a length that is such a number, or has so many bytes."""
Step = tuple[str, int] | int
"""How to get behind an attribute: by so many bytes, or by what stands there."""


@dataclass(frozen=True)
class _Plan:
    """How an entry of one abbreviation is passed."""

    steps: tuple[Step, ...]
    named: int | None
    """The step at which the name of a type stands; None for what is no named type."""


def named_types(unit: "CompileUnit", content: bytes) -> Iterator[tuple[int, bytes]]:
    """Every named type of the unit: the offset of its entry in .debug_info, whose bytes these are, and its name.

    :class:`LabBroken` for DWARF that has a form which no Go release has written so far.
    """
    at, end = unit.cu_die_offset, unit.cu_offset + unit.size
    order: Final = "little" if unit.structs.little_endian else "big"
    plans: dict[int, _Plan] = {}
    while at < end:
        start = at
        code, at = _number(content, at)
        if code == 0:  # the end of some entry's children
            continue
        plan = plans.get(code)
        if plan is None:
            plan = plans[code] = _plan(unit, code)
        name = b""
        for number, step in enumerate(plan.steps):
            if isinstance(step, int):
                at += step
                continue
            what, size = step
            before = at
            if what is _STRING:
                at = content.index(b"\0", at) + 1
                if number == plan.named:
                    name = content[before : at - 1]
            elif what is _NUMBER:
                while content[at] >= 0x80:
                    at += 1
                at += 1
            elif what is _BLOCK:
                length, at = _number(content, at)
                at += length
            else:
                at += size + int.from_bytes(content[at : at + size], order)
        if name:
            yield start, name


def _number(content: bytes, at: int) -> tuple[int, int]:
    """The unsigned LEB128 that stands there, and where it ends."""
    found = shift = 0
    while True:
        byte = content[at]
        at += 1
        found |= (byte & 0x7F) << shift
        if byte < 0x80:
            return found, at
        shift += 7


def _plan(unit: "CompileUnit", code: int) -> _Plan:
    known = unit.get_abbrev_table().get_abbrev(code).decl
    steps: list[Step] = []
    named = None
    for one in known.attr_spec:
        step = _step(unit, str(one.form))
        if isinstance(step, int) and steps and isinstance(steps[-1], int):
            steps[-1] += step
            continue
        if one.name == "DW_AT_name" and known.tag in TYPE_TAGS and one.form == "DW_FORM_string":
            named = len(steps)
        steps.append(step)
    return _Plan(tuple(steps), named)


def _step(unit: "CompileUnit", form: str) -> Step:
    if form in _READ:
        return _READ[form]
    if form in _LENGTHS:
        return _LENGTHS[form]
    if form in _OFFSETS:
        return int(unit.structs.dwarf_format) // 8
    if form == "DW_FORM_addr":
        return int(unit.structs.address_size)
    raise LabBroken(f"the DWARF has an attribute of the form {form}, which is not known here")
