"""The judge of routines-gain on a recorded observation with other ratios."""

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
def test_what_gains_most_decides(low: float | None, high: float | None, expected: Outcome) -> None:
    middle = None if low is None or high is None else (low + high) / 2
    ratios = {
        kind: change(ratio, low=low, high=high, ratio=middle or ratio.ratio) for kind, ratio in SEEN.ratios.items()
    }
    assert LAB.ruling("1.27-d", change(SEEN, ratios=ratios)).outcome is expected


def test_one_kind_that_gains_is_enough() -> None:
    none = {kind: change(ratio, low=0.95, high=1.05, ratio=1.0) for kind, ratio in SEEN.ratios.items()}
    one = {**none, "bytes16": change(SEEN.ratios["bytes16"], low=0.65, high=0.75, ratio=0.7)}
    assert LAB.ruling("1.27-d", change(SEEN, ratios=none)).outcome is Outcome.FAILS
    assert LAB.ruling("1.27-d", change(SEEN, ratios=one)).outcome is Outcome.HOLDS
