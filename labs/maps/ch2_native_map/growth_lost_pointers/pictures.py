"""Pictures of what growth-lost-pointers saw: how many entries were lost, of maps and of what does lose them."""

from collections.abc import Mapping

from claimlab import Box, Cell, On, Pictures, Rate, Rates, Role, Scene, Story, Words, alike

from .lab import Outgrown, Seen

pictures = Pictures()

GROWN = {
    "pointers": Words("a map, grown while the collector marks", "map，在标记期间扩容"),
    "bare": Words("for comparison: a table that copies without barriers", "对照：复制时不用写屏障的表"),
}
STILL = {
    "pointers": Words("a map at rest", "静止的 map"),
    "hidden": Words("for comparison: addresses kept as integers", "对照：地址存为整数"),
}
UNFINISHED = Words("a map whose growth is unfinished", "扩容尚未完成的 map")


def lost(run: Outgrown) -> tuple[int, int] | None:
    """Entries whose contents are gone, of how many; None where the process died before it could tell."""
    counts = run.counts
    return (counts.lost, counts.entries) if counts and counts.entries else None


@pictures.of(
    "2.4-b",
    "2.4-f",
    "2.4-i",
    title=Words("Entries that the collector frees although they are in a map", "仍在 map 中却被回收的条目"),
)
def losses(seen: Mapping[str, Seen]) -> Rates | None:
    runs: list[tuple[Words, dict[str, Outgrown]]] = [
        (words, {name: one.grown[kind]["contents"] for name, one in seen.items()}) for kind, words in GROWN.items()
    ]
    runs.append((UNFINISHED, {name: one.unfinished["pointers"] for name, one in seen.items() if has_old(one)}))
    runs += [(words, {name: one.still[kind] for name, one in seen.items()}) for kind, words in STILL.items()]
    rates = []
    for words, by_toolchain in runs:
        counted = {name: pair for name, run in by_toolchain.items() if (pair := lost(run))}
        if len({pair[0] / pair[1] for pair in counted.values()}) > 1:
            # Chance decides how many: all toolchains in one.
            total = tuple(sum(numbers) for numbers in zip(*counted.values(), strict=True))
            rates.append(Rate(words, total[0], total[1], On(tuple(counted))))
        else:
            rates += [Rate(words, gone, many, on) for on, (gone, many) in alike(counted, lambda pair: pair)]
    return Rates(tuple(rates), Words("entries lost", "丢失的条目")) if rates else None


def has_old(seen: Seen) -> bool:
    return seen.header == "runtime.hmap"


@pictures.of("2.4-m", title=Words("The article's diagram, step by step", "按文章的示意图逐步执行"))
def diagram(seen: Mapping[str, Seen]) -> Story | None:
    """Its order, enforced; and what came of the entry, by the counts."""
    ended = {name: one.grown["pointers"]["contents"].counts for name, one in seen.items() if has_old(one)}
    known = {name: counts for name, counts in ended.items() if counts}
    if not known:
        return None
    gone, many = sum(one.last_lost for one in known.values()), sum(one.repetitions for one in known.values())
    entry = Box("entry", Words("what A put in", "A 放入的内容"), (Cell("value"),), 2)
    old = Box("old", Words("old bucket", "旧桶"), (Cell("entry", "", "entry", Role.POINTER),), 1)
    new = Box("new", Words("new bucket", "新桶"), (Cell("entry", "", "entry", Role.POINTER),), 1)
    before = header("old", "")
    return Story(
        (
            Scene(Words("A assigns: the entry is in a bucket", "A 赋值：条目进入桶中"), (before, old, entry)),
            Scene(
                Words("The collector begins to mark", "垃圾回收器开始标记"),
                (before, old, entry),
                Words("it will follow every pointer in every bucket", "它会跟踪每个桶里的每个指针"),
            ),
            Scene(
                Words("B makes the map grow", "B 使 map 扩容"),
                (header("new", "old"), new, old, entry),
                Words(
                    "the entry is copied with a write barrier, which tells the collector of it (2.4-d)",
                    "条目在写屏障下复制，写屏障把它告知垃圾回收器（2.4-d）",
                ),
            ),
            Scene(
                Words("The collector ends", "垃圾回收结束"),
                (header("new", ""), new, Box("old", old.name, (Cell("entry"),), 1, faded=True), entry),
                Words(f"A's entry lost in {gone} of {many} repetitions", f"{many} 次重复中，A 的条目丢失 {gone} 次"),
            ),
        ),
        On(tuple(known)),
    )


def header(buckets: str, oldbuckets: str) -> Box:
    cells = [
        Cell(name, "" if place else "nil", place, Role.POINTER)
        for name, place in (("buckets", buckets), ("oldbuckets", oldbuckets))
    ]
    return Box("header", "hmap", tuple(cells))
