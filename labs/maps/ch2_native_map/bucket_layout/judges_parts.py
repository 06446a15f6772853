"""Sizes and offsets of a bucket and its parts: the claims 2.1-c, d, e, f, h, i, j and n."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, fails, holds, unclear, void

from .judges_reading import SPOKEN_OF, Piece, agreed, listed, of_map, of_maps, of_ours, spelled, summed_up
from .lab import Filled, Seen

judges = Judges()


def nothing_to_judge(piece: Piece) -> Finding | None:
    """The finding if there is no such bucket, or if the instruments disagree about that."""
    if piece.exists is None:
        return unclear(f"DWARF, reflection and descriptor disagree whether `{piece.label}` has buckets")
    return None if piece.exists else void(f"there are no buckets: {piece.instead}")


@judges.of(
    "2.1-c",
    sees=of_maps,
    control=Control(
        "two structs of ours that have 32 bytes",
        lambda seen: [of_ours(seen, "main.quarter"), of_ours(seen, "main.half")],
        Outcome.HOLDS,
    ),
)
def all_have_32_bytes(pieces: list[Piece]) -> Finding:
    """The buckets of all map types have 32 bytes, whatever the types of keys and values.

    The size is that of DWARF, of the compiler's type, and the number in the map's descriptor by which the runtime
    finds the next bucket.
    """
    if nothing := nothing_to_judge(pieces[0]):
        return nothing
    sizes = [(piece.label, agreed(piece.sizes())) for piece in pieces]
    if differing := [piece for piece in pieces if agreed(piece.sizes()) is None]:
        return unclear(f"the size of `{differing[0].label}` is {spelled(differing[0].sizes())}")
    known = [(label, size) for label, size in sizes if size is not None]
    others = [(label, size) for label, size in known if size != 32]
    words = f"{len(known) - len(others)} of {len(known)} types have 32 bytes; `{known[0][0]}` has {known[0][1]}"
    words += f", and the sizes are {summed_up(known)}"
    return decided(not others, words, f"size    of\n{listed(known)}\n\n{pieces[0].as_text()}")


@dataclass(frozen=True)
class Room:
    """Bucket types, and how many buckets a live map of the first one has with 8 entries and with 9."""

    pieces: list[Piece]
    filled: Filled | None


@judges.of(
    "2.1-d",
    sees=lambda seen: Room(of_maps(seen), seen.report.Full),
    control=Control(
        "a struct of ours with four of each", lambda seen: Room([of_ours(seen, "main.turned")], None), Outcome.FAILS
    ),
)
def has_eight_of_each(room: Room) -> Finding:
    """The arrays of tophash bytes, keys and values in the bucket types have 8 elements each.

    A live map confirms it: 8 entries fit into one bucket, and the ninth makes it have two.
    """
    if nothing := nothing_to_judge(room.pieces[0]):
        return nothing
    counts: dict[str, tuple[int | None, ...]] = {}
    for piece in room.pieces:
        counts[piece.label] = tuple(agreed(piece.counts(part)) for part in ("tophash", "keys", "values"))
        if None in counts[piece.label]:
            return unclear(f"DWARF and reflection disagree about the arrays of `{piece.label}`")
    others = {label: found for label, found in counts.items() if found != (8, 8, 8)}
    if others:
        label, found = next(iter(others.items()))
        return fails(f"`{label}` has {found[0]} tophash bytes, {found[1]} keys and {found[2]} values")
    words = f"8 tophash bytes, 8 keys and 8 values in the buckets of all {len(counts)} map types"
    if room.filled is None:
        return holds(words)
    words += f"; a live map has {room.filled.Eight} bucket with 8 entries and {room.filled.Nine} with 9"
    return (holds if (room.filled.Eight, room.filled.Nine) == (1, 2) else unclear)(words, room.pieces[0].as_text())


@judges.of(
    "2.1-e",
    sees=of_maps,
    control=Control(
        "a struct of ours that begins with its overflow pointer",
        lambda seen: [of_ours(seen, "main.turned")],
        Outcome.FAILS,
    ),
)
def overflow_follows_the_data(pieces: list[Piece]) -> Finding:
    """The overflow pointer begins at the very byte at which keys and values end, for all map types."""
    if nothing := nothing_to_judge(pieces[0]):
        return nothing
    apart, gaps = [], []
    for piece in pieces:
        places = piece.offsets("overflow")
        place = agreed(places)
        if place is None:
            return unclear(f"the overflow pointer of `{piece.label}` is at {spelled(places)}")
        end = max(piece.ends("keys"), piece.ends("values"))
        gaps.append((piece.label, place))
        if place != end:
            apart.append(f"in `{piece.label}` the data ends at {end} and the overflow pointer is at {place}")
    label, place = gaps[0]
    words = f"`{label}`: the data ends, and the overflow pointer begins, at {place}; so in all {len(gaps)} map types"
    return decided(not apart, apart[0] if apart else words, f"both at  in\n{listed(gaps)}\n\n{pieces[0].as_text()}")


@dataclass(frozen=True)
class Placed:
    """A part of a bucket, with the offset it is said to have."""

    part: str
    claimed: int
    piece: Piece
    beside: list[Piece]
    """Other map types, which do not decide."""


def lies_there(placed: Placed) -> Finding:
    if nothing := nothing_to_judge(placed.piece):
        return nothing
    places = placed.piece.offsets(placed.part)
    place = agreed(places)
    if place is None:
        return unclear(f"`{placed.part}` of `{placed.piece.label}` is at {spelled(places)}")
    words = f"in `{placed.piece.label}` `{placed.part}` begins at {place} ({', '.join(places)} agree)"
    others = [
        (piece.label, other) for piece in placed.beside if (other := agreed(piece.offsets(placed.part))) is not None
    ]
    if not others:
        return decided(place == placed.claimed, words, placed.piece.as_text())
    words += f"; in {len(others)} other map types, at {summed_up(others)}"
    shown = f"{placed.piece.as_text()}\n\n`{placed.part}` elsewhere, at\n{listed(others)}"
    return decided(place == placed.claimed, words, shown)


def spoken_of(seen: Seen, part: str, claimed: int) -> Placed:
    return Placed(part, claimed, of_map(seen, SPOKEN_OF), of_maps(seen)[1:])


def as_described(seen: Seen, part: str, claimed: int) -> Placed:
    return Placed(part, claimed, of_ours(seen, "main.described"), [])


def turned(seen: Seen, part: str, claimed: int) -> Placed:
    return Placed(part, claimed, of_ours(seen, "main.turned"), [])


@judges.of(
    "2.1-f",
    sees=lambda seen: spoken_of(seen, "tophash", 0),
    control=Control(
        "a struct of ours that begins with its overflow pointer",
        lambda seen: turned(seen, "tophash", 0),
        Outcome.FAILS,
    ),
)
def tophash_is_first(placed: Placed) -> Finding:
    """The tophash bytes begin at offset 0 of a `map[int64]int64`'s bucket."""
    return lies_there(placed)


@judges.of(
    "2.1-h",
    sees=lambda seen: spoken_of(seen, "keys", 8),
    control=Control("a struct of ours whose keys begin at 16", lambda seen: turned(seen, "keys", 8), Outcome.FAILS),
)
def keys_begin_at_8(placed: Placed) -> Finding:
    """The keys begin at offset 8 of a `map[int64]int64`'s bucket."""
    return lies_there(placed)


@judges.of(
    "2.1-i",
    sees=lambda seen: spoken_of(seen, "values", 16),
    control=Control(
        "a struct of ours, laid out as described", lambda seen: as_described(seen, "values", 16), Outcome.HOLDS
    ),
)
def values_begin_at_16(placed: Placed) -> Finding:
    """The values begin at offset 16 of a `map[int64]int64`'s bucket, such as `mapassign_fast64` serves."""
    return lies_there(placed)


@judges.of(
    "2.1-j",
    sees=lambda seen: spoken_of(seen, "overflow", 32),
    control=Control(
        "a struct of ours, laid out as described", lambda seen: as_described(seen, "overflow", 32), Outcome.HOLDS
    ),
)
def overflow_lies_at_32(placed: Placed) -> Finding:
    """The overflow pointer lies at offset 32 of a `map[int64]int64`'s bucket, such as `mapassign_fast64` serves."""
    return lies_there(placed)


DIAGRAM = {"tophash": 0, "keys": 8, "values": 16, "overflow": 32}


@judges.of(
    "2.1-n",
    sees=lambda seen: of_map(seen, SPOKEN_OF),
    control=Control(
        "a struct of ours, laid out as described", lambda seen: of_ours(seen, "main.described"), Outcome.HOLDS
    ),
)
def the_diagram_is_right(piece: Piece) -> Finding:
    """All four offsets of the diagram are those of a `map[int64]int64`'s bucket."""
    if nothing := nothing_to_judge(piece):
        return nothing
    places = {part: agreed(piece.offsets(part)) for part in DIAGRAM}
    if None in places.values():
        return unclear(f"the instruments disagree about `{piece.label}`: {places}")
    words = f"in `{piece.label}` " + ", ".join(f"`{part}` is at {place}" for part, place in places.items())
    return decided(places == DIAGRAM, words, piece.as_text())
