"""What links: the claims 1.23-f, g and h."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, fails, holds, unclear

from .lab import Linked, Seen

judges = Judges()

MARKED = ("mallocgc", "typedmemmove", "throw")
"""Functions that Go's sources still mark (runtime/malloc.go, mbarrier.go, panic.go)."""


@dataclass(frozen=True)
class Tried:
    """References of several kinds."""

    kinds: dict[str, Linked]
    beside: str = ""
    exist: bool = True
    """With the check off none is refused."""

    @property
    def tried(self) -> int:
        return sum(len(one.symbols) for one in self.kinds.values())

    @property
    def refused(self) -> dict[str, str]:
        return {symbol: said for one in self.kinds.values() for symbol, said in one.refused.items()}

    def told(self) -> str:
        counts = (f"{len(one.refused)} of {len(one.symbols)} {kind}" for kind, one in self.kinds.items())
        return f"the linker refuses {', '.join(counts)}{self.beside}"


def unmarked(seen: Seen) -> Tried:
    does = {None: "it does not know -checklinkname", True: "with -checklinkname=0 the functions link"}
    flag = f"; {does.get(seen.links_unchecked, 'with -checklinkname=0 the functions do not link either')}"
    return Tried({"functions": seen.functions, "variables": seen.variables}, flag, seen.links_unchecked is not False)


def marked(seen: Seen) -> Tried:
    """Of those that others use."""
    refused = seen.used_already.refused
    return Tried({"marked functions": Linked([*MARKED], {one: refused[one] for one in MARKED if one in refused})})


def used_already(seen: Seen) -> Tried:
    return Tried({"functions that others use already": seen.used_already})


def refuses(tried: Tried) -> Finding:
    words, shows = tried.told(), "\n".join(tried.refused.values())
    if not tried.refused:
        return fails(words)
    return holds(words, shows) if tried.exist and len(tried.refused) == tried.tried else unclear(words, shows)


@judges.of(
    "1.23-f",
    sees=unmarked,
    control=Control("functions of the runtime that are marked", marked, Outcome.FAILS),
)
def unmarked_symbols(tried: Tried) -> Finding:
    """Every reference by linkname to functions and variables of the runtime that nothing marks is refused."""
    return refuses(tried)


@judges.of(
    "1.23-h",
    sees=lambda seen: Tried({"variables from assembly": seen.assembly}),
    control=Control(
        "variables of the runtime that are marked",
        lambda seen: Tried({"marked variables from assembly": seen.assembly_marked}),
        Outcome.FAILS,
    ),
)
def from_assembly(tried: Tried) -> Finding:
    """Every reference from assembly to a variable of the runtime that nothing marks is refused."""
    return refuses(tried)


@judges.of(
    "1.23-g",
    sees=used_already,
    control=Control(
        "functions that the runtime does not have",
        lambda seen: Tried({"functions that do not exist": seen.absent}),
        Outcome.FAILS,
    ),
)
def what_others_use(tried: Tried) -> Finding:
    """Each of 43 functions of which the sources of Go 1.23 say that other modules reach them so still links."""
    words, shows = tried.told(), "\n".join(tried.refused.values())
    return fails(words, shows) if tried.refused else holds(words)
