"""Whether LoadOrStore compares and swaps, with which instruction, and what it returns: 3.3-a/1, 3.3-b and 3.3-l."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claimlab import Control, Finding, Instruction, Judges, Outcome, Stop, Touch, decided, fails, holds, unclear, void

from .lab import Seen
from .under_gdb import ANOTHER, CAS_POINTER

judges = Judges()

NO_CAS = "`LoadOrStore` compares and swaps no pointer in this toolchain"
GIVEN = 1
"""The value that LoadOrStore is called with (main.go)."""
CALLS = {
    "absent": "a key never seen",
    "present": "a key that is there",
    "deleted": "a deleted key",
    "expunged": "a deleted key, after a new one was stored",
    "first": "a key never seen, the first one since three others were deleted",
}


def swaps(touches: Sequence[Touch]) -> list[Touch]:
    """The compare-and-swaps among the instructions that touched the word."""
    return [touch for touch in touches if "cmpxchg" in touch.instruction]


def as_text(touches: Sequence[Touch]) -> str:
    """One line for each touch: the instruction, what it left, the functions around it; type arguments left out."""
    lines = []
    for touch in touches:
        around = " < ".join(re.sub(r"\[.*\]", "[…]", name) for name in touch.callers[:4])
        change = f"{touch.before:#x} → {touch.after:#x}" if touch.before != touch.after else f"{touch.after:#x} stays"
        lines.append(f"{touch.instruction}   {change}   in {around}")
    return "\n".join(lines)


@dataclass(frozen=True)
class Path:
    """One call between two holds."""

    what: str
    hits: int
    """Executions of CompareAndSwapPointer."""
    touches: list[Touch]
    """Of the word that holds the pointer to the key's value."""


def path(what: str, stop: Stop) -> Path:
    return Path(what, stop.count_of(CAS_POINTER), stop.touches)


@judges.of(
    "3.3-a/1",
    sees=lambda seen: [path(what, seen.end(name)) for name, what in CALLS.items()],
    control=Control(
        "a call of atomic.CompareAndSwapPointer on a word of our own",
        lambda seen: [path("our own call", seen.end("succeeds"))],
        Outcome.HOLDS,
    ),
)
def compares_and_swaps(paths: list[Path]) -> Finding:
    """In some situation of the key LoadOrStore executes CompareAndSwapPointer, and a CMPXCHG touches the key's word.

    The breakpoint and the debug registers have to say the same.
    """
    counts = ", ".join(f"{one.hits} for {one.what}" for one in paths)
    words = f"executions of `{CAS_POINTER}`: {counts}"
    shows = "\n".join(f"{one.what}:\n{as_text(one.touches)}" for one in paths if one.touches)
    counted, touched = any(one.hits for one in paths), any(swaps(one.touches) for one in paths)
    if counted != touched:
        return unclear(f"the instruments disagree: {words}", shows)
    return decided(counted, words, shows)


@dataclass(frozen=True)
class Change:
    """An instruction that changed a word, as gdb noted it and as capstone decodes it."""

    what: str
    touch: Touch | None
    decoded: Instruction | None


def change(seen: Seen, what: str, name: str) -> Change:
    changes = [touch for touch in seen.end(name).touches if touch.before != touch.after]
    touch = changes[0] if changes else None
    found = [one for function in seen.code if touch and (one := function.at(touch.instruction_address))]
    return Change(what, touch, found[0] if found else None)


def entry_change(seen: Seen) -> Change | None:
    return change(seen, "the pointer of a deleted key", "deleted") if swaps(seen.end("deleted").touches) else None


@judges.of(
    "3.3-b",
    sees=entry_change,
    control=Control(
        "a word that atomic.StorePointer changes", lambda seen: change(seen, "our own word", "stored"), Outcome.FAILS
    ),
)
def is_locked_cmpxchg(change: Change | None) -> Finding:
    """What changes the key's word in LoadOrStore is a CMPXCHG with a LOCK prefix: this very operand, on this very path.

    gdb names the instruction that a debug register stopped at; capstone has to decode the same.
    """
    if change is None:
        return void(NO_CAS)
    if change.touch is None:
        return unclear(f"nothing changed {change.what}")
    words = f"{change.what} was changed by `{change.touch.instruction}`"
    shows = as_text([change.touch]) + (f"\n{change.decoded}" if change.decoded else "")
    watched = re.match(r"lock cmpxchg", change.touch.instruction) is not None
    decoded = change.decoded is not None and change.decoded.atomic and change.decoded.mnemonic == "cmpxchg"
    if watched and not decoded:
        return unclear(f"{words}, which the disassembly does not confirm", shows)
    return decided(watched, words, shows)


@dataclass(frozen=True)
class Result:
    """What LoadOrStore returned, and what became of its compare-and-swap."""

    what: str
    swaps: list[Touch]
    returned: object
    loaded: object


def result(what: str, stops: Sequence[Stop]) -> Result:
    touches = [touch for stop in stops for touch in stop.touches]
    return Result(what, swaps(touches), stops[-1].values["returned"], stops[-1].values["loaded"])


def succeeding(seen: Seen) -> Result | None:
    found = result("a compare-and-swap that succeeds", [seen.end("deleted")])
    return found if found.swaps else None


def failing(seen: Seen) -> Result:
    """Where LoadOrStore has no compare-and-swap to fail, what it returns of a key that is there."""
    run = seen.failing(ANOTHER)
    if run:
        return result("a compare-and-swap that fails for another value", run.stops)
    return result("a key that is there", [seen.end("present")])


@judges.of(
    "3.3-l",
    sees=succeeding,
    control=Control("a call that finds another goroutine's value, or one that was there", failing, Outcome.HOLDS),
)
def returns_what_existed(result: Result | None) -> Finding:
    """LoadOrStore returns a value that it was not given, and says `loaded`."""
    if result is None:
        return void(NO_CAS)
    given = result.returned == GIVEN
    loaded = bool(result.loaded)
    words = f"after {result.what} `LoadOrStore` returned {'its own argument' if given else 'the value it found'} "
    words += f"with `loaded = {str(loaded).lower()}`"
    shows = as_text(result.swaps)
    if given == loaded:
        return unclear(words, shows)
    return holds(words, shows) if loaded else fails(words, shows)
