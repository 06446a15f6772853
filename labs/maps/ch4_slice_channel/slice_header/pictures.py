"""Pictures of what slice-header saw: the header with its pointer mask, how it is returned, what is scanned of it."""

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
    Story,
    Words,
    alike,
    most,
    parts,
)

from .lab import RESULTS, Handed, Scanning, Seen

pictures = Pictures()

WORD_BYTES = 8
ROLES = {"len": Role.COUNT, "cap": Role.COUNT}
SHOWN = {
    "[]int": Words("the header of `[]int`", "`[]int` 的 header"),
    "main.threeNumbers": Words("for comparison: three integers", "对照：三个整数"),
    "main.threePointers": Words("for comparison: three pointers", "对照：三个指针"),
}
DESCRIBED = Memory(
    ARTICLE,
    SHOWN["[]int"],
    24,
    (Part(0, 8, "ptr"), Part(8, 8, "len"), Part(16, 8, "cap")),
    followed=(),
    note=Words("no pointer in it, and no metadata for the collector", "不含指针，也没有 GC 元数据"),
)


@pictures.of(
    "4.1-a",
    "4.1-b",
    "4.1-g",
    "4.1-h",
    title=Words(
        "A slice's header, and which of its words the collector follows", "slice header，以及垃圾回收器跟踪其中哪个字"
    ),
)
def header(seen: Mapping[str, Seen]) -> Layout:
    memories = [DESCRIBED]
    for name, words in SHOWN.items():
        found = alike(seen, lambda one, name=name: by_mask(one, name))  # type: ignore[misc]
        memories += [replace(shown, whose=on, name=words) for on, shown in found]
    return Layout(tuple(memories), line_bytes=0, compared=False)


def by_mask(seen: Seen, name: str) -> Memory:
    """The fields by DWARF, with the pointer mask by the type's descriptor."""
    layout = next(one for one in seen.dwarf if one.name == name)
    mask = next(one for one in seen.masks if one.name == name)
    shown = parts.memory(ARTICLE, layout, ROLES, marked=["array"])
    followed = tuple(number * WORD_BYTES for number in mask.words or ())
    return replace(shown, followed=followed, looked_at=mask.ptr_bytes or 0)


@pictures.of(
    "4.1-f",
    title=Words("A function returns a slice", "函数返回一个 slice"),
)
def returned(seen: Mapping[str, Seen]) -> Story | None:
    """Of the largest group; what is drawn is how the addresses compare."""
    found = most(seen, told, lambda steps: [step.boxes for step in steps])
    if found is None:
        return None
    on, steps = found
    return Story(steps, on)


def told(seen: Seen) -> tuple[Scene, ...] | None:
    """None where the header did not come back as it was, or came back in the same place."""
    handed = seen.handed
    inside, outside = handed.inside, handed.outside
    names = next((names for names in RESULTS.values() if set(names) == set(handed.registers)), None)
    same = all(inside[name] == outside[name] for name in ("array", "length", "capacity"))
    if names is None or not same or inside["header"] == outside["header"]:
        return None
    if [handed.registers[name] for name in names] != [inside[name] for name in ("array", "length", "capacity")]:
        return None
    array = Box(
        "array", Words("the array", "底层数组"), tuple(Cell(str(number)) for number in range(9)), 1, across=True
    )
    callee, caller = words_of(handed, "callee"), words_of(handed, "caller")
    registers = Box(
        "registers",
        Words("registers", "寄存器"),
        (
            Cell(names[0].upper(), points="array", role=Role.POINTER),
            Cell(names[1].upper(), str(inside["length"]), role=Role.COUNT),
            Cell(names[2].upper(), str(inside["capacity"]), role=Role.COUNT),
        ),
    )
    return (
        Scene(Words("In the function", "在函数内"), (callee, array)),
        Scene(Words("It returns: three words in registers", "返回：三个字放在寄存器里"), (registers, array)),
        Scene(Words("The caller's own header, the same array", "调用方自己的 header，同一个数组"), (caller, array)),
    )


def words_of(handed: Handed, whose: str) -> Box:
    """A header with its three words."""
    name = {
        "callee": Words("the function's header", "函数里的 header"),
        "caller": Words("the caller's header", "调用方的 header"),
    }
    inside = handed.inside
    return Box(
        whose,
        name[whose],
        (
            Cell("array", points="array", role=Role.POINTER),
            Cell("len", str(inside["length"]), role=Role.COUNT),
            Cell("cap", str(inside["capacity"]), role=Role.COUNT),
        ),
    )


@pictures.of(
    "4.1-g",
    title=Words("What the collector scans of a header on the heap", "堆上的 header，垃圾回收器扫描其中多少"),
)
def scanned(seen: Mapping[str, Seen]) -> Amounts:
    labels = {
        "[]int": SHOWN["[]int"],
        "three numbers": SHOWN["main.threeNumbers"],
        "three pointers": SHOWN["main.threePointers"],
    }
    amounts = [Amount(labels["[]int"], 0, ARTICLE)]
    for name, words in labels.items():
        found = alike(seen, lambda one, name=name: one.report.Scanned.get(name))  # type: ignore[misc]
        amounts += [Amount(words, value, on) for on, value in found]
    return Amounts(tuple(amounts), Words("bytes", "字节"))


@pictures.of(
    "4.1-j",
    title=Words(
        "A returned array of 512 KiB: what the collector scans more",
        "返回一个 512 KiB 的数组后，垃圾回收器多扫描的内存",
    ),
)
def work(seen: Mapping[str, Seen]) -> Amounts:
    """In KiB; less than one is none, as a few bytes more or less are the program's own."""
    roots, heap = Words("variables and stacks, the roots", "全局变量与栈，即根"), Words("the heap", "堆")
    found = alike(seen, lambda one: (kib(one.report.Work, "Globals", "Stack"), kib(one.report.Work, "Heap")))
    amounts = [Amount(roots, 512, ARTICLE), *(Amount(roots, few, on) for on, (few, _) in found)]
    amounts += [Amount(heap, many, on) for on, (_, many) in found]
    return Amounts(tuple(amounts), "KiB")


def kib(work: Scanning, *places: str) -> int:
    more: int = sum(getattr(work, place) for place in places)
    return max(0, round(more / 1024))
