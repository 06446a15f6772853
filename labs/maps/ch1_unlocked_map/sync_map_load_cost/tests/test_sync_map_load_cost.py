"""The judge of sync-map-load-cost on observations that real trials recorded, and on these with one thing changed."""

import pytest

from claimlab import Outcome, Ratio, change, kept

LAB = kept(__file__)
seen_on = LAB.seen


def ratio(low: float | None, high: float | None) -> Ratio:
    middle = (low + high) / 2 if low is not None and high is not None else 1.0
    return Ratio(middle, low, high, 15 if low else 4, 30 * middle, 30)


@pytest.mark.parametrize("name", LAB.toolchains)
def test_the_ratios_are_those_of_the_recorded_samples(name: str) -> None:
    seen = seen_on(name)
    assert seen.one_map == seen.timing.ratio(("loads", "one-map-ns/op"), ("loads", "two-maps-ns/op"))
    assert seen.one_core == seen.timing.ratio(("loads", "one-map-ns/op"), ("loads", "one-core-ns/op"))
    assert seen.one_line == seen.timing.ratio(("counts", "one-line-ns/op"), ("counts", "two-lines-ns/op"))
    assert len(seen.timing.clean()) >= 10


@pytest.mark.parametrize(
    ("one_map", "outcome"),
    [
        (ratio(1.3, 1.5), Outcome.HOLDS),
        (ratio(1.1, 1.3), Outcome.UNCLEAR),
        (ratio(1.0, 1.2), Outcome.UNCLEAR),
        (ratio(0.9, 1.19), Outcome.FAILS),
        (ratio(None, None), Outcome.UNCLEAR),
        (None, Outcome.UNCLEAR),
    ],
)
def test_the_whole_interval_decides(one_map: Ratio | None, outcome: Outcome) -> None:
    assert LAB.ruling("1-t4/2", change(seen_on("1.27.3"), one_map=one_map)).outcome is outcome


@pytest.mark.parametrize("one_line", [ratio(0.9, 1.1), ratio(1.1, 1.3), None])
def test_a_machine_that_shows_no_false_sharing_breaks_the_judge(one_line: Ratio | None) -> None:
    assert LAB.ruling("1-t4/2", change(seen_on("1.27.3"), one_line=one_line)).outcome is Outcome.BROKEN


def test_the_comparison_with_one_core_is_told_where_there_is_one() -> None:
    seen = seen_on("1.27.3")
    assert "where one core loads alone" in LAB.ruling("1-t4/2", seen).finding.because
    assert "where one core loads alone" not in LAB.ruling("1-t4/2", change(seen, one_core=None)).finding.because
