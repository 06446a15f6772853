"""Pictures of what slice-escape saw: which makes and headers allocate, and from which size on a variable one does."""

from collections.abc import Mapping

from claimlab import ARTICLE, Amount, Amounts, Box, Cell, Pictures, Role, Scene, Story, Words, alike, most

from .lab import Case, Seen

pictures = Pictures()

ARRAYS = {
    "tenKept": (Words("`make([]int, 10)`, only used", "`make([]int, 10)`，仅在函数内使用"), "tenReturned"),
    "tenReturned": (Words("`make([]int, 10)`, returned", "`make([]int, 10)`，被返回"), "tenReturned"),
    "bytesKept": (Words("`make([]byte, 100)`, only used", "`make([]byte, 100)`，仅在函数内使用"), "bytesReturned"),
    "bytesReturned": (Words("`make([]byte, 100)`, returned", "`make([]byte, 100)`，被返回"), "bytesReturned"),
    "fiveCalled": (Words("`make([]int, 5)`, returned", "`make([]int, 5)`，被返回"), "fiveCalled"),
    "fiveInlined": (Words("the same function, inlined into a user", "同一函数，被内联到使用处"), "fiveCalled"),
}
"""What is said of each, and which one allocates as the article has it."""
HEADERS = {
    "headerOverHeap": Words("Over an array that was on the heap before", "底层数组本来就在堆上"),
    "headerOverLarge": Words("Over an array too large for the stack", "底层数组大到栈放不下"),
    "headerReturned": Words("A slice that is returned", "slice 被返回"),
    "headerGivenAway": Words("`header = &s`, a package variable", "`header = &s`，header 是包级变量"),
}
ON = {
    "stack": ("on the stack", "栈上"),
    "elsewhere": ("on the heap", "堆上"),
    "data": ("in the program's data", "程序数据段"),
}
LARGEST = 10


@pictures.of(
    "4.1-c",
    "4.1-e",
    "4.1-i",
    title=Words("Bytes on the heap for each call", "每次调用在堆上分配的字节数"),
)
def arrays(seen: Mapping[str, Seen]) -> Amounts:
    amounts = []
    for label, (words, returned) in ARRAYS.items():
        claimed = max(bytes_each(one.case(returned)) for one in seen.values())
        amounts.append(Amount(words, claimed, ARTICLE))
        found = alike(seen, lambda one, label=label: bytes_each(one.case(label)))  # type: ignore[misc]
        amounts += [Amount(words, each, on) for on, each in found]
    return Amounts(tuple(amounts), Words("bytes a call", "字节/次"))


def bytes_each(case: Case) -> int:
    return round(case.bytes / case.calls)


@pictures.of(
    "4.1-d",
    title=Words("Array and header: each lies where it has to", "底层数组与 header，各放各的地方"),
)
def headers(seen: Mapping[str, Seen]) -> Story | None:
    """By their addresses under a debugger, of the largest group of toolchains. To the left is the stack."""
    found = most(seen, lambda one: {label: places(one.case(label)) for label in HEADERS})
    if found is None:
        return None
    on, cases = found
    steps = [Scene(words, boxes(*cases[label])) for label, words in HEADERS.items() if cases[label][0]]
    return Story(tuple(steps), on) if steps else None


def places(case: Case) -> tuple[str, str]:
    """Where the header lies, and the array."""
    return case.header.lies if case.header else "", case.array.lies


def boxes(header: str, array: str) -> tuple[Box, ...]:
    """What is on the heap stands to the right of what is on the stack."""
    away = header != "stack"
    cells = (Cell("ptr", points="array", role=Role.POINTER), Cell("len"), Cell("cap"))
    last = Box("array", name("array", "数组", array), tuple(Cell("·") for _ in range(5)), 1 + away, across=True)
    middle = Box("header", name("s", "s", header), cells, int(away))
    if not away:
        return middle, last
    return Box("variable", "header", (Cell("*[]int", points="header", role=Role.POINTER),)), middle, last


def name(english: str, chinese: str, lies: str) -> Words:
    return Words(f"{english}: {ON[lies][0]}", f"{chinese}：{ON[lies][1]}")


@pictures.of(
    "4.1-k",
    title=Words(
        "`make([]int, n)` with a variable n, only used: bytes on the heap for each call",
        "`make([]int, n)`，n 为变量且不逃逸：每次调用在堆上分配的字节数",
    ),
)
def variables(seen: Mapping[str, Seen]) -> Amounts:
    numbers = sorted({case.n for one in seen.values() for case in one.every("variable") if case.n <= LARGEST})
    amounts = []
    for n in numbers:
        label = f"n = {n}"
        found = alike(seen, lambda one, n=n: bytes_of(one, n))  # type: ignore[misc]
        amounts += [Amount(label, each, on) for on, each in found]
    says = Words(
        "Since 1.25 there is room for 32 bytes on the stack: four words.", "从 1.25 起，栈上预留 32 字节，即四个字。"
    )
    return Amounts(tuple(amounts), Words("bytes a call", "字节/次"), says)


def bytes_of(seen: Seen, n: int) -> int | None:
    return next((bytes_each(case) for case in seen.every("variable") if case.n == n), None)
