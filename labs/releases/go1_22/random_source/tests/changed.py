"""A runtime whose selects draw from ChaCha8, too: no release has one."""

from typing import Any

from claimlab import change, kept

LAB = kept(__file__)
SELECTS = "orders of selects"


def with_blocks(toolchain: str, way: str, blocks: int) -> Any:
    seen = LAB.seen(toolchain)
    return change(seen, ways={**seen.ways, way: change(seen.ways[way], blocks=blocks)})


changed = {"1.22-j": [with_blocks("1.27.3", SELECTS, 330)]}
