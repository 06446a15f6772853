"""Types, offsets and cache lines of sync.Map's fields: the claims 1-i, j, m, n and o."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, TypeLayout, decided, fails, share, unclear, void

from .lab import TYPES, Layout, Seen

judges = Judges()

MU, READ = "mu", "read"


@dataclass(frozen=True)
class Struct:
    """A struct by DWARF and by reflection."""

    dwarf: TypeLayout
    reflected: Layout
    line_bytes: int

    @property
    def name(self) -> str:
        return self.reflected.Name

    def has(self, field: str) -> bool | None:
        """None if the instruments disagree."""
        said = {self.dwarf.field(field) is not None, any(one.Name == field for one in self.reflected.Fields)}
        return said.pop() if len(said) == 1 else None

    def offset(self, field: str) -> int | None:
        """None if the instruments disagree, or there is no such field."""
        by_dwarf = self.dwarf.field(field)
        said = {one.Offset for one in self.reflected.Fields if one.Name == field}
        said |= {by_dwarf.offset} if by_dwarf else set()
        return said.pop() if len(said) == 1 and self.has(field) else None

    def as_text(self) -> str:
        lines = [f"{self.dwarf.name}: {self.dwarf.size} bytes"]
        lines += [f"{field.offset:4}  {field.name:7} {field.type}" for field in self.dwarf.fields]
        return "\n".join(lines)

    def lacks(self, *fields: str) -> Finding | None:
        """The finding if a field is not there, or the instruments disagree about it."""
        for field in fields:
            there = self.has(field)
            if there is None:
                return unclear(f"DWARF and reflection disagree whether `{self.name}` has a field `{field}`")
            if not there:
                others = ", ".join(f"`{one.name} {one.type}`" for one in self.dwarf.fields if one.size)
                return void(f"`{self.name}` has no field `{field}`; it consists of {others}", self.as_text())
        return None


def struct(seen: Seen, name: str) -> Struct:
    number = TYPES.index(name)
    return Struct(seen.types[number], seen.report.Layouts[number], seen.report.LineBytes)


def the_map(seen: Seen) -> Struct:
    return struct(seen, "sync.Map")


DESCRIBED = Control(
    "a struct of ours with mu and an atomic.Value that holds a readOnly",
    lambda seen: struct(seen, "main.described"),
    Outcome.HOLDS,
)
PADDED = Control(
    "a struct of ours with 56 bytes between the two", lambda seen: struct(seen, "main.padded"), Outcome.FAILS
)


@judges.of("1-i", sees=the_map, control=DESCRIBED)
def read_is_a_value(known: Struct) -> Finding:
    """The field `read` is of type `sync/atomic.Value` and holds a struct `readOnly`."""
    if lacking := known.lacks(READ):
        return lacking
    by_dwarf = next(field.type for field in known.dwarf.fields if field.name == READ)
    by_reflection = next(field.Type for field in known.reflected.Fields if field.Name == READ)
    said = {by_dwarf == "sync/atomic.Value", by_reflection == "atomic.Value"}
    words = f"`read` is of type `{by_dwarf}` by DWARF and `{by_reflection}` by reflection"
    if len(said) > 1:
        return unclear(words, known.as_text())
    if not said.pop():
        return fails(words, known.as_text())
    held = known.reflected.Held
    return decided(held.endswith(".readOnly"), f"{words}; it holds a `{held}`", known.as_text())


@judges.of("1-j", sees=the_map, control=PADDED)
def they_may_share_a_line(known: Struct) -> Finding:
    """Of the maps on the heap, some have the beginnings of `mu` and `read` on one cache line.

    Decided by the addresses; the offsets have to allow it.
    """
    if lacking := known.lacks(MU, READ):
        return lacking
    mu, read = known.offset(MU), known.offset(READ)
    if mu is None or read is None:
        return unclear(f"DWARF and reflection disagree about the offsets in `{known.name}`")
    seen = known.reflected
    counted = share(seen.SameLine, seen.Objects)
    words = f"`mu` is at {mu} and `read` at {read}; they begin on one line of {known.line_bytes} bytes in {counted}"
    allowed = abs(mu - read) < known.line_bytes
    if allowed != (seen.SameLine > 0):
        return unclear(words, known.as_text())
    starts = ", ".join(str(start) for start in seen.Starts or [])
    return decided(allowed, f"{words} of the values on the heap", f"{known.as_text()}\nbegin in a line at {starts}")


@dataclass(frozen=True)
class Claimed:
    """A field, and the offsets that it is said to have."""

    field: str
    offsets: tuple[int, ...]


def lies_at(known: Struct, claimed: Claimed) -> Finding:
    if lacking := known.lacks(claimed.field):
        return lacking
    place = known.offset(claimed.field)
    if place is None:
        return unclear(f"DWARF and reflection disagree where `{claimed.field}` lies in `{known.name}`")
    words = f"`{claimed.field}` is at {place} of `{known.name}`, by DWARF and by reflection"
    return decided(place in claimed.offsets, words, known.as_text())


MU_AT, READ_AT = Claimed(MU, (0,)), Claimed(READ, (8, 16))


@judges.of(
    "1-m",
    sees=the_map,
    control=Control("a struct of ours that has `mu` last", lambda seen: struct(seen, "main.turned"), Outcome.FAILS),
)
def mu_is_first(known: Struct) -> Finding:
    """`mu` lies at offset 0."""
    return lies_at(known, MU_AT)


@judges.of("1-n", sees=the_map, control=PADDED)
def read_is_at_8_or_16(known: Struct) -> Finding:
    """`read` lies at offset 8 or 16."""
    return lies_at(known, READ_AT)


@judges.of("1-o", sees=the_map, control=DESCRIBED)
def the_layout_is_there(known: Struct) -> Finding:
    """There are fields `mu` at offset 0 and `read` at offset 8 or 16.

    The claim says so of every release from 1.22 on: where a field is missing, that is its failure, and not void.
    """
    both = [lies_at(known, MU_AT), lies_at(known, READ_AT)]
    outcomes = {finding.outcome for finding in both}
    if Outcome.UNCLEAR in outcomes:
        return next(finding for finding in both if finding.outcome is Outcome.UNCLEAR)
    wrong = [finding for finding in both if finding.outcome is not Outcome.HOLDS]
    if wrong:
        return fails(wrong[0].because, known.as_text())
    return decided(True, f"{both[0].because}; `read` is at {known.offset(READ)}", known.as_text())
