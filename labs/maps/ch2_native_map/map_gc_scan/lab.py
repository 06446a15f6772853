"""What does the collector look at in a map, and what does it follow?

The runtime's own count of scanned bytes; the pointer masks in the types' descriptors; how many objects are freed that
only a map refers to; and gdb at the place where the collector marks what a value points to.
"""

import platform

import msgspec

from claimlab import (
    Bench,
    HeapCounts,
    Lab,
    PointerLayout,
    Run,
    Session,
    Step,
    Wanted,
    Watch,
    gdb,
    gobuild,
    heap,
    layout,
    processes,
)

lab = Lab(asks={"zh": "GC 扫描 map 时看哪些内存，顺着哪些指针走？"})

TYPES = ["stringToInt", "stringToPointer", "intToInt", "intToUint", "intToPointer"]
ENTRIES = 200_000
"""Of each map whose scanning is counted, in scan.go."""
TARGETS = ["plain", "array", "mixed"]
"""What a value of type *int points to: an int by itself, one of an array of ints, one beside a pointer in a struct."""
MARKERS = ["runtime.greyobject", "runtime.tryDeferToSpanScan"]
"""The functions that mark what a pointer leads to; their first argument is the start of the object, or the pointer. In
the collector that is the default since 1.26 the second takes small objects (runtime/mgcmark_greenteagc.go)."""
BLOCK_BYTES = 16
"""A *int of the map lies so close to the start of the object it points into."""
FIRST_ARGUMENT = {"x86_64": "$rax", "aarch64": "$x0"}
"""In Go's register ABI (https://go.dev/s/regabi)."""
QUEUES = {
    "objects queued": "(gcw.wbuf1 != 0) ? &gcw.wbuf1.workbufhdr.nobj : &gcw.wbuf1",
    "spans queued": "&gcw.spanq.tail",
}
"""The mark stack of one worker: the number of objects in its buffer, or the pointer to that as long as there is none;
and in newer collectors the end of its queue of spans, which are the runs of pages that objects lie in."""
MARKED = "bytes marked"


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many objects the collector freed that nothing but one map refers to."""

    label: str
    objects: int
    freed: int


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    scanned: dict[str, HeapCounts]
    """After a collection, with one big map alive; under ``nothing`` without one."""
    blocks: dict[str, PointerLayout]
    """The bucket or group of each map type, as its descriptor has it."""
    kept: dict[str, Kept]
    """By what refers to the objects: the values or the keys of a map, of which type."""
    marking: Session
    """One process for each kind of object that a value points to: where the collector marks it."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench, heap.with_reports(gobuild.lab_sources(bench)))
    wanted = [Wanted(name, f"'main.{name}'", block_of_map=True) for name in TYPES]
    blocks = layout.pointers(bench, program, wanted, at="main.hold", gomaxprocs=1, args=["types"])
    scan = processes.once(bench, [f"./{program.name}", "scan"], gomaxprocs=2).or_broken("the program failed")
    kept = processes.answer(bench, [f"./{program.name}", "keep"], list[Kept], gomaxprocs=2, lines=True)
    return Seen(
        scanned=heap.reports(scan),
        blocks={block.label: block for block in blocks},
        kept={one.label: one for one in kept},
        marking=gdb.session(bench, program, [marking(target) for target in TARGETS]),
    )


def marking(target: str) -> Run:
    """One processor, so one worker of the collector; its counts are watched until the object has been dealt with."""
    watches = [Watch(label, address, size=4) for label, address in QUEUES.items()]
    argument = FIRST_ARGUMENT[platform.machine()]
    return Run(
        [target],
        1,
        [
            Step(["main.hold"]),
            Step(
                MARKERS,
                when=f"{argument} >= 'main.block' && {argument} < 'main.block' + {BLOCK_BYTES}",
                values={"block": "'main.block'"},
            ),
            Step([], returns=True, watches=[*watches, Watch(MARKED, "&gcw.bytesMarked")]),
        ],
    )
