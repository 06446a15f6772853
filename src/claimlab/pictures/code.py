"""Machine code with what is to be seen in it, and chains of calls."""

from dataclasses import dataclass

from claimlab.pictures.sources import Whose
from claimlab.project.languages import Words


@dataclass(frozen=True, slots=True)
class Line:
    """One instruction."""

    text: str
    offset: int | None = None
    """In bytes from the function's first instruction: addresses differ between toolchains that do the same."""
    source: str = ""
    """File and line, such as ``map_fast64.go:113``; or what else to put above a run of instructions."""
    means: str = ""
    """The symbol that it refers or leads to."""
    marked: bool = False
    """The instruction that decides."""
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """Instructions that are left out here."""

    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A piece of a function."""

    whose: Whose
    function: str
    lines: tuple[Line | Skip, ...]
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """The machine code of one function beside that of the others."""

    listings: tuple[Listing, ...]
    says: Words | None = None

    def __post_init__(self) -> None:
        if not self.listings:
            raise ValueError("code without a listing")


@dataclass(frozen=True, slots=True)
class Call:
    """One frame of a backtrace."""

    function: str
    place: str = ""
    """File and line."""
    marked: bool = False
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Calls:
    """A backtrace, outermost call first."""

    whose: Whose
    calls: tuple[Call, ...]
    ends: Words | None = None
    """What comes of it."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Chains of calls beside each other."""

    traces: tuple[Calls, ...]
    says: Words | None = None

    def __post_init__(self) -> None:
        if not all(trace.calls for trace in self.traces) or not self.traces:
            raise ValueError("a chain without calls")
