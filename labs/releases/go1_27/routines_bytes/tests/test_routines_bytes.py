"""The judge of routines-bytes on a recorded observation with other sizes."""

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
SEEN = LAB.seen("1.27.3")


@pytest.mark.parametrize(
    ("growth", "expected"),
    [(60_000, Outcome.HOLDS), (30_000, Outcome.HOLDS), (29_999, Outcome.FAILS), (120_001, Outcome.FAILS)],
)
def test_each_build_has_to_grow_by_about_so_much(growth: int, expected: Outcome) -> None:
    first, *others = (change(one, general=one.own - 60_000) for one in SEEN.sizes)
    seen = change(SEEN, sizes=[change(first, general=first.own - growth), *others])
    assert LAB.ruling("1.27-g", seen).outcome is expected


def test_where_the_experiment_is_off_by_itself_there_is_nothing_to_grow() -> None:
    alike = [change(one, general=one.own, alike=True) for one in SEEN.sizes]
    assert LAB.ruling("1.27-g", change(SEEN, sizes=alike)).outcome is Outcome.VOID
