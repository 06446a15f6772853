"""How keys and values lie, with pointers and without: the claims 2.5-c, d and j."""

from dataclasses import dataclass
from itertools import pairwise

from claimlab import WORD_BYTES, Control, Field, Finding, Judges, Outcome, PointerLayout, decided, fails, holds, unclear

from .judges_reading import Piece, of_map, of_ours
from .lab import VALUES, Seen

judges = Judges()


@dataclass(frozen=True)
class Value:
    """A type by DWARF and by its descriptor."""

    dwarf: Field | None
    mask: PointerLayout


def value(seen: Seen, name: str) -> Value:
    return Value(seen.words.field(name), seen.value_masks[VALUES.index(name)])


def a_kind(known: Value) -> str:
    kind = known.dwarf.kind if known.dwarf else "absent"
    return f"an {kind}" if kind == "integer" else f"a {kind}"


def is_one_word(known: Value, kind: str, words: list[int]) -> bool | None:
    """The value has 8 bytes, is of the kind, and has these pointers; None if the instruments disagree."""
    if known.dwarf is None:
        return None
    by_dwarf = (known.dwarf.size, known.dwarf.kind) == (WORD_BYTES, kind)
    by_descriptor = (known.mask.size, known.mask.words) == (WORD_BYTES, words)
    return by_dwarf if by_dwarf == by_descriptor else None


@judges.of(
    "2.5-c",
    sees=lambda seen: (value(seen, "number"), value(seen, "pointer")),
    control=Control(
        "an int32 in the place of the int, and a string in that of the *int",
        lambda seen: (value(seen, "short"), value(seen, "text")),
        Outcome.FAILS,
    ),
)
def an_int_is_a_word_without_pointers(pair: tuple[Value, Value]) -> Finding:
    """The first type has 8 bytes and no pointer, the second has 8 bytes and is a pointer."""
    number, pointer = pair
    said = "; ".join(
        f"`{one.mask.name}` has {one.mask.size} bytes, is {a_kind(one)} by DWARF, and its mask marks "
        f"{len(one.mask.words or []) or 'no'} word"
        for one in pair
    )
    found = {is_one_word(number, "integer", []), is_one_word(pointer, "pointer", [0])}
    return unclear(said) if None in found else decided(found == {True}, said)


def steps(places: list[int]) -> set[int]:
    return {after - before for before, after in pairwise(places)}


@judges.of(
    "2.5-d",
    sees=lambda seen: of_map(seen, "string", "int"),
    control=Control(
        "a struct of ours that has each value beside its key",
        lambda seen: of_ours(seen, "main.interleaved"),
        Outcome.FAILS,
    ),
)
def keys_and_values_are_contiguous(piece: Piece) -> Finding:
    """In the bucket each key begins where the one before it ends, and so do the values.

    By DWARF, and by the offsets at which the program finds its eight keys and values in a live map.
    """
    block = piece.block
    keys, values = piece.places("keys"), piece.places("values")
    if block is None or (keys, values) != (block.Keys, block.Values) or len(keys) != 8 or len(values) != 8:
        live = (block.Keys, block.Values) if block else None
        return unclear(f"`{piece.label}`: keys and values at {(keys, values)} by DWARF, and at {live} in live memory")
    said = f"`{piece.label}`: the keys (16 bytes each) are at {listed(keys)}, the values (8 bytes) at {listed(values)}"
    said += ", by DWARF and in live memory"
    if nothing := piece.no_bucket():
        return Finding(nothing.outcome, f"{nothing.because}; {said}", nothing.shows)
    return decided((steps(keys), steps(values)) == ({16}, {8}), said, piece.as_text())


def listed(places: list[int]) -> str:
    return f"{places[0]}, {places[1]}, … {places[-1]}"


@dataclass(frozen=True)
class Pair:
    """The memory of two maps that differ in their types."""

    one: Piece
    other: Piece

    def same_by_dwarf(self) -> bool:
        one, other = self.one.dwarf, self.other.dwarf
        places = [[(part.path, part.offset, part.size) for part in known.parts] for known in (one, other)]
        return (one.size, one.align) == (other.size, other.align) and places[0] == places[1]

    def same_by_descriptor(self) -> bool:
        one, other = self.one.mask, self.other.mask
        return (one.size, one.align, one.field_align) == (other.size, other.align, other.field_align)


@judges.of(
    "2.5-j",
    sees=lambda seen: [
        Pair(of_map(seen, "string", "int"), of_map(seen, "string", "*int")),
        Pair(of_map(seen, "int", "int"), of_map(seen, "*int", "*int")),
    ],
    control=Control(
        "maps whose values have 1 byte and 8 bytes, none with pointers",
        lambda seen: [Pair(of_map(seen, "int8", "int8"), of_map(seen, "int8", "int64"))],
        Outcome.HOLDS,
    ),
)
def alignment_changes(pairs: list[Pair]) -> Finding:
    """Of two maps that differ only in whether keys or values are pointers, the memory is laid out differently.

    Laid out: size and alignment by DWARF and by the descriptor, offsets of all parts by DWARF. Buckets or groups,
    whichever this toolchain's maps have.
    """
    if not all(piece.dwarf.present and piece.mask.present for pair in pairs for piece in (pair.one, pair.other)):
        return unclear("the types of the maps' memory are not in the binary")
    said = "; ".join(
        f"`{pair.one.mask.name}` and `{pair.other.mask.name}` have {pair.one.mask.size} and {pair.other.mask.size} "
        f"bytes, alignment {pair.one.mask.align} and {pair.other.mask.align}, and parts at "
        f"{'the same' if pair.same_by_dwarf() else 'other'} offsets"
        for pair in pairs
    )
    shown = "\n\n".join(f"{pair.one.as_text()}\n{pair.other.as_text()}" for pair in pairs)
    if any(pair.same_by_dwarf() != pair.same_by_descriptor() for pair in pairs):
        return unclear(said, shown)
    return (fails if all(pair.same_by_dwarf() for pair in pairs) else holds)(said, shown)
