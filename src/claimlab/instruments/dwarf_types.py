"""Types as an ELF file's DWARF describes them, for every processor that Go compiles for. Part of `layout`.

The file is read with pyelftools, outside the bench. Go's linker writes each name into the entry itself
(cmd/link/internal/ld/dwarf.go).
"""

import io
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from claimlab.instruments.dwarf_entries import named_types
from claimlab.project.errors import LabBroken

if TYPE_CHECKING:
    from elftools.dwarf.compileunit import CompileUnit
    from elftools.dwarf.die import DIE
    from elftools.elf.elffile import ELFFile

Kind = Literal["struct", "array", "pointer", "integer", "float", "complex", "boolean", "other"]
"""Maps, channels and func values are pointers; strings, slices and interfaces are structs."""
MOST_PARTS: Final = 4096
"""Of one type."""
_KINDS: Final[dict[str, Kind]] = {
    "DW_TAG_structure_type": "struct",
    "DW_TAG_array_type": "array",
    "DW_TAG_pointer_type": "pointer",
    "DW_TAG_subroutine_type": "pointer",
}
_ENCODINGS: Final[dict[int, Kind]] = {
    2: "boolean",
    3: "complex",
    4: "float",
    **dict.fromkeys((5, 6, 7, 8), "integer"),
}
"""DWARF 5, 7.8."""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One field of a struct."""

    name: str
    offset: int
    size: int
    type: str
    kind: Kind
    element: str = ""
    """Of an array: the type of its elements."""
    count: int = 0
    """Of an array: how many there are."""

    @property
    def end(self) -> int:
        return self.offset + self.size


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something in a type that has no parts itself, such as the word ``slots[3].key.str``."""

    path: str
    offset: int
    size: int
    type: str
    kind: Kind


class TypeLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A type as DWARF describes it; nothing but the name if the binary has no such type."""

    name: str
    present: bool
    kind: Kind = "other"
    size: int = 0
    align: int = 0
    """Computed from the fields by the compiler's rules: Go's DWARF does not say it."""
    fields: list[Field] = []
    element: str = ""
    count: int = 0
    parts: list[Part] = []
    """In order of their offsets; only where asked for."""
    word: int = 8
    """The bytes of a pointer."""

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def pointer_words(self) -> list[int]:
        """The words that hold a pointer by DWARF's types; wants the parts.

        The collector's mask lacks some of them: the first word of an interface, and pointers to what is never on the
        heap (cmd/compile/internal/typebits: set).
        """
        return [part.offset // self.word for part in self.parts if part.kind == "pointer"]


@dataclass(frozen=True)
class Types:
    """The types of one ELF file."""

    file: "ELFFile"
    name: str
    """The file's, for who has to be told."""

    @cached_property
    def _dwarf(self) -> Any:
        found = self.file.get_dwarf_info() if self.file.has_dwarf_info() else None
        if found is None or found.debug_info_sec is None:
            raise LabBroken(f"the binary {self.name} has no DWARF")
        return found

    @cached_property
    def word(self) -> int:
        """The bytes of a pointer."""
        return int(self.file.elfclass) // 8

    def layout(self, name: str, *, parts: bool = False) -> TypeLayout:
        """The type of that name."""
        entry = self.find(name)
        if entry is None:
            return TypeLayout(name, present=False)
        bare = _bare(entry)
        element, count = self._elements(bare)
        found: list[Part] = []
        if parts and not self._gather(entry, 0, "", found):
            raise LabBroken(f"{name} has more than {MOST_PARTS} parts")
        return TypeLayout(
            name,
            present=True,
            kind=kind_of(bare),
            size=self._size(bare),
            align=self._align(bare),
            fields=[self._field(one) for one in _members(bare)],
            element="" if element is None else name_of(element),
            count=count,
            parts=found,
            word=self.word,
        )

    def find(self, name: str) -> "DIE | None":
        """The entry of the type of that name, or a typedef of it."""
        place = self._places.get(name.encode())
        return None if place is None else place[0].get_DIE_from_refaddr(place[1])

    def names(self) -> list[str]:
        """Of all types that have one, sorted."""
        return sorted({named.decode("utf-8", "replace") for named in self._places})

    @cached_property
    def _places(self) -> "dict[bytes, tuple[CompileUnit, int]]":
        """Of every name: the unit and the offset of the first entry that has it."""
        content = self._dwarf.debug_info_sec.stream.getvalue()
        found: dict[bytes, tuple[CompileUnit, int]] = {}
        for unit in self._dwarf.iter_CUs():
            for start, name in named_types(unit, content):
                found.setdefault(name, (unit, start))
        return found

    # --- what an entry says ---

    def _size(self, entry: "DIE") -> int:
        bare = _bare(entry)
        if bare.tag in {"DW_TAG_pointer_type", "DW_TAG_subroutine_type"}:
            return self.word
        if "DW_AT_byte_size" in bare.attributes:
            return int(bare.attributes["DW_AT_byte_size"].value)
        element, count = self._elements(bare)
        return 0 if element is None else count * self._size(element)

    def _elements(self, bare: "DIE") -> "tuple[DIE | None, int]":
        """The type and number of an array's elements; None and 0 for anything else."""
        if bare.tag != "DW_TAG_array_type":
            return None, 0
        for child in bare.iter_children():
            if child.tag == "DW_TAG_subrange_type":
                given = child.attributes
                count = given["DW_AT_count"].value if "DW_AT_count" in given else given["DW_AT_upper_bound"].value + 1
                return bare.get_DIE_from_attribute("DW_AT_type"), int(count)
        raise LabBroken(f"the array {name_of(bare)} has no length in the DWARF of {self.name}")

    def _align(self, entry: "DIE") -> int:
        """As Go's compiler aligns (cmd/compile/internal/types/size.go: CalcSize): no part by more than a word."""
        bare = _bare(entry)
        element, _ = self._elements(bare)
        if element is not None:
            return self._align(element)
        if bare.tag == "DW_TAG_structure_type":
            return max([self._align(_type(member)) for member in _members(bare)], default=1)
        size = self._size(bare)
        return min(size // 2 if kind_of(bare) == "complex" else size, self.word)

    def _field(self, member: "DIE") -> Field:
        entry = _type(member)
        element, count = self._elements(_bare(entry))
        of = "" if element is None else name_of(element)
        return Field(name_of(member), _offset(member), self._size(entry), name_of(entry), kind_of(entry), of, count)

    def _gather(self, entry: "DIE", offset: int, path: str, found: list[Part]) -> bool:
        """Everything in the type that has no parts itself, with its offset; False if there is too much of it."""
        bare = _bare(entry)
        element, count = self._elements(bare)
        if element is not None:
            size = self._size(element)
            return all(self._gather(element, offset + at * size, f"{path}[{at}]", found) for at in range(count))
        if bare.tag == "DW_TAG_structure_type":
            return all(
                self._gather(_type(one), offset + _offset(one), f"{path}.{name_of(one)}".lstrip("."), found)
                for one in _members(bare)
            )
        found.append(Part(path, offset, self._size(bare), name_of(entry), kind_of(bare)))
        return len(found) <= MOST_PARTS


def read(elf: bytes, name: str) -> Types:
    """The types of an ELF file."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    try:
        return Types(ELFFile(io.BytesIO(elf)), name)
    except ELFError as error:
        raise LabBroken(f"the binary {name} is no ELF file: {error}") from None


def _bare(entry: "DIE") -> "DIE":
    """What a typedef stands for in the end."""
    while entry.tag == "DW_TAG_typedef":
        entry = entry.get_DIE_from_attribute("DW_AT_type")
    return entry


def kind_of(entry: "DIE") -> Kind:
    """What a type is, whatever it is called."""
    bare = _bare(entry)
    if bare.tag == "DW_TAG_base_type":
        encoding: Any = bare.attributes["DW_AT_encoding"].value
        return _ENCODINGS.get(encoding, "other")
    return _KINDS.get(str(bare.tag), "other")


def name_of(entry: "DIE") -> str:
    """What the entry calls itself; empty if it has no name."""
    given: Any = entry.attributes.get("DW_AT_name")
    return given.value.decode("utf-8", "replace") if given is not None and isinstance(given.value, bytes) else ""


def member_names(entry: "DIE") -> list[str]:
    """Of a struct; none of anything else."""
    return [name_of(one) for one in _members(_bare(entry))]


def _type(member: "DIE") -> "DIE":
    found: DIE = member.get_DIE_from_attribute("DW_AT_type")
    return found


def _offset(member: "DIE") -> int:
    return int(member.attributes["DW_AT_data_member_location"].value)


def _members(bare: "DIE") -> list["DIE"]:
    children = bare.iter_children() if bare.tag == "DW_TAG_structure_type" else ()
    return [child for child in children if child.tag == "DW_TAG_member"]
