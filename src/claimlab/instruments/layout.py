"""How types lie in memory: by DWARF, without a process, and by the type data of the runtime in a stopped process.

DWARF has names, offsets and sizes. What the collector goes by, the pointer mask of a type, is not in it: that stands
in the type's descriptor (internal/abi/type.go: Type) and is read from there, by a script inside gdb.
"""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import dwarf_types
from claimlab.instruments.dwarf_types import Field, Kind, Part, TypeLayout
from claimlab.instruments.gdb_scripts import INSIDE, ask
from claimlab.instruments.gobuild import Binary

Form = Literal["none", "mask", "program", "on demand"]
__all__ = ["Field", "Form", "Kind", "Part", "PointerLayout", "TypeLayout", "Wanted", "pointers", "types"]
WORD_BYTES: Final = 8
"""Of the processors that labs run on."""

_SCRIPTS: Final = ("gdb_layout.py", "gdb_probing.py")


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
    synthesizemaptypes), and ``noalg.map.group[string]int`` since 1.24, the compiler's own type. A type that nothing
    uses is not in the binary.
    """
    known = dwarf_types.read(bench.get(binary.name), binary.name)
    return [known.layout(name, parts=parts) for name in names]


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
    scripts = {name: (INSIDE / name).read_bytes() for name in _SCRIPTS}
    what = "gdb could not read the layout of the types"
    return ask(bench, scripts, {"binary": binary.name, **order}, list[PointerLayout], what=what)
