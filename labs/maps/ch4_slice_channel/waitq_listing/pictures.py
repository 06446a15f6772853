"""Pictures of what waitq-listing saw: the orders of steps in which two compare-and-swaps go wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from claimlab import Box, Cell, Pictures, Role, Scene, Story, Words, most

from .judges_steps import LEFT
from .lab import Held, Seen

pictures = Pictures()

Memory = Mapping[str, str]
"""By cell, such as ``q.last``, the waiter that it points to. What is not there is nil."""
NIL = "nil"
TAIL = "q.last"
COLUMNS = {"xx": 1, "aa": 2, "bb": 2}
"""Of the waiters: what one points to is further to the right."""
AGAIN = Words("Its `next` is nil again, so the CAS succeeds.", "它的 `next` 又是 nil，CAS 因此成功。")
BOTH_COME = {"aa": 1, "bb": 2}


@pictures.of(
    "4.2-g/3",
    title=Words(
        "The tail leaves and waits elsewhere, and is still taken for the tail", "队尾已去别处等待，却仍被当作队尾"
    ),
)
def left(seen: Mapping[str, Seen]) -> Story | None:
    """ABA. At the end is what came of it with the processor's own instructions."""
    says = Words(
        "q and r are the queues of two channels. Thread 1 appends aa to q by two CAS; thread 2 takes xx out of q, and "
        "xx comes to wait on r.",
        "q 与 r 是两个 channel 的队列。线程 1 用两次 CAS 把 aa 加入 q；线程 2 把 xx 从 q 取出，xx 随后到 r 上等待。",
    )
    ended = Words("Both have ended: r leads to aa, which waits on q", "两者都结束后：r 能通到 aa，而 aa 等的是 q")
    begins = {"q.first": "xx", TAIL: "xx"}
    found = of_most(seen, "one comes, one moves", LEFT, "two CAS, before them")
    return story(*found, begins, COLUMNS, ended, says) if found else None


@pictures.of(
    "4.2-g/1",
    "4.2-g/2",
    title=Words("A thread is stopped between the two CAS", "线程停在两次 CAS 之间"),
)
def between(seen: Mapping[str, Seen]) -> Story | None:
    says = Words("Thread 1 appends aa, thread 2 bb.", "线程 1 要加入 aa，线程 2 要加入 bb。")
    ended = Words("Thread 1 goes on: only now can thread 2 end", "线程 1 继续运行：线程 2 这才得以完成")
    found = of_most(seen, "two come", "waits for another", "two CAS, between them")
    return story(*found, {}, BOTH_COME, ended, says) if found else None


def of_most(seen: Mapping[str, Seen], situation: str, count: str, label: str) -> tuple[list[str], Held] | None:
    """The shortest way to such a state, and what came of it with real instructions, on most of the toolchains."""

    def ours(one: Seen) -> tuple[list[str], Held] | None:
        way = one.situation(situation).how.get(count)
        return (way, one.holding(label)) if way else None

    found = most(seen, ours, lambda pair: (pair[0], pair[1].after))
    return found[1] if found else None


def story(
    way: Sequence[str], held: Held, begins: Memory, columns: Mapping[str, int], ended: Words, says: Words
) -> Story:
    memory, tails = dict(begins), dict[str, str]()
    steps = [Scene(Words("Before", "开始之前"), boxes(memory, tails, columns))]
    for thread, told in scenes(way):
        for text in told:
            apply(text, thread, memory, tails)
        steps.append(Scene(title(thread, told), boxes(memory, tails, columns)))
    steps[-1] = replace(steps[-1], says=AGAIN if held.other_ended else in_vain(held))
    after = dict(cell.split("=") for cell in held.after.split())
    return Story((*steps, Scene(ended, boxes(after, {}, columns))), says=says)


def scenes(way: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Steps that one thread makes one after the other, on one queue; a waiter's pointer belongs to the queue before."""
    found: list[tuple[str, list[str]]] = []
    before = ""
    for step in way:
        thread, _, text = step.partition(": ")
        cell = cell_of(text)
        queue = cell[0] if cell[1] == "." else before
        if found and found[-1][0] == thread and queue == before:
            found[-1][1].append(text)
        else:
            found.append((thread, [text]))
        before = queue
    return found


def cell_of(text: str) -> str:
    return text.removeprefix("CAS ").split(" ")[0]


def apply(text: str, thread: str, memory: dict[str, str], tails: dict[str, str]) -> None:
    """What a step reads of the tail is noted by its thread; what it writes is in memory."""
    cell = cell_of(text)
    if read := re.fullmatch(r"\S+ is (\w+)", text):
        if cell == TAIL:
            tails[thread] = read[1]
        return
    written = re.fullmatch(r"CAS \S+ \w+→(\w+)|\S+ = (\w+)", text)
    if written:
        memory[cell] = written[1] or written[2]


def title(thread: str, told: Sequence[str]) -> Words:
    """What it writes, if it writes."""
    writes = [text for text in told if " is " not in text] or list(told)
    steps = ", ".join(f"`{text}`" for text in writes)
    return Words(f"Thread {thread}: {steps}", f"线程 {thread}：{steps.replace(', ', '、')}")


def in_vain(held: Held) -> Words:
    times = f"{held.other_touched:,}"
    return Words(
        f"With real instructions: while it stood here, thread 2 touched the queue {times} times, in vain.",
        f"用真实的指令：线程 1 停在这里时，线程 2 碰了队列 {times} 次，全都徒劳。",
    )


def boxes(memory: Memory, tails: Memory, columns: Mapping[str, int]) -> tuple[Box, ...]:
    """What threads have noted and the queues, to the left of the waiters that can be reached."""

    def pointer(name: str, waiter: str) -> Cell:
        nil = waiter == NIL
        return Cell(name, NIL if nil else "", "" if nil else waiter, Role.POINTER)

    found = [
        Box(f"thread {thread}", Words(f"thread {thread}", f"线程 {thread}"), (pointer("tail", tail),))
        for thread, tail in tails.items()
    ]
    queues = ("q", "r") if "xx" in columns else ("q",)
    for queue in queues:
        cells = (pointer(end, memory.get(f"{queue}.{end}", NIL)) for end in ("first", "last"))
        found.append(Box(queue, queue, tuple(cells)))
    pointed = {cell.points for box in found for cell in box.cells}
    for waiter, column in columns.items():
        if waiter in pointed | {memory.get(f"{other}.next", NIL) for other in columns}:
            found.append(Box(waiter, waiter, (pointer("next", memory.get(f"{waiter}.next", NIL)),), column))
    return tuple(found)
