"""Pictures of what growth-write-barriers saw: how the header changes while a map grows, and where assignments land."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from claimlab import Box, Cell, Pictures, Rate, Rates, Role, Scene, Story, Touch, Words, alike, most

from .lab import Seen

pictures = Pictures()

OPERATION = "main.growPointers"
BUCKETS, TABLES = ("B", "buckets", "oldbuckets", "nevacuate"), ("dirPtr", "dirLen")
"""The watched fields of either kind of header."""
GROUP_SLOTS = 8
POINTERS = {"buckets", "oldbuckets", "dirPtr"}
HAPPENS = {
    "hashGrow": Words("`hashGrow` hangs in new buckets, and keeps the old ones", "`hashGrow` 挂上新桶，旧桶仍保留"),
    "advanceEvacuationMark": Words(
        "`advanceEvacuationMark`: every entry has moved", "`advanceEvacuationMark`：所有条目迁移完毕"
    ),
    "growToTable": Words("`growToTable` hangs in a table", "`growToTable` 挂上表"),
}
"""What the functions are seen to do that write to the header."""


@dataclass(frozen=True)
class Written:
    """One write to the header; addresses are numbered in the order in which they came."""

    field: str
    before: int
    after: int
    function: str
    instruction: str


def writes(seen: Seen) -> list[Written] | None:
    """Of the growth while the collector marked. None if that was not seen."""
    done = seen.done(OPERATION, marking=True)
    if done is None or not done[1].touches:
        return None
    touches: Sequence[Touch] = done[1].touches
    addresses = [address for one in touches if one.label in POINTERS for address in (one.before, one.after) if address]
    numbers = {address: number for number, address in enumerate(dict.fromkeys(addresses), start=1)}
    return [
        Written(
            one.label,
            numbers.get(one.before, 0) if one.label in POINTERS else one.before,
            numbers.get(one.after, 0) if one.label in POINTERS else one.after,
            one.function.rpartition(".")[2],
            (one.instruction or "").split()[0],
        )
        for one in touches
    ]


@pictures.of(
    "2.4-a",
    "2.4-c",
    title=Words("A map grows: every write to its header", "map 扩容：对头部的每一次写入"),
)
def growth_of_buckets(seen: Mapping[str, Seen]) -> Story | None:
    return story(seen, "hmap", BUCKETS)


@pictures.of(
    "2.4-a",
    "2.4-c",
    title=Words("A Swiss map grows: every write to its header", "Swiss map 扩容：对头部的每一次写入"),
)
def growth_of_tables(seen: Mapping[str, Seen]) -> Story | None:
    return story(seen, "maps.Map", TABLES)


def story(seen: Mapping[str, Seen], header: str, fields: Sequence[str]) -> Story | None:
    """Of the largest group of toolchains whose maps have such a header."""

    def ours(one: Seen) -> list[Written] | None:
        found = writes(one)
        return found if found and {write.field for write in found} <= set(fields) else None

    found = most(seen, ours, lambda written: [replace(one, instruction="", function="") for one in written])
    if found is None:
        return None
    on, written = found
    state = {field: next((one.before for one in written if one.field == field), 0) for field in fields}
    steps = [Scene(Words("Before", "扩容之前"), boxes(header, fields, state))]
    for function, group in groupby(written, key=lambda one: one.function):
        parts = list(group)
        for one in parts:
            state[one.field] = one.after
        fields_written = ", ".join(dict.fromkeys(f"`{one.field}`" for one in parts))
        by = ", ".join(dict.fromkeys(f"`{one.instruction}`" for one in parts))
        says = Words(f"{fields_written}: written by {by}", f"{fields_written}：由 {by} 写入")
        title = HAPPENS.get(function, Words(f"`{function}`", f"`{function}`"))
        steps.append(Scene(title, boxes(header, fields, state), says))
    told = Words(
        "Seen by the processor's debug registers while the collector marked. Plain moves, one word after the other: "
        "what another goroutine sees in between is any of these states.",
        "垃圾回收器标记期间由处理器的调试寄存器观察到。都是普通的 MOV，逐字写入：其他 goroutine "
        "可能看到其中任一中间状态。",
    )
    return Story(tuple(steps), on, told)


def boxes(header: str, fields: Sequence[str], state: Mapping[str, int]) -> tuple[Box, ...]:
    cells = []
    for field in fields:
        place = state[field]
        if field in POINTERS:
            cells.append(Cell(field, "" if place else "nil", f"{place}" if place else "", Role.POINTER))
        else:
            cells.append(Cell(field, str(place), role=Role.COUNT))
    pointed = {state[field]: field for field in fields if field in POINTERS and state[field]}
    return (Box("header", header, tuple(cells)), *(memory(place, field) for place, field in pointed.items()))


def memory(place: int, field: str) -> Box:
    """By its number: buckets double each time; a directory comes after the only group."""
    many = 1 << (place - 1)
    name = Words(f"{many} bucket{'s' * (many > 1)}", f"{many} 个桶")
    if field == "dirPtr":
        many = GROUP_SLOTS if place == 1 else 1
        name = Words("a group of 8 slots", "一个 8 槽的组") if place == 1 else Words("a directory", "表目录")
    return Box(str(place), name, tuple(Cell(str(number)) for number in range(many)), 1, True)


@pictures.of("2.4-e", title=Words("Where an assignment lands while a map grows", "扩容期间，赋值落在哪里"))
def landings(seen: Mapping[str, Seen]) -> Rates | None:
    """Of those maps that have old buckets."""
    labels = {
        "before": Words("keys not yet moved, before", "尚未迁移的键，赋值之前"),
        "present": Words("the same, after they are assigned", "同样的键，赋值之后"),
        "fresh": Words("new keys", "新键"),
    }
    rates = []
    for name, words in labels.items():
        places = {toolchain: getattr(one.landings, name) for toolchain, one in seen.items() if one.landings.before.all}
        found = alike(places, lambda one: (one.old, one.all), lambda pair: pair[0] / pair[1])
        rates += [Rate(words, old, many, on) for on, (old, many) in found]
    return Rates(tuple(rates), Words("found in an old bucket", "位于旧桶中")) if rates else None
