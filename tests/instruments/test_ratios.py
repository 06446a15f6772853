"""The U test against benchstat's own printed results, against all ways to deal values out, and against scipy."""

from collections.abc import Sequence
from itertools import combinations
from random import Random
from statistics import median

import pytest
from scipy.stats import mannwhitneyu  # type: ignore[import-untyped]

from claimlab.instruments.ratios import EXACT, EXACT_TIED, Ratio, chance, paired_ratio
from claimlab.verdicts.statistics import median_interval

# Measurements that golang.org/x/perf has beside benchstat (cmd/benchstat/testdata/old.txt, new.txt), ns/op.
JSON = [1726, 1723, 1707, 1707, 1713, 1729, 1736, 1707, 1705, 1774]
JSON_NEW = [1423, 1416, 1411, 1413, 1412, 1426, 1422, 1424, 1447, 1425]
GOB = [3069, 3075, 3069, 3067, 3207, 3064, 3064, 3058, 3059, 3062]
GOB_NEW = [3075, 3065, 3059, 3065, 3060, 3081, 3186, 3135, 3087, 3062]


def dealt(some: Sequence[float], others: Sequence[float]) -> float:
    """The p-value from its definition: in how many ways the same values could have come out as far apart."""

    def u(first: Sequence[float], second: Sequence[float]) -> float:
        return sum((one > two) + (one == two) / 2 for one in first for two in second)

    every = [*some, *others]
    smaller = min(u(some, others), u(others, some))
    if 2 * smaller == len(some) * len(others):
        return 1.0
    ways = [
        u([every[place] for place in chosen], [every[place] for place in range(len(every)) if place not in chosen])
        for chosen in combinations(range(len(every)), len(some))
    ]
    return min(1.0, 2 * sum(way <= smaller for way in ways) / len(ways))


@pytest.mark.parametrize(
    ("old", "new", "printed"),
    [(JSON, JSON_NEW, "p=0.000"), (GOB, GOB_NEW, "p=0.446")],
)
def test_the_chance_is_what_benchstat_prints(old: list[float], new: list[float], printed: str) -> None:
    """As cmd/benchstat/testdata/csvOldNew.stdout has it."""
    assert f"p={chance(old, new):.3f}" == f"p={chance(new, old):.3f}" == printed


@pytest.mark.parametrize(
    ("samples", "middle", "wide"),
    [(JSON, 1718.0, "1%"), (JSON_NEW, 1422.5, "1%"), (GOB, 3065.5, "0%"), (GOB_NEW, 3070.0, "2%")],
)
def test_the_median_and_its_interval_are_what_benchstat_prints(samples: list[float], middle: float, wide: str) -> None:
    """In the same file; there an interval is its farther end, in percent of the median."""
    assert median(samples) == middle
    found = median_interval(samples)
    assert found is not None
    assert f"{100 * max(found[1] / middle - 1, 1 - found[0] / middle):.0f}%" == wide


@pytest.mark.parametrize("values", [2, 3, 5, 9])
@pytest.mark.parametrize("sizes", [(5, 5), (6, 6), (4, 7), (7, 4), (1, 5)])
@pytest.mark.parametrize("seed", range(3))
def test_with_ties_it_counts_all_ways_to_deal(values: int, sizes: tuple[int, int], seed: int) -> None:
    random = Random(f"{values} {sizes} {seed}")
    some, others = ([float(random.randrange(values)) for _ in range(size)] for size in sizes)
    assert chance(some, others) == pytest.approx(dealt(some, others), rel=1e-12)


@pytest.mark.parametrize("size", [3, 10, 15, EXACT])
def test_without_ties_it_is_scipys_exact_one(size: int) -> None:
    random = Random(size)
    some, others = ([random.random() for _ in range(size)] for _ in range(2))
    assert chance(some, others) == mannwhitneyu(some, others, method="exact").pvalue


@pytest.mark.parametrize(("size", "digits"), [(EXACT + 1, 9), (EXACT_TIED + 1, 1)])
def test_larger_samples_are_judged_by_the_normal_approximation(size: int, digits: int) -> None:
    random = Random(size)
    some, others = ([round(random.random(), digits) for _ in range(size)] for _ in range(2))
    assert chance(some, others) == mannwhitneyu(some, others, method="asymptotic").pvalue


def test_with_the_most_ties_that_are_counted_it_is_near_the_approximation() -> None:
    random = Random(1)
    some, others = ([round(random.gauss(centre, 1), 1) for _ in range(EXACT_TIED)] for centre in (0, 0.5))
    assert len({*some, *others}) < 2 * EXACT_TIED
    approximate = mannwhitneyu(some, others, method="asymptotic").pvalue
    assert chance(some, others) == pytest.approx(approximate, rel=0.1)
    assert chance(some, others) != approximate


def test_samples_that_are_all_equal_do_not_differ() -> None:
    assert chance([2.0] * 10, [2.0] * 10) == 1
    assert chance([2.0] * 60, [2.0] * 60) == 1


def test_samples_that_lie_on_both_sides_alike_do_not_differ() -> None:
    assert chance([1.0, 2, 2, 3], [1.0, 2, 2, 3]) == 1


# Intervals


def test_the_interval_covers_the_true_ratio_as_often_as_it_says() -> None:
    """Noise as benchmarks have it: each round a pace of its own, and now and then a much slower sample."""
    import numpy as np

    rng = np.random.default_rng(1)
    runs, rounds, true = 300, 15, 1.5
    covered = 0
    for _ in range(runs):
        pace = rng.lognormal(0, 0.1, rounds) * np.where(rng.random(rounds) < 0.5, 1.7, 1)
        noise = rng.lognormal(0, 0.03, (2, rounds)) * np.where(rng.random((2, rounds)) < 0.1, 1.5, 1)
        ratio = paired_ratio(list(true * pace * noise[0]), list(pace * noise[1]))
        assert ratio.low is not None
        assert ratio.high is not None
        covered += ratio.low <= true <= ratio.high
    assert 0.90 * runs <= covered


def test_rounds_of_another_pace_do_not_widen_the_interval() -> None:
    under = [16.0, 28.0, 16.1, 28.2, 16.2, 28.1, 16.0, 28.3, 16.3, 28.0, 16.1, 28.2]
    over = [value * (1.01 if place % 3 else 0.99) for place, value in enumerate(under)]
    ratio = paired_ratio(over, under)
    assert ratio.above(0.98)
    assert ratio.below(1.02)


def test_equal_samples_give_a_point() -> None:
    ratio = paired_ratio([3.0] * 12, [2.0] * 12)
    assert (ratio.ratio, ratio.low, ratio.high) == (1.5, 1.5, 1.5)
    assert str(ratio) == "1.50 (95 % interval 1.50–1.50, 12 rounds)"


def test_a_small_ratio_is_not_shown_as_nothing() -> None:
    assert str(paired_ratio([4.0] * 12, [1000.0] * 12)) == "0.004 (95 % interval 0.004–0.004, 12 rounds)"


def test_ties_give_an_interval_and_the_same_one_each_time() -> None:
    over, under = [2.0, 2.0, 2.0, 3.0, 3.0] * 3, [1.0, 1.0, 1.0, 1.0, 2.0] * 3
    first = paired_ratio(over, under)
    assert first == paired_ratio(over, under)
    assert first.low is not None
    assert first.high is not None
    assert first.low <= first.ratio <= first.high


def test_few_rounds_give_a_ratio_without_an_interval() -> None:
    ratio = paired_ratio([2.0] * 9, [1.0] * 9)
    assert (ratio.ratio, ratio.low, ratio.high) == (2.0, None, None)
    assert not ratio.above(1)
    assert not ratio.below(3)
    assert "no interval" in str(ratio)


def test_a_ratio_is_above_or_below_a_limit_only_with_its_whole_interval() -> None:
    ratio = Ratio(1.5, 1.1, 1.9, 15, 3, 2)
    assert [ratio.above(limit) for limit in (1.0, 1.1, 1.5)] == [True, False, False]
    assert [ratio.below(limit) for limit in (2.0, 1.9, 1.5)] == [True, False, False]


@pytest.mark.parametrize(
    ("over", "under"),
    [([], []), ([1.0], [1.0, 2.0]), ([0.0], [1.0]), ([1.0], [-1.0]), ([float("nan")], [1.0]), ([1.0], [float("inf")])],
)
def test_what_is_no_pair_of_times_is_refused(over: list[float], under: list[float]) -> None:
    with pytest.raises(ValueError, match=r"no pairs|positive"):
        paired_ratio(over, under)
