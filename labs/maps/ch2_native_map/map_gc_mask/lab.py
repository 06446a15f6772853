"""What does the collector's pointer mask of a map's memory cover?

Section 2.5 of the article. The mask is read by gdb from the type data of the running program, beside the types that
DWARF gives to the same words. The collector is asked, too: the program puts the only address of an object into each
word of a live map's memory and sees which objects outlive a collection; and it reads how much the collector scans.
"""

import msgspec

from claimlab import Bench, Lab, PointerLayout, TypeLayout, Wanted, gobuild, layout, processes

lab = Lab(asks={"zh": "GC 的指针位图覆盖 map 内存的哪些部分？"})

MAPS = [
    ("string", "int"),
    ("string", "*int"),
    ("int64", "int64"),
    ("int", "int"),
    ("*int", "*int"),
    ("int8", "int8"),
    ("int8", "int64"),
]
"""Key and value types, in the order of the program's variable `all`."""
VALUES = ["number", "pointer", "text", "short"]
"""The values after them there: fields of the program's struct `words`."""
OURS = ["main.noPointers", "main.valuesFirst", "main.interleaved"]
"""And structs of ours after these."""


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of a map's memory, or of ours, in the running program."""

    Label: str
    Name: str
    """Of the compiler's type for it."""
    Words: int
    Followed: list[int] | None
    """The words whose objects outlived the collections; None for none."""
    Keys: list[int] | None
    """Offsets at which the program found its keys, -1 for nowhere; None where it did not look."""
    Values: list[int] | None


class Scan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many bytes more the collector scans after so many maps with one entry each have been made."""

    Label: str
    Maps: int
    Bytes: int


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the program says."""

    Blocks: list[Block]
    Scans: list[Scan]


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    report: Report
    buckets: list[TypeLayout]
    """By DWARF: the bucket of each map type, where there is one."""
    groups: list[TypeLayout]
    """By DWARF: what Swiss maps have instead."""
    ours: list[TypeLayout]
    words: TypeLayout
    """By DWARF: a struct with an int and a *int in it."""
    map_masks: list[PointerLayout]
    """The type of each map's block as its descriptor has it."""
    value_masks: list[PointerLayout]
    our_masks: list[PointerLayout]


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    # The collector runs where the program asks for it, and nowhere else.
    report = processes.answer(bench, [f"./{program.name}"], Report, gomaxprocs=1, env={"GOGC": "off"})
    buckets = [f"bucket<{key},{value}>" for key, value in MAPS]
    groups = [f"noalg.map.group[{key}]{value}" for key, value in MAPS]
    types = layout.types(bench, program, [*buckets, *groups, *OURS, "main.words"], parts=True)
    labels = [f"map[{key}]{value}" for key, value in MAPS] + VALUES + OURS
    wanted = [Wanted(label, f"'main.all'.array[{at}]", at < len(MAPS)) for at, label in enumerate(labels)]
    masks = layout.pointers(bench, program, wanted, at="main.hold", gomaxprocs=1)
    maps, values = len(MAPS), len(VALUES)
    return Seen(
        report=report,
        buckets=types[:maps],
        groups=types[maps : 2 * maps],
        ours=types[2 * maps : -1],
        words=types[-1],
        map_masks=masks[:maps],
        value_masks=masks[maps : maps + values],
        our_masks=masks[maps + values :],
    )
