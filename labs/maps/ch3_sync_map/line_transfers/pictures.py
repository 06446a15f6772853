"""Pictures of what line-transfers saw: cycles of a compare-and-swap, of a load, and where a line ends."""

from collections.abc import Mapping, Sequence

from claimlab import Distribution, Mark, On, Pictures, Samples, Words

from .lab import ARM, CYCLES, OFFSETS, Seen

pictures = Pictures()

SWAPS = {
    "own-swap": Words("in the core's own cache", "行在本核缓存中"),
    "stored-swap": Words("another core has just stored into the line", "另一核刚写过这一行"),
    "own-fail": Words("one that fails, in the core's own cache", "失败的 CAS，行在本核缓存中"),
    "own-fail-pause": Words("the same, and a `PAUSE` after it", "同上，其后再加一条 `PAUSE`"),
    "stored-fail": Words("one that fails since another core has stored", "因另一核刚写过而失败的 CAS"),
}
CLAIMED = (
    Mark(12, Words("article, uncontended", "文章：无竞争")),
    Mark(25, Words("article, a failed one, at most", "文章：失败一次，至多")),
    Mark(85, Words("article, line invalidated", "文章：行已失效")),
)
LOADS = {
    "untouched-load": Words("other core: has left the line alone", "另一核：没有碰这一行"),
    "loaded-load": Words("other core: has loaded from it", "另一核：读过这一行"),
    "stored-load": Words("other core: has stored into it", "另一核：写过这一行"),
    "stored-load-again": Words("the same, the second load", "同上，本核的第二次读"),
    "swapped-load": Words("other core: its CAS has succeeded", "另一核：CAS 成功"),
    "failed-swap-load": Words("other core: its CAS has failed", "另一核：CAS 失败"),
}
CYCLES_OF = Words("cycles", "周期")
LINE_BYTES = 64


@pictures.of(
    "3.3-g",
    "3.3-h",
    "3.3-i",
    title=Words("What a compare-and-swap costs", "一次 CAS 的代价"),
)
def swaps(seen: Mapping[str, Seen]) -> Distribution | None:
    """Where another core has stored the steps that make each wait for the one before are taken off, as in the lab."""
    arms = []
    for unit, words in SWAPS.items():
        for name, one in seen.items():
            values = cycles(one, unit)
            if unit.startswith("stored-"):
                access = unit.removeprefix("stored-")
                ways = zip(cycles(one, f"own-{access}"), values, cycles(one, f"untouched-{access}"), strict=True)
                values = [own + stored - untouched for own, stored, untouched in ways]
            if values:
                arms.append(Samples(words, tuple(values), On((name,))))
    return Distribution(tuple(arms), CYCLES_OF, CLAIMED) if arms else None


@pictures.of(
    "3.2-b/1",
    "3.2-j/1",
    "3.3-k",
    title=Words("What a load costs after the other core", "另一核动过缓存行之后，一次读的代价"),
)
def loads(seen: Mapping[str, Seen]) -> Distribution | None:
    return plain(seen, LOADS)


@pictures.of(
    "3.2-i",
    title=Words("How far from a load a store of another core slows it down", "另一核写在多远处才会拖慢本核的读"),
)
def line(seen: Mapping[str, Seen]) -> Distribution | None:
    """Offsets in bytes from the beginning of the line that the core loads from."""
    labels = {}
    for offset in OFFSETS:
        inside = 0 <= offset < LINE_BYTES
        where = ("within its 64 bytes", "在它的 64 字节之内") if inside else ("outside", "在它之外")
        labels[f"stored-at-{offset}-load"] = Words(f"stored at {offset}: {where[0]}", f"写在 {offset} 处：{where[1]}")
    return plain(seen, labels)


def plain(seen: Mapping[str, Seen], labels: Mapping[str, Words]) -> Distribution | None:
    arms = [
        Samples(words, tuple(values), On((name,)))
        for unit, words in labels.items()
        for name, one in seen.items()
        if (values := cycles(one, unit))
    ]
    return Distribution(tuple(arms), CYCLES_OF) if arms else None


def cycles(seen: Seen, unit: str) -> Sequence[float]:
    """In each clean round."""
    clean = seen.timing.clean()
    return [one[ARM].values[f"{unit}{CYCLES}"] for one in clean if f"{unit}{CYCLES}" in one[ARM].values]
