"""When does LoadOrStore of a sync.Map compare and swap, and what does it do when that fails?

Section 3.3 of the article. The processor's debug registers tell which instructions touch the word that holds a key's
value. Right before a compare-and-swap the debugger stores another value there, as another goroutine would, and notes
every instruction from then on. The article's listing is tried as a loop of our own, in its registers and in the right
ones.
"""

from typing import Final

import msgspec

from claimlab import (
    Bench,
    Binary,
    Function,
    Lab,
    LabBroken,
    Run,
    RunSeen,
    Session,
    Stop,
    Touch,
    disassembly,
    gdb,
    gdb_scripts,
    gobuild,
    processes,
    symbols,
)

from .under_gdb import CAS_POINTER, MENDED, ON_MAP, ON_WORD, WATCHED, forced, traces, watched

lab = Lab(asks={"zh": "sync.Map 的 LoadOrStore 在什么时候做 CAS，失败了又怎么办？"})

TRACE: Final = "trace.py"
CALLED_BY_CAS: Final = ("Cas", "CompareAndSwap")
"""What the names of the functions have in common through which a compare-and-swap is reached; beside them stands only
what tells the collector of the new pointer (runtime/atomic_pointer.go)."""


class Executed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One instruction that was executed."""

    address: int
    text: str
    """As gdb writes it."""
    function: str = ""
    """By the symbol table."""
    touches_word: bool = False
    """Its memory operand was the word, by the registers at that moment."""
    operand: int | None = None
    """Of a CMPXCHG: the address of its memory operand …"""
    expected: int | None = None
    """… what RAX held before …"""
    found: int | None = None
    """… what the memory held …"""
    swapped: bool | None = None
    """… and the zero flag after."""

    @property
    def compares(self) -> bool:
        return self.swapped is not None


class Trace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All instructions from one place until control was back in the lab's function."""

    experiment: str
    ended: bool
    """False if it was cut."""
    steps: list[Executed]


class Tried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one call of one of the lab's loops, which give up after 1000 tries."""

    loop: str
    holds: str
    """What the word held."""
    tries: int
    swapped: bool
    """Afterwards it held the new value."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    watched: Session
    """One run for each of WATCHED."""
    forced: Session
    """One run for each of ON_WORD; then one for each of ON_MAP, where LoadOrStore compares and swaps."""
    traces: dict[str, Trace]
    code: list[Function]
    """CompareAndSwapPointer, what it goes through, and the lab's loop."""
    paused: dict[str, int]
    """PAUSE instructions in each function of which an instruction was executed in a trace, executed or not."""
    loops: list[Tried]

    def end(self, experiment: str) -> Stop:
        """Where a watched run came to its end."""
        return self.watched.runs[WATCHED.index(experiment)].stops[1]

    def failing(self, name: str) -> RunSeen | None:
        """A run in which the compare-and-swap fails at least once; None if there is none."""
        return dict(zip((*ON_WORD, *ON_MAP), self.forced.runs, strict=False)).get(name)


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    looked = through(bench, program, [watched(name) for name in WATCHED])
    compare = first_compare(looked, "succeeds")
    if compare is None:
        raise LabBroken("no CMPXCHG touched the word that atomic.CompareAndSwapPointer was called with")
    with_map = first_compare(looked, "deleted") is not None
    traced = trace(bench, program, compare, with_map=with_map)
    executed = dict.fromkeys(step.function for one in traced.values() for step in one.steps)
    return Seen(
        looked,
        forced=through(bench, program, [forced(name, compare) for name in (*ON_WORD, *(ON_MAP if with_map else ()))]),
        traces=traced,
        code=code_of(bench, program),
        paused={
            function.name: sum(one.mnemonic == "pause" for one in function.instructions)
            for function in disassembly.functions(bench, program, [name for name in executed if name])
        },
        loops=loops(bench, program),
    )


def first_compare(session: Session, experiment: str) -> Touch | None:
    """The first CMPXCHG that touched the word."""
    touches = session.runs[WATCHED.index(experiment)].stops[1].touches
    return next((touch for touch in touches if "cmpxchg" in touch.instruction), None)


def through(bench: Bench, program: Binary, runs: list[Run]) -> Session:
    """All runs came to their last step."""
    session = gdb.session(bench, program, runs)
    for run, seen in zip(runs, session.runs, strict=True):
        if len(seen.stops) < len(run.steps):
            raise LabBroken(f"{run.args} ended before its last step", tail=seen.stderr or session.transcript[-500:])
    return session


def trace(bench: Bench, program: Binary, compare: Touch, *, with_map: bool) -> dict[str, Trace]:
    """What was executed, by the name of the trace; the functions' names come from the symbol table."""
    orders = traces(compare, with_map=with_map)
    order = {"binary": program.name, "runs": list(orders.values())}
    answer = gdb_scripts.ask(bench, {TRACE: bench.files[TRACE]}, order, list[Trace], what="the trace failed")
    table = symbols.table(bench, program)
    named = [msgspec.structs.replace(one, steps=[in_function(step, table) for step in one.steps]) for one in answer]
    return dict(zip(orders, named, strict=True))


def in_function(step: Executed, table: symbols.Symbols) -> Executed:
    symbol = table.containing(step.address)
    return msgspec.structs.replace(step, function=symbol.name if symbol else "")


def code_of(bench: Bench, program: Binary) -> list[Function]:
    """CompareAndSwapPointer, every function that it goes through to the instruction, and MENDED."""
    found = disassembly.functions(bench, program, [CAS_POINTER, MENDED])
    waiting = found[:1]
    while waiting:
        names = [name for name in waiting.pop().targets() if any(word in name for word in CALLED_BY_CAS)]
        new = disassembly.functions(bench, program, [name for name in names if name not in [one.name for one in found]])
        found += new
        waiting += new
    return found


def loops(bench: Bench, program: Binary) -> list[Tried]:
    return processes.answer(bench, [f"./{program.name}", "loops"], list[Tried], gomaxprocs=1)
