"""Findings: an outcome with the evidence for it."""

from dataclasses import dataclass

from claimlab.project.outcome import Outcome
from claimlab.project.singular import singular


@dataclass(frozen=True, slots=True)
class Finding:
    """A judge's outcome with the evidence for it."""

    outcome: Outcome
    because: str
    """One sentence with the figures that decided."""
    shows: str = ""
    """The decisive excerpt: a few lines of a backtrace, a count, an address. May be empty."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "because", singular(self.because))
        object.__setattr__(self, "shows", singular(self.shows))


def holds(because: str, shows: str = "") -> Finding:
    """What was measured bears the claim out."""
    return Finding(Outcome.HOLDS, because, shows)


def fails(because: str, shows: str = "") -> Finding:
    """What was measured contradicts the claim."""
    return Finding(Outcome.FAILS, because, shows)


def unclear(because: str, shows: str = "") -> Finding:
    """What was measured does not suffice, and `because` says what was wanting."""
    return Finding(Outcome.UNCLEAR, because, shows)


def void(because: str, shows: str = "") -> Finding:
    """The toolchain lacks what the claim is about, and `because` says what that is."""
    return Finding(Outcome.VOID, because, shows)


def decided(by: bool, because: str, shows: str = "") -> Finding:
    """Holds if `by`, fails otherwise."""
    return holds(because, shows) if by else fails(because, shows)
