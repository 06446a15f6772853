"""Pictures of what gdb-panic saw: where a process dies, and how many do."""

import re
from collections.abc import Mapping
from dataclasses import replace

from claimlab import ARTICLE, Call, Calls, Chain, Pictures, Rate, Rates, Words, alike, parts

from .judges_reading import last
from .lab import DEATHS, Seen

pictures = Pictures()

EXPERIMENTS = {
    "remove-absent": Words("`delete` on an empty map", "对空 map 调用 `delete`"),
    "remove-alone": Words("deletions by one goroutine", "单个 goroutine 连续删除"),
    "locked": Words("two goroutines with a mutex", "2 个 goroutine，加互斥锁"),
    "listed": Words("the program as listed", "文中的程序"),
    "listed-waits": Words("the same, waiting for both", "同上，但等待两者结束"),
    "assign-remove": Words("one assigns, one deletes", "1 个写入、1 个删除"),
    "assign-assign": Words("two assign", "2 个写入"),
}


@pictures.of(
    "2.3-e",
    "2.3-f",
    title=Words("The calls that lead to the end", "通向崩溃的调用链"),
)
def crash(seen: Mapping[str, Seen]) -> Chain | None:
    claimed = Calls(
        ARTICLE,
        (Call("runtime.mapassign_fast64"), Call("runtime.throw", marked=True)),
        Words("a breakpoint on `runtime.fatalerror` stops here", "`runtime.fatalerror` 上的断点在此停下"),
    )
    found = alike(seen, dying, lambda trace: [(call.function, call.marked) for call in trace.calls])
    return Chain((claimed, *(replace(trace, whose=on) for on, trace in found))) if found else None


def dying(seen: Seen) -> Calls | None:
    """Where the process was stopped, and with what message. Anonymous functions are numbered by chance."""
    stop = last(seen.dying.runs[0])
    if stop is None:
        return None
    message = stop.arguments.get("s", "")
    trace = parts.calls(ARTICLE, stop.frames, marked=DEATHS, ends=Words(f"“{message}”", f"“{message}”"))
    return replace(trace, calls=tuple(without_number(call) for call in trace.calls))


def without_number(call: Call) -> Call:
    return replace(call, function=re.sub(r"\.func\d+$", ".func", call.function))


@pictures.of(
    "2.3-a",
    "2.3-b",
    "2.3-i",
    "2.3-j",
    "2.3-k",
    title=Words("How many processes die", "有多少进程崩溃"),
)
def deaths(seen: Mapping[str, Seen]) -> Rates:
    rates = []
    for experiment, words in EXPERIMENTS.items():
        for processors in (1, 2):
            label = Words(f"{words['en']}, GOMAXPROCS={processors}", f"{words['zh']}，GOMAXPROCS={processors}")
            counts = {name: one.counts[f"{experiment}/{processors}"] for name, one in seen.items()}
            found = alike(counts, lambda tally: (tally.died(), tally.runs))
            rates += [Rate(label, died, runs, on) for on, (died, runs) in found]
    return Rates(tuple(rates), Words("processes that died", "崩溃的进程"))
