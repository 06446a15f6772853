"""Pictures of what select-order saw: which ready case is taken, how often ch1 is, and how the counts deviate."""

from collections.abc import Mapping, Sequence

from claimlab import (
    Amount,
    Amounts,
    Counts,
    Distribution,
    Frequencies,
    Mark,
    Model,
    On,
    Pictures,
    Rate,
    Rates,
    Samples,
    Words,
    alike,
)

from .judges_figures import DIRECTIONS, KINDS, SPREAD, Hits, table
from .lab import Counted, Seen

pictures = Pictures()

BATCH = 100
THREE = [0, 1, 2]
"""Three neighbours of four cases are ready."""
WAYS = {
    "unbuffered": Words("unbuffered", "无缓冲"),
    "capacity 1": Words("capacity 1", "缓冲容量 1"),
    "receiving": Words("receiving", "接收"),
    "sending": Words("sending", "发送"),
}
READY = {
    "capacity 1": Words("two channels with a value each", "两个 channel 各有一个值"),
    "unbuffered": Words("two channels with a sender each", "两个 channel 各有一个发送者"),
    "one channel of capacity 2": Words("for comparison: two values in one channel", "对照：同一个 channel 里的两个值"),
}


@pictures.of(
    "4.4-b",
    "4.4-c",
    "4.4-d",
    "4.4-i",
    title=Words(
        "Three neighbours of four cases are ready: which one is taken", "四个 case 中相邻的三个就绪：选中哪一个"
    ),
)
def taken(seen: Mapping[str, Seen]) -> Frequencies | None:
    """All values of GOMAXPROCS together. Of the plain builds: the others say the same."""
    counts = {name: [one for one in each.counts("select") if one.ready == THREE] for name, each in seen.items()}
    known = {name: found for name, found in counts.items() if found and "+" not in name}
    measured = tuple(Counts(together(found), On((name,))) for name, found in known.items())
    if not measured:
        return None
    one = next(iter(known.values()))[0]
    models = (
        Model(
            Words("a scan from the address modulo 4", "从“地址模 4”处开始线性扫描"),
            of_ready(one.by_address()),
            claimed=True,
        ),
        Model(Words("a scan from a start by chance", "从随机起点开始线性扫描"), of_ready(one.by_scan())),
        Model(Words("a random permutation", "随机排列"), of_ready(one.by_permutation())),
    )
    cases = tuple(Words(f"case {number + 1}", f"第 {number + 1} 个 case") for number in THREE)
    return Frequencies(cases, measured, models)


def together(counted: Sequence[Counted]) -> tuple[int, ...]:
    return tuple(sum(one.taken[case] for one in counted) for case in THREE)


def of_ready(shares: Sequence[float]) -> tuple[float, ...]:
    return tuple(shares[case] for case in THREE)


@pictures.of(
    "4.4-a",
    title=Words("How often `select` takes the one that became ready later", "`select` 选中较晚就绪者的比例"),
)
def later(seen: Mapping[str, Seen]) -> Rates | None:
    """All values of GOMAXPROCS together. Of the plain builds."""
    rates = []
    for label, words in READY.items():
        for name, one in seen.items():
            ordered = [each for each in one.ordered if each.label == label]
            total = sum(each.earlier + each.later for each in ordered)
            if total and "+" not in name:
                rates.append(Rate(words, sum(each.later for each in ordered), total, On((name,))))
    return Rates(tuple(rates), Words("selects that took the later one", "选中较晚就绪者的 select")) if rates else None


@pictures.of(
    "4.4-g",
    title=Words(
        "How often `select` takes ch1 of two ready channels", "两个 channel 都就绪时，`select` 选中 ch1 的比例"
    ),
)
def shares(seen: Mapping[str, Seen]) -> Rates | None:
    """All values of GOMAXPROCS together. Of the plain builds."""
    rates = [
        Rate(of_hits(hits), hits.hits, hits.selects, On((name,)))
        for direction in DIRECTIONS
        for number, _ in enumerate(KINDS)
        for name, one in seen.items()
        if "+" not in name
        for hits in [table(one, direction)[number]]
        if hits.selects
    ]
    counted = Words("selects that took ch1", "选中 ch1 的 select")
    return Rates(tuple(rates), counted, claimed=marks(KINDS), near=True) if rates else None


def marks(figures: Mapping[str, float]) -> tuple[Mark, ...]:
    """What the article's table has for either kind of channel."""
    kinds = ("capacity 1", "unbuffered")
    return tuple(Mark(figures[kind], Words(f"article, {kind}", f"文章：{WAYS[kind]['zh']}")) for kind in kinds)


def of_hits(hits: Hits) -> Words:
    kind, direction = hits.label.split(", ")
    return Words(hits.label, f"{WAYS[kind]['zh']}，{WAYS[direction]['zh']}")


@pictures.of(
    "4.4-h",
    title=Words(
        "Among 100 selects on two ready channels, how the hits of ch1 deviate", "100 次 select 中，ch1 命中次数的标准差"
    ),
)
def deviations(seen: Mapping[str, Seen]) -> Distribution | None:
    """A sample for each toolchain and each GOMAXPROCS: of a thousand batches."""
    arms = []
    for direction in DIRECTIONS:
        for number, _ in enumerate(SPREAD):
            every = {name: table(one, direction)[number] for name, one in seen.items()}
            spreads = [
                Hits(hits.label, [one]).spread
                for hits in every.values()
                for one in hits.batches
                if one.batch == BATCH and sum(one.batches.values()) > 1
            ]
            if spreads:
                arms.append(Samples(of_hits(next(iter(every.values()))), tuple(spreads), On(tuple(every))))
    says = Words(
        "The article does not say among how many; by chance it is half the square root of their number.",
        "文章没有说明统计了多少次；若纯属随机，标准差是次数的平方根的一半。",
    )
    return Distribution(tuple(arms), Words("standard deviation", "标准差"), marks(SPREAD), says=says) if arms else None


@pictures.of(
    "4.4-e",
    "4.4-f",
    title=Words(
        "What becomes of the ten goroutines if something waits for all", "等待全部十个 goroutine 时，它们的结局"
    ),
)
def ten(seen: Mapping[str, Seen]) -> Amounts | None:
    """In processes of which all ended alike."""
    found = alike(seen, served)
    labels = (
        Words("print that they were served", "打印出自己得到了服务"),
        Words("stay in select for ever", "一直阻塞在 select 上"),
    )
    amounts = [Amount(label, count[number], on) for number, label in enumerate(labels) for on, count in found]
    return Amounts(tuple(amounts), Words("goroutines", "个 goroutine")) if amounts else None


def served(seen: Seen) -> tuple[int, int] | None:
    """How many goroutines printed a line, and how many were left in select."""
    waited = [one for one in seen.printed if one.program == "waited"]
    lines = {number for one in waited for number in one.lines}
    blocked = {number for one in waited for number in one.blocked}
    return (int(lines.pop()), int(blocked.pop())) if len(lines) == len(blocked) == 1 else None
