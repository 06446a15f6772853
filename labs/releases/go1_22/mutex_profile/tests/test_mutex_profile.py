"""The judges of mutex-profile on observations that real trials recorded, and on these with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change

from .changed import LAB, NEW, lost

OLD = "1.21.13"


def counted(weight: float) -> Any:
    """A hundred that waited count as so many times the time that the lock was held."""
    seen = LAB.seen(NEW)
    profile = seen.behind["100"]
    held = next(one for one in profile.Records if "main.behind" in one.Frames)
    one = change(
        profile, MostSeconds=profile.LeastSeconds, Records=[change(held, Seconds=weight * profile.LeastSeconds)]
    )
    return change(seen, behind={**seen.behind, "100": one})


@pytest.mark.parametrize(
    ("weight", "outcome"), [(100, Outcome.HOLDS), (49, Outcome.UNCLEAR), (151, Outcome.UNCLEAR), (1, Outcome.UNCLEAR)]
)
def test_the_weight_of_a_hundred(weight: float, outcome: Outcome) -> None:
    assert LAB.ruling("1.22-k", counted(weight)).outcome is outcome


def test_one_setting_under_which_it_is_elsewhere_is_enough_to_fail() -> None:
    seen = LAB.seen(NEW)
    assert LAB.ruling("1.22-l", lost(seen, *seen.inside)).outcome is Outcome.HOLDS
    assert LAB.ruling("1.22-l", lost(seen, *list(seen.inside)[:-1])).outcome is Outcome.FAILS


def test_without_contention_nothing_is_known() -> None:
    seen = lost(LAB.seen(NEW), *LAB.seen(NEW).inside)
    quiet = change(seen, inside={**seen.inside, "no setting": change(seen.inside["no setting"], Records=[])})
    assert LAB.ruling("1.22-l", quiet).outcome is Outcome.UNCLEAR


def test_where_there_is_no_such_function_it_is_void() -> None:
    assert LAB.ruling("1.22-l", LAB.seen(OLD)).outcome is Outcome.VOID
