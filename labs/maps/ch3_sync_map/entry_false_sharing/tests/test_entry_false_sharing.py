"""The judges of entry-false-sharing on recorded observations, and on these with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, Ratio, change, kept

LAB = kept(__file__)
OLD, NEW = "1.23.9", "1.27.3"
UPDATES = ("increment", "add", "swap")
FACTORS = ("3.2-c/2", "3.2-d/2")
FIGURES = ("3.2-c/1", "3.2-d/1")


def ratio(low: float | None, high: float | None) -> Ratio:
    middle = (low + high) / 2 if low is not None and high is not None else 1.0
    return Ratio(middle, low, high, 15 if low is not None else 4, 2 * middle, 2)


def sharing(seen: Any, **ratios: Ratio | None) -> Any:
    changed = {**seen.sharing, **ratios}
    return change(seen, sharing={name: one for name, one in changed.items() if one})


def timed(seen: Any, **times: tuple[float | None, float | None]) -> Any:
    """For each operation the median with a line each and in one line, its interval a per cent to either side."""
    changed = dict(seen.times)
    for operation, pair in times.items():
        for lines, median in zip(("two lines", "one line"), pair, strict=True):
            label = f"{operation}, {lines}"
            low, high = (median * 0.999, median * 1.001) if median else (None, None)
            changed[label] = change(seen.times[label], median=median or 1.0, low=low, high=high)
    return change(seen, times=changed)


# a: slower or not


@pytest.mark.parametrize(
    ("others", "outcome"),
    [
        (ratio(2, 3), Outcome.HOLDS),
        (ratio(1.4, 1.6), Outcome.UNCLEAR),
        (ratio(1.0, 1.2), Outcome.UNCLEAR),
        (None, Outcome.UNCLEAR),
    ],
)
def test_each_atomic_update_has_to_be_slower(others: Ratio | None, outcome: Outcome) -> None:
    for name in ("add", "swap"):
        assert LAB.ruling("3.2-a/1", sharing(LAB.seen(NEW), **{name: others})).outcome is outcome


@pytest.mark.parametrize("plain", [ratio(2, 3), ratio(1.2, 1.7), ratio(0.9, 1.1)])
def test_plain_ones_which_a_processor_may_gather_are_told_and_decide_nothing(plain: Ratio) -> None:
    found = LAB.ruling("3.2-a/1", sharing(LAB.seen(NEW), increment=plain))
    assert (found.outcome, f"`increment` {plain}" in found.finding.because) == (Outcome.HOLDS, True)


def test_updates_that_take_as_long_would_refute_it() -> None:
    seen = sharing(LAB.seen(NEW), **dict.fromkeys(UPDATES, ratio(0.9, 1.1)))
    assert LAB.ruling("3.2-a/1", seen).outcome is Outcome.FAILS


@pytest.mark.parametrize("read", [ratio(2, 3), ratio(1.4, 1.6), None])
def test_loads_that_slow_each_other_down_break_the_judge(read: Ratio | None) -> None:
    assert LAB.ruling("3.2-a/1", sharing(LAB.seen(NEW), read=read)).outcome is Outcome.BROKEN


@pytest.mark.parametrize("name", [OLD, NEW])
@pytest.mark.parametrize(
    ("entries", "outcome"),
    [
        (ratio(1.2, 1.3), Outcome.HOLDS),
        (ratio(1.05, 1.2), Outcome.UNCLEAR),
        (ratio(0.99, 1.05), Outcome.FAILS),
        (ratio(None, None), Outcome.UNCLEAR),
        (None, Outcome.UNCLEAR),
    ],
)
def test_loads_of_a_map_are_judged_by_a_tenth(name: str, entries: Ratio | None, outcome: Outcome) -> None:
    assert LAB.ruling("3.2-a/2", change(LAB.seen(name), entries=entries)).outcome is outcome


def test_the_node_of_the_tree_is_told_where_there_is_one() -> None:
    assert "same node" in LAB.ruling("3.2-a/2", LAB.seen(NEW)).finding.because
    assert "same node" not in LAB.ruling("3.2-a/2", LAB.seen(OLD)).finding.because


@pytest.mark.parametrize("name", LAB.toolchains)
def test_only_the_near_entry_shared_the_line(name: str) -> None:
    apart = LAB.seen(name).apart
    assert abs(apart["near"]) < 64
    assert abs(apart["away"]) > 1000


# c/2 and d/2: how many times as slow


@pytest.mark.parametrize("claim", FACTORS)
@pytest.mark.parametrize(
    ("add", "outcome"),
    [
        (ratio(2.1, 3.5), Outcome.HOLDS),
        (ratio(10.9, 12.4), Outcome.HOLDS),  # two cores far from each other
        (ratio(1.5, 2.5), Outcome.UNCLEAR),
        (ratio(1.2, 1.8), Outcome.FAILS),
        (ratio(None, None), Outcome.UNCLEAR),
        (None, Outcome.UNCLEAR),
    ],
)
def test_several_times_is_at_least_twice(claim: str, add: Ratio | None, outcome: Outcome) -> None:
    assert LAB.ruling(claim, sharing(LAB.seen(NEW), add=add)).outcome is outcome


# c/1 and d/1: the figures


def test_latencies_as_printed_would_hold() -> None:
    assert LAB.ruling("3.2-c/1", timed(LAB.seen(NEW), swap=(8.2, 47.9))).outcome is Outcome.HOLDS


def test_one_of_the_two_latencies_is_not_enough() -> None:
    assert LAB.ruling("3.2-c/1", timed(LAB.seen(NEW), swap=(8.2, 20), add=(2, 47.9))).outcome is Outcome.FAILS


def test_a_latency_at_the_edge_is_unclear() -> None:
    assert LAB.ruling("3.2-c/1", timed(LAB.seen(NEW), swap=(8.25, 47.9))).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("cores", [1, 2])
def test_throughputs_may_be_of_one_core_or_of_both(cores: int) -> None:
    """12.4 M a second are 80.6 ns for one core, and 2.1 M are 476 ns."""
    assert LAB.ruling("3.2-d/1", timed(LAB.seen(NEW), add=(cores * 80.6, cores * 476))).outcome is Outcome.HOLDS


def test_of_one_core_and_of_both_is_no_pair() -> None:
    assert LAB.ruling("3.2-d/1", timed(LAB.seen(NEW), add=(80.6, 2 * 476))).outcome is Outcome.FAILS


def test_a_throughput_at_the_edge_is_unclear() -> None:
    assert LAB.ruling("3.2-d/1", timed(LAB.seen(NEW), add=(1000 / 12.45, 476))).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", FIGURES)
def test_without_an_interval_no_figure_is_judged(claim: str) -> None:
    found = LAB.ruling(claim, timed(LAB.seen(NEW), add=(None, None)))
    assert found.outcome is Outcome.BROKEN
    assert found.controls[0].outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("name", LAB.toolchains)
def test_ratios_and_times_are_those_of_the_recorded_samples(name: str) -> None:
    seen = LAB.seen(name)
    for operation in (*UPDATES, "read"):
        arms = [("counters", f"{operation}-{lines}-ns/op") for lines in ("one-line", "two-lines")]
        assert seen.sharing[operation] == seen.timing.ratio(*arms)
        assert seen.times[f"{operation}, one line"].median == pytest.approx(seen.sharing[operation].median)
    assert len(seen.timing.clean()) >= 10
