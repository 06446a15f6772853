"""Pictures of what map-unlocked saw: which ways of access end a process, and what in the header they touch."""

from collections.abc import Mapping
from dataclasses import replace

from claimlab import ARTICLE, Layout, Memory, Pictures, Rate, Rates, Role, Words, alike, parts

from .lab import Compared, Seen

pictures = Pictures()

PATTERNS = {
    "read-read/2": Words("eight goroutines look up", "8 个 goroutine 只查找"),
    "read-crowd/4": Words("a thousand look up", "1000 个 goroutine 只查找"),
    "range-range/2": Words("eight iterate", "8 个 goroutine 只遍历"),
    "migrating/4": Words("eight look up, growth unfinished", "8 个只查找，扩容尚未完成"),
    "assign-alone/2": Words("one assigns alone", "只有 1 个写入"),
    "turns/2": Words("two assign by turns", "2 个轮流写入"),
    "read-assign/1": Words("one looks up, one assigns, GOMAXPROCS=1", "1 个查找、1 个写入，GOMAXPROCS=1"),
    "read-assign/2": Words("the same, GOMAXPROCS=2", "同上，GOMAXPROCS=2"),
    "assign-assign/1": Words("two assign, GOMAXPROCS=1", "2 个写入，GOMAXPROCS=1"),
    "assign-assign/2": Words("two assign, GOMAXPROCS=2", "2 个写入，GOMAXPROCS=2"),
}
"""From what no release minds to what all die of."""
ROLES = {
    **dict.fromkeys(["count", "used", "B", "noverflow", "nevacuate", "clearSeq", "dirLen"], Role.COUNT),
    **dict.fromkeys(["globalDepth", "globalShift"], Role.COUNT),
    **dict.fromkeys(["flags", "writing", "tombstonePossible"], Role.FLAGS),
    **dict.fromkeys(["hash0", "seed"], Role.HASH),
}
NAMED = ["B", "buckets", "oldbuckets"]
"""Of the header's fields the article names these."""


@pictures.of(
    "1-a",
    "1-a/2",
    "1-t1",
    "1-t2",
    title=Words("Who dies without a lock", "不加锁时哪些程序会崩溃"),
)
def deaths(seen: Mapping[str, Seen]) -> Rates:
    rates = []
    for pattern, words in PATTERNS.items():
        counts = {name: one.counts[pattern] for name, one in seen.items()}
        found = alike(counts, lambda tally: (tally.died(), tally.runs))
        rates += [Rate(words, died, runs, on) for on, (died, runs) in found]
    return Rates(tuple(rates), Words("processes that died", "崩溃的进程"))


@pictures.of(
    "1-g/1",
    title=Words("The map's header, and what changes in it", "map 的头部，以及其中哪些字节会改变"),
)
def headers(seen: Mapping[str, Seen]) -> Layout:
    return Layout(tuple(replace(shown, whose=on) for on, shown in alike(seen, header)))


def header(seen: Seen) -> Memory:
    shown = parts.memory(ARTICLE, seen.header, ROLES, marked=NAMED)
    looked, iterated, assigned = (changed(shown, seen.compared, what) for what in ("lookup", "range", "assign"))
    note = Words(
        f"Changed afterwards in any of the maps tried – by lookups: {looked or 'nothing'}; "
        f"by iterating: {iterated or 'nothing'}; by an assignment: {assigned or 'nothing'}",
        f"所试的任一 map 中事后发生变化的字段——查找：{looked or '无'}；"
        f"遍历：{iterated or '无'}；赋值：{assigned or '无'}",
    )
    return replace(shown, note=note)


def changed(shown: Memory, compared: list[Compared], what: str) -> str:
    """The fields of which a byte differed afterwards, in any of the maps that were tried."""
    offsets = {offset for one in compared for offset in getattr(one, what)}
    names = [part.name for part in shown.parts if any(part.offset <= offset < part.end for offset in offsets)]
    return ", ".join(f"`{name}`" for name in names)
