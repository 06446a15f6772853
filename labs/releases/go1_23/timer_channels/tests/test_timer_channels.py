"""The judges of timer-channels on observations that real trials recorded, and on these with one thing changed."""

from typing import Any

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW, MIDDLE = "1.27.3", "1.23.9"


def with_ticker(**changes: Any) -> Any:
    seen = LAB.seen(NEW)
    return change(seen, own={**seen.own, "ticker": change(seen.own["ticker"], **changes)})


@pytest.mark.parametrize(
    ("claim", "changes", "outcome"),
    [
        ("1.23-i", {"Left": 20_000}, Outcome.UNCLEAR),
        ("1.23-i", {"Left": 100}, Outcome.HOLDS),
        ("1.23-j", {"Caps": [0, 1, 0]}, Outcome.FAILS),
        ("1.23-j", {"Lens": [0, 0, 1]}, Outcome.FAILS),
        ("1.23-k", {"Stale": 1}, Outcome.FAILS),
    ],
)
def test_tickers_that_are_another_way_count(claim: str, changes: dict[str, Any], outcome: Outcome) -> None:
    assert LAB.ruling(claim, with_ticker(**changes)).outcome is outcome


def test_old_modules_that_keep_only_some_of_it_are_unclear() -> None:
    seen = LAB.seen(MIDDLE)
    timer = change(seen.old["1.22"]["timer"], Left=0)
    old = {**seen.old, "1.22": {**seen.old["1.22"], "timer": timer}}
    assert LAB.ruling("1.23-l", change(seen, old=old)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", ["1.23-i", "1.23-j", "1.23-k"])
def test_the_setting_for_old_timers_brings_them_back(claim: str) -> None:
    assert LAB.ruling(claim, LAB.seen(MIDDLE)).outcome is Outcome.HOLDS
    assert LAB.ruling(claim, LAB.seen(f"{MIDDLE}+asynctimerchan=1")).outcome is Outcome.FAILS
