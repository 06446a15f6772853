"""What gdb does to the program of map-unlocked: the runs of its three sessions, by experiment."""

from typing import Final

from claimlab import Poke, Run, Step, Watch

MAP: Final = "'main.shared'"
BUCKETS: Final = (f"{MAP}.buckets", f"{MAP}.dirPtr")
"""The first bucket; or the only group, as long as a Swiss map has no more than eight entries."""
HOLD: Final = "main.hold"
DEATHS: Final = ["runtime.fatal", "runtime.throw", "runtime.gopanic"]
GROWTH: Final = ["runtime.hashGrow", "internal/runtime/maps.(*Map).growToTable"]
"""Called by an assignment after it has marked the map: up to 1.23 and with noswissmap, and by Swiss maps."""
HASHING: Final = ["runtime.f64hash"]
"""Called for each entry that a growing map moves."""
COMPARING: Final = ["runtime.f64equal"]
"""Called where an entry with the right hash has been found: in a lookup after its check, in an assignment or a deletion
after it has set the mark."""
END: Final = ["runtime.exit"]
ENABLED: Final = "'runtime.writeBarrier'.enabled"
HASH_WRITING: Final = 4
"""runtime/map.go of Go 1.21-1.23: hashWriting = 4. Which bit is deadly is measured, by trying all eight."""
MARK: Final = {"flags": f"{MAP}.flags", "writing": f"{MAP}.writing"}
OPERATIONS: Final = [
    ("lookup", 4),
    ("lookup-absent", 0),
    ("comma-ok", 4),
    ("assign", 4),
    ("assign-absent", 0),
    ("delete", 4),
    ("delete-absent", 0),
    ("len", 4),
    ("range", 4),
    ("range", 0),
    ("range-next", 4),
    ("clear", 4),
    ("clear", 0),
    ("clone", 4),
]
"""What one goroutine does, and on a map of how many entries."""
FUNCTIONS: Final = {"runtime.mapaccess1": "lookup", "runtime.mapassign": "assign"}
"""The functions that 1-c names, and the operation of ours that calls each."""


def by_one_goroutine(*, bits: bool) -> dict[str, list[Run]]:
    """`bits`: the header has a field `flags`, whose bits can be tried."""
    return {
        "noticing": [noticing(operation, entries) for operation, entries in OPERATIONS],
        "bits": [single("lookup", pokes=[Poke(f"&{MAP}.flags", 1 << number)]) for number in range(8 * bits)],
        "locked": [single("assign", mark(), experiment="one-locked")],
        "nil": [single("assign", experiment="nil-locked"), single("assign", experiment="nil")],
        "recovering": [last_words("one-recover", mark()), last_words("nil-recover", [])],
        "watched marked": [single(operation, mark(), watching=True) for operation in FUNCTIONS.values()],
        "watched": [single(operation, watching=True) for operation in FUNCTIONS.values()],
        "barrier marked": [single(operation, mark(), barrier=True) for operation in FUNCTIONS.values()],
        "barrier": [single(operation, barrier=True) for operation in FUNCTIONS.values()],
        "bucket before": [single(operation, bucket(0x40, 1, 16, 24)) for operation in FUNCTIONS.values()],
        "bucket within": [within(operation, bucket(0x40, 1, 16, 24)) for operation in FUNCTIONS.values()],
        "bucket full": [single(f"{word}-absent", bucket(0x80, 4, 5, 6, 7)) for word in FUNCTIONS.values()],
        "bucket moved": [bad_entry()],
    }


def by_two_goroutines() -> dict[str, list[Run]]:
    growing = [Step(GROWTH), Step(HASHING), Step(HASHING)]
    return {
        "held marked": [held(writer, [Step(COMPARING)], marked=True) for writer in ("assign", "delete")],
        "held": [held("assign", [Step(COMPARING)], marked=False)],
        "growing marked": [held("grow", growing, marked=True)],
        "growing": [held("grow", growing, marked=False)],
        "half migrated": [half_migrated()],
        "reading": [reading()],
    }


def mark() -> list[Poke]:
    """Whichever of the two this toolchain's map has: set if it was clear, cleared if it was set."""
    return [Poke(f"&{MAP}.flags", HASH_WRITING), Poke(f"&{MAP}.writing", 1)]


def bucket(mask: int, *offsets: int) -> list[Poke]:
    """Bytes of the only bucket or group: eight of tophash or of control, one an entry, then keys and values.

    Our key 1 is the second entry's: at 16 in a bucket, where keys stand together; at 24 in a group, where each stands
    before its value.
    """
    return [Poke(f"uintptr({start})", mask, offset) for start in BUCKETS for offset in offsets]


def single(
    operation: str,
    pokes: list[Poke] | None = None,
    *,
    experiment: str = "one",
    watching: bool = False,
    barrier: bool = False,
) -> Run:
    """One operation on a map of four entries, of which something is changed before."""
    changed = Step([HOLD], pokes=pokes or [], force={ENABLED: "1"} if barrier else {})
    end = Step(
        [HOLD, *DEATHS],
        values={"barrier": ENABLED} if watching else {},
        watches=watches() if watching else [],
        alone="main.operate",  # the runtime's own goroutines look at the write barrier too
    )
    return Run([experiment, "4", operation], 1, [changed, end])


def noticing(operation: str, entries: int) -> Run:
    """The mark is set before the operation; before the second turn of the loop in the case of ``range-next``."""
    first = [Step([HOLD])] if operation == "range-next" else []
    steps = [*first, Step([HOLD], pokes=mark()), Step([HOLD, *DEATHS])]
    return Run(["one", str(entries), operation], 1, steps)


def watches() -> list[Watch]:
    """Every access to what the two functions might look at; of each pair this toolchain has one."""
    buckets, groups = BUCKETS
    return [
        Watch("mark", f"&{MAP}.flags", "access", 1),
        Watch("mark", f"&{MAP}.writing", "access", 1),
        Watch("barrier", "&'runtime.writeBarrier'", "access", 4),
        Watch("bucket", f"uintptr({buckets})", "access"),
        Watch("bucket", f"uintptr({groups})", "access"),
        Watch("key", f"uintptr({buckets}) + 16", "access"),
        Watch("key", f"uintptr({groups}) + 24", "access"),
    ]


def within(operation: str, pokes: list[Poke]) -> Run:
    """The same, changed while the function is at work: it has found the entry and compares the keys."""
    steps = [Step([HOLD]), Step(COMPARING, pokes=pokes), Step([HOLD, *DEATHS])]
    return Run(["one", "4", operation], 1, steps)


def bad_entry() -> Run:
    """A tophash that no entry can have (runtime/map.go: below minTopHash), in a bucket that is about to be moved."""
    changed = Step(GROWTH, force={f"{{uint8}}(uintptr({BUCKETS[0]})+1)": "3"})
    return Run(["one", "8", "assign-absent"], 1, [Step([HOLD]), changed, Step([HOLD, *DEATHS])])


def last_words(experiment: str, pokes: list[Poke]) -> Run:
    """An assignment under a deferred call that recovers, to the end of the process."""
    ending = Step(END, counts=["runtime.fatal", "runtime.gopanic", "main.recovered"])
    return Run([experiment, "4", "assign"], 1, [Step([HOLD], pokes=pokes), ending, Step([HOLD])])


def held(operation: str, way: list[Step], *, marked: bool) -> Run:
    """A writer goes `way` and is held; its mark is left, or cleared for as long as the reader, let run alone, reads."""
    opened = Poke("&'main.gate'", 1)
    held_there = Step(way[-1].at, values=MARK, pokes=[opened] if marked else [opened, *mark()])
    read = Step(["main.readDone", *DEATHS], alone="main.read", pokes=[] if marked else mark())
    steps = [Step([HOLD]), *way[:-1], held_there, read, Step([HOLD, *DEATHS])]
    return Run(["held", operation], 2, steps)


def half_migrated() -> Run:
    """Readers on a map that has begun to move its entries, without a writer."""
    values = {"oldbuckets": f"{MAP}.oldbuckets"}
    steps = [Step([HOLD], values=values), Step([HOLD, *DEATHS], values=values)]
    return Run(["migrating", "500"], 4, steps)


def reading() -> Run:
    """Eight readers, with every way of dying counted."""
    counts = [*DEATHS, "runtime.mapaccess1", "runtime.mapaccess2"]
    return Run(["read-read", "50"], 4, [Step([HOLD]), Step([HOLD, *END], counts=counts)])


MAPS: Final = 4
"""So many maps study() in headers.go is called with; it stops five times for each."""
WORD_BYTES: Final = 8
MOST_WORDS: Final = 8
"""The processor watches four at a time, and there are two rounds of lookups."""


def headers(size: int) -> dict[str, list[Run]]:
    """Writes to the header are watched: to its first words in a round of lookups, to the others in the next, and to the
    first again in an assignment."""
    first = [Watch(f"word {number}", f"'main.header' + {WORD_BYTES * number}") for number in range(MOST_WORDS // 2)]
    others = [
        Watch(f"word {number}", f"'main.header' + {WORD_BYTES * number}")
        for number in range(MOST_WORDS // 2, min(MOST_WORDS, size // WORD_BYTES))
    ]
    looked = [Step([HOLD]), Step([HOLD], watches=first), Step([HOLD], watches=others)]
    assigned = [Step([HOLD]), Step([HOLD], watches=first)]
    return {"headers": [Run(["headers", str(size)], 1, [*looked, *assigned] * MAPS)]}
