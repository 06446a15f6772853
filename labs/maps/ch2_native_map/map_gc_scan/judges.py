"""What the observations of map-gc-scan say of the claims 2.5-a, b, h and i."""

from dataclasses import dataclass

from claimlab import (
    Control,
    Finding,
    HeapCounts,
    Judges,
    Outcome,
    PointerLayout,
    RunSeen,
    Stop,
    decided,
    fails,
    heap,
    holds,
    unclear,
)

from .lab import BLOCK_BYTES, ENTRIES, MARKED, QUEUES, TARGETS, Kept, Seen

judges = Judges()

WORD_BYTES = 8


def mask(block: PointerLayout) -> str:
    if not block.words:
        return f"{block.name}: no pointers in {block.size} bytes"
    return f"{block.name}: pointers in the words {', '.join(map(str, block.words))} of {block.size // WORD_BYTES}"


# --- how much ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sized:
    """A map type: its blocks' layout, and what a collection scans while one big map of it is alive."""

    block: PointerLayout
    scanned_bytes: int


@dataclass(frozen=True)
class Pair:
    one: Sized
    other: Sized


def pair(seen: Seen, one: str, other: str) -> Pair:
    nothing = seen.scanned["nothing"]
    return Pair(*(Sized(seen.blocks[name], more(seen.scanned[name], nothing)) for name in (one, other)))


def more(with_map: HeapCounts, without: HeapCounts) -> int:
    return with_map[heap.SCANNED] - without[heap.SCANNED]


@judges.of(
    "2.5-a",
    sees=lambda seen: pair(seen, "intToInt", "intToPointer"),
    control=Control(
        "two types with the same layout: map[int]int and map[int]uint",
        lambda seen: pair(seen, "intToInt", "intToUint"),
        Outcome.FAILS,
    ),
)
def scanning_depends_on_layout(pair: Pair) -> Finding:
    """Of two maps with the same keys and number of entries, whose types differ only in where pointers lie, the
    collector scans different amounts.

    By the runtime's count of scanned bytes, and by the pointer masks of the types of their blocks.
    """
    one, other = pair.one, pair.other
    by_mask = one.block.ptr_bytes != other.block.ptr_bytes
    difference = abs(one.scanned_bytes - other.scanned_bytes) / ENTRIES
    words = f"with {ENTRIES:,} entries a collection scans {one.scanned_bytes:,} bytes for `{one.block.name}` and "
    words += f"{other.scanned_bytes:,} for `{other.block.name}`; by their types a block is scanned up to byte "
    words += f"{one.block.ptr_bytes} and {other.block.ptr_bytes}"
    shown = f"{mask(one.block)}\n{mask(other.block)}"
    if difference >= WORD_BYTES and by_mask:
        return holds(words, shown)
    if difference < WORD_BYTES / 10 and not by_mask:
        return fails(words, shown)
    return unclear(words, shown)


# --- what is followed --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Values:
    """A map type with pointer values, one that is to be put in its place, and what each keeps alive by its values."""

    pointers: PointerLayout
    replaced: PointerLayout
    by_pointers: Kept
    by_replaced: Kept

    @property
    def value_words(self) -> set[int]:
        """The words that are pointers in the one and not in the other."""
        return set(self.pointers.words or []) - set(self.replaced.words or [])


@judges.of(
    "2.5-b",
    sees=lambda seen: Values(
        seen.blocks["stringToPointer"],
        seen.blocks["stringToInt"],
        seen.kept["values *int"],
        seen.kept["values int"],
    ),
    control=Control(
        "map[string]*int in its own place",
        lambda seen: Values(
            seen.blocks["stringToPointer"],
            seen.blocks["stringToPointer"],
            seen.kept["values *int"],
            seen.kept["values *int"],
        ),
        Outcome.FAILS,
    ),
)
def values_are_skipped(values: Values) -> Finding:
    """The collector follows nothing that stands in an int value, as it does with a *int value.

    Two ways to see it: objects that only the values refer to are freed; and the pointer mask has the value words of a
    block with *int and not with int. That these lie in a block that is scanned for its keys is not held against it.
    """
    freed, kept = values.by_replaced, values.by_pointers
    words = f"of {freed.objects} objects whose addresses stand only in the values, {freed.freed} are freed with "
    words += f"`{values.replaced.name}` and {kept.freed} with `{values.pointers.name}`; the masks differ in "
    words += f"{len(values.value_words)} words"
    shown = f"{mask(values.pointers)}\n{mask(values.replaced)}"
    if kept.freed or values.pointers.words is None or values.replaced.words is None:
        return unclear(words, shown)
    by_fate = {0: False, freed.objects: True}.get(freed.freed)
    by_mask = {0: False, 8: True}.get(len(values.value_words))  # both kinds of map have eight entries in a block
    if by_fate is None or by_fate != by_mask:
        return unclear(words, shown)
    return decided(by_fate, words, shown)


@dataclass(frozen=True)
class Traced:
    """What values of type *int keep alive, and what a map without pointer values keeps alive by its keys."""

    by_values: Kept
    by_keys: Kept
    keys: str
    block: PointerLayout | None = None


@judges.of(
    "2.5-h",
    sees=lambda seen: Traced(
        seen.kept["values *int"], seen.kept["keys string"], "the keys of a `map[string]int`", seen.blocks["stringToInt"]
    ),
    control=Control(
        "map[uintptr]int in the place of map[string]int: its keys hold the same addresses",
        lambda seen: Traced(seen.kept["values *int"], seen.kept["keys uintptr"], "the keys of a `map[uintptr]int`"),
        Outcome.HOLDS,
    ),
)
def traced_only_with_pointer_values(traced: Traced) -> Finding:
    """Objects that only a map[string]*int refers to, by its values, are kept; and nothing is kept that only a
    map[string]int refers to, by the bytes of its keys."""
    values, keys = traced.by_values, traced.by_keys
    words = f"the collector keeps {values.objects - values.freed} of {values.objects} objects that only `*int` values "
    words += f"point to, and {keys.objects - keys.freed} of {keys.objects} that only {traced.keys} point to"
    shown = mask(traced.block) if traced.block else ""
    if values.freed or keys.freed not in (0, keys.objects):
        return unclear(words, shown)
    return decided(keys.freed == keys.objects, words, shown)


# --- the mark stack ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fate:
    """What became of an object when the collector followed the *int that points to it."""

    function: str
    caller: str
    found_by_scan: bool
    """The function was called for this object, by one that scans another object."""
    queued: list[str]
    """Touches of the mark stack, by instruction."""
    marked: list[str]
    """Touches of the count of bytes that are marked without being queued."""


def fate(run: RunSeen) -> Fate | None:
    if len(run.stops) < 3:
        return None
    found, done = run.stops[1:]
    argument, block, caller = first_argument(found), found.values["block"], found.frames[1].function
    lines = {
        label: [
            f"{touch.label}: {touch.before} → {touch.after} by {touch.instruction} in {touch.function}:{touch.line}"
            for touch in done.touched(label)
        ]
        for label in (*QUEUES, MARKED)
    }
    ours = isinstance(argument, int) and isinstance(block, int) and 0 <= argument - block < BLOCK_BYTES
    by_scan = ours and "scan" in caller.lower()
    return Fate(found.at, caller, by_scan, [line for label in QUEUES for line in lines[label]], lines[MARKED])


def first_argument(stop: Stop) -> str | int | None:
    return stop.arguments.get("obj", stop.arguments.get("p"))


def fates(seen: Seen, *targets: str) -> dict[str, Fate | None]:
    return {target: fate(seen.marking.runs[TARGETS.index(target)]) for target in targets}


@judges.of(
    "2.5-i",
    sees=lambda seen: fates(seen, "plain", "array"),
    control=Control(
        "a *int that points into a struct with a pointer in it", lambda seen: fates(seen, "mixed"), Outcome.HOLDS
    ),
)
def each_is_queued(fates: dict[str, Fate | None]) -> Finding:
    """Where the collector has found what a *int of the map points to, an entry is added to the worker's mark stack.

    An ordinary *int, to memory without pointers, is meant; both an int of its own and one in an array are tried. The
    worker's buffer of objects and, in newer collectors, its queue of spans count as the mark stack.
    """
    told, outcomes = [], []
    for target, one in fates.items():
        if one is None or not one.found_by_scan or bool(one.queued) == bool(one.marked):
            return unclear(f"the collector was not seen to mark the object of kind {target}")
        told += [f"*int → {target}, in {one.function} < {one.caller}: {line}" for line in one.queued or one.marked]
        outcomes.append(bool(one.queued))
    by = " and ".join(sorted({f"`{one.function}`" for one in fates.values() if one}))
    words = f"{by} put {sum(outcomes)} of {len(outcomes)} targets of `*int` values on the mark stack"
    words += "" if all(outcomes) else "; of the others it counted the bytes as marked, and queued nothing"
    return decided(all(outcomes), words, "\n".join(told))
