"""The judges of figures-arithmetic on a recorded observation, and on figures that the script recomputes here."""

from typing import Any

import pytest

from claimlab import Outcome, change

from .changed import LAB, changed, recomputed

ruling = LAB.ruling


@pytest.fixture
def seen() -> Any:
    return LAB.seen()


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (("percent", "4 min 12 s", "18.3 s", "-92.7"), Outcome.HOLDS),
        (("percent", "4 min 12 s", "18.3 s", "-92.74"), Outcome.HOLDS),
        (("percent", "4 min 12 s", "18.3 s", "-92.8"), Outcome.UNCLEAR),
        (("percent", "4 min 12.0 s", "18.30 s", "-92.8"), Outcome.FAILS),
        (("percent", "4 min 12 s", "18.3 s", "-92.9"), Outcome.FAILS),
        (("percent", "4 min 12 s", "18.3 s", "92.7"), Outcome.FAILS),
        (("percent", "50 %", "100 %", "100"), Outcome.HOLDS),
        (("points", "92.3 %", "99.97 %", "7.7"), Outcome.HOLDS),
        (("points", "92.3 %", "99.97 %", "7.70"), Outcome.UNCLEAR),
        (("points", "92.3 %", "99.97 %", "7.6"), Outcome.UNCLEAR),
        (("points", "92.3 %", "99.97 %", "7.5"), Outcome.FAILS),
        (("points", "63 %", "100 %", "36"), Outcome.UNCLEAR),
        (("points", "63 %", "100 %", "35"), Outcome.FAILS),
    ],
)
def test_a_figure_follows_or_may_or_cannot(words: tuple[str, ...], outcome: Outcome, seen: Any) -> None:
    figure = recomputed(seen, *words)
    for judge in LAB.judges.values():
        assert judge.decide(figure).outcome is outcome


def test_the_intervals_are_those_of_the_printed_digits(seen: Any) -> None:
    found = seen.figures["recovery time"]
    assert found.exact == "-92.73810"  # 23370 / 252 = 92.738095…
    assert (found.possible.low, found.possible.high) == ("-92.77228", "-92.70377")  # 1825/252.5 and 1835/251.5 off 100
    assert (found.printed_means.low, found.printed_means.high) == ("-92.85000", "-92.75000")
    before = found.possible_beside_exact_before
    assert (before.low, before.high) == ("-92.75794", "-92.71825")


def test_every_judge_has_been_seen_to_say_both(seen: Any) -> None:
    right, wrong = (recomputed(seen, "points", "1 %", "2 %", printed) for printed in ("1", "3"))
    for judge in LAB.judges.values():
        assert (judge.decide(right).outcome, judge.decide(wrong).outcome) == (Outcome.HOLDS, Outcome.FAILS)


def test_the_printed_values_would_give_another_reduction() -> None:
    assert [ruling("5-b", one).outcome for one in changed["5-b"]] == [Outcome.HOLDS]


def test_a_made_up_figure_that_follows_breaks_the_judge(seen: Any) -> None:
    figures = {**seen.figures, "audit coverage, digits swapped": seen.figures["audit coverage"]}
    assert ruling("5-c", change(seen, figures=figures)).outcome is Outcome.BROKEN


def test_the_finding_names_the_figures(seen: Any) -> None:
    found = ruling("5-b", seen).finding
    assert "−92.73810 %, rounded −92.7; printed is −92.8" in found.because
    assert "−92.77228 … −92.70377" in found.shows
