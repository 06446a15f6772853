"""What follows from what green-tea saw: the claims 1.26-a, d and f."""

from collections.abc import Sequence
from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear, void

from .lab import COLLECTOR, HEAP, UNKNOWN, Built, Seen

judges = Judges()


@dataclass(frozen=True)
class Scanned:
    """How often the new collector's function for spans ran, and how often with the experiment off, if that can be."""

    spans: int
    off: int | None


def without(seen: Seen, name: str) -> Built | None:
    return seen.off if seen.off and name in seen.off.off else None


def scanned(seen: Seen) -> Scanned:
    off = without(seen, COLLECTOR)
    return Scanned(seen.plain.during, off.during if off else None)


@judges.of(
    "1.26-a",
    sees=scanned,
    control=Control("before the collection", lambda seen: Scanned(seen.plain.before, None), Outcome.FAILS),
)
def is_at_work(seen: Scanned) -> Finding:
    """During a collection of small objects the new collector's function that scans spans runs, in a program that was
    built without any setting.

    If the go command knows how to switch the collector off, it must not run in a program that was built so.
    """
    said = f"the function that scans spans ran {seen.spans} times"
    if seen.off is not None:
        said += f", and with `{COLLECTOR}` {seen.off} times"
    if seen.off:
        return unclear(f"the witnesses disagree: {said}")
    return decided(seen.spans > 0, said)


@dataclass(frozen=True)
class Switch:
    """A name for GOEXPERIMENT, and what it does."""

    name: str
    accepted: bool
    exists: bool
    """The release has the collector, or knows it as an experiment."""
    spans: int | None
    """How often that function ran in a program that was built with it."""


@judges.of(
    "1.26-d",
    sees=lambda seen: Switch(
        COLLECTOR,
        seen.taken[COLLECTOR].accepted,
        seen.plain.during > 0 or seen.taken[COLLECTOR].accepted,
        scanned(seen).off,
    ),
    control=Control(
        "a name that nobody gave to an experiment",
        lambda seen: Switch(UNKNOWN, seen.taken[UNKNOWN].accepted, True, None),
        Outcome.HOLDS,
    ),
)
def is_gone(switch: Switch) -> Finding:
    """The go command refuses the name, or takes it to no effect."""
    if not switch.exists:
        return void("there is no such collector")
    said = f"the go command {'takes' if switch.accepted else 'refuses'} GOEXPERIMENT={switch.name}"
    if switch.spans is not None:
        said += f"; in a program that was built so the function that scans spans ran {switch.spans} times"
    return decided(not switch.accepted or bool(switch.spans), said)


ARENA_BITS = 26
"""The heap grows by arenas of 64 MiB (runtime/malloc.go), so that this part of an address is that of its beginning."""


@dataclass(frozen=True)
class Places:
    """Beginnings of one thing in many runs, and how many of them differ with the experiment off, if that can be."""

    begins: Sequence[int]
    off: int | None


def begins(addresses: Sequence[int]) -> list[int]:
    return [address >> ARENA_BITS for address in addresses]


def heap(seen: Seen) -> Places:
    off = without(seen, HEAP)
    return Places(begins(seen.plain.heap), len(set(begins(off.heap))) if off else None)


@judges.of(
    "1.26-f",
    sees=heap,
    control=Control("a variable of the program", lambda seen: Places(begins(seen.plain.variable), None), Outcome.FAILS),
)
def is_elsewhere(places: Places) -> Finding:
    """In no two of thirty runs a small object lies in the same 64 MiB.

    If the go command knows how to switch that off, most runs agree in a program that was built so.
    """
    runs, different = len(places.begins), len(set(places.begins))
    varies = 0
    for begin in places.begins:
        varies |= begin ^ places.begins[0]
    said = f"in {runs} runs there are {different} places, which differ in {varies.bit_count()} bits"
    if places.off is not None:
        said += f"; with `{HEAP}` there are {places.off}"
    if places.off is not None and places.off > runs / 2:
        return unclear(f"the witnesses disagree: {said}")
    return decided(different == runs, said)
