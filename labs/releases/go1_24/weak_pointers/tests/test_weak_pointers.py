"""The judge of weak-pointers, on objects of which another number was left."""

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)


@pytest.mark.parametrize(
    ("left", "outcome"), [(100, Outcome.FAILS), (50, Outcome.UNCLEAR), (8, Outcome.HOLDS), (0, Outcome.HOLDS)]
)
def test_by_how_many_are_left(left: int, outcome: Outcome) -> None:
    seen = LAB.seen("1.27.3")
    first, *others = seen.pointed
    assert LAB.ruling("1.24-l", change(seen, pointed=[change(first, After=left), *others])).outcome is outcome


def test_the_few_that_are_left_of_a_size_are_told() -> None:
    because = LAB.ruling("1.24-l", LAB.seen("1.27.3")).finding.because
    assert because == "objects of every size were gone, but for 8 of 100 of 1 byte without pointers"
