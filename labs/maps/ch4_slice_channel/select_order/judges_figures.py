"""The article's table: the claims 4.4-g and h."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, decided, fails, holds, share, unclear

from .judges_chance import MOST_SIGMAS, sigmas
from .lab import Batches, Seen

judges = Judges()

DIRECTIONS: Final = ("receiving", "sending")
KINDS: Final = {"unbuffered": 0.523, "capacity 1": 0.491}
"""The share of ch1, as claimed."""
ROUNDED: Final = 0.0005
SPREAD: Final = {"unbuffered": 8.7, "capacity 1": 3.2}
"""The deviation, as claimed."""
ROUNDED_SPREAD: Final = 0.05


@dataclass(frozen=True)
class Hits:
    """Selects whose hits of the first channel were counted in batches, all processes together."""

    label: str
    batches: list[Batches]

    @property
    def hits(self) -> int:
        return sum(one.hits for one in self.batches)

    @property
    def selects(self) -> int:
        return sum(one.selects for one in self.batches)

    def counted(self) -> Counter[int]:
        """How many batches had so many hits."""
        found: Counter[int] = Counter()
        for one in self.batches:
            found.update({int(hits): count for hits, count in one.batches.items()})
        return found

    @property
    def number(self) -> int:
        return self.counted().total()

    @property
    def spread(self) -> float:
        """The standard deviation of the hits of a batch."""
        mean = self.hits / self.number
        return sqrt(sum(count * (hits - mean) ** 2 for hits, count in self.counted().items()) / (self.number - 1))

    def told(self) -> str:
        processors = ", ".join(str(one.gomaxprocs) for one in self.batches)
        return f"{self.label} (GOMAXPROCS {processors}): {share(self.hits, self.selects)}"


def table(seen: Seen, direction: str) -> list[Hits]:
    return [Hits(f"{kind}, {direction}", seen.batches_of(f"{kind}, {direction}")) for kind in KINDS]


def others(seen: Seen, *labels: str) -> list[Hits]:
    return [Hits(label, seen.batches_of(label)) for label in labels]


@judges.of(
    "4.4-g",
    sees=lambda seen: [table(seen, direction) for direction in DIRECTIONS],
    control=Control(
        "coins of our own that fall so in 52.3 and 49.1 % of the cases",
        lambda seen: [others(seen, "a coin that falls so in 52.3 %", "a coin that falls so in 49.1 %")],
        Outcome.HOLDS,
    ),
)
def shares_are_as_claimed(tables: Sequence[list[Hits]]) -> Finding:
    """Over many selects on two ready channels the share of the first is 52.3 % without a buffer, 49.1 % with one.

    The table does not say whether the selects received or sent; one direction in which both figures are as claimed
    would do. Before each select both channels are ready: by a waiting goroutine, or by a buffer of one that is full, or
    empty.
    """
    if not all(hits.batches for hits_of in tables for hits in hits_of):
        return unclear("not every kind of channel was counted")
    distances = [
        [distance(hits, claimed) for hits, claimed in zip(hits_of, KINDS.values(), strict=True)] for hits_of in tables
    ]
    words = "; ".join(hits.told() for hits_of in tables for hits in hits_of)
    claims = " and ".join(f"{100 * claimed:.1f} %" for claimed in KINDS.values())
    words += f"; the claimed {claims} are at least "
    words += (
        f"{min(one[0] for one in distances):.1f} and {min(one[1] for one in distances):.1f} standard deviations away"
    )
    if any(max(one) <= MOST_SIGMAS for one in distances):
        return holds(words)
    return fails(f"{words}; {small_series()}")


def distance(hits: Hits, claimed: float) -> float:
    """In standard deviations, from the nearest share that is printed like the claimed one."""
    found = hits.hits / hits.selects
    nearest = min(max(found, claimed - ROUNDED), claimed + ROUNDED)
    return sigmas(hits.hits, hits.selects, nearest)


def small_series() -> str:
    """In how many selects a fair choice deviates as much as claimed, once in twenty series."""
    most = [round((1.96 * 0.5 / (claimed - 0.5)) ** 2, -2) for claimed in KINDS.values()]
    return f"a fair choice deviates so far in one of twenty series of {most[0]:.0f} and of {most[1]:.0f} selects"


@judges.of(
    "4.4-h",
    sees=lambda seen: [table(seen, direction) for direction in DIRECTIONS],
    control=Control(
        "channels with a buffer in batches of 303 selects, against batches of 41",
        lambda seen: [
            others(seen, "capacity 1, receiving, 303 at a time", "capacity 1, receiving, 41 at a time"),
        ],
        Outcome.HOLDS,
    ),
)
def spread_is_as_claimed(tables: Sequence[list[Hits]]) -> Finding:
    """The standard deviation of the hits of a channel is 8.7 without a buffer where it is 3.2 with one.

    The table does not say among how many selects. For a choice by chance it grows with the square root of their number,
    and so the ratio of two deviations among equally many selects does not depend on it: 8.7 / 3.2 is 2.7.
    """
    if not all(hits.batches for hits_of in tables for hits in hits_of):
        return unclear("not every kind of channel was counted")
    low, high = (
        (SPREAD["unbuffered"] + sign * ROUNDED_SPREAD) / (SPREAD["capacity 1"] - sign * ROUNDED_SPREAD)
        for sign in (-1, 1)
    )
    parts, compatible = [], []
    for one, other in tables:
        ratio = one.spread / other.spread
        # The logarithm of a deviation of n normal values has the variance 1 / 2(n - 1).
        factor = exp(MOST_SIGMAS * sqrt(1 / (2 * (one.number - 1)) + 1 / (2 * (other.number - 1))))
        compatible.append(ratio / factor <= high and ratio * factor >= low)
        parts.append(
            f"{one.label}: {one.spread:.2f} among {one.batches[0].batch} selects, {other.label}: {other.spread:.2f} "
            f"among {other.batches[0].batch} (a fair coin's: {expected(one):.2f} and {expected(other):.2f}); "
            f"ratio {ratio:.2f}, at most {ratio * factor:.2f}, where the table's is {low:.2f} to {high:.2f}"
        )
    return decided(any(compatible), "; ".join(parts))


def expected(hits: Hits) -> float:
    """The deviation of a fair coin."""
    return sqrt(hits.batches[0].batch) / 2
