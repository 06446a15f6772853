"""How does a buffered channel keep its elements, and where does their memory come from?

Section 4.3 of the article. A debugger stops a program before and after sends and receives and reads the channel and its
buffer; the processor's debug registers tell which instructions touch the indexes; gdb counts the runtime's functions
that allocate while channels are made; and the program looks for its elements in memory.
"""

from typing import Final

import msgspec

from claimlab import (
    Bench,
    Binary,
    Instruction,
    Lab,
    Run,
    Session,
    Step,
    Stop,
    TypeLayout,
    Watch,
    disassembly,
    gdb,
    gobuild,
    layout,
    processes,
    symbols,
)

lab = Lab(host_matters=True, asks={"zh": "有缓冲 channel 怎样存放元素，内存从哪里来？"})

HOLD: Final = ["main.hold"]
RING: Final = "'main.ring'"
CAPACITIES: Final = (4, 3)
"""A power of two, and another one."""
ELEMENT_BYTES: Final = 8
OURS: Final = ("boxed", "backwards", "masked", "divided")
WATCHED: Final = {1: "sendx", 4: "recvx"}
"""By the number of the hold: the index that is watched on the way there."""
SEND, RECEIVE = "runtime.chansend", "runtime.chanrecv"
OWN_SENDS: Final = {"masked": "main.(*queue).sendMasked", "divided": "main.(*queue).sendDivided"}
MAKE: Final = "runtime.makechan"
CLAIMED: Final = "runtime.(*mcache).allocSpan"
LARGE: Final = "runtime.(*mcache).allocLarge"
ALLOCATORS: Final = [
    CLAIMED,
    LARGE,
    "runtime.mallocgc",
    "runtime.(*mcache).refill",
    "runtime.(*mcentral).grow",
    "runtime.(*mheap).allocSpan",
]
LOCK: Final = "runtime.lock2"
"""Takes a lock of the runtime's, whichever (runtime/lock_futex.go, lock_spinbit.go)."""
MADE: Final = ("one small channel", "299 more of them", "one for pointers", "one of 64 KiB")
ARITHMETIC: Final = ("and", "div", "idiv", "udiv", "sdiv", "imul", "mul", "madd")


class Found(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Elements of one kind, in a channel's buffer of 64."""

    label: str
    line: int
    """Bytes of a cache line; 0 if the kernel does not say."""
    size: int
    found: int
    even: bool
    """Each follows the one before it without a gap."""
    first: int
    """Its address."""
    header: int
    """The channel's address."""
    straddling: int
    """So many have their first and their last byte in two cache lines."""


class Arithmetic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a function computes with, of what could find a slot: masks, divisions, multiplications."""

    function: str
    instructions: int
    """All that it has."""
    of_interest: list[Instruction]


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    types: list[TypeLayout]
    filled: Session
    """One run for each of CAPACITIES, and one that fills buffers of our own."""
    made: Session
    """Channels made one after the other, with the executions of ALLOCATORS and of LOCK meanwhile."""
    code: list[Arithmetic]
    symbols: list[str]
    """Those of ALLOCATORS that the binary has."""
    elements: list[Found]

    def type(self, name: str) -> TypeLayout:
        return next(one for one in self.types if one.name == name)

    def fill(self, capacity: int) -> list[Stop]:
        return self.filled.runs[CAPACITIES.index(capacity)].stops

    def ours(self) -> list[Stop]:
        return self.filled.runs[-1].stops


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    known = symbols.table(bench, program)
    runs = [*(filling(capacity) for capacity in CAPACITIES), filling_ours(CAPACITIES[0])]
    return Seen(
        types=layout.types(bench, program, ["runtime.hchan", "main.asWritten"]),
        filled=gdb.session(bench, program, runs),
        made=gdb.session(bench, program, [making()]),
        code=compute(bench, program),
        symbols=[name for name in ALLOCATORS if known.find(name) is not None],
        elements=processes.answer(bench, [f"./{program.name}", "lines"], list[Found], gomaxprocs=1, lines=True),
    )


def compute(bench: Bench, program: Binary) -> list[Arithmetic]:
    names = [SEND, RECEIVE, *OWN_SENDS.values()]
    return [
        Arithmetic(one.name, len(one.instructions), [each for each in one.instructions if each.mnemonic in ARITHMETIC])
        for one in disassembly.functions(bench, program, names)
    ]


def progress(capacity: int) -> list[tuple[int, int]]:
    """How many elements have been sent, and how many received, at each hold of the program."""
    return [(0, 0), (capacity, 0), (capacity, 2), (capacity + 1, 2), (capacity + 1, capacity + 1)]


def filling(capacity: int) -> Run:
    """From one hold to the next. The indexes are watched where they come to their ends."""
    values = {name: f"{RING}.{name}" for name in ("qcount", "dataqsiz", "buf", "sendx", "recvx")}
    values |= {name: f"'main.{name}'" for name in ("length", "capacity")} | {"fixed": "'main.fixedSize'"}
    values |= {f"word {number}": f"'main.words'[{number}]" for number in range(3)}
    ring = {"buffer": (f"{RING}.buf", str(capacity * ELEMENT_BYTES))}
    size = Watch("dataqsiz", f"&{RING}.dataqsiz", "access")
    watches = {number: [Watch(index, f"&{RING}.{index}", "access"), size] for number, index in WATCHED.items()}
    steps = [
        Step(HOLD, watches=watches.get(number, []), values=values, strings=ring)
        for number, _ in enumerate(progress(capacity))
    ]
    return Run(["fill", str(capacity)], 1, steps)


def filling_ours(capacity: int) -> Run:
    values = {"length": "'main.length'"}
    values |= {
        f"{queue} {name}": f"'main.{queue}'.{name}" for queue in OURS for name in ("qcount", "dataqsiz", "buf", "sendx")
    }
    values |= {f"word {number}": f"'main.writtenWords'[{number}]" for number in range(3)}
    values |= {f"written {name}": f"'main.written'.{name}" for name in ("buf", "qcount", "dataqsiz")}
    strings = {queue: (f"'main.{queue}'.buf", str(capacity * ELEMENT_BYTES)) for queue in OURS}
    watches = [
        Watch(f"{queue} {name}", f"&'main.{queue}'.{name}", "access")
        for queue in OWN_SENDS
        for name in ("sendx", "dataqsiz")
    ]
    return Run(
        ["ours", str(capacity)],
        1,
        [Step(HOLD, values=values), Step(HOLD, values=values, strings=strings, watches=watches)],
    )


def making() -> Run:
    counted = Step(HOLD, counts=[MAKE, *ALLOCATORS, LOCK])
    return Run(["make", str(CAPACITIES[0])], 1, [Step(HOLD), *[counted] * len(MADE)])
