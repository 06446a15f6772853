"""Pictures of what hchan-ring saw: the channel's fields, its ring step by step, and elements across cache lines."""

from collections.abc import Mapping
from dataclasses import replace

from claimlab import (
    ARTICLE,
    Amount,
    Amounts,
    Box,
    Cell,
    Layout,
    Memory,
    Part,
    Pictures,
    Role,
    Scene,
    Stop,
    Story,
    Words,
    alike,
    most,
    parts,
)

from .lab import CAPACITIES, ELEMENT_BYTES, Found, Seen, progress

pictures = Pictures()

ROLES = dict.fromkeys(["qcount", "dataqsiz", "sendx", "recvx"], Role.COUNT)
NAMED = ["qcount", "dataqsiz", "buf"]
DESCRIBED = Memory(
    ARTICLE,
    "runtime.hchan",
    24,
    (
        Part(0, 8, "buf", Role.POINTER, marked=True),
        Part(8, 8, "qcount", Role.COUNT, marked=True),
        Part(16, 8, "dataqsiz", Role.COUNT, marked=True),
    ),
    open=True,
    note=Words("begins with these three, in this order", "以这三个字段开头，顺序如此"),
)
SHOWN_BYTES = 320
STRADDLING = ("24 bytes", "40 bytes", "64 bytes")


@pictures.of("4.3-b", title=Words("How `hchan` begins", "`hchan` 开头的字段"))
def fields(seen: Mapping[str, Seen]) -> Layout:
    return Layout((DESCRIBED, *(replace(shown, whose=on) for on, shown in alike(seen, beginning_of))), line_bytes=0)


def beginning_of(seen: Seen) -> Memory:
    """As much of it as the article's three fields take."""
    whole = parts.memory(ARTICLE, seen.type("runtime.hchan"), ROLES, marked=NAMED)
    shown = tuple(part for part in whole.parts if part.end <= DESCRIBED.size)
    return replace(whole, size=DESCRIBED.size, parts=shown, open=True)


@pictures.of(
    "4.3-a",
    "4.3-c",
    "4.3-f",
    "4.3-g/1",
    "4.3-g/2",
    title=Words("A ring of capacity 4: no mask, no division", "容量为 4 的环形缓冲区：没有掩码，也没有除法"),
)
def ring(seen: Mapping[str, Seen]) -> Story | None:
    found = most(seen, steps_of, lambda steps: [step.boxes for step in steps])
    if found is None:
        return None
    on, steps = found
    return Story(steps, on)


def steps_of(seen: Seen) -> tuple[Scene, ...] | None:
    capacity = CAPACITIES[0]
    stops = seen.fill(capacity)
    titles = [
        Words("Empty", "空"),
        Words("Four sends", "发送四次"),
        Words("Two receives", "接收两次"),
        Words("One send: into the slot that came free", "再发送一次：写入空出来的槽"),
        Words("Three receives", "接收三次"),
    ]
    if len(stops) != len(titles) or len(progress(capacity)) != len(titles):
        return None
    return tuple(Scene(title, boxes(stop), wrapped(stop)) for title, stop in zip(titles, stops, strict=True))


def boxes(stop: Stop) -> tuple[Box, ...]:
    numbers = ("qcount", "dataqsiz", "sendx", "recvx")
    text = stop.strings.get("buffer") or ""
    elements = [text[at : at + ELEMENT_BYTES].strip("\0") for at in range(0, len(text), ELEMENT_BYTES)]
    return (
        Box(
            "hchan",
            "hchan",
            (
                *(Cell(name, str(stop.values[name]), role=Role.COUNT) for name in numbers[:2]),
                Cell("buf", points="ring", role=Role.POINTER),
                *(Cell(name, str(stop.values[name]), role=Role.COUNT) for name in numbers[2:]),
            ),
        ),
        Box("ring", "buf", tuple(Cell(f"[{at}]", one, role=Role.VALUE) for at, one in enumerate(elements)), 1),
    )


def wrapped(stop: Stop) -> Words | None:
    """What an index was seen to be before it was set to 0."""
    for index in ("sendx", "recvx"):
        values = [touch.after for touch in stop.touches if touch.label == index and touch.before != touch.after]
        if values:
            course = " → ".join(map(str, values))
            return Words(f"`{index}` becomes {course}", f"`{index}` 依次变为 {course}")
    return None


@pictures.of(
    "4.3-e",
    title=Words("The first elements of a buffer, in cache lines of 64 bytes", "缓冲区开头的元素与 64 字节的缓存行"),
)
def straddling(seen: Mapping[str, Seen]) -> Layout | None:
    """Of elements without pointers, which follow the channel in one allocation; each for the largest group of
    toolchains. Those in two lines are marked."""
    memories = []
    for label in STRADDLING:
        found = most(seen, lambda one, label=label: beginning(one, label))  # type: ignore[misc]
        if found:
            on, shown = found
            memories.append(replace(shown, whose=on))
    return Layout(tuple(memories), compared=False) if memories else None


def beginning(seen: Seen, label: str) -> Memory | None:
    one = next((one for one in seen.elements if one.label == label), None)
    if one is None or not one.line or not one.even or one.first < one.header:
        return None
    behind = one.first - one.header
    parts = [Part(0, behind, "hchan", Role.OTHER)]
    for number in range(min(one.found, (SHOWN_BYTES - behind) // one.size)):
        at = behind + number * one.size
        parts.append(Part(at, one.size, f"[{number}]", Role.VALUE, marked=in_two_lines(one, one.header + at)))
    name = Words(f"elements of {one.size} bytes", f"{one.size} 字节的元素")
    note = Words(
        f"{one.straddling} of {one.found} lie in two lines", f"{one.found} 个元素中有 {one.straddling} 个横跨两行"
    )
    return Memory(ARTICLE, name, parts[-1].end, tuple(parts), one.header % one.line, open=True, note=note)


def in_two_lines(one: Found, address: int) -> bool:
    return address // one.line != (address + one.size - 1) // one.line


@pictures.of(
    "4.3-e", title=Words("How many of 64 elements lie in two cache lines", "64 个元素中有多少个横跨两条缓存行")
)
def many(seen: Mapping[str, Seen]) -> Amounts:
    amounts = []
    for label in dict.fromkeys(one.label for each in seen.values() for one in each.elements):
        counts = {name: one.straddling for name, each in seen.items() for one in each.elements if one.label == label}
        said = Words(
            label, label.replace(" bytes", " 字节").replace(" byte", " 字节").replace(", one a pointer", "，含一个指针")
        )
        amounts += [Amount(said, count, on) for on, count in alike(counts, lambda count: count)]
    says = Words("The article has none of them in two lines.", "按文章的说法，一个也没有。")
    return Amounts(tuple(amounts), Words("elements of 64", "个元素，共 64 个"), says)
