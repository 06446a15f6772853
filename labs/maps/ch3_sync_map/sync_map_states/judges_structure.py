"""What sync.Map is made of: the claims 3.1-a, 3.1-b and 3.1-g/2."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, TypeLayout, decided, fails, holds, unclear, void

from .seen import Compiled, Seen, Structure

judges = Judges()

VOID = void("`sync.Map` has no field `read` in this toolchain")
TWO_MAPS = {"dirty", "read → m"}


@dataclass(frozen=True)
class Made:
    """A struct as reflection sees it and as DWARF does; and the struct that its field `read` leads to, by DWARF."""

    reflected: Structure
    known: TypeLayout
    behind: TypeLayout | None = None
    both: int = 0
    """States in which the two maps were both there, and not the same one."""

    def reflected_type(self, name: str) -> str:
        return dict(self.reflected.Fields).get(name, "")

    def known_type(self, name: str) -> str:
        """As reflection writes it, which leaves out the path of a package."""
        found = self.known.field(name)
        return found.type.replace("sync/atomic.", "atomic.") if found else ""

    def as_text(self) -> str:
        return "\n".join(f"{name:14} {kind}" for name, kind in self.reflected.Fields)


def made(seen: Seen, name: str, behind: str = "") -> Made:
    reflected = next(one for one in seen.structures if one.Name == name)
    types = {one.name: one for one in seen.types}
    states = [step.after for step in seen.walks["shared tour"]] if name == "sync.Map" else []
    both = sum(state.ReadMap != 0 and state.Dirty not in (0, state.ReadMap) for state in states)
    return Made(reflected, types[name], types.get(behind), both)


@judges.of(
    "3.1-a",
    sees=lambda seen: made(seen, "sync.Map", "sync.readOnly"),
    control=Control("a struct of ours with a mutex and one map", lambda seen: made(seen, "main.single"), Outcome.FAILS),
)
def has_two_maps(struct: Made) -> Finding:
    """The struct has a map in its field `dirty` and one behind its field `read`, and both are in use at a time."""
    by_reflection = {name for name, kind in struct.reflected.Fields if kind.startswith("map[")}
    by_dwarf = {one.name for one in struct.known.fields if one.type.startswith("map[")}
    if struct.behind and struct.behind.present:
        by_dwarf |= {f"read → {one.name}" for one in struct.behind.fields if one.type.startswith("map[")}
    maps = " and ".join(f"`{name}`" for name in sorted(by_reflection))
    words = f"maps among the fields of `{struct.reflected.Name}`: {maps or 'none'}"
    if by_reflection != by_dwarf:
        return unclear(f"{words}; by DWARF {', '.join(sorted(by_dwarf)) or 'none'}", struct.as_text())
    if by_reflection != TWO_MAPS:
        kinds = ", ".join(f"`{name} {kind}`" for name, kind in struct.reflected.Fields)
        return fails(f"{words}; the fields are {kinds}", struct.as_text())
    words += f"; in {struct.both} of the states observed both exist, and they are different ones"
    return holds(words, struct.as_text()) if struct.both else unclear(words, struct.as_text())


@judges.of(
    "3.1-b",
    sees=lambda seen: made(seen, "sync.Map") if seen.has_fields else None,
    control=Control(
        "a struct of ours with an atomic.Value that holds a readOnly",
        lambda seen: made(seen, "main.described"),
        Outcome.HOLDS,
    ),
)
def read_is_a_value(struct: Made | None) -> Finding:
    """The field `read` has type atomic.Value, and holds a struct readOnly."""
    if struct is None:
        return VOID
    kind = struct.reflected_type("read")
    words = f"the field `read` of `{struct.reflected.Name}` has type `{kind}`, by DWARF and by reflection"
    if kind != struct.known_type("read"):
        return unclear(f"reflection says `{kind}`, DWARF `{struct.known_type('read')}`", struct.as_text())
    if kind != "atomic.Value":
        return fails(words, struct.as_text())
    words += f", and holds a `{struct.reflected.Held}`"
    return decided(struct.reflected.Held.endswith(".readOnly"), words, struct.as_text())


@judges.of(
    "3.1-g/2",
    sees=lambda seen: seen.statement if seen.has_fields else None,
    control=Control("the same with a field of type unsafe.Pointer", lambda seen: seen.statement_ours, Outcome.HOLDS),
)
def the_statement_compiles(compiled: Compiled | None) -> Finding:
    """The compiler takes the statement in a method of the map, beside the map's own fields."""
    if compiled is None:
        return VOID
    shows = "\n".join(compiled.complaints)
    if compiled.exit_code == 0:
        return holds("package sync compiles with the statement in a method", shows)
    about = [line for line in compiled.complaints if "&m.read" in line and "unsafe.Pointer" in line]
    if about:
        return fails(f"the compiler refuses it: {about[0]}", shows)
    return unclear(f"the build ended with exit code {compiled.exit_code}", shows)
