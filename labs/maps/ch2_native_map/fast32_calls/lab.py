"""Which maps does the compiler hand to the fast32 functions, when, and what do these save?

The compiler's own listings (assembly, and the trees before and after its walk phase), gdb's counts of what is executed,
and its watchpoints on the type of the map while a key is assigned.
"""

from collections.abc import Mapping, Sequence

import msgspec

from claimlab import (
    Bench,
    Binary,
    CallSite,
    Counted,
    Lab,
    Run,
    RunSeen,
    Step,
    Stop,
    Symbol,
    Tree,
    Typed,
    Watch,
    diagnostics,
    gdb,
    gobuild,
    symbols,
)

lab = Lab(asks={"zh": "编译器把哪些 map 交给 fast32 系列函数，在哪个阶段，又省下了什么？"})

COMMAND = "go tool compile -S main.go"

TIMES = 20
"""Operations between two stops, in main.go."""
OPERATIONS = [
    "runtime.mapaccess1_fast32",
    "runtime.mapassign_fast32",
    "runtime.mapaccess1",
    "runtime.mapassign",
]
KINDS = ["int32", "uint32", "rune", "float32", "int16", "bytes", "struct"]
"""In the order in which kinds.go looks keys up."""
SIZES = [8, 128, 136]
HASHES = [
    "runtime.memhash32",
    "internal/runtime/maps.memHash32AES",
    "internal/runtime/maps.memHash32Fallback",
    "runtime.memhash32Fallback",
    "runtime.f32hash",
    "internal/runtime/maps.f32hash",
    "runtime.memhash",
    "internal/runtime/maps.memHashAES",
    "internal/runtime/maps.memHashFallback",
]
"""For keys of four bytes of plain memory, for floats, and for any memory; each up to 1.26, and in 1.27."""
FIELDS = ["Key", "Hasher", "KeySize", "GroupSize", "ElemOff"]
"""Of the map's type: two that all releases have, the word of sizes of the old maps, two of the Swiss ones. No release
has more than four of them, as many as there are debug registers."""


class Entered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which functions of package reflect were executed during assignments."""

    way: str
    functions: int
    """That were watched for: all that the binary has."""
    entered: dict[str, int]
    """Executions of their first instruction, by function; the others had none."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    calls: list[CallSite]
    """Calls of the runtime's map functions in the compiler's assembly of the whole program."""
    executed: dict[str, list[Counted]]
    """By gdb, during assignments and lookups: of a map with int32 keys, and with int16 keys."""
    hashed: dict[str, dict[str, int]]
    """By kind of key: how often each hash function was entered at its first instruction, during lookups."""
    reflecting: list[Entered]
    """For the generic assign function, the fast one, and an assignment through package reflect."""
    reading: dict[str, Stop]
    """Reads of the map's type during one assignment, by the generic function and by the fast one."""
    trees: list[Tree]
    """Of the typed program with int32 keys."""
    typed: dict[str, Typed]
    """The article's command, on programs with int32 keys, int16 keys, and int32 keys beside an import of fmt."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    listed = diagnostics.assembly(bench)
    typed = gobuild.lab_sources(bench, "typed")
    typed_sources = {name.removesuffix(".go"): {"main.go": source} for name, source in typed.items()}
    table = symbols.table(bench, program)
    hashes = {first(found): name for name in HASHES if (found := table.find(name))}
    kinds = Run(["kinds"], 1, [Step(["main.hold"]), *(Step(["main.hold"], counts=list(hashes)) for _ in KINDS)])
    runs = [counting("fast"), counting("narrow"), kinds, reading("broad"), reading("fast")]
    fast, narrow, hashed, *read = gdb.session(bench, program, runs).runs
    return Seen(
        calls=[call for call in listed if call.target.startswith(("runtime.mapaccess1", "runtime.mapassign"))],
        executed={"fast": fast.stops[1].counted, "narrow": narrow.stops[1].counted},
        hashed={kind: entered(stop, hashes) for kind, stop in zip(KINDS, hashed.stops[1:], strict=True)},
        reflecting=reflecting(bench, program, table.matching("reflect.")),
        reading={way: last_of(run) for way, run in zip(("generic", "fast"), read, strict=True)},
        trees=diagnostics.walked(bench, ["lookup", "assign", "ordinary"], typed_sources["int32"]),
        typed={
            name: diagnostics.typed(bench, COMMAND, source, f"typed-{name}") for name, source in typed_sources.items()
        },
    )


def counting(way: str) -> Run:
    return Run([way], 1, [Step(["main.hold"]), Step(["main.hold"], counts=OPERATIONS)])


def first(function: Symbol) -> str:
    """Its first instruction, for gdb: reached by a call, not where the function's body is inlined.

    Such addresses also serve names that gdb does not take.
    """
    return f"*{function.address:#x}"


def entered(stop: Stop, known: Mapping[str, str]) -> dict[str, int]:
    """The functions that were entered on the way to the stop, by name."""
    return {known[one.name]: one.hits for one in stop.counted if one.hits}


def reading(way: str) -> Run:
    """The type is the first argument: `t` where a map is a runtime.hmap, `typ` where it is a maps.Map."""
    watches = [
        Watch(f"{name}.{field}", f"&{name}.{field}", access="access") for name in ("t", "typ") for field in FIELDS
    ]
    return Run(
        [way],
        1,
        [
            Step(["main.hold"]),
            Step(["runtime.mapassign", "runtime.mapassign_fast32"]),
            Step([], returns=True, watches=watches),
        ],
    )


def last_of(run: RunSeen) -> Stop:
    return run.stops[-1]


def reflecting(bench: Bench, program: Binary, package: Sequence[Symbol]) -> list[Entered]:
    known = {first(symbol): symbol.name for symbol in package if symbol.kind == "function"}
    ways = {"broad": "runtime.mapassign", "fast": "runtime.mapassign_fast32", "reflected": "reflect.Value.SetMapIndex"}
    runs = [Run([way], 1, [Step(["main.hold"]), Step(["main.hold"], counts=list(known))]) for way in ways]
    session = gdb.session(bench, program, runs)
    return [
        Entered(way, len(known), entered(run.stops[1], known))
        for way, run in zip(ways.values(), session.runs, strict=True)
    ]
