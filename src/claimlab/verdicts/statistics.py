"""What counts allow one to say, and what counts as a figure that was claimed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `runs` showed something, with the interval that this gives for the true share."""

    count: int
    runs: int
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.count} of {self.runs} (95 % interval {100 * self.low:.1f}–{100 * self.high:.1f} %)"


def about(figure: float) -> tuple[float, float]:
    """The least and the most that count as "about" so much: half of it and twice it.

    One rule for all claims. Who writes "about" names no processor, and from one processor to the next the same work
    takes up to twice or half the time: what counts less would judge the machine, and what counts more no sentence.
    """
    return figure / 2, figure * 2


def share(count: int, runs: int) -> Share:
    """The Wilson score interval of a binomial share, at 95 %.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927); recommended
    over the textbook interval by Brown, Cai, DasGupta, Statistical Science 16 (2001). It stays within 0 and 1 and
    says something at "never seen": 0 of 200 leaves up to 1.9 %.
    """
    if not 0 <= count <= runs or runs == 0:
        raise ValueError(f"{count} of {runs} is no share")
    z = NormalDist().inv_cdf(0.975)
    found = count / runs
    centre = (found + z * z / (2 * runs)) / (1 + z * z / runs)
    half = z / (1 + z * z / runs) * sqrt(found * (1 - found) / runs + z * z / (4 * runs * runs))
    return Share(count, runs, max(0.0, centre - half), min(1.0, centre + half))


def median_interval(samples: Sequence[float]) -> tuple[float, float] | None:
    """Two of the samples between which the true median lies in at least 95 % of cases, whatever the distribution.

    The k-th least and the k-th greatest, with the greatest k for which that is so: how many samples lie below the
    median is binomial (H. A. David, H. N. Nagaraja, Order Statistics, 3rd ed., 7.1). None for fewer than six samples.
    """
    many = len(samples)
    ordered = sorted(samples)
    below, place = 0.0, 0
    while place < many // 2:
        below += comb(many, place) / 2**many
        if 2 * below > 0.05:
            break
        place += 1
    return (ordered[place - 1], ordered[many - place]) if place else None
