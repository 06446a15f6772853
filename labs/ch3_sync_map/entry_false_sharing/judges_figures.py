"""The table's figures as such, for the machine of this trial: the claims 3.2-c/1 and 3.2-d/1."""

from collections.abc import Callable
from dataclasses import dataclass

from claimlab.lab import Control, Judges
from claimlab.outcome import Finding, Outcome, fails, holds, unclear

from .judges_slower import NO_ROUND
from .lab import UPDATES, Seen, Time

judges = Judges()

OWN, SHARED = "two lines", "one line"
CORES = 2


@dataclass(frozen=True)
class Claimed:
    """One figure of the table with all that is printed so."""

    printed: str
    low: float
    high: float


@dataclass(frozen=True)
class Figures:
    """What the table says of entries with a line each and of entries in one line, and what was measured."""

    own: Claimed
    shared: Claimed
    unit: str
    measured: dict[str, tuple[tuple[float, float], tuple[float, float]]]
    """By operation: from where to where the figure can lie, for a line each and for one line."""


def latencies(time: Time) -> tuple[float, float]:
    assert time.low is not None
    assert time.high is not None
    return time.low, time.high


def throughputs(time: Time) -> tuple[float, float]:
    """In millions a second: of one core, up to both cores together. The table does not say which."""
    low, high = latencies(time)
    return 1000 / high, CORES * 1000 / low


def figures(seen: Seen, own: Claimed, shared: Claimed, unit: str, of: Callable[[Time], tuple[float, float]]) -> Figures:
    measured = {}
    for operation in UPDATES:
        pair = [seen.times.get(f"{operation}, {lines}") for lines in (OWN, SHARED)]
        if all(time is not None and time.low is not None for time in pair):
            own_time, shared_time = (of(time) for time in pair if time)
            measured[operation] = (own_time, shared_time)
    return Figures(own, shared, unit, measured)


def from_here(seen: Seen, unit: str, of: Callable[[Time], tuple[float, float]]) -> Figures:
    """As if the table had been made of this very measurement of an addition."""
    nothing = Claimed("", 0, 0)
    found = figures(seen, nothing, nothing, unit, of)
    if "add" not in found.measured:
        return found
    own, shared = (Claimed(f"{short(low)} to {short(high)}", low, high) for low, high in found.measured["add"])
    return Figures(own, shared, unit, found.measured)


@judges.of(
    "3.2-c/1",
    sees=lambda seen: figures(seen, Claimed("8.2", 8.15, 8.25), Claimed("47.9", 47.85, 47.95), "ns", latencies),
    control=Control(
        "what an atomic addition was measured to take in this trial",
        lambda seen: from_here(seen, "ns", latencies),
        Outcome.HOLDS,
    ),
)
@judges.of(
    "3.2-d/1",
    sees=lambda seen: figures(seen, Claimed("12.4", 12.35, 12.45), Claimed("2.1", 2.05, 2.15), "M/s", throughputs),
    control=Control(
        "what two cores were measured to add in this trial",
        lambda seen: from_here(seen, "M/s", throughputs),
        Outcome.HOLDS,
    ),
)
def are_these(figures: Figures) -> Finding:
    """Some way of updating the entries gives both figures on this machine: plain, by addition, or by compare-and-swap.

    A figure is given if the measured interval lies within what is printed so when rounded. It fails if for each
    operation at least one of the two figures lies outside the interval, and not just at its edge.
    """
    if set(figures.measured) != set(UPDATES):
        return unclear(NO_ROUND)
    said, agreeing, open_ones = [], [], []
    for operation, pair in figures.measured.items():
        places = [place(span, claimed) for span, claimed in zip(pair, (figures.own, figures.shared), strict=True)]
        own, shared = (f"{short(low)} to {short(high)}" for low, high in pair)
        said.append(f"`{operation}` {own} {figures.unit} with a line each, {shared} {figures.unit} in one line")
        if all(one is Outcome.HOLDS for one in places):
            agreeing.append(operation)
        elif Outcome.FAILS not in places:
            open_ones.append(operation)
    words = f"claimed are {figures.own.printed} and {figures.shared.printed} {figures.unit}; measured " + "; ".join(
        said
    )
    if agreeing:
        return holds(words)
    return unclear(words) if open_ones else fails(words)


def short(number: float) -> str:
    """Three digits, or all before the point."""
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"


def place(span: tuple[float, float], claimed: Claimed) -> Outcome:
    """Whether what was measured is what is claimed."""
    low, high = span
    if claimed.low <= low and high <= claimed.high:
        return Outcome.HOLDS
    return Outcome.FAILS if high < claimed.low or low > claimed.high else Outcome.UNCLEAR
