"""Pictures of what entry-false-sharing saw: every timing of updates and of Loads, in one cache line and in two."""

from collections.abc import Mapping

from claimlab import Distribution, Mark, On, Pictures, Samples, Words

from .lab import Seen

pictures = Pictures()

COUNTERS = {
    "increment-two-lines": Words("`counter++`, a line each", "`counter++`，各占一条缓存行"),
    "increment-one-line": Words("`counter++`, one line", "`counter++`，同一缓存行"),
    "add-two-lines": Words("`atomic.AddUint64`, a line each", "`atomic.AddUint64`，各占一条缓存行"),
    "add-one-line": Words("`atomic.AddUint64`, one line", "`atomic.AddUint64`，同一缓存行"),
}
MAPS = {
    "load-beside-away": Words("beside Stores of a key far away", "另一核 Store 的 key 相隔很远"),
    "load-beside-near": Words("beside Stores of a key next to it", "另一核 Store 的 key 紧挨着它"),
    "load-beside-sibling": Words("beside Stores of a key in the same node", "另一核 Store 的 key 在同一节点"),
}
APART = Mark(8.2, Words("article, a line each", "文章：各占一行"))
SHARED = Mark(47.9, Words("article, one line", "文章：同一行"))


@pictures.of(
    "3.2-a/1",
    "3.2-c/1",
    "3.2-c/2",
    "3.2-d/1",
    "3.2-d/2",
    title=Words("What an update costs beside another core's", "另一个核也在更新时，一次更新的耗时"),
)
def updates(seen: Mapping[str, Seen]) -> Distribution | None:
    arms = timed(seen, "counters", COUNTERS)
    return Distribution(arms, "ns/op", (APART, SHARED)) if arms else None


@pictures.of(
    "3.2-a/2",
    title=Words(
        "What a `Load` of a `sync.Map` costs beside another core's Stores",
        "另一个核在 `Store` 时，`sync.Map` 一次 `Load` 的耗时",
    ),
)
def loads(seen: Mapping[str, Seen]) -> Distribution | None:
    arms = timed(seen, "maps", MAPS)
    says = Words(
        "On Go 1.21 – 1.23 the key next to it has its entry in the same cache line. Since 1.24 a `Store` puts a new "
        "entry in the place of the old one: it writes to the tree's node.",
        "Go 1.21 – 1.23 上，紧挨着的 key 的 entry 在同一条缓存行里。"
        "从 1.24 起，`Store` 换上新的 entry，写的是树的节点。",
    )
    return Distribution(arms, "ns/op", says=says) if arms else None


def timed(seen: Mapping[str, Seen], benchmark: str, arms: Mapping[str, Words]) -> tuple[Samples, ...]:
    """Of the plain builds: the others would triple the picture and say the same."""
    found = []
    for arm, words in arms.items():
        unit = f"{arm}-ns/op"
        for name, one in seen.items():
            clean = one.timing.clean()
            values = tuple(each[benchmark].values[unit] for each in clean if unit in each[benchmark].values)
            if values and "+" not in name:
                found.append(Samples(words, values, On((name,))))
    return tuple(found)
