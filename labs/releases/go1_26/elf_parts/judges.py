"""What follows from what elf-parts saw: the claims 1.25-h, 1.26-i and j."""

from collections.abc import Sequence

from claimlab import Control, Finding, Judges, Outcome, decided

from .lab import OLD_DWARF, Debug, Part

judges = Judges()

NEWEST = 5


@judges.of(
    "1.25-h",
    sees=lambda seen: (seen.debug, seen.debug_old),
    control=Control("what is linked as usual, beside itself", lambda seen: (seen.debug, seen.debug), Outcome.FAILS),
)
def takes_less_room(pair: tuple[Debug, Debug | None]) -> Finding:
    """A program that is linked as usual has DWARF 5, and less for debuggers than if it is linked with DWARF 4 again."""
    now, old = pair
    said = f"DWARF {now.version}, {now.bytes} bytes, {now.stored} in the file"
    said += f"; with `{OLD_DWARF}` DWARF {old.version}, {old.bytes} bytes, {old.stored} in the file" if old else ""
    less = old is not None and now.bytes < old.bytes and now.stored < old.stored
    return decided(now.version == NEWEST and less, said)


@judges.of(
    "1.26-i",
    sees=lambda seen: [seen.module, seen.module_pie],
    control=Control("data that are relocated", lambda seen: [seen.data], Outcome.FAILS),
)
def has_its_own(parts: Sequence[Part]) -> Finding:
    """In an executable and in a position independent one the module's data lie in a section that is called after it."""
    said = " and ".join(f"`{one.section}`" for one in parts)
    return decided(all("module" in one.section for one in parts), f"it lies in {said}")


@judges.of(
    "1.26-j",
    sees=lambda seen: seen.table,
    control=(
        Control("data that are relocated", lambda seen: seen.data, Outcome.FAILS),
        Control("the code", lambda seen: seen.text, Outcome.HOLDS),
    ),
)
def needs_no_relocations(part: Part) -> Finding:
    """In a position independent executable nothing in the table is relocated, and its segment is not the relro one."""
    where = "inside" if part.in_relro else "outside"
    said = f"`{part.section}` lies {where} the relro segment and has {part.relocations} relocations"
    return decided(not part.in_relro and not part.relocations, said)
