"""What lookups and iterations change in the header of a map: the claims 1-g/1 and g/2."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, TypeLayout, decided, fails, holds, unclear

from .experiments import MAPS, MOST_WORDS, WORD_BYTES
from .lab import Halt, Seen

judges = Judges()

HALTS = 5
"""Stops for each map: before and after a round of lookups, after another, before and after an assignment."""


@dataclass(frozen=True)
class Header:
    """What happened to the headers of some maps."""

    layout: TypeLayout
    what: str
    watched: list[Halt]
    """Stops on the way to which writes were watched."""
    compared: dict[str, list[int]]
    """The offsets of bytes that differed afterwards, by map."""
    told: str = ""


def lookups(seen: Seen) -> Header:
    halts = seen.watched.processes["headers"][0].halts
    watched = [halt for place, halt in enumerate(halts) if place % HALTS in (1, 2)]
    ranging = sorted({name for one in seen.compared for name in fields(seen.header, one.range)})
    told = f"`for range` is another matter: it changed {' and '.join(ranging)}" if ranging else ""
    told = told or "`for range` changed nothing either"
    return Header(seen.header, "lookups", watched, {one.map: one.lookup for one in seen.compared}, told)


def assignments(seen: Seen) -> Header:
    halts = seen.watched.processes["headers"][0].halts
    watched = [halt for place, halt in enumerate(halts) if place % HALTS == 4]
    return Header(seen.header, "an assignment", watched, {one.map: one.assign for one in seen.compared})


def fields(layout: TypeLayout, offsets: list[int]) -> list[str]:
    """The names of the fields that have a byte at one of the offsets."""
    return [f"`{field.name}`" for field in layout.fields if any(field.offset <= at < field.end for at in offsets)]


@judges.of(
    "1-g/1",
    sees=lookups,
    control=Control("an assignment of an absent key, which does modify the header", assignments, Outcome.FAILS),
)
def they_modify_no_field(header: Header) -> Finding:
    """In four maps (small and large, of four kinds of keys; one half migrated, where maps migrate step by step) no
    instruction writes to the header during 4000 and more lookups of present and absent keys, and no byte of it differs
    afterwards.

    The processor's watch registers and the program's own comparison are independent; both have to say so.
    """
    if header.layout.size > MOST_WORDS * WORD_BYTES:
        return unclear(f"`{header.layout.name}` has {header.layout.size} bytes, too many to be watched")
    if len(header.compared) != MAPS or len(header.watched) % MAPS or not header.watched:
        return unclear("gdb lost the process before all maps were tried")
    if any(halt.unwatched for halt in header.watched):
        return unclear("the header could not be watched")
    writes = [noted for halt in header.watched for noted in halt.noted]
    changed = {name: offsets for name, offsets in header.compared.items() if offsets}
    named = sorted({name for offsets in changed.values() for name in fields(header.layout, offsets)})
    size = f"`{header.layout.name}` of {header.layout.size} bytes"
    words = f"{size}, {MAPS} maps, {header.what}: the watch registers saw {len(writes)} writes"
    words += f", and afterwards {' and '.join(named) or 'no byte'} differed"
    words += f"; {header.told}" if header.told else ""
    shown = "\n".join(f"{noted.label}: {noted.instruction} in {noted.callers[0]} at {noted.place}" for noted in writes)
    if bool(writes) != bool(changed):
        return unclear(f"{words}: the two instruments disagree", shown)
    return fails(words, shown) if writes else holds(words)


@judges.of(
    "1-g/2",
    sees=lambda seen: (seen.header, {one.map: one.range for one in seen.compared}),
    control=Control(
        "an assignment of an absent key, which does modify the header",
        lambda seen: (seen.header, {one.map: one.assign for one in seen.compared}),
        Outcome.FAILS,
    ),
)
def iterating_changes_no_byte(compared: tuple[TypeLayout, dict[str, list[int]]]) -> Finding:
    """In the same four maps no byte of the header differs after a `for range` over the whole map.

    An iterator of the maps up to 1.23 leaves a mark that it has been there (runtime/map.go: mapiterinit).
    """
    header, changed = compared
    if len(changed) != MAPS:
        return unclear("the program did not try all maps")
    named = sorted({name for offsets in changed.values() for name in fields(header, offsets)})
    words = f"in {sum(map(bool, changed.values()))} of {MAPS} maps bytes of `{header.name}` differed afterwards"
    return decided(not named, f"{words}: {' and '.join(named) or 'none'}")
