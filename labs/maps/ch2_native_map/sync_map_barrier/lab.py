"""How does the collector learn of what is stored in a sync.Map?

Section 2.4 of the article. While the collector marks, gdb counts how often the write barrier is executed on the way
through one Store, and from where; and, at any time, how often something is registered with the collector.
"""

import msgspec

from claimlab import Bench, Instruction, Lab, Run, Session, Step, disassembly, gdb, gobuild, processes

lab = Lab(host_matters=True, asks={"zh": "存进 sync.Map 的东西，GC 是怎样得知的？"})

MARKING = "'runtime.writeBarrier'.enabled"
BARRIERS = [
    *(f"runtime.gcWriteBarrier{slots}" for slots in range(1, 9)),
    "runtime.atomicwb",
    "runtime.bulkBarrierPreWrite",
]
"""What tells the collector of a pointer that is being written: of one by one, called by compiled code; by the atomic
operations; of whole values (runtime/asm_amd64.s, atomic_pointer.go, mbitmap.go)."""
ATOMICS = ["sync/atomic.StorePointer", "sync/atomic.SwapPointer", "sync/atomic.CompareAndSwapPointer"]
REGISTERING = [
    "runtime.addspecial",
    "runtime.addfinalizer",
    "runtime.SetFinalizer",
    "runtime.addCleanup",
    "runtime.getOrAddWeakHandle",
    "runtime.setPinned",
]
"""What makes an object known to the collector by an entry of its own: a special (a finalizer, a cleanup, a weak
pointer) or a pin (runtime/mheap.go, mfinal.go, mcleanup.go, pinner.go). All specials go through the first."""
STORES = ["main.storeShared", "main.storeAgain"]
ORDINARY = "main.storeOrdinary"
ROUNDS = 3
HOLD = ["main.hold"]


class Survival(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of values, by finalizers."""

    stored: int
    intact: int
    """Found in the map after collections, as they were stored."""
    kept_collected: int
    """Of those that are in the map."""
    dropped_collected: int
    """Of as many that are nowhere."""


class Atomic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of sync/atomic's pointer operations, by its machine code."""

    name: str
    present: bool
    looks: list[Instruction]
    """At runtime.writeBarrier."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    marking: Session
    """Several times each: stopped at a function that stores, while the collector marks, and when it had returned."""
    atomics: list[Atomic]
    registering: Session
    """Stopped before and after 100 Stores of new keys, and after one object was given a finalizer."""
    survival: Survival


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    survival = processes.answer(bench, [f"./{program.name}", "survive"], Survival, gomaxprocs=2)
    return Seen(
        marking=gdb.session(bench, program, [marking()]),
        atomics=[
            Atomic(
                function.name,
                function.present,
                [one for one in function.instructions if one.refers.startswith("runtime.writeBarrier")],
            )
            for function in disassembly.functions(bench, program, ATOMICS)
        ],
        registering=gdb.session(bench, program, [registering()]),
        survival=survival,
    )


def marking() -> Run:
    steps = []
    for _ in range(ROUNDS):
        for function in (*STORES, ORDINARY):
            steps.append(Step([function], when=f"{MARKING} != 0", values={"marking": MARKING}))
            steps.append(Step([], returns=True, counts=BARRIERS, values={"marking": MARKING}))
    return Run(["marking"], 2, steps)


def registering() -> Run:
    return Run(["registered"], 1, [Step(HOLD), Step(HOLD, counts=REGISTERING), Step(HOLD, counts=REGISTERING)])
