"""How much of the heap do objects take, and on which boundaries do they lie?

The notes of Go 1.22, on the runtime. A program allocates objects of many sizes, with pointers and without.
"""

import msgspec

from claimlab import Bench, Lab, gobuild, processes

lab = Lab(asks={"zh": "对象占用多少堆内存，按多少字节对齐？"})


class Object(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an object of some size gets."""

    Bytes: int
    """Of the heap, by the runtime's statistics."""
    Align: int
    """The largest power of two up to 64 that divides the addresses of all 64 of them."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw: objects by their size in bytes."""

    pointers: dict[str, Object]
    """Of pointers alone."""
    plain: dict[str, Object]
    """Without any."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    return processes.answer(bench, [f"./{program.name}"], Seen, gomaxprocs=1)
