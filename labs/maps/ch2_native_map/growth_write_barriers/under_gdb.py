"""What the program does under gdb, step by step. Part of growth-write-barriers."""

from typing import Final, Literal

from claimlab import Poke, Run, Step, Stop, Watch

FLAG: Final = "runtime.writeBarrier"
MARKING: Final = f"'{FLAG}'.enabled != 0"
RECORDERS: Final = [
    *(f"runtime.gcWriteBarrier{words}" for words in range(1, 9)),
    "runtime.bulkBarrierPreWrite",
    "runtime.bulkBarrierPreWriteSrcOnly",
]
"""Where a write barrier puts pointers into the buffer that the collector empties: compiled code calls one of the first
eight, by how many words it needs (runtime/asm_amd64.s: gcWriteBarrier1 …), copies of whole values the others
(runtime/mbitmap.go)."""
STARTS: Final = ["runtime.hashGrow", "internal/runtime/maps.(*Map).growToTable"]
"""Growth begins here: up to 1.23 and with noswissmap, and of a Swiss map that has been one group."""
OPERATIONS: Final = [
    "main.storeIntegers",
    "main.copyPairs",
    "main.swap",
    "main.assignText present",
    "main.assignText new",
    "main.assignPointer new",
    "main.assignByNumber new",
    "main.assignCount new",
    "main.assignNumber new",
    "main.growPointers",
    "main.growNumbers",
]
"""What series.go does between one hold and the next."""
HEADER: Final[dict[str, Literal[1, 8]]] = {
    "buckets": 8,
    "oldbuckets": 8,
    "B": 1,
    "nevacuate": 8,
    "dirPtr": 8,
    "dirLen": 8,
}
"""Fields of a map's header with their sizes. No map has all of these, or the debug registers would not do."""
OFFSETS: Final = ["buckets", "oldbuckets", "B"]
STATE: Final = {
    "marking": f"'{FLAG}'.enabled",
    "buffer 0": "'runtime.allp'.array[0].wbBuf.next",
    "buffer 1": "'runtime.allp'.array[1].wbBuf.next",
}
"""The barrier's buffers, of each processor for Go code: the place of the next pointer (runtime/mwbbuf.go)."""
BEGIN: Final = Step(["main.tick"], when=MARKING, force={"'main.marking'": "1"})


def series() -> Run:
    header = {"header": "'main.pointers'"} | {field: f"&'main.pointers'.{field}" for field in OFFSETS}
    return Run(
        ["series"],
        1,
        [
            Step(["main.hold"], values={**STATE, **header}),
            *operations(""),
            BEGIN,
            # One processor for Go code, and this thread alone: nothing goes on marking.
            Step(["main.hold"], alone="main.untilMarking", values=STATE),
            *operations("main.series"),
        ],
    )


def operations(alone: str) -> list[Step]:
    """Without marking the buffers say enough: no execution has put anything into them."""
    watched = {
        "main.swap": [Watch("shared", "&'main.shared'")],
        "main.growPointers": [Watch(field, f"&'main.pointers'.{field}", size=size) for field, size in HEADER.items()],
    }
    counts = RECORDERS if alone else []
    return [
        Step(["main.hold"], values=STATE, counts=counts, alone=alone, watches=watched.get(operation, []))
        for operation in OPERATIONS
    ]


def overlapping() -> Run:
    """The first assignment is held where it begins; the second one, alone, makes the map grow, and is let end."""
    return Run(
        ["overlap"],
        2,
        [
            BEGIN,
            Step(["runtime.mapassign_faststr"], pokes=[Poke("&'main.gate'", 1)]),
            Step(STARTS, when=MARKING, alone="main.second", values=STATE),
            Step(["main.secondDone"], counts=RECORDERS, alone="main.second", values=STATE),
        ],
    )


RESULTS: Final = {"rax": "$rax", "x0": "$x0"}
"""Where a function's first result is, on amd64 and on arm64."""
RANGES: Final = {
    "buckets": "'main.texts'.buckets",
    "buckets end": "'main.texts'.buckets + (1 << 'main.texts'.B)",
    "oldbuckets": "'main.texts'.oldbuckets",
    "oldbuckets end": "'main.texts'.oldbuckets + (1 << ('main.texts'.B - 1))",
}


def held(offsets: list[str]) -> Run:
    """The first assignment is held when it knows its slot and has not stored its value yet."""
    slots = {f"$slot_{register}": expression for register, expression in RESULTS.items()}
    watches = [Watch(register, f"$slot_{register}") for register in RESULTS]
    assign = Step(["runtime.mapassign_faststr"])
    return Run(
        ["held", *offsets],
        2,
        [
            Step(["main.hold"]),
            assign,
            Step([], returns=True, values=RESULTS, force=slots, pokes=[Poke("&'main.gate'", 1)]),
            Step(["main.secondDone"], alone="main.second"),
            Step(["main.hold"], watches=watches, values=RANGES),
            assign,
            Step([], returns=True, values={**RESULTS, **RANGES}),
        ],
    )


def offsets_of(stops: list[Stop]) -> list[str]:
    """Of the fields that say where the buckets are, in the map's header; empty if it lacks one."""
    found = stops[0].values if stops else {}
    header, fields = found.get("header"), [found.get(field) for field in OFFSETS]
    offsets = [str(field - header) for field in fields if isinstance(field, int) and isinstance(header, int)]
    return offsets if len(offsets) == len(OFFSETS) else []
