"""Whether the collector's write barrier is executed: the claims 2.4-a, d and h.

Two instruments: gdb counts executions while the collector marks; and the machine code either tests whether it marks
and calls what records pointers, or does not.
"""

from collections.abc import Callable
from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Stop, fails, holds, unclear

from .lab import COPIES, GROWS, MOVES, Code, Seen
from .under_gdb import RECORDERS

judges = Judges()

POINTER_BYTES = 8
Part = tuple[Stop, Stop] | None
"""The stops before and after something; None if the run did not come so far."""
Belongs = Callable[[list[str]], bool]
"""Whether an execution with this call chain, innermost first, is part of it."""


@dataclass(frozen=True)
class Work:
    """Something that the program did while the collector marked, and the code that did it."""

    what: str
    parts: list[Part]
    idle: list[Part]
    """The same, or its like, while the collector did nothing."""
    belongs: Belongs
    code: list[Code]
    besides: str = ""
    """What else the reader should know."""


def executions(parts: list[Part], belongs: Belongs) -> dict[str, int]:
    """How often something that records pointers was executed, by call chain."""
    found: dict[str, int] = {}
    for part in parts:
        for counted in part[1].counted if part else ():
            for chain, hits in counted.chains.items():
                if belongs(chain.split(" < ")):
                    found[chain] = found.get(chain, 0) + hits
    return found


def recorded(parts: list[Part]) -> int:
    """Pointers put into the barrier's buffers; too few, or negative, if these were emptied on the way."""
    return sum(
        (after - before) // POINTER_BYTES
        for part in parts
        if part
        for buffer in ("buffer 0", "buffer 1")
        for before, after in [(part[0].values.get(buffer), part[1].values.get(buffer))]
        if isinstance(before, int) and isinstance(after, int)
    )


def without_barrier(work: Work) -> Finding:
    if not all(part and part[0].values.get("marking") and part[1].values.get("marking") for part in work.parts):
        return unclear(f"{work.what}: the collector was not seen marking from start to end")
    if not work.code:
        return unclear(f"{work.what}: its machine code was not found")
    found = executions(work.parts, work.belongs)
    hits, pointers = sum(found.values()), recorded(work.parts)
    guarded = [one for one in work.code if one.tests and any(call in RECORDERS for call in one.calls)]
    words = f"{work.what} executed the write barrier {hits} times while the collector was marking"
    words += f" ({pointers} pointers recorded from stop to stop)" if pointers >= 0 else ""
    words += f"; without marking {recorded(work.idle)} pointers were recorded" if None not in work.idle else ""
    names = ", ".join(f"`{one.name}`" for one in guarded or work.code)
    words += f"; the machine code of {names} "
    words += "tests `runtime.writeBarrier` and calls the barrier" if guarded else "has no test of it and no call"
    words += work.besides
    shows = [f"{count} × {chain}" for chain, count in sorted(found.items(), key=lambda one: -one[1])[:4]]
    shows += [line for one in guarded[:2] for line in (f"{one.name}:", one.shows)]
    if bool(hits) != bool(guarded):
        return unclear(f"the count and the machine code disagree: {words}", "\n".join(shows))
    return (fails if hits else holds)(words, "\n".join(shows))


def among(seen: Seen, names: list[str]) -> list[Code]:
    return [one for one in seen.code if one.present and one.name in names]


def passes(names: list[str]) -> Belongs:
    return lambda frames: any(name in frames for name in names)


def ours(seen: Seen, *operations: str, what: str, besides: str = "") -> Work:
    """What functions of our own did, their callees included."""
    names = list(dict.fromkeys(operation.partition(" ")[0] for operation in operations))
    return Work(
        what,
        [seen.done(operation, marking=True) for operation in operations],
        [seen.done(operation, marking=False) for operation in operations],
        passes(names),
        among(seen, names),
        besides,
    )


# --- growth ------------------------------------------------------------------------------------------------


def growth(seen: Seen) -> Work:
    stops = seen.overlapping.runs[0].stops
    part = (stops[2], stops[3]) if len(stops) == 4 else None
    start = f"`{part[0].at}`" if part else "no function known"
    return Work(
        f"the growth that one of two overlapping assignments began, in {start},",
        [part],
        [seen.done("main.growPointers", marking=False)],
        passes(GROWS),
        among(seen, GROWS),
    )


@judges.of(
    "2.4-a",
    sees=growth,
    control=Control(
        "a function of ours that stores integers, while the collector marks",
        lambda seen: ours(seen, "main.storeIntegers", what="storing four integers"),
        Outcome.HOLDS,
    ),
)
def growth_has_no_barrier(work: Work) -> Finding:
    """While the collector marks, the growth that an assignment begins beside another one executes no write barrier, and
    its machine code has none.

    When the collector is not marking no barrier does anything, in any code: it is there for the marking alone.
    """
    return without_barrier(work)


# --- entries -----------------------------------------------------------------------------------------------


def copies_entries(frames: list[str]) -> bool:
    """Growth uses typedmemmove for keys and values alone; the header's pointers it writes itself."""
    return frames[1] in MOVES and passes(COPIES)(frames) and passes(GROWS)(frames)


def copies_by_itself(frames: list[str]) -> bool:
    """What puts an entry into its place stores a key's pointer: up to 1.23 a string is assigned there."""
    return frames[1] in COPIES and passes(GROWS)(frames)


def entries(seen: Seen) -> Work:
    grown = [seen.done("main.growPointers", marking=True)]
    copying = {name for chain in executions(grown, copies_entries) for name in chain.split(" < ")}
    copiers = [one for one in among(seen, COPIES) if one.name in copying] or among(seen, COPIES)
    move = any(call in MOVES for one in copiers for call in one.calls)
    plain = executions([seen.done("main.growNumbers", marking=True)], copies_entries)
    own = executions(grown, copies_by_itself)
    orders = sum(one.orders for one in copiers)
    names = ", ".join(f"`{one.name}`" for one in copiers)
    return Work(
        "copying the entries of a growing map[string]*T",
        grown,
        [seen.done("main.growPointers", marking=False)],
        copies_entries,
        among(seen, MOVES) if move else copiers,
        f", and {names} {'calls' if move else 'does not call'} what copies typed values"
        f"; beside that, {names} executed it {sum(own.values())} times by assignments of its own"
        f"; a growing map[int]int executed it {sum(plain.values())} times for its entries"
        f"; instructions that order memory for other processors in {names}: {orders}",
    )


@judges.of(
    "2.4-d",
    sees=entries,
    control=Control(
        "a function of ours that copies entries without pointers, while the collector marks",
        lambda seen: ours(seen, "main.copyPairs", what="copying eight pairs of integers"),
        Outcome.HOLDS,
    ),
)
def entries_have_no_barrier(work: Work) -> Finding:
    """While the collector marks, a growing map copies its entries to their new place without executing a write barrier.

    The section is about that barrier, and an entry that it covers is not without any. “Out of an old bucket” is read
    as: from where the entries lay before the growth. What protects entries from other goroutines is told beside it.
    """
    return without_barrier(work)


# --- assignments -------------------------------------------------------------------------------------------

ASSIGNMENTS = {
    "main.assignText present": "of a key that is there to a map[string]string",
    "main.assignText new": "of a new key to a map[string]string",
    "main.assignPointer new": "to a map[string]*T",
    "main.assignByNumber new": "to a map[int]*T",
    "main.assignCount new": "to a map[string]int",
}


def told_apart(seen: Seen) -> str:
    """By the function that executed it: the key's barrier is in the runtime's, the value's in the one that assigns."""
    words = []
    for operation, what in ASSIGNMENTS.items():
        function = operation.partition(" ")[0]
        found = executions([seen.done(operation, marking=True)], passes([function]))
        own = sum(hits for chain, hits in found.items() if chain.split(" < ")[1] == function)
        words.append(f"{what} {sum(found.values()) - own} and {own}")
    return "; in the runtime's assign function and in the one that assigns: " + ", ".join(words)


@judges.of(
    "2.4-h",
    sees=lambda seen: ours(
        seen,
        *ASSIGNMENTS,
        what="five assignments that made nothing grow",
        besides=told_apart(seen),
    ),
    control=Control(
        "an assignment to a map[int]int that makes nothing grow",
        lambda seen: ours(seen, "main.assignNumber new", what="an assignment to a map[int]int"),
        Outcome.HOLDS,
    ),
)
def assigning_has_no_barrier(work: Work) -> Finding:
    """While the collector marks, assignments to maps with pointers in their keys or values execute no write barrier,
    nor has the machine code of the functions that assign one."""
    return without_barrier(work)
