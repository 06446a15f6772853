"""Pictures of what map-gc-scan saw: how much of a map the collector looks at, and what it keeps alive."""

from collections.abc import Mapping

from claimlab import ARTICLE, Amount, Amounts, On, Pictures, Rate, Rates, Words, alike

from .lab import Seen

pictures = Pictures()

LIVE, SCANNED = "/gc/heap/live:bytes", "/gc/scan/heap:bytes"
MAPS = {"intToInt": "map[int]int", "intToPointer": "map[int]*int"}
BLOCKS = {"stringToInt": ("map[string]int", 0), "stringToPointer": ("map[string]*int", 64)}
"""With the bytes that the article says are scanned of a bucket."""
KEPT = {
    "values *int": Words("by the values of a map[string]*int", "被 map[string]*int 的值引用"),
    "values int": Words("by its values as integers", "其地址作为整数存在值中"),
    "keys string": Words("by the keys of a map[string]int", "被 map[string]int 的键引用"),
    "keys uintptr": Words("by its keys as integers", "其地址作为整数存在键中"),
}


@pictures.of(
    "2.5-a",
    "2.5-b",
    title=Words("How much of a large map is scanned", "大 map 中有多少内存被扫描"),
)
def scanned(seen: Mapping[str, Seen]) -> Amounts | None:
    """Of the live heap of a program that holds little else than the map; of the plain builds."""
    amounts = []
    for kind, name in MAPS.items():
        for toolchain, one in seen.items():
            live, scans = (one.scanned[kind].counted.get(metric) for metric in (LIVE, SCANNED))
            if "+" not in toolchain and live and scans is not None:
                amounts.append(Amount(name, round(100 * scans / live, 1), On((toolchain,))))
    says = Words(
        "Per cent of the live heap, in a program that holds one map with many entries.",
        "占存活堆的百分比；程序中只有一个条目很多的 map。",
    )
    return Amounts(tuple(amounts), "%", says) if amounts else None


@pictures.of(
    "2.5-a",
    "2.5-b",
    title=Words("How far the collector looks into a bucket or group", "垃圾回收器在桶或组内查看多少字节"),
)
def per_block(seen: Mapping[str, Seen]) -> Amounts:
    amounts = []
    for kind, (name, claimed) in BLOCKS.items():
        amounts.append(Amount(name, claimed, ARTICLE))
        blocks = {toolchain: one.blocks[kind] for toolchain, one in seen.items()}
        found = alike(blocks, lambda block: block.ptr_bytes if block.present else None)
        amounts += [Amount(name, bytes_, on) for on, bytes_ in found]
    return Amounts(tuple(amounts), "bytes")


@pictures.of(
    "2.5-b",
    "2.5-h",
    title=Words("What keeps an object alive", "什么能让对象存活"),
)
def kept(seen: Mapping[str, Seen]) -> Rates:
    """Objects to which nothing but a map refers, and how many outlive a collection."""
    rates = []
    for label, words in KEPT.items():
        counts = {name: one.kept[label] for name, one in seen.items()}
        found = alike(counts, lambda kept: (kept.objects - kept.freed, kept.objects))
        rates += [Rate(words, alive, objects, on) for on, (alive, objects) in found]
    return Rates(tuple(rates), Words("objects that are still there", "仍然存活的对象"))
