"""What the words of a header are, and what the collector knows of them: the claims 4.1-a, b, g and h."""

from dataclasses import dataclass

from claimlab import (
    WORD_BYTES,
    Control,
    Finding,
    Judges,
    Outcome,
    PointerLayout,
    TypeLayout,
    decided,
    fails,
    holds,
    unclear,
)

from .lab import TYPES, Seen

judges = Judges()


@dataclass(frozen=True)
class Type:
    """A type by DWARF, by its descriptor, and by a value of it in memory."""

    dwarf: TypeLayout
    mask: PointerLayout
    live: list[str] | None
    """What each word of the value is; None where no value was looked at."""
    followed: dict[str, list[int]]
    """The words that the collector follows, by where the value lies."""
    scanned: int | None
    """Bytes that it counts as scanned for one value on the heap."""

    def fields(self) -> str:
        found = [f"`{one.name}` ({one.kind}, {one.size} bytes) at {one.offset}" for one in self.dwarf.fields]
        return f"`{self.dwarf.name}` has {self.dwarf.size} bytes: {', '.join(found)}"

    def words(self) -> list[int] | None:
        """The words that hold a pointer, if DWARF, the descriptor and the collector agree."""
        found = [self.dwarf.pointer_words(), self.mask.words or [], *self.followed.values()]
        return found[0] if all(one == found[0] for one in found) and self.mask.present else None

    def told(self) -> str:
        words = f"in `{self.dwarf.name}` DWARF has {listed(self.dwarf.pointer_words())} as a pointer, the descriptor's "
        words += f"mask marks {listed(self.mask.words or [])} (pointers end after {self.mask.ptr_bytes} of "
        words += f"{self.mask.size} bytes), and the collector follows "
        return words + ", ".join(f"{listed(found)} of one {place}" for place, found in self.followed.items())

    def shows(self) -> str:
        return "\n".join(
            f"{one.path or self.dwarf.name:8} offset {one.offset:2}  {one.type}" for one in self.dwarf.parts
        )


def listed(words: list[int]) -> str:
    return f"word {', '.join(map(str, words))}" if words else "no word"


def slices(seen: Seen) -> Type:
    return type_of(seen, "[]int", "[]int", ["on the heap", "on the stack", "in a variable"])


def type_of(seen: Seen, name: str, called: str, places: list[str]) -> Type:
    number = TYPES.index(name)
    followed = {place: seen.report.Followed[f"{called} {place}"] for place in places}
    return Type(
        seen.dwarf[number],
        seen.masks[number],
        seen.report.Live.get(called),
        followed,
        seen.report.Scanned.get(called),
    )


def three_numbers(seen: Seen) -> Type:
    return type_of(seen, "main.threeNumbers", "three numbers", ["on the heap"])


def three_pointers(seen: Seen) -> Type:
    return type_of(seen, "main.threePointers", "three pointers", ["on the heap"])


@judges.of(
    "4.1-a",
    sees=slices,
    control=Control("a string's header", lambda seen: type_of(seen, "string", "string", []), Outcome.FAILS),
)
def three_words(known: Type) -> Finding:
    """The header is a pointer to the array, the length and the capacity, in this order, and nothing else.

    By DWARF a pointer and two integers of 8 bytes each; in live memory the words have the values that `len` and `cap`
    give, after the address of the first element.
    """
    by_dwarf = [(one.kind, one.offset, one.size) for one in known.dwarf.fields] == [
        (kind, number * WORD_BYTES, WORD_BYTES) for number, kind in enumerate(["pointer", "integer", "integer"])
    ] and known.dwarf.size == known.mask.size == 3 * WORD_BYTES
    by_memory = known.live == ["ptr", "len", "cap"]
    said = f"{known.fields()}; the words of a live one are {', '.join(known.live or [])}"
    if by_dwarf != by_memory:
        return unclear(f"DWARF and memory disagree: {said}", known.shows())
    return decided(by_dwarf, said, known.shows())


@judges.of(
    "4.1-b",
    sees=slices,
    control=Control("a struct of ours with three numbers", three_numbers, Outcome.HOLDS),
)
def no_pointer(known: Type) -> Finding:
    """No word of the header is a pointer: not by DWARF, not by the type's descriptor, not for the collector."""
    words = known.words()
    if words is None:
        return unclear(f"the instruments disagree: {known.told()}", known.shows())
    return decided(not words, known.told(), known.shows())


@judges.of(
    "4.1-h",
    sees=slices,
    control=Control("a struct of ours with three pointers", three_pointers, Outcome.FAILS),
)
def the_first_word_alone(known: Type) -> Finding:
    """Of the three words the collector follows the first, and the other two nowhere: on the heap, on a stack, in a
    variable."""
    words = known.words()
    if words is None:
        return unclear(f"the instruments disagree: {known.told()}", known.shows())
    return decided(words == [0], known.told(), known.shows())


@judges.of(
    "4.1-g",
    sees=slices,
    control=Control("a struct of ours with three numbers", three_numbers, Outcome.HOLDS),
)
def no_metadata(known: Type) -> Finding:
    """Nothing tells the collector about the header itself: its type has no pointer mask, no word of it is followed, and
    a header on the heap is not scanned.

    What ptr leads to is marked because the collector knows that the header's first word is a pointer. That knowledge is
    the metadata in question. What is marked beside it is told in 4.1-h.
    """
    said = f"{known.told()}; for one on the heap it counts {known.scanned} bytes as scanned"
    answers = {bool(known.mask.words), known.mask.ptr_bytes > 0, bool(known.scanned)}
    answers |= {bool(found) for found in known.followed.values()}
    if len(answers) > 1 or known.scanned is None or not known.mask.present or not known.followed:
        return unclear(f"the instruments disagree: {said}", known.shows())
    return fails(said, known.shows()) if answers == {True} else holds(said, known.shows())
