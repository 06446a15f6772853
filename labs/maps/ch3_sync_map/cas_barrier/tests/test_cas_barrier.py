"""The judge of cas-barrier on a recorded observation with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)


@pytest.fixture
def seen() -> Any:
    return LAB.seen()


def counting(seen: Any, test: str, **changes: int) -> Any:
    return change(seen, tests={**seen.tests, test: change(seen.tests[test], **changes)})


@pytest.mark.parametrize("test", ["swap", "failed swap"])
def test_a_single_load_that_overtook_would_refute_it(seen: Any, test: str) -> None:
    assert LAB.ruling("3.3-c", counting(seen, test, both_empty=1)).outcome is Outcome.FAILS


@pytest.mark.parametrize(
    ("loose", "rounds", "outcome"),
    [
        (400, 20000, Outcome.HOLDS),
        (120, 20000, Outcome.HOLDS),
        (40, 20000, Outcome.UNCLEAR),
        (0, 20000, Outcome.UNCLEAR),
    ],
)
def test_never_means_much_only_where_it_happens_often_without(
    seen: Any, loose: int, rounds: int, outcome: Outcome
) -> None:
    assert LAB.ruling("3.3-c", counting(seen, "nothing", both_empty=loose, rounds=rounds)).outcome is outcome


def test_few_rounds_leave_it_open(seen: Any) -> None:
    assert LAB.ruling("3.3-c", counting(seen, "swap", rounds=100)).outcome is Outcome.UNCLEAR


def test_an_unlocked_cmpxchg_that_keeps_the_order_breaks_the_judge(seen: Any) -> None:
    assert LAB.ruling("3.3-c", counting(seen, "unlocked swap", both_empty=0)).outcome is Outcome.BROKEN


def test_a_single_core_decides_nothing(seen: Any) -> None:
    found = LAB.ruling("3.3-c", change(seen, tests={}))
    assert found.outcome is Outcome.BROKEN
    assert "two cores" in found.controls[0].because


def test_a_fence_keeps_the_order_too(seen: Any) -> None:
    assert seen.tests["fence"].both_empty == 0
