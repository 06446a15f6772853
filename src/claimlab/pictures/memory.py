"""Memory to scale, and what stands in registers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from claimlab.pictures.sources import Article, Said, Whose
from claimlab.project.languages import Words

LINE_BYTES: Final = 64
"""Of a cache line, on amd64 and on most arm64 processors."""
WORD_BYTES: Final = 8


class Role(StrEnum):
    """What something in memory is for. Each has a colour of its own, the same in all pictures."""

    POINTER = "pointer"
    COUNT = "count"
    FLAGS = "flags"
    HASH = "hash"
    """Hashes, parts of them, and what is kept to compare with them."""
    KEY = "key"
    VALUE = "value"
    LOCK = "lock"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a memory. What no part covers is padding."""

    offset: int
    size: int
    name: str
    """As it is called in the source. Two parts may have one name, as the eight keys of a group have."""
    role: Role = Role.OTHER
    count: int = 1
    """Of an array: how many elements of the same size."""
    marked: bool = False
    """The picture is about this part."""
    open: bool = False
    """Nobody says how long it is: it reaches as far as the next part."""
    note: Words | None = None

    def __post_init__(self) -> None:
        if self.offset < 0 or self.size <= 0 or self.count <= 0 or self.size % self.count:
            raise ValueError(f"{self.name}: {self.count} equal elements in {self.size} bytes at {self.offset}")

    @property
    def end(self) -> int:
        return self.offset + self.size


@dataclass(frozen=True, slots=True)
class Memory:
    """A piece of memory from end to end."""

    whose: Whose
    name: Said
    """The type, such as ``runtime.hmap``, or what it is in words."""
    size: int
    parts: tuple[Part, ...]
    """In order of their offsets. Only the article's may lie beyond the size that it gives itself."""
    starts: int = 0
    """Where in a cache line it begins."""
    open: bool = False
    """Nobody says how large it is: its size is where its last part ends."""
    followed: tuple[int, ...] | None = None
    """The offsets of the words that the collector takes for pointers, where the picture is about them."""
    looked_at: int = 0
    """How far from the beginning the collector looks for them, in bytes."""
    note: Words | None = None

    def __post_init__(self) -> None:
        ends, name = 0, self.name if isinstance(self.name, str) else self.name.first
        for part in self.parts:
            if part.offset < ends:
                raise ValueError(f"{name}: {part.name} at {part.offset} lies on what ends at {ends}")
            ends = part.end
        if ends > self.size and not isinstance(self.whose, Article):
            raise ValueError(f"{name}: its parts end at {ends}, and it at {self.size}")

    @property
    def end(self) -> int:
        """Where its last part or itself ends."""
        return max([self.size, *(part.end for part in self.parts)])

    def part(self, name: str) -> Part | None:
        """The first of this name."""
        return next((part for part in self.parts if part.name == name), None)

    def gaps(self) -> Iterator[tuple[int, int]]:
        """Beginning and end of what no part covers, within its size."""
        covered = 0
        for part in self.parts:
            if covered < min(part.offset, self.size):
                yield covered, min(part.offset, self.size)
            covered = part.end
        if covered < self.size:
            yield covered, self.size


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that lies elsewhere than the article says, or has another size, or is not there."""

    name: str
    """Empty: the whole."""
    claimed: tuple[int, int]
    """Offset and size."""
    found: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Memories to scale, one above the other: the article's first, then those that were measured."""

    memories: tuple[Memory, ...]
    line_bytes: int = LINE_BYTES
    """Where a cache line ends is marked; 0: not in this picture."""
    compared: bool = True
    """How the others differ from the article's memory is told."""
    says: Words | None = None

    def __post_init__(self) -> None:
        if not self.memories:
            raise ValueError("a layout without memories")

    def differences(self, found: Memory) -> list[Difference]:
        """How it differs from the article's memory, by the names of the parts; nothing if there is no such memory."""
        claimed = next((one for one in self.memories if isinstance(one.whose, Article)), None)
        if claimed is None or isinstance(found.whose, Article) or not self.compared:
            return []
        differences = []
        if claimed.size != found.size and not claimed.open:
            differences.append(Difference("", (0, claimed.size), (0, found.size)))
        for part in claimed.parts:
            other = found.part(part.name)
            size = other.size if other and part.open else part.size
            place = (other.offset, other.size) if other else None
            if place != (part.offset, size):
                differences.append(Difference(part.name, (part.offset, size), place))
        return differences


@dataclass(frozen=True, slots=True)
class Held:
    """What a register holds."""

    what: Said
    role: Role = Role.OTHER
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """What registers hold at one moment."""

    whose: Whose
    when: Words
    held: Mapping[str, Held] = field(default_factory=dict)
    """By register. Of the others the picture says nothing."""


@dataclass(frozen=True, slots=True)
class Registers:
    """What registers hold, from moment to moment."""

    names: tuple[str, ...]
    moments: tuple[Moment, ...]
    says: Words | None = None

    def __post_init__(self) -> None:
        if strangers := sorted({name for moment in self.moments for name in moment.held} - set(self.names)):
            raise ValueError(f"registers without a column: {strangers}")
