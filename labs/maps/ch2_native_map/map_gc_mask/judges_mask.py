"""What of a bucket the collector looks at: the claims 2.5-e, f and g."""

from dataclasses import dataclass

from claimlab import WORD_BYTES, Control, Finding, Judges, Outcome, decided, fails, holds, unclear

from .judges_reading import Piece, of_map, of_ours

judges = Judges()


def marked(piece: Piece) -> list[int] | Finding:
    """The words of the mask, if they are the words that the collector follows."""
    words, followed = piece.mask.words, piece.followed()
    if words is None or followed is None or words != followed:
        return unclear(f"`{piece.label}`: the mask marks the words {words}, the collector follows {followed}")
    return words


@judges.of(
    "2.5-e",
    sees=lambda seen: of_map(seen, "string", "int"),
    control=Control(
        "a struct of ours with eight pointers as values", lambda seen: of_ours(seen, "main.valuesFirst"), Outcome.FAILS
    ),
)
def values_are_marked_as_pointerless(piece: Piece) -> Finding:
    """The bucket's pointer mask has no bit set for the words of the values, and the collector follows none of them.

    There is no mark `noPointers` on an area; the mask says it word by word.
    """
    if nothing := piece.no_bucket():
        return nothing
    words = marked(piece)
    if isinstance(words, Finding):
        return words
    values = piece.value_words()
    if len(values) != 8:
        return unclear(f"DWARF places {len(values)} values in `{piece.dwarf.name}`")
    among = [word for word in values if word in words]
    said = f"of the eight value words {values[0]} to {values[-1]} the mask marks {len(among) or 'none'}"
    return decided(not among, f"{said}; marked, and followed by the collector, are the words {words}", piece.as_text())


@dataclass(frozen=True)
class Claimed:
    """So many bytes are said to be scanned per bucket."""

    piece: Piece
    bytes: int


def scans_that_much(claimed: Claimed) -> Finding:
    piece = claimed.piece
    if nothing := piece.no_bucket():
        return nothing
    words = marked(piece)
    if isinstance(words, Finding):
        return words
    figures = {"in pointer words": len(words) * WORD_BYTES, "up to the last pointer": piece.mask.ptr_bytes}
    figures |= {"by the collector's own count": piece.scanned} if piece.scanned is not None else {}
    said = ", ".join(f"{count} bytes {what}" for what, count in figures.items())
    said = f"`{piece.label}`: {said}; marked, and followed by the collector, are the words {words}"
    equal = {count == claimed.bytes for count in figures.values()}
    if len(equal) > 1:
        return unclear(said, piece.as_text())
    return (holds if equal.pop() else fails)(said, piece.as_text())


@judges.of(
    "2.5-f",
    sees=lambda seen: Claimed(of_map(seen, "string", "int"), 0),
    control=Control(
        "a struct of ours without pointers", lambda seen: Claimed(of_ours(seen, "main.noPointers"), 0), Outcome.HOLDS
    ),
)
def nothing_is_scanned(claimed: Claimed) -> Finding:
    """Of a `map[string]int`'s bucket 0 bytes are scanned: pointer words, the reach of the scan, and what is counted."""
    return scans_that_much(claimed)


@judges.of(
    "2.5-g",
    sees=lambda seen: Claimed(of_map(seen, "string", "*int"), 64),
    control=Control(
        "a struct of ours that begins with its only pointers, eight values",
        lambda seen: Claimed(of_ours(seen, "main.valuesFirst"), 64),
        Outcome.HOLDS,
    ),
)
def the_values_are_scanned(claimed: Claimed) -> Finding:
    """Of a `map[string]*int`'s bucket 64 bytes are scanned: pointer words, the reach of the scan, what is counted."""
    return scans_that_much(claimed)
