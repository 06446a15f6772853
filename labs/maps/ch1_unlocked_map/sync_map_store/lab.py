"""How do Store and Load of a sync.Map touch its own words, and what do they protect?

Section 1 of the article. The processor's debug registers tell which instructions touch the fields of a sync.Map; the
disassembly tells what these are; the race detector, and counts of crashes, tell what goes without a lock.
"""

from collections.abc import Sequence

import msgspec

from claimlab import (
    Bench,
    Binary,
    Instruction,
    Lab,
    Races,
    Run,
    Session,
    Step,
    Stop,
    Tally,
    Watch,
    disassembly,
    gdb,
    gobuild,
    processes,
    race,
    symbols,
)

lab = Lab(host_matters=True, asks={"zh": "Store 和 Load 怎样触碰 sync.Map 自己的字段，又保护了什么？"})

MAP = "'main.shared'"
FIELDS = ["mu", "read", "dirty", "misses"]
"""All words of a sync.Map that has a field `read`: 32 bytes, as many as the debug registers cover."""
INNER_WORDS = (0, 8, 16, 32)
"""Of the header of a map: its count, its flags, its buckets, and how far it has grown (runtime/map.go, hmap); or how
many slots are used, the seed, the directory, and the mark of a writer (internal/runtime/maps/map.go, Map)."""
STORE_POINTER = "sync/atomic.StorePointer"
LOADS_POINTER = ("LoadPointer(", "read.Load()")
"""What a source line says that loads the field atomically: itself, or by the method of atomic.Pointer."""
POINTER_METHODS = "sync/atomic/type.go"
LOAD_METHOD = "func (x *Pointer[T]) Load()"
METHODS = "sync.(*Map)."
PLAIN = "main.setPlain"
HOLD = ["main.hold"]
LOADS = 20000
FEW = 3
NO_FIELD = 3
"""Exit code of a process that finds no field `read`."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a function has to do with sync/atomic, by its machine code and the source lines this comes from."""

    function: str
    loads: list[Instruction]
    """Those that read memory and stem from a source line that loads the pointer atomically."""
    stores: list[Instruction]
    """Calls of sync/atomic.StorePointer."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    watched: Session
    """One run for each of :func:`watching`."""
    stored: Session
    """Stopped at sync/atomic.StorePointer on the way through a Store of a new key."""
    code: list[Part]
    """The methods of sync.Map that load or store a pointer atomically; and a function that uses a plain pointer."""
    lines: dict[str, str]
    """The source lines that these instructions stem from, by ``file:line``."""
    load_method: str
    """The source of atomic.Pointer's Load."""
    races: dict[str, Races]
    crashes: dict[str, Tally]
    """By experiment and GOMAXPROCS, such as ``frequent/2``."""

    def end(self, name: str) -> Stop:
        """Where one of the watched runs came to its end."""
        return self.watched.runs[list(watching()).index(name)].stops[1]


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    racing = gobuild.build(bench, flags="race")
    sources = Sources(bench)
    parts, lines = read_code(bench, program, sources)
    return Seen(
        watched=gdb.session(bench, program, list(watching().values())),
        stored=gdb.session(bench, program, [storing()]),
        code=parts,
        lines=lines,
        load_method=next((line for line in sources.of(POINTER_METHODS) if line.startswith(LOAD_METHOD)), ""),
        races={
            name: race.count(bench, racing, [name], runs=runs, gomaxprocs=2)
            for name, runs in {"through": 10, "replaced": 10, "existing": 40}.items()
        },
        crashes={
            f"{name}/{gomaxprocs}": processes.tally(
                bench, [f"./{program.name}", name], runs=runs, gomaxprocs=gomaxprocs
            )
            for name, runs in {"frequent": 100, "ordinary": 10}.items()
            for gomaxprocs in (2, 4)
        },
    )


def watching() -> dict[str, Run]:
    """Each from one hold to the next, with some words watched meanwhile."""
    read = Watch("read", f"&{MAP}.read", "access")
    plain = Watch("plain", "&'main.plain'", "access")
    inner = [Watch(f"inner+{offset}", f"'main.inner' + {offset}") for offset in INNER_WORDS]
    writes = [Watch(field, f"&{MAP}.{field}") for field in FIELDS]
    accesses = [Watch(field, f"&{MAP}.{field}", "access") for field in FIELDS]
    guarded = [Watch(field, f"&'main.guarded'.{field}") for field in ("mu", "read")]
    return {
        "stores": between_holds("stores", [read], counts=[STORE_POINTER]),
        "plain stores": between_holds("plain", [plain]),
        "stores, inner map": between_holds("stores", inner),
        "hits": between_holds("hits", writes),
        "few hits": between_holds("few-hits", accesses),
        "overwrites": between_holds("overwrites", writes),
        "misses": between_holds("misses", writes),
        "clean misses": between_holds("clean", writes),
        "guarded": between_holds("guarded", guarded),
    }


def between_holds(experiment: str, watches: list[Watch], counts: Sequence[str] = ()) -> Run:
    known = {"inner": "'main.inner'", "size": "'main.size'"}
    return Run([experiment], 1, [Step(HOLD, values=known), Step(HOLD, watches=watches, counts=list(counts))])


def storing() -> Run:
    return Run(["stores"], 1, [Step(HOLD), Step([STORE_POINTER, *HOLD], values={"read": f"&{MAP}.read"})])


class Sources:
    """Lines of the toolchain's own standard library."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._read: dict[str, list[str]] = {}

    def of(self, file: str) -> list[str]:
        if file not in self._read:
            text = self._bench.get(f"{self._bench.goroot}/src/{file}").decode()
            self._read[file] = [line.strip() for line in text.splitlines()]
        return self._read[file]

    def line(self, one: Instruction) -> str:
        """What an instruction of the packages sync and sync/atomic stems from; else empty."""
        return self.of(one.file)[one.line - 1] if one.file.startswith("sync/") and one.line else ""


def read_code(bench: Bench, program: Binary, sources: Sources) -> tuple[list[Part], dict[str, str]]:
    """The instructions of interest, and the source lines that tell what they are."""
    names = [symbol.name for symbol in symbols.table(bench, program).matching(METHODS)]
    parts: list[Part] = []
    lines: dict[str, str] = {}
    for function in disassembly.functions(bench, program, [*names, PLAIN]):
        code = function.instructions
        reads = [one for one in code if any(operand.access == "r" for operand in one.operands)]
        loads = [one for one in reads if any(word in sources.line(one) for word in LOADS_POINTER)]
        stores = [one for one in code if one.target == STORE_POINTER]
        if loads or stores or function.name == PLAIN:
            parts.append(Part(function.name, loads, stores))
        lines |= {f"{one.file}:{one.line}": sources.line(one) for one in (*loads, *stores)}
    return parts, lines
