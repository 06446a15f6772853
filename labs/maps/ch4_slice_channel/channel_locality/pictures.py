"""Pictures of what channel-locality saw: how many mcaches there are, who allocates, and who flushes cache lines."""

from collections.abc import Mapping

from claimlab import ARTICLE, Amount, Amounts, Pictures, Words, alike

from .lab import DONE, FLUSH, HANDED, PLACES, TIMES, Seen, allocated

pictures = Pictures()

OPERATIONS = {
    "sends and receives": Words("sends and receives with a buffer", "带缓冲的发送与接收"),
    "round trips": Words("round trips between two goroutines", "两个 goroutine 之间往返"),
    "channels made": Words("for comparison: channels made", "对照：创建 channel"),
}
WAYS = {
    "by a channel": Words("by a channel", "经 channel 传递"),
    "by a slot of our own": Words("for comparison: by a slot that flushes", "对照：经会刷写的自制槽位传递"),
}
THREADS = (Words("on one thread", "同一线程"), Words("between two", "两个线程之间"))


@pictures.of(
    "4.3-h",
    title=Words("How many mcaches a process has", "一个进程有多少个 mcache"),
)
def mcaches(seen: Mapping[str, Seen]) -> Amounts:
    """By the runtime's own statistics. The article's are as many as the process had threads, at the least."""
    amounts = []
    for place, (procs, more) in enumerate(PLACES):
        label = Words(
            f"GOMAXPROCS={procs}, {more or 'no'} threads in system calls",
            f"GOMAXPROCS={procs}，{more} 个线程在系统调用中",
        )
        amounts.append(Amount(label, min(one.places[place].threads for one in seen.values()), ARTICLE))
        found = alike(seen, lambda one, place=place: one.places[place].mcache_bytes / one.mcache_size)  # type: ignore[misc]
        amounts += [Amount(label, many, on) for on, many in found]
    says = Words(
        "One for each thread, says the article; they are as many as GOMAXPROCS.",
        "文章说每个线程一个；实际与 GOMAXPROCS 一样多。",
    )
    return Amounts(tuple(amounts), "mcaches", says)


@pictures.of(
    "4.3-i",
    title=Words("What allocates, and so uses the mcache", "哪些操作会分配内存，从而用到 mcache"),
)
def allocating(seen: Mapping[str, Seen]) -> Amounts:
    amounts = []
    for what, words in OPERATIONS.items():
        place = 1 + DONE.index(what)
        entered = {name: allocated(one, one.operated.runs[0].stops[place]) for name, one in seen.items()}
        amounts += [Amount(words, many, on) for on, many in alike(entered, lambda many: many)]
    unit = Words(f"entries into the allocator in {TIMES}", f"{TIMES} 次中进入内存分配器的次数")
    return Amounts(tuple(amounts), unit)


@pictures.of(
    "4.3-k",
    title=Words("Flushes of cache lines while values are handed over", "传递值时执行了多少次缓存行刷写"),
)
def flushes(seen: Mapping[str, Seen]) -> Amounts:
    amounts = []
    for way, words in WAYS.items():
        for run, threads in enumerate(THREADS):
            label = Words(f"{words['en']}, {threads['en']}", f"{words['zh']}，{threads['zh']}")
            stops = {name: one.handed.runs[run].stops[1 + HANDED.index(way)] for name, one in seen.items()}
            amounts += [Amount(label, many, on) for on, many in alike(stops, lambda stop: stop.count_of(FLUSH))]
    return Amounts(tuple(amounts), Words(f"CLFLUSH for {TIMES} values", f"{TIMES} 个值执行的 CLFLUSH"))
