"""Pictures of what channel-waiters saw: a queue change by change, the order of service, and where the lock is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from claimlab import (
    ARTICLE,
    Box,
    Cell,
    Layout,
    Memory,
    Pictures,
    Rate,
    Rates,
    Role,
    Scene,
    Story,
    Touch,
    Words,
    alike,
    most,
    parts,
)

from .lab import Seen

pictures = Pictures()

ROLES = {
    **dict.fromkeys(["qcount", "dataqsiz", "sendx", "recvx"], Role.COUNT),
    **dict.fromkeys(["elemsize", "closed", "synctest"], Role.FLAGS),
    **dict.fromkeys(["recvq", "sendq"], Role.POINTER),
    "lock": Role.LOCK,
}
ORDERS = {
    "receivers": Words("receivers", "接收者"),
    "senders": Words("senders", "发送者"),
    "senders, full buffer": Words("senders to a full buffer", "缓冲区已满时的发送者"),
    "stack": Words("for comparison: a stack of waiters", "对照：用栈存放等待者"),
}
COME = [
    Words("The first receiver waits", "第一个接收者进入等待"),
    Words("The second: behind the tail", "第二个：挂到队尾之后"),
    Words("The third", "第三个"),
]
SERVED = [
    Words("A sender serves the first", "一个发送者服务第一个"),
    Words("The next sender, the next receiver", "下一个发送者，下一个接收者"),
    Words("The last: the queue is empty", "最后一个：队列变空"),
]


BOTH = "first, last"
"""A store of 16 bytes covers both ends."""


@dataclass(frozen=True)
class Change:
    """What was done to a queue from one taking of the lock to the release of it."""

    stored: tuple[tuple[str, str], ...]
    """The words that were changed, each with the instruction that did it."""
    locked: bool
    """The lock was held at each of them."""
    first: int
    last: int
    """Waiters are numbered from 1; 0 is nil."""
    chain: Mapping[int, int]
    """By waiter: its next."""


def changes(seen: Seen) -> list[Change]:
    """Three come and are served: one change for each, with the state that it leaves."""
    touches = [touch for stop in seen.stops("receivers") for touch in stop.touches]
    addresses = dict.fromkeys(
        value for touch in touches if touch.label != "lock" for value in (touch.before, touch.after) if value
    )
    known = {0: 0} | {address: number for number, address in enumerate(addresses, start=1)}
    first = last = 0
    chain: dict[int, int] = {}
    found = []
    for held, group in under_lock(touches):
        stored, head, tail = [], first, last
        for touch in group:
            if touch.before == touch.after:
                continue
            value = known[touch.after]
            word = BOTH if touch.instruction.startswith("movups") else touch.label
            stored.append((word, touch.instruction.split()[0]))
            if touch.label == "next":  # of the tail when one comes, and of the head when one is served
                chain[tail if value else head] = value
            elif touch.label == "first":
                first = value
            elif word == BOTH:
                first = last = value
            else:
                last = value
        if stored:
            found.append(Change(tuple(stored), held, first, last, dict(chain)))
    return found


def under_lock(touches: Sequence[Touch]) -> Iterator[tuple[bool, list[Touch]]]:
    """The touches of other words from each change of the lock to the next, with whether it was taken."""
    held, group = False, list[Touch]()
    for touch in touches:
        if touch.label == "lock" and touch.before != touch.after:
            yield held, group
            held, group = bool(touch.after), []
        else:
            group.append(touch)
    yield held, group


@pictures.of(
    "4.2-a",
    "4.2-b",
    "4.2-e",
    "4.2-f",
    "4.2-h/1",
    title=Words("Three receivers wait and are served", "三个接收者先后等待，再依次被服务"),
)
def queue(seen: Mapping[str, Seen]) -> Story | None:
    """Of the largest group of toolchains that store the same words by the same instructions."""
    found = most(seen, lambda one: changes(one) or None)
    if found is None:
        return None
    on, steps = found
    titles = [*COME, *SERVED]
    shown = [Scene(Words("A fresh channel", "新建的 channel"), boxes(0, 0, {}))]
    if len(steps) != len(titles):
        return None
    for title, step in zip(titles, steps, strict=True):
        shown.append(Scene(title, boxes(step.first, step.last, step.chain), told(step)))
    says = Words(
        "Each change as the processor's debug registers saw it. The lock itself is taken by an `XCHG`.",
        "每次变化均由处理器的调试寄存器观察到。取得锁本身用的是 `XCHG`。",
    )
    return Story(tuple(shown), on, says)


def told(change: Change) -> Words:
    stored = ", ".join(f"`{word}` by `{instruction}`" for word, instruction in change.stored)
    by_words = "、".join(f"`{word}`（`{instruction}`）" for word, instruction in change.stored)
    if change.locked:
        return Words(f"under the lock: {stored}", f"持锁写入：{by_words}")
    return Words(f"without the lock: {stored}", f"未持锁写入：{by_words}")


def boxes(first: int, last: int, chain: Mapping[int, int]) -> tuple[Box, ...]:
    """The queue, and each waiter that can be reached from it."""

    def pointer(name: str, waiter: int) -> Cell:
        return Cell(name, "" if waiter else "nil", f"g{waiter}" if waiter else "", Role.POINTER)

    found = [Box("q", "recvq", (pointer("first", first), pointer("last", last)))]
    waiter = first
    while waiter:
        after = chain.get(waiter, 0) if waiter != last else 0
        name = Words(f"waiter {waiter}", f"等待者 {waiter}")
        found.append(Box(f"g{waiter}", name, (pointer("next", after),), waiter))
        waiter = after
    return tuple(found)


@pictures.of(
    "4.2-e",
    title=Words("Who is served after one that came later", "有多少等待者被后来者抢先"),
)
def orders(seen: Mapping[str, Seen]) -> Rates:
    """All values of GOMAXPROCS together."""
    rates = []
    for label, words in ORDERS.items():
        found = alike(seen, lambda one, label=label: out_of_order(one, label))  # type: ignore[misc]
        rates += [Rate(words, descents, pairs, on) for on, (descents, pairs) in found]
    return Rates(tuple(rates), Words("served right after one that came later", "紧跟在后来者之后才被服务"))


def out_of_order(seen: Seen, label: str) -> tuple[int, int] | None:
    orders = [one for one in seen.orders if one.label == label]
    pairs = sum(one.waiters - 1 for one in orders)
    return (sum(one.descents for one in orders), pairs) if pairs > 0 else None


@pictures.of(
    "4.2-i",
    title=Words("`hchan`, and where its lock is", "`hchan` 以及锁所在的位置"),
)
def hchan(seen: Mapping[str, Seen]) -> Layout:
    return Layout(tuple(replace(shown, whose=on) for on, shown in alike(seen, of_channel)))


def of_channel(seen: Seen) -> Memory:
    return parts.memory(ARTICLE, seen.type("runtime.hchan"), ROLES, marked=["lock"])
