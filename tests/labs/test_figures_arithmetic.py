"""The judges of figures-arithmetic on a recorded observation, and on figures that the script recomputes here."""

import subprocess
import sys
from typing import Any

import msgspec
import pytest
from tests.recorded import BROKEN, FAILS, HOLDS, UNCLEAR, change, recorded

from claimlab import Outcome

LAB = recorded("figures-arithmetic")
ruling = LAB.ruling


@pytest.fixture
def seen() -> Any:
    return LAB.seen()


def recomputed(seen: Any, *words: str) -> Any:
    """The figures of an observation, and one more that the lab's script computes from these words."""
    order = msgspec.json.encode({"one": words}).decode()
    argv = [sys.executable, "-I", str(LAB.folder.path / "recompute.py"), order]
    done = subprocess.run(argv, capture_output=True, check=True)
    return msgspec.json.decode(done.stdout, type=dict[str, type(seen.figures["recovery time"])])["one"]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (("percent", "4 min 12 s", "18.3 s", "-92.7"), HOLDS),
        (("percent", "4 min 12 s", "18.3 s", "-92.74"), HOLDS),
        (("percent", "4 min 12 s", "18.3 s", "-92.8"), UNCLEAR),
        (("percent", "4 min 12.0 s", "18.30 s", "-92.8"), FAILS),
        (("percent", "4 min 12 s", "18.3 s", "-92.9"), FAILS),
        (("percent", "4 min 12 s", "18.3 s", "92.7"), FAILS),
        (("percent", "50 %", "100 %", "100"), HOLDS),
        (("points", "92.3 %", "99.97 %", "7.7"), HOLDS),
        (("points", "92.3 %", "99.97 %", "7.70"), UNCLEAR),
        (("points", "92.3 %", "99.97 %", "7.6"), UNCLEAR),
        (("points", "92.3 %", "99.97 %", "7.5"), FAILS),
        (("points", "63 %", "100 %", "36"), UNCLEAR),
        (("points", "63 %", "100 %", "35"), FAILS),
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
        assert (judge.decide(right).outcome, judge.decide(wrong).outcome) == (HOLDS, FAILS)


def test_a_made_up_figure_that_follows_breaks_the_judge(seen: Any) -> None:
    figures = {**seen.figures, "audit coverage, digits swapped": seen.figures["audit coverage"]}
    assert ruling("5-c", change(seen, figures=figures)).outcome is BROKEN


def test_the_finding_names_the_figures(seen: Any) -> None:
    found = ruling("5-b", seen).finding
    assert "−92.73810 %, rounded −92.7; printed is −92.8" in found.because
    assert "−92.77228 … −92.70377" in found.shows
