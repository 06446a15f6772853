"""What one trial of sync-map-states saw, as data."""

import msgspec

from claimlab import TypeLayout

MISSING = "no such method"


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of a map between two operations, as the process itself reads them.

    Structs and maps have numbers, in order of their appearance; 0 is nil. Keys come with what their entry holds:
    ``nil`` (deleted), ``expunged``, or the value, which is the number of the operation that stored it.
    """

    Read: int
    """The struct that the pointer `read` leads to."""
    ReadMap: int
    """The map in it."""
    ReadKeys: list[tuple[str, str]]
    Amended: bool
    Dirty: int
    DirtyKeys: list[tuple[str, str]]
    Same: int
    """Keys of both maps that lead to the same entry."""
    Misses: int

    @property
    def clean(self) -> bool:
        """There is a read map, and all is in it as far as the map knows."""
        return self.ReadMap != 0 and not self.Amended

    def in_read(self, key: str) -> bool:
        return key in dict(self.ReadKeys)

    def in_dirty(self, key: str) -> bool:
        return key in dict(self.DirtyKeys)

    def __str__(self) -> str:
        shown = "amended" if self.Amended else "not amended"
        return f"read {_keys(self.ReadMap, self.ReadKeys)} {shown}, dirty {_keys(self.Dirty, self.DirtyKeys)}"


def _keys(number: int, keys: list[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{key}: {holds}" for key, holds in keys) + "}" if number else "nil"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same fields as gdb reads them, in another process; numbers as in `State`."""

    read: int
    read_map: int
    read_len: int
    amended: bool
    dirty: int
    dirty_len: int
    misses: int
    entries: dict[str, str]
    """Of keys a to f as far as they are in a map: ``nil``, ``expunged`` or ``value``."""

    def agrees(self, state: State) -> bool:
        """Both instruments have read the same."""
        keys = [*state.DirtyKeys, *state.ReadKeys]
        known = {key: holds if holds in ("nil", "expunged") else "value" for key, holds in keys}
        return (
            (self.read, self.read_map, self.read_len) == (state.Read, state.ReadMap, len(state.ReadKeys))
            and (self.dirty, self.dirty_len) == (state.Dirty, len(state.DirtyKeys))
            and (self.amended, self.misses) == (state.Amended, state.Misses)
            and self.entries == known
        )


class Write(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An instruction that changed one of the words mu, read, dirty, misses: noted by the debug registers."""

    word: str
    instruction: str
    """By gdb."""
    place: str
    """``map.go:456``, or the function's name where gdb knows no line."""
    held: bool
    """The mutex was locked when it was executed."""
    decoded: str = ""
    """By the second decoder, for the word `read`; empty where it finds nothing at the address."""
    atomic: bool = False
    """By the second decoder."""
    callers: list[str] = []
    """For the word `read`: the innermost functions."""

    def __str__(self) -> str:
        lock = "mu locked" if self.held else "mu free  "
        return f"{self.word:6} {lock} {self.instruction:28} {self.place}"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One operation, done in two processes: one that reads itself, and one under gdb."""

    operation: str
    """Empty for the state at the beginning."""
    waited: bool
    """Inside: the mutex was locked when it began, and it waited for it."""
    answer: str
    after: State
    words: Words
    writes: list[Write]
    """In order of time."""

    @property
    def name(self) -> str:
        return self.operation.partition(" ")[0]

    @property
    def key(self) -> str:
        return self.operation.partition(" ")[2]

    def wrote(self, word: str) -> list[Write]:
        return [write for write in self.writes if write.word == word]

    @property
    def agreed(self) -> bool:
        """Both instruments say the same of the fields, and of the mutex."""
        return self.words.agrees(self.after) and self.waited == bool(self.wrote("mu"))

    def __str__(self) -> str:
        mutex = "takes mu" if self.waited else ""
        return f"{self.operation or 'at first':18} {self.answer:12} {mutex:8} misses {self.after.Misses}  {self.after}"


class Probe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One operation on a map made anew, inside the process. Read has a and b; if amended, dirty has c and d besides."""

    From: str
    """``clean`` or ``amended``."""
    Operation: str
    Place: str
    """Where its key is: ``read``, ``dirty`` for the dirty map alone, ``neither``; empty for operations without one."""
    Waited: bool
    Answer: str
    Misses: int
    """How many more were counted."""
    Promoted: bool
    """The dirty map became the read map."""


class Structure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A struct as reflection sees it, with what its field `read` leads to."""

    Name: str
    Fields: list[tuple[str, str]]
    """Names and types."""
    Held: str
    """The type of what the field `read` holds, if it is an atomic.Value."""


class Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call of sync/atomic.StorePointer with the address of `read`, in an operation that switches."""

    called: bool
    """If not, the rest is false."""
    kept: bool
    """What it was to store is what `read` held after the operation."""
    of_dirty: bool
    """The map in that is what `dirty` was when the function was entered."""
    amended: bool
    """In that."""
    held: bool
    """The mutex was locked."""


class Compiled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Package sync with one more method."""

    exit_code: int
    complaints: list[str]
    """The compiler's, without the position."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial of this lab saw."""

    has_fields: bool
    """sync.Map has the fields of the state machine."""
    types: list[TypeLayout]
    """By DWARF: sync.Map, sync.readOnly, and structs of ours."""
    structures: list[Structure]
    """By reflection."""
    walks: dict[str, list[Step]]
    """By map and scenario, such as ``shared tour``; empty for a map without the fields."""
    probes: list[Probe]
    assigned: dict[str, str]
    """By map: what comes of an assignment to its dirty map in the clean state."""
    stored: dict[str, Stored]
    """By map."""
    statement: Compiled
    """The article's statement, with sync.Map's own fields."""
    statement_ours: Compiled
    """The same with a field of type unsafe.Pointer."""
