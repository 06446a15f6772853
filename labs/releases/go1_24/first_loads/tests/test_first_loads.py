"""The judge of first-loads on a recorded observation with another first pass."""

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
SEEN = LAB.seen("1.27.3")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1.0, 1.2, Outcome.HOLDS),
        (1.2, 1.3, Outcome.UNCLEAR),
        (1.3, 2.0, Outcome.FAILS),
        (None, None, Outcome.UNCLEAR),
    ],
)
def test_a_quarter_more_is_warming_up(low: float, high: float, expected: Outcome) -> None:
    first, *others = SEEN.ratios
    seen = change(SEEN, ratios=[change(first, low=low, high=high), *others])
    assert LAB.ruling("1.24-n", seen).outcome is expected


def test_later_passes_that_differ_break_the_judge() -> None:
    *some, last = SEEN.ratios
    seen = change(SEEN, ratios=[*some, change(last, low=1.5, high=1.6)])
    assert LAB.ruling("1.24-n", seen).outcome is Outcome.BROKEN


def test_with_the_old_map_the_first_pass_is_slow_on_1_24_too() -> None:
    assert LAB.ruling("1.24-n", LAB.seen("1.24.11+nosynchashtriemap")).outcome is Outcome.FAILS
