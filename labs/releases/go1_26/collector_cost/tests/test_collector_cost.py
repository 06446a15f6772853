"""The judge of collector-cost on a recorded observation with other ratios."""

import pytest

from claimlab import Outcome, change

from .changed import LAB, SEEN, TREE


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.5, 0.9, Outcome.HOLDS),
        (0.9, 1.1, Outcome.UNCLEAR),
        (1.1, 1.2, Outcome.FAILS),
        (None, None, Outcome.UNCLEAR),
    ],
)
def test_one_shape_decides_if_the_others_cost_less(low: float, high: float, expected: Outcome) -> None:
    ratios = dict.fromkeys(SEEN.ratios, TREE) | {"Wide": change(TREE, low=low, high=high)}
    assert LAB.finding("1.26-b/2", change(SEEN, ratios=ratios)).outcome is expected
