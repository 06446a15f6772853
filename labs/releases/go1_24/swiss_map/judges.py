"""What the observations of swiss-map say of the claim 1.24-b."""

from dataclasses import dataclass
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import BUCKETS, SWISS, Read, Seen

judges = Judges()

EMPTY: Final = 0x80
"""The control byte of a slot that nothing was put into; that of a full one has seven bits of the hash."""


@dataclass(frozen=True)
class Held:
    """A map's memory, and whether the program has the type of a Swiss table's header."""

    read: Read
    is_swiss_by_type: bool | None
    """None if both types are there, or neither."""

    @property
    def has_control_bytes(self) -> bool:
        """One for each slot: seven bits where it is full, the highest bit alone where it is empty."""
        full = [one for one in self.read.Control if one < EMPTY]
        return len(full) == self.read.Entries and all(one == EMPTY for one in self.read.Control if one >= EMPTY)

    @property
    def is_by_slots(self) -> bool:
        """Key and value of one slot lie side by side."""
        pairs = list(zip(self.read.Words[::2], self.read.Words[1::2], strict=True))
        return sum(key > 0 and value == key + 1000 for key, value in pairs) == self.read.Entries


def by_type(seen: Seen) -> bool | None:
    return None if seen.types[SWISS] is seen.types[BUCKETS] else seen.types[SWISS]


@judges.of(
    "1.24-b",
    sees=lambda seen: Held(seen.maps[0], by_type(seen)),
    control=(
        Control("an imitation of a group", lambda seen: Held(seen.maps[1], True), Outcome.HOLDS),
        Control("an imitation of a bucket", lambda seen: Held(seen.maps[2], False), Outcome.FAILS),
    ),
)
def it_is_swiss(held: Held) -> Finding:
    """The slots of a map of five entries have a control byte each, and its header has the type of a Swiss table.

    Of a full slot the byte is seven bits of the hash, of an empty one 0x80; and each value lies behind its key. In a
    bucket, as maps had it before, all keys come first.
    """
    shows = f"{' '.join(f'{one:#04x}' for one in held.read.Control)}\n{' '.join(map(str, held.read.Words))}"
    answers = {held.has_control_bytes, held.is_by_slots, held.is_swiss_by_type}
    if len(answers) > 1 or None in answers:
        return unclear("bytes, slots and type do not agree", shows)
    if held.has_control_bytes:
        return decided(
            True,
            "each slot has a control byte, each value lies behind its key, and by DWARF the type is a Swiss map's",
            shows,
        )
    return decided(
        False,
        "the bytes of empty slots are not 0x80, values lie behind all keys, and by DWARF the type is no Swiss map's",
        shows,
    )
