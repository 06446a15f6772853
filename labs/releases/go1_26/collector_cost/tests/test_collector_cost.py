"""The judge of collector-cost on a recorded observation with other ratios."""

from typing import Any

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


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Outcome.HOLDS),
        ({"lacks": ["gfni"]}, Outcome.VOID),
        ({"calls": {"Tree": [0, 0], "List": [0, 0], "Wide": [0, 0]}}, Outcome.UNCLEAR),
        ({"calls": {"Tree": [5000, 5000], "List": [3, 0], "Wide": [3, 0]}}, Outcome.UNCLEAR),
        ({"calls": {"Tree": [0, 0], "List": [3, 0], "Wide": [3, 0]}}, Outcome.UNCLEAR),
        ({"ratios": {"List": TREE, "Wide": TREE}}, Outcome.UNCLEAR),
    ],
)
def test_vectors_are_used_where_they_are_there_and_not_switched_off(changes: dict[str, Any], expected: Outcome) -> None:
    assert LAB.ruling("1.26-c/2", change(SEEN, vectors=change(SEEN.vectors, **changes))).outcome is expected
