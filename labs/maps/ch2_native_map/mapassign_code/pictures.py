"""Pictures of what mapassign-code saw: the instructions that read the map's header and its buckets."""

from collections.abc import Mapping
from dataclasses import replace

from claimlab import ARTICLE, Code, Layout, Line, Listing, Memory, Part, Pictures, Role, TypeLayout, Words, alike, parts

from .judges import ADD, ADDRESS, LOAD, of_the_map
from .lab import ASSIGN, HEADER, Seen

pictures = Pictures()

READS_BUCKETS = Words("reads `h.buckets`", "读取 `h.buckets`")
READS_OVERFLOW = Words("reads the bucket's overflow pointer", "读取桶的溢出指针")
ROLES = {
    "count": Role.COUNT,
    "flags": Role.FLAGS,
    "B": Role.COUNT,
    "noverflow": Role.COUNT,
    "hash0": Role.HASH,
    "nevacuate": Role.COUNT,
    "clearSeq": Role.COUNT,
}


@pictures.of(
    "2.1-a",
    "2.1-b",
    "2.1-l",
    title=Words("What `mapassign_fast64` reads a map with", "`mapassign_fast64` 用哪些指令读取 map"),
)
def instructions(seen: Mapping[str, Seen]) -> Code | None:
    """The article's three instructions, and those that the processor's debug registers caught reading the two words."""
    claimed = Listing(
        ARTICLE,
        ASSIGN,
        (
            Line(LOAD.go, marked=True, note=READS_BUCKETS),
            Line(ADD.go, marked=True, note=Words("comes to the overflow pointer", "到达溢出指针")),
            Line(ADDRESS.go, marked=True, note=Words("computes its address", "计算它的地址")),
        ),
    )
    found = alike(seen, caught, lambda one: [line.text for line in one.lines if isinstance(line, Line)])
    if not found:
        return None
    says = Words(
        "Marked: the instructions at which the processor's debug registers reported a read of the two words, during "
        "one assignment to a key in an overflow bucket.",
        "高亮：向溢出桶中的一个键赋值时，处理器的调试寄存器报告读取这两个字的指令。",
    )
    return Code((claimed, *(replace(shown, whose=on) for on, shown in found)), says)


def caught(seen: Seen) -> Listing | None:
    notes = {
        one.address: words
        for label, words in (("buckets", READS_BUCKETS), ("overflow", READS_OVERFLOW))
        for one in of_the_map(seen, label, LOAD).instructions
    }
    return parts.listing(ARTICLE, seen.function(ASSIGN), notes, before=2, after=1) if notes else None


@pictures.of("2.1-a", "2.1-m", title=Words("The map's header, `hmap`", "map 的头部 `hmap`"))
def header(seen: Mapping[str, Seen]) -> Layout | None:
    claimed = Memory(
        ARTICLE,
        HEADER,
        8,
        (Part(0, 8, "buckets", Role.POINTER, marked=True),),
        open=True,
        note=Words("`MOVQ (AX), BX` reads it at offset 0", "`MOVQ (AX), BX` 从偏移 0 读取它"),
    )
    shown = [
        parts.memory(on, layout, ROLES, marked=["buckets"])
        for on, layout in alike(seen, lambda one: present(one.type(HEADER)))
    ]
    return Layout((claimed, *shown)) if shown else None


def present(layout: TypeLayout) -> TypeLayout | None:
    return layout if layout.present else None
