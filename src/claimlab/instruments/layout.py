"""How types lie in memory: by DWARF, without a process, and by the type data of the runtime in a stopped process.

DWARF has names, offsets and sizes. What the collector goes by, the pointer mask of a type, is not in it: that stands
in the type's descriptor (internal/abi/type.go: Type) and is read from there. Both are read by a script inside gdb.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal, TypeVar

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments.gdb_scripts import INSIDE, ask
from claimlab.instruments.gobuild import Binary
from claimlab.project.errors import LabBroken

Kind = Literal["struct", "array", "pointer", "integer", "float", "complex", "boolean", "other"]
"""Maps, channels and func values are pointers; strings, slices and interfaces are structs."""
Form = Literal["none", "mask", "program", "on demand"]
WORD_BYTES: Final = 8

_SCRIPTS: Final = ("gdb_layout.py", "gdb_probing.py")
_Answer = TypeVar("_Answer")


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
    """Computed from the fields by the compiler's rules for 64-bit machines: Go's DWARF does not say it."""
    fields: list[Field] = []
    element: str = ""
    count: int = 0
    parts: list[Part] = []
    """In order of their offsets; only where asked for."""

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def pointer_words(self) -> list[int]:
        """The words that hold a pointer by DWARF's types; wants the parts.

        The collector's mask lacks some of them: the first word of an interface, and pointers to what is never on the
        heap (cmd/compile/internal/typebits: set).
        """
        return [part.offset // WORD_BYTES for part in self.parts if part.kind == "pointer"]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A type to be read from the runtime's type data."""

    label: str
    value: str
    """A gdb expression: a value of type ``any`` that holds something of the type, or the address of its descriptor."""
    block_of_map: bool = False
    """The type is a map; what is wanted is the block of memory that such a map is made of: a bucket, or a group."""


class PointerLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A type as its descriptor has it; nothing but the label if the value does not exist in this binary, or is nil."""

    label: str
    present: bool
    name: str = ""
    """The descriptor's own name; the compiler's name for a bucket or group."""
    block: str = ""
    """Of a block of a map: the field of the map's descriptor that led to it, ``Bucket`` or ``Group``."""
    size: int = 0
    ptr_bytes: int = 0
    """How far from its start the collector has to look: the end of its last pointer."""
    align: int = 0
    field_align: int = 0
    kind_byte: int = 0
    tflag: int = 0
    form: Form = "none"
    """How the descriptor keeps the mask: as bits; as a program that makes them, for types of more than 16384 words up
    to 1.23; or, for such types since 1.24, as bits that the runtime works out where it first needs them."""
    words: list[int] | None = []
    """The words that hold a pointer, as far as the collector knows; None if nothing has asked for them yet."""
    map_type: dict[str, int] = {}
    """Of a block of a map: the numbers in the map's descriptor, such as ``BucketSize`` or ``GroupSize``."""


def types(bench: Bench, binary: Binary, names: Sequence[str], *, parts: bool = False) -> list[TypeLayout]:
    """The types of these names, in this order, as the binary's DWARF describes them. No process is started.

    Names are DWARF's: ``runtime.hmap``, ``sync.Map``, ``main.T``, ``string``, ``[]uint8``. A map's memory is
    ``bucket<string,int>`` up to 1.23 (written by the linker, by its own arithmetic: cmd/link/internal/ld/dwarf.go,
    synthesizemaptypes), and ``noalg.map.group[string]int`` since 1.24, the compiler's own type. Pointers and arrays
    have no entry by name in gdb: ask for the type they stand in. A type that nothing uses is not in the binary.
    """
    if unnamed := [name for name in names if name.startswith("*") or (name[:1] == "[" and name[1:2] != "]")]:
        raise LabBroken(f"pointers and arrays cannot be asked for by name: {', '.join(unnamed)}")
    return _ask(bench, binary, {"names": list(names), "parts": parts}, list[TypeLayout])


def pointers(
    bench: Bench,
    binary: Binary,
    wanted: Sequence[Wanted],
    *,
    at: str,
    gomaxprocs: int,
    args: Sequence[str] = (),
) -> list[PointerLayout]:
    """The descriptors of these types, in this order, in a process that has reached the function `at`."""
    order = {"wanted": list(wanted), "at": at, "gomaxprocs": gomaxprocs, "args": list(args)}
    return _ask(bench, binary, order, list[PointerLayout])


def _ask(bench: Bench, binary: Binary, order: dict[str, Any], kind: type[_Answer]) -> _Answer:
    scripts = {name: (INSIDE / name).read_bytes() for name in _SCRIPTS}
    what = "gdb could not read the layout of the types"
    return ask(bench, scripts, {"binary": binary.name, **order}, kind, what=what)
