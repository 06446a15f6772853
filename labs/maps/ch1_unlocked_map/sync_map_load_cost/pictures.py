"""A picture of what sync-map-load-cost saw: every timing of a Load, and of counters that do share a cache line."""

from collections.abc import Mapping

from claimlab import Distribution, On, Pictures, Samples, Words

from .lab import Seen

pictures = Pictures()

ARMS = {
    ("loads", "one-core-ns/op"): Words("Load, one core", "Load，单核"),
    ("loads", "two-maps-ns/op"): Words("Load, two cores, a map each", "Load，双核，各用一个 map"),
    ("loads", "one-map-ns/op"): Words("Load, two cores, one map", "Load，双核，同一个 map"),
    ("counts", "two-lines-ns/op"): Words("for comparison: counters in a line each", "对照：计数器各占一条缓存行"),
    ("counts", "one-line-ns/op"): Words("for comparison: counters in one line", "对照：计数器同在一条缓存行"),
}


@pictures.of(
    "1-t4/2",
    title=Words("What a `Load` costs when another core loads too", "另一个核心同时 `Load` 时，一次 `Load` 的耗时"),
)
def costs(seen: Mapping[str, Seen]) -> Distribution | None:
    """Of the plain builds: the others would triple the picture and say the same."""
    arms = []
    for (arm, unit), words in ARMS.items():
        for name, one in seen.items():
            values = tuple(clean[arm].values[unit] for clean in one.timing.clean() if unit in clean[arm].values)
            if values and "+" not in name:
                arms.append(Samples(words, values, On((name,))))
    says = Words(
        "False sharing would set the third group apart from the second, as it does the fifth from the fourth.",
        "若存在伪共享，第三组会明显慢于第二组，正如第五组慢于第四组。",
    )
    return Distribution(tuple(arms), "ns/op", says=says) if arms else None
