"""The table's figures as such, for the machine of this trial: the claims 3.2-c/1 and 3.2-d/1."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, fails, holds, unclear

from .judges_slower import NO_ROUND
from .lab import UPDATES, Seen

judges = Judges()

Span = tuple[float, float]
"""From where to where a figure may lie."""
Scales = Mapping[str, Callable[[Span], Span]]
"""What a figure may mean: from the time of an operation, in ns, to the figure."""

LATENCIES: Final[Scales] = {"": lambda time: time}
THROUGHPUTS: Final[Scales] = {
    " by one core": lambda time: (1000 / time[1], 1000 / time[0]),
    " by both": lambda time: (2 * 1000 / time[1], 2 * 1000 / time[0]),
}
"""In millions a second. The table does not say which of the two it gives."""


@dataclass(frozen=True)
class Claimed:
    """One figure of the table with all that is printed so."""

    printed: str
    span: Span


@dataclass(frozen=True)
class Measured:
    """One way of updating the entries, and of reading the figures."""

    what: str
    own: Span
    """With a line each."""
    shared: Span
    """In one line."""


@dataclass(frozen=True)
class Figures:
    """What the table says of entries with a line each and of entries in one line, and what was measured."""

    own: Claimed
    shared: Claimed
    unit: str
    measured: list[Measured]


def measured(seen: Seen, scales: Scales) -> list[Measured]:
    """Empty if an interval is missing."""
    spans: dict[str, Span] = {}
    for operation in UPDATES:
        for lines in ("two lines", "one line"):
            time = seen.times.get(f"{operation}, {lines}")
            if time is None or time.low is None or time.high is None:
                return []
            spans[f"{operation}, {lines}"] = (time.low, time.high)
    return [
        Measured(
            f"`{operation}`{name}", scale(spans[f"{operation}, two lines"]), scale(spans[f"{operation}, one line"])
        )
        for operation in UPDATES
        for name, scale in scales.items()
    ]


def figures(seen: Seen, own: Claimed, shared: Claimed, unit: str, scales: Scales) -> Figures:
    return Figures(own, shared, unit, measured(seen, scales))


def from_here(seen: Seen, unit: str, scales: Scales) -> Figures:
    """As if the table had been made of one of these very measurements."""
    found = measured(seen, scales)
    taken = found[-1] if found else Measured("", (0, 0), (0, 0))
    return Figures(Claimed(in_words(taken.own), taken.own), Claimed(in_words(taken.shared), taken.shared), unit, found)


@judges.of(
    "3.2-c/1",
    sees=lambda seen: figures(seen, Claimed("8.2", (8.15, 8.25)), Claimed("47.9", (47.85, 47.95)), "ns", LATENCIES),
    control=Control(
        "what one of the operations was measured to take in this trial",
        lambda seen: from_here(seen, "ns", LATENCIES),
        Outcome.HOLDS,
    ),
)
@judges.of(
    "3.2-d/1",
    sees=lambda seen: figures(seen, Claimed("12.4", (12.35, 12.45)), Claimed("2.1", (2.05, 2.15)), "M/s", THROUGHPUTS),
    control=Control(
        "how often one of the operations was measured to be done in this trial",
        lambda seen: from_here(seen, "M/s", THROUGHPUTS),
        Outcome.HOLDS,
    ),
)
def are_these(figures: Figures) -> Finding:
    """Some way of updating the entries gives both figures on this machine: plain, by addition, or by compare-and-swap.

    A figure is given if the measured interval lies within what is printed so when rounded. It fails if for each
    operation at least one of the two figures lies outside the interval, and not just at its edge.
    """
    if not figures.measured:
        return unclear(NO_ROUND)
    words = (
        f"claimed are {figures.own.printed} and {figures.shared.printed} {figures.unit}; measured with a line each, "
    )
    words += f"and in one line, {figures.unit}: "
    words += "; ".join(f"{one.what} {in_words(one.own)}, and {in_words(one.shared)}" for one in figures.measured)
    places = [(place(one.own, figures.own), place(one.shared, figures.shared)) for one in figures.measured]
    if (Outcome.HOLDS, Outcome.HOLDS) in places:
        return holds(words)
    return fails(words) if all(Outcome.FAILS in pair for pair in places) else unclear(words)


def in_words(span: Span) -> str:
    return " to ".join(f"{number:.0f}" if number >= 100 else f"{number:.3g}" for number in span)


def place(span: Span, claimed: Claimed) -> Outcome:
    """Whether what was measured is what is claimed."""
    (low, high), (least, most) = span, claimed.span
    if least <= low and high <= most:
        return Outcome.HOLDS
    return Outcome.FAILS if high < least or low > most else Outcome.UNCLEAR
