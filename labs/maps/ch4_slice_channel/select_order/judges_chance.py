"""How far counts may be from what a model predicts."""

from collections.abc import Sequence
from math import inf, sqrt
from typing import Final

MOST_SIGMAS: Final = 5.0
"""A count of a true model is farther away than that once in 1.7 million cases: dozens are looked at in each trial."""


def sigmas(count: int, runs: int, share: float) -> float:
    """How many standard deviations a count lies from what the share predicts; infinite if it allows no other."""
    if share in (0.0, 1.0):
        return 0.0 if count == share * runs else inf
    return abs(count - runs * share) / sqrt(runs * share * (1 - share))


def farthest(counts: Sequence[int], shares: Sequence[float]) -> float:
    """The largest of these distances."""
    return max(sigmas(count, sum(counts), share) for count, share in zip(counts, shares, strict=True))


def fits(counts: Sequence[int], shares: Sequence[float]) -> bool:
    return farthest(counts, shares) <= MOST_SIGMAS
