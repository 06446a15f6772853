"""Where do make's arrays and the headers over them live: on the stack or on the heap?

Section 4.1 of the article. Three witnesses: what the compiler says of each make; how many objects the heap counts while
the function is called; and the addresses of array and header, which a debugger compares with the bounds of the stack
and with the program's own data.
"""

import re
from typing import Final

import msgspec

from claimlab import Bench, Diagnostic, Lab, LabBroken, Run, Step, Stop, diagnostics, gdb, gobuild, processes

lab = Lab(asks={"zh": "make 出来的数组和它上面的 slice header 在栈上还是堆上？"})

CASES: Final = "cases.go"
CALLED: Final = {"fiveCalled": "giveFive"}
"""Functions of cases.go whose make stands in another one, which is not inlined."""
TIMES: Final = 200
"""Calls between two looks at the heap's counters, in main.go."""
TOLD: Final = {"escapes", "does not escape", "inlines a call"}
LOOKING: Final = "at"
"""A function that makes a number of an address, inlined everywhere."""
MAIN: Final = "'runtime.allgs'.array[0]"
"""The first goroutine of all, which runs main (runtime/proc.go: newproc1, allgadd)."""
MODULE: Final = "'runtime.firstmoduledata'"
BOUNDS: Final = {
    "goroutine": f"{MAIN}.goid",
    "stack low": f"{MAIN}.stack.lo",
    "stack high": f"{MAIN}.stack.hi",
    "data low": f"{MODULE}.noptrdata",
    "data high": f"{MODULE}.end",
}
"""gdb expressions. The program's own variables lie from the first section of data to the end of the last
(runtime/symtab.go: moduledata)."""


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address and what it lies in."""

    address: int
    lies: str
    """``stack`` of the goroutine that asked, ``data`` of the program, or ``elsewhere``, which leaves the heap."""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to make a slice."""

    label: str
    """The function in cases.go."""
    n: int
    """What it got for the number of elements; 0 where the source says it."""
    calls: int
    objects: int
    """By how many the heap's count rose in so many calls."""
    bytes: int
    array: Place
    header: Place | None
    """None where the function takes no address of it."""
    said: list[str]
    """What the compiler says in the lines of the function: what escapes, what does not, what is inlined."""

    @property
    def each(self) -> int | None:
        """Objects per call; None if the count is no multiple of the calls, give or take a few for the runtime."""
        whole = round(self.objects / self.calls)
        return whole if abs(self.objects - whole * self.calls) <= self.calls // 20 else None


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    cases: list[Case]

    def case(self, label: str) -> Case:
        return next(case for case in self.cases if case.label == label)

    def every(self, label: str) -> list[Case]:
        """By the number of elements."""
        return [case for case in self.cases if case.label == label]


class _Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line that the program prints."""

    label: str
    n: int
    objects: int
    bytes: int


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    counted = processes.answer(bench, [f"./{program.name}"], list[_Counted], gomaxprocs=1, lines=True)
    looks = Run(["looked at"], 1, [Step(["main.look"], values=BOUNDS) for _ in counted])
    stops = gdb.session(bench, program, [looks]).runs[0].stops
    if not counted or len(stops) != len(counted):
        raise LabBroken(f"the debugger saw {len(stops)} of {len(counted)} slices")
    said = by_function(diagnostics.decisions(bench), bench.files[CASES].decode())
    return Seen(
        [
            case(one, stop, [*said.get(one.label, []), *said.get(CALLED.get(one.label, ""), [])])
            for one, stop in zip(counted, stops, strict=True)
        ]
    )


def case(counted: _Counted, stop: Stop, said: list[str]) -> Case:
    array, header = place(stop, "array"), place(stop, "header")
    return Case(
        counted.label,
        counted.n,
        TIMES,
        counted.objects,
        counted.bytes,
        array,
        header if header.address else None,
        said,
    )


def place(stop: Stop, argument: str) -> Place:
    address = stop.arguments.get(argument)
    bounds = {name: value for name, value in stop.values.items() if isinstance(value, int)}
    if not isinstance(address, int) or bounds.keys() != BOUNDS.keys() or bounds["goroutine"] != 1:
        raise LabBroken(f"the debugger cannot tell where {argument} lies: {stop.arguments}, {stop.values}")
    inside = [name for name in ("stack", "data") if bounds[f"{name} low"] <= address < bounds[f"{name} high"]]
    return Place(address, inside[0] if inside else "elsewhere")


def by_function(decisions: list[Diagnostic], cases: str) -> dict[str, list[str]]:
    """What is said of each function of cases.go, by the function's name."""
    inside: dict[int, str] = {}
    name = ""
    for number, line in enumerate(cases.splitlines(), 1):
        begun = re.match(r"func (\w+)\(", line)
        name = begun[1] if begun else name
        inside[number] = name
        if line == "}" or (begun and line.endswith("}")):
            name = ""
    found: dict[str, list[str]] = {}
    for one in decisions:
        function = inside.get(one.line, "") if one.file == CASES else ""
        if function and one.kind in TOLD and not one.message.endswith(f"to {LOOKING}"):
            found.setdefault(function, []).append(f"{one.file}:{one.line}:{one.column}: {one.message or one.kind}")
    return found
