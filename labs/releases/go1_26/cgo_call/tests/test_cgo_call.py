"""The judge of cgo-call on a recorded observation with other ratios."""

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
SEEN = LAB.seen("1.27.3")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.65, 0.75, Outcome.HOLDS),
        (0.8, 0.9, Outcome.UNCLEAR),
        (0.9, 1.0, Outcome.FAILS),
        (0.2, 0.3, Outcome.FAILS),
        (None, None, Outcome.UNCLEAR),
    ],
)
def test_the_whole_interval_has_to_lie_in_what_is_claimed(low: float, high: float, expected: Outcome) -> None:
    ratio = change(SEEN.ratio, low=low, high=high)
    assert LAB.finding("1.26-e", change(SEEN, ratio=ratio)).outcome is expected
