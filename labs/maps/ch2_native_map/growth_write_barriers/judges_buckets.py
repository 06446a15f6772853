"""How the pointer to the buckets is written, and where assignments land meanwhile: the claims 2.4-c and e."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Stop, Touch, decided, fails, holds, unclear, void

from .lab import Places, Seen, Store
from .under_gdb import RESULTS

judges = Judges()

ATOMIC_WORDS = ("lock", "xchg")
"""How gdb's text of an atomic instruction begins on amd64."""
ENOUGH = 1000
"""Assignments without a single one among the old buckets."""


# --- the pointer to the buckets ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Updates:
    """Writes of one word, seen first without marking, then with it."""

    word: str
    exists: bool
    complete: bool
    """Both were seen, and the collector really marked in the second."""
    marking: int
    """So many of the writes were made with marking."""
    touches: list[Touch]
    others: list[Touch]
    """Of the words beside it."""
    stores: dict[int, Store]
    """The instructions, decoded a second time, by address."""

    def text(self, touches: list[Touch]) -> str:
        """The instructions that made these, with their functions, each once."""
        found = [
            self.stores[touch.instruction_address] for touch in touches if touch.instruction_address in self.stores
        ]
        return " and ".join(dict.fromkeys(f"`{one.text}` in `{one.function}`" for one in found))


def updates(seen: Seen, operation: str, word: str) -> Updates:
    parts = [seen.done(operation, marking=marking) for marking in (False, True)]
    stops = [part[1] for part in parts if part]
    touches = [touch for stop in stops for touch in stop.touches]
    return Updates(
        word,
        not (seen.header_was_read() and any(word in stop.unwatched for stop in stops)),
        len(stops) == len(parts) and bool(stops[-1].values.get("marking")) and not any(stop.cut for stop in stops),
        len(stops[-1].touched(word)) if stops else 0,
        [touch for touch in touches if touch.label == word],
        [touch for touch in touches if touch.label != word],
        {store.address: store for store in seen.stores},
    )


@judges.of(
    "2.4-c",
    sees=lambda seen: updates(seen, "main.growPointers", "buckets"),
    control=Control(
        "a pointer that a function of ours changes by atomic.SwapPointer",
        lambda seen: updates(seen, "main.swap", "shared"),
        Outcome.HOLDS,
    ),
)
def is_written_atomically(updates: Updates) -> Finding:
    """Every instruction that writes the word while the map grows is an atomic one: it has a LOCK prefix or is an XCHG.

    On amd64 other processors see any aligned store of eight bytes as a whole (Intel SDM, volume 3A, 9.1.1), so this
    cannot be what the sentence says of growth. gdb's text of an instruction and our own decoding of the bytes at its
    address have to agree.
    """
    words = list(dict.fromkeys(touch.label for touch in updates.others))
    beside = "; ".join(f"`{w}`: {updates.text([t for t in updates.others if t.label == w])}" for w in words)
    if not updates.exists:
        return void(
            f"the map's header has no field `{updates.word}`; growth writes {beside or 'nothing that was watched'}"
        )
    decoded = [updates.stores.get(touch.instruction_address) for touch in updates.touches]
    if not updates.complete or not decoded or None in decoded:
        return unclear(f"the writes of `{updates.word}` were not all seen, or not with the instruction that made them")
    by_gdb = [touch.instruction.startswith(ATOMIC_WORDS) for touch in updates.touches]
    by_us = [store.atomic for store in decoded if store]
    because = (
        f"`{updates.word}` was written {len(by_us)} times, {updates.marking} of them while the collector was marking"
    )
    because += f", and {sum(by_us)} by an atomic instruction: {updates.text(updates.touches)}"
    because += f"; further words are written one by one: {beside}" if beside else ""
    touched = sorted(updates.touches + updates.others, key=lambda touch: touch.label != updates.word)
    shows = [store.shows for store in decoded[:1] if store]
    shows += [f"{t.label}: {t.before:#x} → {t.after:#x} by {t.instruction}" for t in touched[:8]]
    if by_gdb != by_us:
        return unclear(f"gdb's text and the decoded bytes disagree; {because}", "\n".join(shows))
    return decided(all(by_us), because, "\n".join(shows))


# --- landings ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Landed:
    """Where assignments stored what they assigned, while there were old buckets and new ones."""

    exists: bool
    """A map can have old buckets."""
    places: Places
    because: str
    shows: str = ""


def slot(stop: Stop) -> int | None:
    """The address that the assign function has just returned."""
    return next((value for name in RESULTS if isinstance(value := stop.values.get(name), int)), None)


def lies_in(array: str, address: int | None, stop: Stop) -> bool:
    start, end = stop.values.get(array), stop.values.get(f"{array} end")
    return isinstance(start, int) and isinstance(end, int) and address is not None and start <= address < end


def landed(seen: Seen) -> Landed:
    if not seen.header_was_read():
        return Landed(True, Places(0, 0, 0, 1), "the map's header could not be read")
    if seen.held is None:
        absent = "the map's header has no field `oldbuckets`: no bucket is old while it grows"
        return Landed(False, Places(0, 0, 0, 0), absent)
    stops = seen.held.runs[0].stops
    if len(stops) < 7:
        return Landed(True, Places(0, 0, 0, 1), "the assignment was not held until another one had made the map grow")
    late = store_of(stops[2], stops[4])
    began = total([seen.landings.present, seen.landings.fresh, where(slot(stops[6]), stops[6])])
    stored = "its value into an old bucket, not yet migrated" if late.old else "no value that was seen in an old bucket"
    because = "an assignment that had found its slot when another goroutine's assignment made the map grow then stored "
    because += stored
    because += f"; of {began.all} assignments that began while the map was growing {began.old} landed in old buckets"
    because += f" and {began.new} in new ones ({seen.landings.before.old} of their keys had lain in old ones)"
    return Landed(True, total([late, began]), because, told(stops[2], stops[4]) if late.old else "")


def where(address: int | None, stop: Stop) -> Places:
    old, new = (lies_in(array, address, stop) for array in ("oldbuckets", "buckets"))
    return Places(int(old), int(new and not old), 0, int(not old and not new))


def store_of(found: Stop, stored: Stop) -> Places:
    """Where the slot lay when the value was stored; nowhere if its bucket had been migrated, which clears it."""
    kept = any(touch.before for touch in stored.touches)
    return where(slot(found), stored) if kept else Places(0, 0, 0, 1)


def told(found: Stop, stored: Stop) -> str:
    touch, values = stored.touches[0], stored.values
    ranges = [f"{name}: {values[name]:#x} … {values[f'{name} end']:#x}" for name in ("oldbuckets", "buckets")]
    line = f"slot {slot(found):#x}: {touch.before:#x} → {touch.after:#x} by {touch.instruction} in {touch.function}"
    return "\n".join([line, *ranges])


def total(places: list[Places]) -> Places:
    return Places(*(sum(numbers) for numbers in zip(*([p.old, p.new, p.both, p.nowhere] for p in places), strict=True)))


def imitated(seen: Seen) -> Landed:
    found = seen.landings.imitated
    return Landed(True, found, f"{found.old} of {found.all} landed in old buckets, {found.new} in new ones")


@judges.of(
    "2.4-e",
    sees=landed,
    control=Control("buckets of our own, of which assignments go to the new ones", imitated, Outcome.FAILS),
)
def may_land_in_an_old_bucket(landed: Landed) -> Finding:
    """An assignment to a map without a lock, which is what the section is about, stores its value into a bucket that
    is an old one at that moment and has not been migrated.

    gdb holds one assignment where it knows its slot, as a busy processor may, and lets a second one run. Beside that
    the program looks for what it assigned to a growing map in the map's memory.
    """
    if not landed.exists:
        return void(landed.because)
    if landed.places.old:
        return holds(landed.because, landed.shows)
    if landed.places.new < ENOUGH or landed.places.new != landed.places.all:
        return unclear(landed.because)
    return fails(landed.because)
