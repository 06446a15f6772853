"""A picture of what cas-barrier saw: how often a load overtook the store before it."""

from collections.abc import Mapping

from claimlab import Pictures, Rate, Rates, Words, alike

from .lab import Seen

pictures = Pictures()

BETWEEN = {
    "nothing": Words("nothing between store and load", "store 与 load 之间什么也没有"),
    "unlocked swap": Words("`CMPXCHG` without `LOCK`", "不带 `LOCK` 的 `CMPXCHG`"),
    "swap": Words("`LOCK CMPXCHG` that swaps", "`LOCK CMPXCHG`，交换成功"),
    "failed swap": Words("`LOCK CMPXCHG` that fails", "`LOCK CMPXCHG`，交换失败"),
    "fence": Words("`MFENCE`", "`MFENCE`"),
}


@pictures.of(
    "3.3-c",
    title=Words("What keeps a load from overtaking the store before it", "什么能阻止 load 越过它前面的 store"),
)
def overtaken(seen: Mapping[str, Seen]) -> Rates | None:
    rates = []
    for test, words in BETWEEN.items():
        counts = {name: one.tests[test] for name, one in seen.items() if test in one.tests}
        found = alike(counts, lambda one: (one.both_empty, one.rounds))
        rates += [Rate(words, both, rounds, on) for on, (both, rounds) in found]
    counted = Words("rounds in which both loads overtook the stores", "两个 load 都越过了 store 的轮次")
    return Rates(tuple(rates), counted, near=True) if rates else None
