"""Ratios of two times that were measured in the same rounds, with the interval that these allow. Part of `timing`."""

from collections.abc import Sequence
from math import comb, isfinite
from statistics import median
from typing import Final

import msgspec

LEAST_ROUNDS: Final = 10
"""With fewer an interval is too wide to decide anything, and not to be trusted: with three it is the range."""
RESAMPLES: Final = 9999
SEED: Final = 20240607
"""Fixed, so that the same samples always give the same interval."""

_SMALL: Final = 0.1
EXACT: Final = 50
"""The largest samples whose U test is exact, as in benchstat."""
EXACT_TIED: Final = 25
"""The same where some values are equal."""


class Ratio(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many times as long the one takes as the other, with its 95 % interval."""

    ratio: float
    """The median of the rounds' ratios."""
    low: float | None
    """None, as `high`, if there are fewer than ten rounds."""
    high: float | None
    rounds: int
    median: float
    """Of the times in the numerator."""
    median_to: float
    """Of those in the denominator."""

    def above(self, limit: float) -> bool:
        """The whole interval is."""
        return self.low is not None and self.low > limit

    def below(self, limit: float) -> bool:
        """The whole interval is."""
        return self.high is not None and self.high < limit

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{_shown(self.ratio)} (only {self.rounds} rounds, hence no interval)"
        return f"{_shown(self.ratio)} (95 % interval {_shown(self.low)}–{_shown(self.high)}, {self.rounds} rounds)"


def _shown(ratio: float) -> str:
    """Two digits behind the point, or two that are not 0."""
    return f"{ratio:.2f}" if ratio >= _SMALL else f"{ratio:.2g}"


def paired_ratio(numerator: Sequence[float], denominator: Sequence[float]) -> Ratio:
    """The median of the rounds' ratios, with a percentile bootstrap interval over the rounds.

    The samples of one place stem from one round. What slows a whole round down (another guest of the machine, the clock
    rate) cancels in its ratio; it does not in a ratio of two medians, which may stem from rounds of different pace.
    Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. Not BCa, which gives nan on tied or
    constant samples.
    """
    if not numerator or len(numerator) != len(denominator):
        raise ValueError(f"{len(numerator)} and {len(denominator)} samples make no pairs")
    if not all(isfinite(value) and value > 0 for value in (*numerator, *denominator)):
        raise ValueError("times are positive numbers")
    ratios = [over / under for over, under in zip(numerator, denominator, strict=True)]
    low = high = None
    if len(ratios) >= LEAST_ROUNDS:
        low, high = _interval(ratios)
    return Ratio(median(ratios), low, high, len(ratios), median(numerator), median(denominator))


def chance(some: Sequence[float], others: Sequence[float]) -> float:
    """How likely samples differ so much if nothing differs: the p-value of the Mann-Whitney U test, two-sided.

    It is the test of benchstat (golang.org/x/perf/benchmath, AssumeNothing), with the same p-value: exact for up to 50
    samples of each, for up to 25 if some are tied, and else by the normal approximation; 1 if all are equal.
    """
    from scipy.stats import mannwhitneyu  # type: ignore[import-untyped]

    different = len({*some, *others})
    tied = different < len(some) + len(others)
    if different == 1:
        return 1.0
    if max(len(some), len(others)) > (EXACT_TIED if tied else EXACT):
        return float(mannwhitneyu(some, others, method="asymptotic").pvalue)
    return _chance_of_ties(some, others) if tied else float(mannwhitneyu(some, others, method="exact").pvalue)


def _chance_of_ties(some: Sequence[float], others: Sequence[float]) -> float:
    """Over all ways to deal the same values out again; scipy knows the exact distribution only without ties.

    J. H. Klotz, The Wilcoxon, Ties, and the Computer, JASA 61 (1966). Ranks are counted twice, so that the mean rank of
    equal values is an integer.
    """
    import numpy as np

    every = sorted([*some, *others])
    count, total = len(some), len(every)
    ranks = {value: 2 * every.index(value) + 1 + every.count(value) for value in every}
    # [so many were dealt out, with this sum of their ranks]
    ways = np.zeros((count + 1, total * (total + 1) + 1))
    ways[0, 0] = 1
    for value, rank in ranks.items():
        before = ways.copy()
        for dealt in range(1, min(every.count(value), count) + 1):
            ways[dealt:, dealt * rank :] += comb(every.count(value), dealt) * before[:-dealt, : -dealt * rank]
    least = count * (count + 1)
    twice_u = sum(ranks[value] for value in some) - least
    smaller = min(twice_u, 2 * count * len(others) - twice_u)
    if smaller == count * len(others):
        return 1.0
    return min(1.0, 2 * float(ways[count, : least + smaller + 1].sum()) / comb(total, count))


def _interval(ratios: Sequence[float]) -> tuple[float, float]:
    # Half a second to import together, and only measuring needs them.
    import numpy as np
    from scipy.stats import bootstrap

    found = bootstrap(
        (np.asarray(ratios),),
        np.median,
        vectorized=True,
        method="percentile",
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(found.low), float(found.high)
