"""How is a bucket of a map laid out?

Section 2.1 of the article. Sizes and offsets are read in three ways: from the binary's DWARF, which the linker writes;
from the type that the compiler makes for a map's memory, as reflection sees it in the process and gdb in the type's
descriptor; and from the memory of live maps, in which the program looks for the keys and values that it has put there.
What a bucket keeps of a hash is compared with the hash, computed by the map's own function and returned under gdb.
"""

import msgspec

from claimlab import Bench, Lab, PointerLayout, Run, Session, Step, TypeLayout, Wanted, gdb, gobuild, layout, processes

lab = Lab(asks={"zh": "map 的桶在内存中怎样布局？"})

MAPS = [
    ("int64", "int64"),
    ("string", "int"),
    ("int32", "int32"),
    ("int8", "int8"),
    ("bool", "bool"),
    ("string", "*int"),
    ("string", "string"),
    ("int64", "string"),
    ("int64", "int8"),
    ("int16", "struct {}"),
    ("int64", "[100]uint8"),
    ("[200]uint8", "int"),
]
"""Key and value types, in the order of the program's variable `all`."""
OURS = ["main.described", "main.turned", "main.quarter", "main.half"]
HASHING = ["runtime.memhash64", "internal/runtime/maps.memHash64AES", "internal/runtime/maps.memHash64Fallback"]
"""The hash function of an 8-byte key: up to 1.26, and in 1.27."""
SLOT = 3
"""The entry that the program assigns while gdb looks on."""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of a struct as reflection sees it."""

    Name: str
    Offset: int
    Size: int
    Count: int
    """Of an array."""


class Places(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where in a live block the program found what it had put there; -1 where nowhere."""

    Keys: list[int]
    Values: list[int]
    Tophash: int
    Overflow: int


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The compiler's type of one piece of a map's memory, or a struct of ours, as the program itself sees it."""

    Label: str
    Name: str
    Size: int
    Fields: list[Field]
    Found: Places | None


class Hashed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hash of one entry of a map, by the map's own function, and the byte that the map keeps for the entry."""

    Hash: int
    Stored: int
    Low: int
    """The lowest 7 bits of the hash."""
    Nibble: int
    """The highest 4 bits of the hash, as the program writes them into a byte of its own."""


class Filled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many buckets a map has with 8 entries, and with 9; 0 if it has none."""

    Eight: int
    Nine: int


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the program says."""

    Blocks: list[Block]
    Hashes: list[Hashed]
    Full: Filled


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    report: Report
    buckets: list[TypeLayout]
    """By DWARF: the bucket of each map type, where there is one."""
    groups: list[TypeLayout]
    """By DWARF: what Swiss maps have instead."""
    ours: list[TypeLayout]
    descriptors: list[PointerLayout]
    """The type of each map's block as its descriptor has it."""
    hashing: Session
    """One assignment under gdb: what the hash function returned, and the bucket afterwards."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    # Nothing may be freed while the program reads memory beside the language.
    report = processes.answer(bench, [f"./{program.name}"], Report, gomaxprocs=1, env={"GOGC": "off"})
    buckets = [f"bucket<{key},{value}>" for key, value in MAPS]
    groups = [f"noalg.map.group[{key}]{value}" for key, value in MAPS]
    types = layout.types(bench, program, [*buckets, *groups, *OURS])
    wanted = [Wanted(f"map[{key}]{value}", f"'main.all'.array[{at}]", True) for at, (key, value) in enumerate(MAPS)]
    return Seen(
        report=report,
        buckets=types[: len(MAPS)],
        groups=types[len(MAPS) : 2 * len(MAPS)],
        ours=types[2 * len(MAPS) :],
        descriptors=layout.pointers(bench, program, wanted, at="main.hold", gomaxprocs=1, args=["watch"]),
        hashing=gdb.session(bench, program, [hashing()]),
    )


def hashing() -> Run:
    bucket = "'main.watched'.buckets"
    kept = {"tophash": f"{bucket}.tophash[{SLOT}]", "key": f"{bucket}.keys[{SLOT}]", "B": "'main.watched'.B"}
    return Run(
        ["watch"], 1, [Step(["main.hold"]), Step(HASHING), Step([], returns=True), Step(["main.hold"], values=kept)]
    )
