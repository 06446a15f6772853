"""How do goroutines come into a channel's queues and leave them, and what guards the queues?

Section 4.2 of the article. The processor's debug registers tell which instructions touch the ends of the two queues,
and the lock, while goroutines come to wait and are served; the disassembly tells a second time what these are.
Hundreds of waiters tell the order. DWARF has the layout, and a debugger disturbs the queues to see what is checked.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

from claimlab import (
    Bench,
    Binary,
    Instruction,
    Lab,
    Session,
    Stop,
    TypeLayout,
    disassembly,
    gdb,
    gobuild,
    layout,
    processes,
    symbols,
)

from .under_gdb import crowd, disturbing, watching

lab = Lab(asks={"zh": "goroutine 怎样进出 channel 的等待队列，由什么保护这些队列？"})

TYPES: Final = ["runtime.hchan", "runtime.waitq", "runtime.sudog", "runtime.mutex", "main.lockFirst"]
GOMAXPROCS: Final = (1, 4)
NAMED: Final = "enqueueSudoG"
BEGINS: Final = 10


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In which order goroutines were served that came to wait in the order 0, 1, 2, …"""

    label: str
    gomaxprocs: int
    waiters: int
    descents: int
    """So many were served right after one that came later."""
    begins: list[int]
    """The first ten to be served."""


class Fresh(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ends of the queues of many channels."""

    channels: int
    in_used_memory: int
    """So many of them lie where other things were before, filled with ones."""
    not_nil: int
    """Of four words each."""


class Decoded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An instruction, decoded a second time, and the function by the symbol table that it is in."""

    function: str
    instruction: Instruction


class Crowded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one instruction did to one word while many goroutines used the channel at the same time."""

    label: str
    instruction: str
    function: str
    touches: int


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    types: list[TypeLayout]
    watched: Session
    """One run for each of :func:`watching`."""
    disturbed: Session
    """One run for each of :func:`disturbing`."""
    crowd: list[Crowded]
    """In 50 touches of each of the four ends of the queues."""
    touching: list[Decoded]
    """The instructions that touched a watched word."""
    atomic: list[Decoded]
    """All atomic instructions in the same functions."""
    named: list[str]
    """Symbols whose name ends as the article's function is called."""
    orders: list[Order]
    fresh: Fresh
    waited_on: Fresh

    def type(self, name: str) -> TypeLayout:
        return next(one for one in self.types if one.name == name)

    def stops(self, name: str) -> list[Stop]:
        """Those of one of the watched runs."""
        return self.watched.runs[list(watching()).index(name)].stops

    def disturbance(self, name: str) -> list[Stop]:
        return self.disturbed.runs[list(disturbing()).index(name)].stops


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    types = layout.types(bench, program, TYPES)
    watched = gdb.session(bench, program, list(watching().values()))
    crowded = gdb.session(bench, program, [crowd()])
    touching, atomic, named = read_code(bench, program, [watched, crowded])
    printed = {gomaxprocs: queue_up(bench, program, types, gomaxprocs) for gomaxprocs in GOMAXPROCS}
    return Seen(
        types=types,
        watched=watched,
        disturbed=gdb.session(bench, program, list(disturbing().values())),
        crowd=in_the_crowd(crowded.runs[0].stops[-1]),
        touching=touching,
        atomic=atomic,
        named=named,
        orders=[
            described(label, gomaxprocs, served)
            for gomaxprocs, lines in printed.items()
            for label, served in lines.items()
            if label not in ("fresh", "waited on")
        ],
        fresh=Fresh(*printed[GOMAXPROCS[0]]["fresh"]),
        waited_on=Fresh(*printed[GOMAXPROCS[0]]["waited on"]),
    )


def in_the_crowd(stop: Stop) -> list[Crowded]:
    counted = Counter((touch.label, touch.instruction, touch.function) for touch in stop.touches)
    return [Crowded(*key, count) for key, count in sorted(counted.items())]


def described(label: str, gomaxprocs: int, served: list[int]) -> Order:
    descents = sum(after < before for before, after in pairwise(served))
    return Order(label, gomaxprocs, len(served), descents, served[:BEGINS])


def queue_up(bench: Bench, program: Binary, types: list[TypeLayout], gomaxprocs: int) -> dict[str, list[int]]:
    """What the program prints: a label and numbers in each line."""
    hchan, waitq = types[0], types[1]
    ends = {
        f"{queue}.{end}": outer.offset + inner.offset
        for queue in ("recvq", "sendq")
        for end in ("first", "last")
        if (outer := hchan.field(queue)) and (inner := waitq.field(end))
    }
    words = [ends["recvq.last"], ends["sendq.last"], *ends.values(), hchan.size]
    argv = [f"./{program.name}", "order", *map(str, words)]
    ran = processes.once(bench, argv, gomaxprocs=gomaxprocs).or_broken("the program failed")
    lines = [line.rstrip("]").partition(" [") for line in ran.stdout.splitlines()]
    return {label: [int(number) for number in numbers.split()] for label, _, numbers in lines}


def read_code(
    bench: Bench, program: Binary, sessions: Sequence[Session]
) -> tuple[list[Decoded], list[Decoded], list[str]]:
    """The instructions that touched a word, the atomic ones of their functions, and who is called like NAMED."""
    known = symbols.table(bench, program)
    stops = [stop for session in sessions for run in session.runs for stop in run.stops]
    touched = {touch.instruction_address for stop in stops for touch in stop.touches if touch.instruction}
    names = {symbol.name for address in touched if (symbol := known.containing(address))}
    every = [
        Decoded(function.name, instruction)
        for function in disassembly.functions(bench, program, sorted(names))
        for instruction in function.instructions
    ]
    touching = [one for one in every if one.instruction.address in touched]
    named = [symbol.name for symbol in known.all if symbol.kind == "function" and symbol.name.endswith(NAMED)]
    return touching, [one for one in every if one.instruction.atomic], named
