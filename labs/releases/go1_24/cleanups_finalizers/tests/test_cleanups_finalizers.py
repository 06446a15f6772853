"""The judges of cleanups-finalizers, on objects that went another way."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)


def with_way(how: str, ring: int, **fields: Any) -> Any:
    """What was seen, with other numbers for one manner of attaching something."""
    seen = LAB.seen("1.27.3")
    ways = [
        change(one, dropped=change(one.dropped, **fields)) if (one.how, one.ring) == (how, ring) else one
        for one in seen.ways
    ]
    return change(seen, ways=ways)


@pytest.mark.parametrize(
    ("claim", "how", "ring", "fields", "outcome"),
    [
        ("1.24-g", "three cleanups", 1, {"Called": [600] * 5 + [599]}, Outcome.FAILS),
        ("1.24-g", "three cleanups", 1, {"Attached": 200, "Called": [200] * 6}, Outcome.FAILS),
        ("1.24-h", "cleanup to inside", 1, {"Called": [0] * 6}, Outcome.FAILS),
        ("1.24-i", "cleanup", 10, {"Left": [2000] * 6}, Outcome.UNCLEAR),
        ("1.24-j", "cleanup", 1, {"Left": [200, 0, 0, 0, 0, 0]}, Outcome.FAILS),
    ],
)
def test_what_went_another_way(claim: str, how: str, ring: int, fields: Any, outcome: Outcome) -> None:
    assert LAB.ruling(claim, with_way(how, ring, **fields)).outcome is outcome
