"""What counts allow one to say: against published values, and against the exact coverage."""

from math import comb

import pytest

from claimlab.verdicts.statistics import median_interval, share


@pytest.mark.parametrize(
    ("count", "runs", "low", "high"),
    [
        # Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # the textbook's small cases
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (0, 200, 0.0, 0.0188),
    ],
)
def test_intervals_are_the_published_ones(count: int, runs: int, low: float, high: float) -> None:
    found = share(count, runs)
    assert (found.count, found.runs) == (count, runs)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize("runs", [50, 100, 200])
def test_the_interval_covers_the_truth_as_often_as_it_says(runs: int) -> None:
    intervals = [share(count, runs) for count in range(runs + 1)]
    truths = [step / 1000 for step in range(25, 976)]
    covered = [
        sum(
            comb(runs, found.count) * truth**found.count * (1 - truth) ** (runs - found.count)
            for found in intervals
            if found.low <= truth <= found.high
        )
        for truth in truths
    ]
    assert min(covered) > 0.92
    assert max(covered) < 0.99
    assert sum(covered) / len(covered) == pytest.approx(0.95, abs=0.003)


@pytest.mark.parametrize("runs", [1, 2, 7, 200, 100_000])
def test_intervals_hold_the_share_stay_within_bounds_and_mirror_each_other(runs: int) -> None:
    for count in {0, 1, runs // 2, runs - 1, runs}:
        found, mirrored = share(count, runs), share(runs - count, runs)
        assert 0.0 <= found.low <= count / runs <= found.high <= 1.0
        assert found.low == pytest.approx(1 - mirrored.high, abs=1e-12)
        assert found.high - found.low > 0


def test_more_runs_say_more() -> None:
    widths = [share(runs // 2, runs).high - share(runs // 2, runs).low for runs in (10, 100, 1000, 10_000)]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize(("count", "runs"), [(-1, 10), (11, 10), (0, 0), (1, 0), (0, -5), (-5, -5)])
def test_what_is_no_share_is_refused(count: int, runs: int) -> None:
    with pytest.raises(ValueError, match=f"{count} of {runs} is no share"):
        share(count, runs)


def test_a_share_reads_as_a_count_with_its_interval() -> None:
    assert str(share(0, 200)) == "0 of 200 (95 % interval 0.0–1.9 %)"
    assert str(share(5, 10)) == "5 of 10 (95 % interval 23.7–76.3 %)"


@pytest.mark.parametrize(
    ("many", "ranks"),
    [
        # by hand, from the binomial distribution
        (1, None),
        (5, None),
        (6, (1, 6)),
        (8, (1, 8)),
        (9, (2, 8)),
        (15, (4, 12)),
        (20, (6, 15)),
    ],
)
def test_the_median_lies_between_these_ranks(many: int, ranks: tuple[int, int] | None) -> None:
    samples = [float(rank) for rank in range(many, 0, -1)]
    assert median_interval(samples) == ranks


@pytest.mark.parametrize("many", [6, 7, 15, 40, 101])
def test_the_interval_of_the_median_is_the_narrowest_that_covers_it_often_enough(many: int) -> None:
    found = median_interval([float(rank) for rank in range(1, many + 1)])
    assert found is not None
    place = round(found[0])
    below = [sum(comb(many, rank) for rank in range(end)) / 2**many for end in (place, place + 1)]
    assert 1 - 2 * below[0] >= 0.95 > 1 - 2 * below[1]
