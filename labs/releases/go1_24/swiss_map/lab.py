"""Is the built-in map a Swiss table?

A program reads the memory of a small map of its own; and DWARF says which type a map's header has.
"""

from typing import Final

import msgspec

from claimlab import Bench, Lab, gobuild, layout, processes

lab = Lab(asks={"zh": "内建 map 是 Swiss 表吗？"})

SWISS: Final = "internal/runtime/maps.Map"
BUCKETS: Final = "runtime.hmap"


class Read(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the third word of a map's header leads to."""

    Label: str
    Entries: int
    Control: list[int]
    """The first eight bytes, one for each slot."""
    Words: list[int]
    """The sixteen words behind them; an entry's key is 1000 and more, its value 2000 and more."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    maps: list[Read]
    """A map, and imitations of a Swiss table's group and of a bucket."""
    types: dict[str, bool]
    """Whether the program has these types by DWARF."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    maps = processes.answer(bench, [f"./{program.name}"], list[Read], gomaxprocs=1)
    names = [SWISS, BUCKETS]
    known = layout.types(bench, program, names)
    return Seen(maps, {name: one.present for name, one in zip(names, known, strict=True)})
