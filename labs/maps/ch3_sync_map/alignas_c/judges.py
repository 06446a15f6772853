"""What gcc says of the claims 3.2-f, 3.2-g and 3.2-h."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import Compiled, Described, Lies, Seen

judges = Judges()


@dataclass(frozen=True)
class Neighbours:
    """Two neighbouring elements of an array of a struct."""

    name: str
    line: int
    lies: Lies
    described: Described


def neighbours(seen: Seen, name: str) -> Neighbours:
    return Neighbours(name, seen.layouts.line, seen.layouts.structs[name], seen.dwarf[name])


@judges.of(
    "3.2-f",
    sees=lambda seen: neighbours(seen, "Aligned"),
    control=Control("the struct without alignas", lambda seen: neighbours(seen, "Plain"), Outcome.HOLDS),
)
@judges.of(
    "3.2-h",
    sees=lambda seen: neighbours(seen, "Plain"),
    control=Control("the struct with alignas(64)", lambda seen: neighbours(seen, "Aligned"), Outcome.FAILS),
)
def may_share_a_line(pair: Neighbours) -> Finding:
    """There is a place in a cache line where an array can begin so that its first two elements lie in that one line.

    The program tells how far its elements lie apart and how they must be aligned; DWARF has to say the same. `alignas`
    stands on the member, where C takes it.
    """
    lies, described = pair.lies, pair.described
    words = f"`struct {pair.name}` has {lies.size} bytes, its elements lie {lies.stride} bytes apart: of {lies.places} "
    words += (
        f"places in a line of {pair.line} bytes where an array can begin, its first two elements share the line in "
    )
    words += f"{lies.sharing}"
    first, second = lies.addresses
    shows = f"as linked: {first:#x} and {second:#x}, lines {first // pair.line:#x} and {second // pair.line:#x}\n"
    shows += f"DWARF: size {described.size}, alignment asked for {described.align or 'none'}"
    if described.size != lies.size or described.align not in (None, lies.align) or lies.stride != lies.size:
        return unclear(f"the instruments disagree: {words}", shows)
    return decided(lies.sharing > 0, words, shows)


@dataclass(frozen=True)
class Tried:
    """A declaration, and what gcc said of it in each mode."""

    declaration: str
    gcc: str
    tried: list[Compiled]
    array: str
    """What it said of the array, once the struct was declared in a way that C takes."""


def tried(seen: Seen, name: str) -> Tried:
    errors = [error for one in seen.compilations.tried["array as listed"] for error in one.errors]
    return Tried(
        seen.declarations[name], seen.compilations.gcc, seen.compilations.tried[name], errors[0] if errors else ""
    )


@judges.of(
    "3.2-g",
    sees=lambda seen: tried(seen, "listed"),
    control=Control("alignas on the member", lambda seen: tried(seen, "on the member"), Outcome.HOLDS),
)
def compiles(tried: Tried) -> Finding:
    """gcc accepts it in some mode of C, C99 to C2x with or without GNU's extensions, with or without <stdalign.h>."""
    accepted = [one for one in tried.tried if one.accepted]
    words = (
        f"`{tried.declaration}` is accepted in {len(accepted)} of {len(tried.tried)} combinations of a C mode and a "
    )
    words += f"header by {tried.gcc}"
    errors = dict.fromkeys(error for one in tried.tried for error in one.errors)
    modes = dict.fromkeys(one.mode for one in accepted)
    shows = "\n".join([*errors, f"accepted in: {', '.join(modes) or 'no mode'}"])
    if not accepted and tried.array:
        words += f"; and of `Entry entries[2]` without the word `struct` it says “{tried.array}”"
    return decided(bool(accepted), words, shows)
