"""What the judges read out of the observation: pieces of memory, with what each instrument says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claimlab import PointerLayout, TypeLayout

from .lab import MAPS, OURS, Block, Field, Places, Seen

NAMES = {
    "tophash": ("tophash", "topbits"),
    "keys": ("keys",),
    "values": ("values", "elems"),
    "overflow": ("overflow",),
}
"""What the parts of a bucket are called: by the linker in DWARF, and by the compiler (cmd/compile/internal/reflectdata:
MapBucketType)."""
SPOKEN_OF = 0
"""Section 2.1 looks at `mapassign_fast64`, which serves maps with 8-byte keys: here the one with 8-byte values."""


@dataclass(frozen=True)
class Piece:
    """One bucket type, or a struct of ours."""

    label: str
    exists: bool | None
    """None if the instruments disagree about it."""
    dwarf: TypeLayout
    block: Block
    descriptor: PointerLayout | None
    instead: str
    """What this toolchain's map is made of, if not of buckets."""

    def sizes(self) -> dict[str, int]:
        found = {"DWARF": self.dwarf.size, "reflection": self.block.Size}
        return found | ({"the descriptor": self.descriptor.map_type["BucketSize"]} if self.descriptor else {})

    def _field(self, part: str) -> Field | None:
        return next((field for field in self.block.Fields if field.Name in NAMES[part]), None)

    def offsets(self, part: str) -> dict[str, int | None]:
        """Where the part begins, by instrument; None where the instrument did not find it."""
        by_dwarf = next((field for name in NAMES[part] if (field := self.dwarf.field(name))), None)
        by_reflection = self._field(part)
        found = {
            "DWARF": by_dwarf.offset if by_dwarf else None,
            "reflection": by_reflection.Offset if by_reflection else None,
        }
        if self.block.Found:
            place = place_in_memory(self.block.Found, part)
            found["live memory"] = None if place < 0 else place
        return found

    def ends(self, part: str) -> int:
        field = self._field(part)
        return field.Offset + field.Size if field else -1

    def counts(self, part: str) -> dict[str, int]:
        by_dwarf = next((field for name in NAMES[part] if (field := self.dwarf.field(name))), None)
        by_reflection = self._field(part)
        return {
            "DWARF": by_dwarf.count if by_dwarf else 0,
            "reflection": by_reflection.Count if by_reflection else 0,
        }

    def as_text(self) -> str:
        lines = [f"{self.label}: {self.dwarf.size} bytes"]
        lines += [f"{field.offset:6}  {field.name:9} {field.size:4} bytes" for field in self.dwarf.fields]
        return "\n".join(lines)


def place_in_memory(found: Places, part: str) -> int:
    places = {"keys": found.Keys, "values": found.Values, "tophash": [found.Tophash], "overflow": [found.Overflow]}
    return places[part][0]


def agreed(by_instrument: Mapping[str, int | None]) -> int | None:
    """What all instruments say, at least two of them; None if one found nothing or says otherwise."""
    said = set(by_instrument.values())
    return said.pop() if len(said) == 1 and len(by_instrument) > 1 else None


def spelled(by_instrument: Mapping[str, int | None]) -> str:
    return ", ".join(f"{value} by {instrument}" for instrument, value in by_instrument.items())


def _block(seen: Seen, label: str) -> Block:
    return next(block for block in seen.report.Blocks if block.Label == label)


def of_map(seen: Seen, number: int) -> Piece:
    key, value = MAPS[number]
    label = f"map[{key}]{value}"
    block, dwarf, descriptor = _block(seen, label), seen.buckets[number], seen.descriptors[number]
    said = {dwarf.present, block.Name == f"map.bucket[{key}]{value}", descriptor.block == "Bucket"}
    group = seen.groups[number]
    parts = ", ".join(f"`{field.name}` at {field.offset}" for field in group.fields)
    instead = f"`{label}` is made of `{block.Name}` of {block.Size} bytes with {parts}"
    return Piece(label, said.pop() if len(said) == 1 else None, dwarf, block, descriptor, instead)


def of_maps(seen: Seen) -> list[Piece]:
    return [of_map(seen, number) for number in range(len(MAPS))]


def of_ours(seen: Seen, name: str) -> Piece:
    dwarf = seen.ours[OURS.index(name)]
    return Piece(name, dwarf.present or None, dwarf, _block(seen, name), None, "")


def listed(values: Sequence[tuple[str, int]]) -> str:
    """A line for each value, with what has it."""
    by_value: dict[int, list[str]] = {}
    for label, value in values:
        by_value.setdefault(value, []).append(label)
    return "\n".join(f"{value:6}  {', '.join(labels)}" for value, labels in sorted(by_value.items()))


def summed_up(values: Sequence[tuple[str, int]]) -> str:
    low, high = min(value for _, value in values), max(value for _, value in values)
    return str(low) if low == high else f"{low} to {high}"
