"""Which instructions touch the words of a sync.Map: the claims 1-k, 1-q and 1-s."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from claimlab import Control, Finding, Judges, Outcome, Races, Touch, fails, holds, unclear, void

from .lab import FEW, LOADS, PLAIN, STORE_POINTER, Part, Seen

judges = Judges()

LOAD_POINTER = "LoadPointer("
NO_FIELD = "`sync.Map` has no field `read` in this toolchain"


def as_text(touches: Sequence[Touch]) -> str:
    """One line for each touch: the word, the instruction, the functions around it."""
    return "\n".join(f"{touch.label}: {touch.instruction}   in {chain(touch)}" for touch in touches)


def chain(touch: Touch) -> str:
    """The innermost functions, type arguments left out."""
    return " < ".join(re.sub(r"\[.*\]", "[…]", name) for name in touch.callers[:3])


def is_locked(touch: Touch) -> bool:
    """It is atomic by itself: locked, or an exchange; on arm64 an exclusive or one of LSE's."""
    return re.match(r"lock|xchg|(ldadd|ldclr|ldeor|ldset|swp|cas|stl?xr)", touch.instruction) is not None


@dataclass(frozen=True)
class Field:
    """A word that holds a pointer: what touched it in a run, and what the machine code of its users says."""

    name: str
    exists: bool
    touches: list[Touch]
    code: list[Part]
    lines: dict[str, str]
    load_method: str
    argument_is_it: bool = False
    """A debugger that stopped at sync/atomic.StorePointer found the word's address as its first argument."""

    def load(self, touch: Touch) -> str:
        """The source line of the atomic load that this touch is, by the machine code; else empty."""
        loads = [one for part in self.code for one in part.loads if one.address == touch.instruction_address]
        line = self.lines[f"{loads[0].file}:{loads[0].line}"] if loads and touch.before == touch.after else ""
        return line if LOAD_POINTER in line or LOAD_POINTER in self.load_method else ""

    def is_store(self, touch: Touch) -> bool:
        return STORE_POINTER in touch.callers


def field_read(seen: Seen) -> Field:
    stop = seen.end("stores")
    entered = seen.stored.runs[0].stops[-1]
    there = entered.values["read"]
    given = entered.arguments.get("ptr") if entered.at == STORE_POINTER else None
    methods = [part for part in seen.code if part.function != PLAIN]
    exists = "read" not in stop.unwatched
    same = there is not None and given == there
    return Field("read", exists, stop.touches, methods, seen.lines, seen.load_method, same)


def plain_pointer(seen: Seen) -> Field:
    own = [part for part in seen.code if part.function == PLAIN]
    return Field("plain", True, seen.end("plain stores").touches, own, seen.lines, seen.load_method)


@judges.of(
    "1-q",
    sees=field_read,
    control=Control("a pointer variable that is read and written by plain assignments", plain_pointer, Outcome.FAILS),
)
def is_used_atomically(word: Field) -> Finding:
    """Every instruction that touches the field in three Stores is LoadPointer's or StorePointer's.

    Also where they stand in the methods of atomic.Pointer. LoadPointer is a plain MOV on amd64, so it is known by the
    source line that its machine code belongs to; StorePointer is a call. Debug registers say what touches the field;
    the disassembly and the argument of StorePointer have to say the same.
    """
    if not word.exists:
        return void(NO_FIELD)
    loads = [touch for touch in word.touches if word.load(touch)]
    stores = [touch for touch in word.touches if word.is_store(touch)]
    others = len(word.touches) - len(loads) - len(stores)
    words = f"`{word.name}` was touched {len(word.touches)} times: {len(loads)} × loaded by `LoadPointer`, "
    words += f"{len(stores)} × stored inside `{STORE_POINTER}`, {others} × otherwise"
    callers = [
        part.function for part in word.code if part.stores and any(part.function in one.callers for one in stores)
    ]
    words += f"; by the disassembly, {', '.join(f'`{name}`' for name in callers) or 'none of its users'} "
    words += f"calls `{STORE_POINTER}`" + (f", which got the address of `{word.name}`" if word.argument_is_it else "")
    shows = "\n".join([as_text(word.touches), *dict.fromkeys([*map(word.load, loads), word.load_method])])
    watched = bool(loads and stores) and others == 0
    read = bool(callers) and any(part.loads for part in word.code) and word.argument_is_it
    if watched != read:
        return unclear(f"the instruments disagree: {words}", shows)
    return holds(words, shows) if watched else fails(words, shows)


@dataclass(frozen=True)
class Line:
    """The words of a map that lie together, and what wrote to them in many lookups."""

    name: str
    exists: bool
    size: int | None
    writes: list[Touch]
    cut: bool
    """There were more writes than have been noted."""
    few: list[Touch] = field(default_factory=list)
    """Every access, reads too, in a few lookups more."""
    beside: str = ""


def whole_map(seen: Seen) -> Line:
    hits, misses, clean = seen.end("hits"), seen.end("misses"), seen.end("clean misses")
    size = seen.watched.runs[0].stops[0].values["size"]
    exists = "read" not in hits.unwatched
    beside = (
        f"; {FEW} `Load`s of an absent key wrote {len(misses.touches)} times while the map was amended, and "
        f"{len(clean.touches)} times while it was not"
        if exists
        else ""
    )
    few = seen.end("few hits").touches
    return Line("sync.Map", exists, size if isinstance(size, int) else None, hits.touches, bool(hits.cut), few, beside)


def guarded_map(seen: Seen) -> Line:
    stop = seen.end("guarded")
    return Line("a map with a mutex", True, 16, stop.touches, bool(stop.cut))


@judges.of(
    "1-k",
    sees=whole_map,
    control=Control("a map of our own whose lookups lock a mutex beside the pointer", guarded_map, Outcome.HOLDS),
)
def lookups_invalidate(line: Line) -> Finding:
    """Lookups of present keys write to the words that share the line; without a write no other copy is invalidated.

    20 000 Loads with every byte of the sync.Map under a write watch. A few more with every access noted: none may be a
    locked instruction, which takes the line for itself even where the value stays.
    """
    if not line.exists:
        return void(NO_FIELD)
    at_least = "at least " if line.cut else ""
    words = f"{LOADS} lookups of present keys wrote {at_least}{len(line.writes)} times to the {line.size} bytes of "
    words += f"`{line.name}`" + line.beside
    if line.cut:
        return holds(words, as_text(line.writes[:4]))
    locked = [touch for touch in line.few if is_locked(touch) or touch.before != touch.after]
    if line.writes or locked or not line.few:
        return unclear(words, as_text([*line.writes, *locked]))
    return fails(words, f"all accesses of {FEW} lookups:\n{as_text(line.few)}")


@dataclass(frozen=True)
class Guard:
    """A map, the mutex beside it, and what happened in lookups of present keys."""

    name: str
    exists: bool
    locked: int
    """How often the mutex was written."""
    inner: list[Touch] = field(default_factory=list)
    """Writes to the header of the map that the lookups go to, in Stores of new and of present keys."""

    def plainly(self) -> list[Touch]:
        """Writes that are not atomic by themselves. An iteration marks the map it goes over with an atomic one."""
        return [touch for touch in self.inner if not is_locked(touch)]

    races: Races | None = None


def read_only_map(seen: Seen) -> Guard:
    stop, inner = seen.end("overwrites"), seen.end("stores, inner map")
    exists = "mu" not in stop.unwatched
    return Guard("readOnly.m", exists, len(stop.touched("mu")), inner.touches, seen.races["existing"])


def own_map(seen: Seen) -> Guard:
    return Guard("a map with a mutex", True, len(seen.end("guarded").touched("mu")))


@judges.of(
    "1-s",
    sees=read_only_map,
    control=Control("a map of our own that every lookup locks", own_map, Outcome.HOLDS),
)
def needs_the_mutex(guard: Guard) -> Finding:
    """Lookups in the map take the mutex.

    It fails if they do not, and need not: the race detector reports nothing of two goroutines that look up and store
    present keys, and nothing but an atomic mark is written to the map's header after it has been published.
    """
    if not guard.exists:
        return void(NO_FIELD)
    if guard.locked:
        return holds(f"`{guard.name}`: its lookups wrote {guard.locked} times or more to the mutex")
    words = f"`{guard.name}`: {LOADS} lookups and as many Stores of present keys never wrote to `mu`; "
    marks = len(guard.inner) - len(guard.plainly())
    words += f"Stores of new and present keys wrote {len(guard.plainly())} times to its header"
    words += f", except for {marks} atomic marks of an iterator" if marks else ""
    if guard.races is None:
        return unclear(words)
    words += f"; {guard.races.racy} of {guard.races.runs} processes with two goroutines reported a data race"
    needless = not guard.plainly() and guard.races.quiet == guard.races.runs
    return fails(words) if needless else unclear(words, as_text(guard.inner))
