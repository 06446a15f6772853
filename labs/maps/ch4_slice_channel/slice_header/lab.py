"""What is a slice's header made of, what of it does the collector know, and what keeps the array?

Section 4.1 of the article. DWARF, the type's descriptor, and a slice in live memory say what the three words are. The
collector is asked which of them it follows: the program puts the only address of an object into each word and sees
which objects outlive collections. A debugger sees a header come back from a function, and where a returned array lies.
"""

from typing import Final

import msgspec

from claimlab import (
    Bench,
    Binary,
    Function,
    Lab,
    LabBroken,
    PointerLayout,
    Run,
    Step,
    Stop,
    TypeLayout,
    Wanted,
    disassembly,
    gdb,
    gobuild,
    layout,
    processes,
)

lab = Lab(asks={"zh": "slice header 由什么组成，GC 知道其中哪些，靠什么留住数组？"})

TYPES: Final = ["[]int", "string", "main.threeNumbers", "main.threePointers"]
"""In the order of the program's variable `all`."""
GIVE: Final = "main.give"
TAKE: Final = "main.takeSlice"
RESULTS: Final = {"amd64": ["rax", "rbx", "rcx"], "arm64": ["x0", "x1", "x2"]}
"""The registers of a function's first three results (https://go.dev/src/cmd/compile/abi-internal.md)."""
MODULE: Final = "'runtime.firstmoduledata'"
MAIN: Final = "'runtime.allgs'.array[0]"
"""The first goroutine of all, which runs main."""
ROOTS: Final = {
    "data": (f"{MODULE}.data", f"{MODULE}.edata"),
    "bss": (f"{MODULE}.bss", f"{MODULE}.ebss"),
    "stack": (f"{MAIN}.stack.lo", f"{MAIN}.stack.hi"),
}
"""Where the collector begins: variables with pointers in them, and stacks (runtime/mgcmark.go: markroot). gdb
expressions for start and end."""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A slice's header: where it lies, and what is in it."""

    At: int
    Array: int
    Len: int
    Capacity: int


class Returned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a function returned, as its caller found it."""

    Label: str
    Inside: Header
    """As the function had it."""
    Outside: Header
    Reached: bool
    """When the caller changed its header, the function's changed, too."""
    Shared: bool
    """When the caller set an element, it was set for the function, too."""
    Alive: bool
    """With the caller's header alone, the array outlived three collections."""
    Intact: bool
    Dropped: bool
    """Without it, the array was gone after three more."""


class Root(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of an object to which only an element of a returned array leads."""

    Label: str
    Held: bool
    """It outlived three collections while the caller had the slice."""
    After: bool
    """And three more when the caller had it no longer."""


class Scanning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many bytes more the collector scanned when a function had returned a large array of pointers."""

    Array: int
    """Its size."""
    Heap: int
    Globals: int
    Stack: int


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the program says."""

    Live: dict[str, list[str]]
    """What each word of a value in memory is: ``ptr``, ``len``, ``cap``."""
    Followed: dict[str, list[int]]
    """The words whose objects outlived collections."""
    Scanned: dict[str, int]
    """Bytes that the collector counts as scanned for one value on the heap."""
    Returns: list[Returned]
    Roots: list[Root]
    Work: Scanning


class Handed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A header on its way out of a function, under a debugger."""

    inside: dict[str, int | None]
    """In the function: where it lies, and what is in it."""
    registers: dict[str, int | None]
    """Where the function returns to."""
    outside: dict[str, int | None]
    """In the caller."""
    code: str
    """The call, and what the caller does with the result."""


class Lying(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A returned array, under a debugger."""

    array: int
    roots: dict[str, list[int]]
    """Start and end of each piece of memory in which the collector begins."""

    def inside(self) -> list[str]:
        return [name for name, (start, end) in self.roots.items() if start <= self.array < end]


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    report: Report
    dwarf: list[TypeLayout]
    """Of TYPES."""
    masks: list[PointerLayout]
    """Of TYPES, by their descriptors."""
    handed: Handed
    lying: list[Lying]
    """The arrays of the report's roots, in their order."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    wanted = [Wanted(name, f"'main.all'.array[{number}]") for number, name in enumerate(TYPES)]
    handed, lying = under_gdb(bench, program)
    return Seen(
        report=processes.answer(bench, [f"./{program.name}"], Report, gomaxprocs=1),
        dwarf=layout.types(bench, program, TYPES, parts=True),
        masks=layout.pointers(bench, program, wanted, at="main.hold", gomaxprocs=1, args=["looked at"]),
        handed=handed,
        lying=lying,
    )


def under_gdb(bench: Bench, program: Binary) -> tuple[Handed, list[Lying]]:
    (take,) = disassembly.functions(bench, program, [TAKE])
    call = next((number for number, one in enumerate(take.instructions) if one.target == GIVE), None)
    if call is None:
        raise LabBroken(f"{TAKE} does not call {GIVE}")
    after = take.instructions[call + 1].address
    roots = {f"{name} {end}": pair[end] for name, pair in ROOTS.items() for end in (0, 1)}
    look = Step(["main.look"], values=roots)
    back = Step([f"*{after:#x}"], values={name: f"${name}" for name in RESULTS[take.architecture]})
    stops = gdb.session(bench, program, [Run(["looked at"], 1, [look, back, look, look, look])]).runs[0].stops
    if len(stops) != 5:
        raise LabBroken(f"the debugger stopped {len(stops)} times instead of 5")
    return handed(stops, take, after), [lying(stop) for stop in stops[3:]]


def handed(stops: list[Stop], take: Function, after: int) -> Handed:
    inside, registers, outside = (
        {name: value if isinstance(value, int) else None for name, value in found.items()}
        for found in (stops[0].arguments, stops[1].values, stops[2].arguments)
    )
    return Handed(inside, registers, outside, take.around(after, before=1, after=6))


def lying(stop: Stop) -> Lying:
    array = stop.arguments.get("array")
    ends = {name: [stop.values[f"{name} {end}"] for end in (0, 1)] for name in ROOTS}
    if not isinstance(array, int) or not all(isinstance(end, int) for pair in ends.values() for end in pair):
        raise LabBroken(f"the debugger cannot tell where the array lies: {stop.arguments}, {stop.values}")
    return Lying(array, {name: [int(end or 0) for end in pair] for name, pair in ends.items()})
