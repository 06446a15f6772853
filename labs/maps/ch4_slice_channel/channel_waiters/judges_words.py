"""Which instructions change the queues, and what guards them: the claims 4.2-a and b."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from claimlab import Control, Counted, Finding, Instruction, Judges, Outcome, Stop, Touch, fails, holds, unclear

from .lab import NAMED, Crowded, Decoded, Seen
from .under_gdb import BY_CAS, FUNCTIONS, QUEUES

judges = Judges()

LOCK = "lock"
CAS = re.compile(r"(lock )?cmpxchg|cas(a|l|al)?\b|stl?xr")
"""How a compare-and-swap reads in gdb; on arm64 it is one instruction, or ends in an exclusive store."""


def is_cas(instruction: str) -> bool:
    return CAS.match(instruction) is not None


def decodes_to_cas(one: Instruction) -> bool:
    return one.atomic and is_cas(one.mnemonic)


def is_write(touch: Touch) -> bool:
    return touch.before != touch.after


@dataclass(frozen=True)
class Writes:
    """Every change of a queue's words that was seen."""

    what: str
    touches: list[Touch]
    """In order of time."""
    held: int | None
    """How many of them were made while the channel's lock was held; None where there is no lock."""
    locked_by: str
    """The instruction that took the lock, and its function."""
    decoded: dict[int, Instruction]
    """By address."""
    crowd: list[Crowded]
    """What happened to them under contention."""
    atomic: list[Decoded]
    """The atomic instructions in the runtime's functions that touched the queues."""


def under_lock(stop: Stop) -> list[tuple[Touch, bool]]:
    """The changes on the way to a stop, each with whether the lock's word said "locked" at that moment."""
    taken, found = False, []
    for touch in stop.touches:
        if touch.label == LOCK:
            taken = touch.after != 0
        elif is_write(touch):
            found.append((touch, taken))
    return found


def of_channels(seen: Seen) -> Writes:
    stops = [stop for name in (*QUEUES, "selects", "close") for stop in seen.stops(name)]
    pairs = [pair for stop in stops for pair in under_lock(stop)]
    locks = [touch for stop in stops for touch in stop.touches if touch.label == LOCK and touch.after != 0]
    by = f"`{locks[0].instruction}` in `{locks[0].callers[0]}`" if locks else "nothing that was seen"
    functions = {name for one in seen.touching for name in [one.function] if name.startswith("runtime.")}
    queueing = functions - {one.function for one in seen.touching if "lock2" in one.function}
    return Writes(
        "the queues of channels",
        [touch for touch, _ in pairs],
        sum(taken for _, taken in pairs),
        by,
        {one.instruction.address: one.instruction for one in seen.touching},
        seen.crowd,
        [one for one in seen.atomic if one.function in queueing],
    )


def of_our_own(seen: Seen) -> Writes:
    touches = [touch for stop in seen.stops("own") for touch in stop.touches if is_write(touch)]
    decoded = {one.instruction.address: one.instruction for one in seen.touching}
    return Writes("a queue of our own", touches, None, "", decoded, [], [])


def in_short(touches: Sequence[Touch]) -> str:
    """The instructions that made these changes, each once, with their functions."""
    found = dict.fromkeys(f"`{touch.instruction}` in `{where(touch)}`" for touch in touches)
    return ", ".join(list(found)[:4]) + (f" and {len(found) - 4} more" if len(found) > 4 else "")


def where(touch: Touch) -> str:
    """The innermost function; of a compare-and-swap the one that programs call."""
    public = [name for name in touch.callers if name.startswith("sync/atomic.") and name.endswith("Pointer")]
    return public[0] if public else touch.function


def as_text(touches: Sequence[Touch]) -> str:
    return "\n".join(f"{t.label}: {t.before:#x} → {t.after:#x} by {t.instruction}   in {where(t)}" for t in touches)


@judges.of(
    "4.2-a",
    sees=of_channels,
    control=Control("a queue of our own whose ends change by atomic.CompareAndSwapPointer", of_our_own, Outcome.HOLDS),
)
def change_by_compare_and_swap(writes: Writes) -> Finding:
    """Every instruction that changes an end of a queue, or a waiter's `next` in it, is a compare-and-swap.

    Debug registers say which instructions these are: while goroutines come to wait, are served, withdraw in a select,
    and while the channel is closed; and in a crowd on several threads. gdb's text and our own decoding of the bytes at
    the address must agree on each.
    """
    by_gdb = [is_cas(touch.instruction) for touch in writes.touches]
    known = [writes.decoded.get(touch.instruction_address) for touch in writes.touches]
    by_us = [decodes_to_cas(one) for one in known if one is not None]
    crowded = sum(is_cas(one.instruction) for one in writes.crowd)
    words = f"of {len(by_gdb)} changes of {writes.what} {sum(by_gdb)} were made by a compare-and-swap: "
    words += in_short(writes.touches)
    if writes.held is not None:
        words += f"; the channel's lock, taken by {writes.locked_by}, was held at {writes.held} of them"
    if writes.crowd:
        many = sum(one.touches for one in writes.crowd)
        words += f"; of {many} touches by eight goroutines on four threads {crowded} were one"
    if writes.atomic:
        elsewhere = sum(one.instruction.mnemonic == "cmpxchg" for one in writes.atomic)
        words += f"; the functions have {elsewhere} CMPXCHG, none of which touched a queue"
    shows = as_text(writes.touches[:6])
    if not by_gdb or by_gdb != by_us:
        return unclear(f"the instruments disagree, or saw nothing: {words}", shows)
    if all(by_gdb) and crowded == len(writes.crowd):
        return holds(words, shows)
    return unclear(words, shows) if any(by_gdb) or crowded else fails(words, shows)


@dataclass(frozen=True)
class Called:
    """A function that is said to append to a queue."""

    name: str
    symbols: list[str]
    """In the binary, whose names end so."""
    counted: list[Counted]
    """Executions while one waiter came."""
    touches: list[Touch]
    """The changes of the queue as it came."""
    instead: str = ""


def last_to_come(seen: Seen) -> Stop:
    """Where the last of those that wait to receive has come."""
    return seen.stops("receivers")[-2]


def as_the_article_calls_it(seen: Seen) -> Called:
    stop = last_to_come(seen)
    touches = [touch for touch, _ in under_lock(stop)]
    other = next((one for one in stop.counted if one.name == FUNCTIONS[-1]), None)
    by = "; ".join(f"{name} ({len(list(of))} ×)" for name, of in groupby(touch.callers[0] for touch in touches))
    counted = f", which gdb saw executed {other.hits} time" if other and other.resolved else ""
    instead = f"what appended the waiter is inlined `{FUNCTIONS[-1]}`{counted}; the innermost frames were {by}"
    named = [one for one in stop.counted if one.name.endswith(NAMED)]
    return Called(NAMED, seen.named, named, touches, instead)


def as_we_call_it(seen: Seen) -> Called:
    stop = seen.stops("own")[-1]
    return Called(BY_CAS, [BY_CAS], stop.counted, [touch for touch in stop.touches if is_write(touch)])


@judges.of(
    "4.2-b",
    sees=as_the_article_calls_it,
    control=Control("a function of our own that appends by compare-and-swap", as_we_call_it, Outcome.HOLDS),
)
def the_function_appends(called: Called) -> Finding:
    """A function of that name exists, is executed when a waiter comes, and changes the queue by compare-and-swap.

    Inlined functions have no symbol, so gdb is asked for it by name too, and for the functions around each change.
    """
    found = [one for one in called.counted if one.resolved]
    within = [touch for touch in called.touches if any(name.endswith(called.name) for name in touch.callers)]
    symbols, functions = len(called.symbols) or "no", len(found) or "no"
    words = f"`{called.name}`: {symbols} symbol ends in this name, gdb knows {functions} such function"
    words += f", and {len(within)} of {len(called.touches)} changes of the queue were made in one"
    words += f"; {called.instead}" if called.instead else ""
    shows = as_text(called.touches)
    if not called.touches or (not found and (within or called.symbols)):
        return unclear(words, shows)
    if not found:
        return fails(words, shows)
    cas = bool(within) and all(is_cas(touch.instruction) for touch in within) and all(one.hits for one in found)
    return holds(words, shows) if cas else fails(words, shows)
