"""What the judges read out of the observation: pieces of memory, with what each instrument says of them."""

from dataclasses import dataclass

from claimlab import WORD_BYTES, Finding, PointerLayout, TypeLayout, unclear, void

from .lab import MAPS, OURS, Block, Seen

NAMES = {"keys": ("keys", "key"), "values": ("values", "elem", "value")}
"""What keys and values are called in a bucket's DWARF, and in the slots of a group or of a struct of ours."""


@dataclass(frozen=True)
class Piece:
    """A bucket or a group of a map, or a struct of ours."""

    label: str
    is_bucket: bool | None
    """Structs of ours count as buckets. None if the instruments disagree."""
    dwarf: TypeLayout
    mask: PointerLayout
    block: Block | None
    """What the running program says of it, where it was asked."""
    scanned: int | None
    """How many bytes the collector scans for it by its own count, where that was measured."""

    def no_bucket(self) -> Finding | None:
        """The finding if this is no bucket, or if the instruments disagree about that."""
        if self.is_bucket is None:
            return unclear(f"DWARF, descriptor and program disagree whether `{self.label}` has buckets")
        return None if self.is_bucket else void(f"there are no buckets: {self.told()}", self.as_text())

    def told(self) -> str:
        words = f"a `{self.label}` is made of `{self.mask.name}` of {self.mask.size} bytes"
        count = len(self.mask.words or [])
        words += f" with {count} pointer words ({count * WORD_BYTES} bytes) in its first {self.mask.ptr_bytes} bytes"
        return words + (f"; the collector scans {self.scanned} bytes of it by its own count" if self.scanned else "")

    def places(self, part: str) -> list[int]:
        """By DWARF: where the eight keys, or values, begin."""
        found = []
        for number in range(8):
            starts = [f"{NAMES[part][0]}[{number}]", *(f"slots[{number}].{name}" for name in NAMES[part][1:])]
            parts = [one.offset for one in self.dwarf.parts if one.path.startswith(tuple(starts))]
            found += parts[:1]
        return found

    def value_words(self) -> list[int]:
        return [place // WORD_BYTES for place in self.places("values")]

    def followed(self) -> list[int] | None:
        """The words that the collector follows; None where it was not asked."""
        return None if self.block is None else self.block.Followed or []

    def as_text(self) -> str:
        """Field by field: its words, those of them that the mask marks, and those that the collector follows."""
        lines = [f"{self.dwarf.name}: {self.dwarf.size} bytes, pointers in the first {self.mask.ptr_bytes}"]
        for field in self.dwarf.fields:
            words = range(field.offset // WORD_BYTES, max(field.end - 1, field.offset) // WORD_BYTES + 1)
            marked = [word for word in self.mask.words or [] if word in words]
            followed = [word for word in self.followed() or [] if word in words]
            named = f"{field.name:9} words {words[0]:2}-{words[-1]:2}"
            asked = f"  followed {followed}" if self.block else ""
            lines.append(f"{named}  marked {marked}{asked}")
        return "\n".join(lines)


def of_map(seen: Seen, key: str, value: str) -> Piece:
    number = MAPS.index((key, value))
    label = f"map[{key}]{value}"
    mask = seen.map_masks[number]
    bucket, group = seen.buckets[number], seen.groups[number]
    block = next((block for block in seen.report.Blocks if block.Label == label), None)
    said = {bucket.present, not group.present, mask.block == "Bucket"}
    said |= {block.Name.startswith("map.bucket")} if block else set()
    is_bucket = said.pop() if len(said) == 1 else None
    return Piece(label, is_bucket, bucket if bucket.present else group, mask, block, scanned_per_map(seen, label))


def scanned_per_map(seen: Seen, label: str) -> int | None:
    """Bytes that a map's only block adds to what is scanned: beyond those of a map whose block has no pointers.

    What both have, the header of the map, cancels out.
    """
    scans = {scan.Label: scan for scan in seen.report.Scans}
    if label not in scans:
        return None
    return round((scans[label].Bytes - scans["map[int64]int64"].Bytes) / scans[label].Maps)


def of_ours(seen: Seen, name: str) -> Piece:
    number = OURS.index(name)
    block = next(block for block in seen.report.Blocks if block.Label == name)
    return Piece(name, seen.ours[number].present or None, seen.ours[number], seen.our_masks[number], block, None)
