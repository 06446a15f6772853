"""The judges of attach-cost on a recorded observation with other figures."""

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
SEEN = LAB.seen("1.27.3")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.6, 0.9, Outcome.HOLDS),
        (0.9, 1.1, Outcome.UNCLEAR),
        (1.1, 1.4, Outcome.FAILS),
        (None, None, Outcome.UNCLEAR),
    ],
)
def test_the_whole_interval_decides(low: float, high: float, expected: Outcome) -> None:
    ratio = change(SEEN.ratio, low=low, high=high)
    assert LAB.finding("1.24-k/1", change(SEEN, ratio=ratio)).outcome is expected


@pytest.mark.parametrize(("bytes_each", "expected"), [(54.0, Outcome.HOLDS), (55.0, Outcome.FAILS)])
def test_a_byte_less_is_less(bytes_each: float, expected: Outcome) -> None:
    taken = {**SEEN.bytes, "cleanup": bytes_each, "finalizer": 55.0}
    assert LAB.ruling("1.24-k/2", change(SEEN, bytes=taken)).outcome is expected


def test_without_a_clean_round_nothing_is_said_of_memory() -> None:
    assert LAB.finding("1.24-k/2", change(SEEN, bytes={})).outcome is Outcome.UNCLEAR
