"""Where, how and how often does a program die that writes to one map from two goroutines?

Section 2.3 of the article. Three kinds of experiment: many fresh processes, of which we count how they end; one
process under gdb that is stopped where it dies; and single processes in which gdb changes one byte of the map, or
holds one goroutine inside the runtime while another one writes, to find out what the runtime's check looks at.
"""

import msgspec

from claimlab import Bench, Lab, Poke, Run, Session, Step, Tally, gdb, gobuild, processes

lab = Lab(host_matters=True, asks={"zh": "两个 goroutine 写同一个 map 的程序死在哪里、怎么死、多常死？"})

MAP = "'main.shared'"
DEATHS = ["runtime.fatalerror", "runtime.fatal", "runtime.throw"]
ASSIGNS = ["runtime.mapassign_fast64", "runtime.mapassign_fast32", "runtime.mapassign"]
GROWTH = ["runtime.hashGrow", "internal/runtime/maps.(*Map).growToTable"]
"""Called by an assignment after it has marked the map: up to 1.23 and with noswissmap, and by Swiss maps."""
HASHING = [
    "runtime.memhash64",
    "internal/runtime/maps.memHash64AES",
    "internal/runtime/maps.memHash64Fallback",
]
"""Called by an assignment after it has checked the mark and before it sets it: up to 1.26, and in 1.27."""
OPERATIONS = {"len": 0, "an assignment": 1, "a deletion": 2, "a deletion from an empty map": 4}
"""What is done to a map that gdb has marked, by its number in one.go."""
HASH_WRITING = 4
"""runtime/map.go of Go 1.21-1.23: hashWriting = 4. Which bit is deadly is measured, by trying all eight."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    counts: dict[str, Tally]
    """How fresh processes ended, by experiment and GOMAXPROCS, such as ``listed/2``."""
    dying: Session
    """Stopped where it dies of concurrent map writes."""
    throwing: Session
    """Stopped where it dies of something else, by ``runtime.throw``."""
    assigning: Session
    """Stopped at the entry of the runtime's assign function: a map[int]string, then a map[int32]string."""
    marked: Session
    """The byte that marks a map as being written was set by gdb: then one length, one assignment, one deletion, and one
    deletion from an empty map."""
    bits: Session
    """Each bit of hmap.flags was set by gdb, one process each, then one deletion."""
    under_way: Session
    """During an assignment gdb changed a byte: of the bucket, then (in another process) the mark."""
    overlapping: Session
    """gdb held one assignment before it marked the map, and in another process after, and let a second one run."""


@lab.observe
def observe(bench: Bench) -> Seen:
    program = gobuild.build(bench)
    return Seen(
        counts=count(bench, f"./{program.name}"),
        dying=gdb.session(bench, program, [dying()]),
        throwing=gdb.session(bench, program, [throwing()]),
        assigning=gdb.session(bench, program, [assigning("assign-once"), assigning("assign-other")]),
        marked=gdb.session(bench, program, [marked(operation) for operation in OPERATIONS.values()]),
        bits=gdb.session(bench, program, [bit(1 << number) for number in range(8)]),
        under_way=gdb.session(bench, program, [under_way(bucket()), under_way(mark())]),
        overlapping=gdb.session(bench, program, [overlapping(0, HASHING), overlapping(8, GROWTH)]),
    )


def count(bench: Bench, program: str) -> dict[str, Tally]:
    """Every experiment in fresh processes, with one and with two processors for Go code.

    The racing ones do more with two: they die early if they die, and on a busy machine the two goroutines need
    time to meet.
    """
    experiments: dict[str, tuple[int, dict[int, list[str]]]] = {
        "listed": (200, {1: [], 2: []}),
        "listed-waits": (200, {1: [], 2: []}),
        "assign-assign": (100, {1: ["1000000"], 2: ["30000000"]}),
        "assign-remove": (100, {1: ["1000000"], 2: ["30000000"]}),
        "locked": (100, {1: ["20000"], 2: ["20000"]}),
        "remove-alone": (100, {1: ["20000"], 2: ["20000"]}),
        "remove-absent": (100, {1: [], 2: []}),
        "assign-nil": (100, {1: [], 2: []}),
    }
    return {
        f"{name}/{gomaxprocs}": processes.tally(bench, [program, name, *words], runs=runs, gomaxprocs=gomaxprocs)
        for name, (runs, by_gomaxprocs) in experiments.items()
        for gomaxprocs, words in by_gomaxprocs.items()
    }


MESSAGE = {"rax": ("$rax", "$rbx"), "x0": ("$x0", "$x1")}
"""Where a string argument lies: the first two argument registers of Go's ABI, on amd64 and on arm64."""
HEADER = {"map": MAP, "flags": f"{MAP}.flags", "writing": f"{MAP}.writing"}


def dying() -> Run:
    # Room for all keys from the start, so that growth does not add deaths of other kinds.
    return Run(["presized", "1000000000"], 2, [Step(DEATHS, values=HEADER, strings=MESSAGE, goroutines=True)])


def throwing() -> Run:
    return Run(["bad-address"], 2, [Step(["main.hold"]), Step(DEATHS, values=HEADER, strings=MESSAGE)])


def assigning(experiment: str) -> Run:
    return Run([experiment], 1, [Step(["main.hold"]), Step(ASSIGNS, values=HEADER, strings=MESSAGE)])


def mark() -> list[Poke]:
    """Whichever of the two this toolchain's map has."""
    return [Poke(f"&{MAP}.flags", HASH_WRITING), Poke(f"&{MAP}.writing", 1)]


def bucket() -> list[Poke]:
    """The lowest byte of the first key: after 8 tophash bytes in a bucket, after 8 control bytes in a group."""
    return [Poke(f"{MAP}.buckets", 0x40, 8), Poke(f"{MAP}.dirPtr", 0x40, 8)]


def marked(operation: int) -> Run:
    return Run(
        ["tampered", str(operation)],
        1,
        [Step(["main.hold"], values=HEADER, pokes=mark()), Step(["main.hold", *DEATHS])],
    )


def bit(mask: int) -> Run:
    return Run(
        ["tampered", "2"],
        1,
        [
            Step(["main.hold"], values=HEADER, pokes=[Poke(f"&{MAP}.flags", mask)]),
            Step(["main.hold", *DEATHS]),
        ],
    )


def under_way(pokes: list[Poke]) -> Run:
    return Run(
        ["tampered", "3"],
        1,
        [Step(["main.hold"]), Step(GROWTH, values=HEADER, pokes=pokes), Step(["main.hold", *DEATHS])],
    )


def overlapping(present: int, inside: list[str]) -> Run:
    return Run(
        ["overlap", str(present)],
        2,
        [
            Step(["main.hold"]),
            Step(inside, values=HEADER, pokes=[Poke("&'main.gate'", 1)]),
            Step(["main.secondDone", *DEATHS], alone="main.second"),
            Step(["main.hold", *DEATHS], values={**HEADER, "count": f"{MAP}.count", "used": f"{MAP}.used"}),
        ],
    )
