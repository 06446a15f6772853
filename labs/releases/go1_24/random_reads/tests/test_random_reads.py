"""The judges of random-reads on a recorded observation with other ratios, and another kernel."""

import pytest

from claimlab import Outcome, change, kept

LAB = kept(__file__)
SEEN = LAB.seen("1.27.3")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.3, 0.45, Outcome.HOLDS),
        (0.4, 0.6, Outcome.UNCLEAR),
        (0.6, 0.9, Outcome.FAILS),
        (None, None, Outcome.UNCLEAR),
    ],
)
def test_each_small_read_takes_half_at_most(low: float, high: float, expected: Outcome) -> None:
    ratios = {**SEEN.ratios, "16": change(SEEN.ratios["16"], low=low, high=high)}
    assert LAB.ruling("1.24-p/1", change(SEEN, ratios=ratios)).outcome is expected


def test_small_reads_that_gain_less_refute_it_and_those_that_gain_as_much_do_not() -> None:
    small, large = SEEN.ratios["4"], SEEN.ratios["4096"]
    exchanged = change(SEEN, ratios={**SEEN.ratios, "4": large, "4096": small})
    assert LAB.ruling("1.24-p/2", exchanged).outcome is Outcome.FAILS
    alike = change(SEEN, ratios={**SEEN.ratios, "4": large})
    assert LAB.ruling("1.24-p/2", alike).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", ["1.24-o", "1.24-p/1", "1.24-p/2"])
@pytest.mark.parametrize("kernel", ["6.10.3", "5.15.0-91", "not Linux"])
def test_an_older_kernel_has_nothing_to_lend(claim: str, kernel: str) -> None:
    assert LAB.ruling(claim, change(SEEN, kernel=kernel)).outcome is Outcome.VOID


@pytest.mark.parametrize(
    ("system", "lent", "expected"),
    [
        (0, 1000, Outcome.HOLDS),
        (9, 1001, Outcome.HOLDS),
        (128, 1000, Outcome.HOLDS),
        (500, 1000, Outcome.UNCLEAR),
        (0, 0, Outcome.UNCLEAR),
        (1000, 1000, Outcome.UNCLEAR),
        (1000, 0, Outcome.FAILS),
    ],
)
def test_both_counts_have_to_say_so(system: int, lent: int, expected: Outcome) -> None:
    reads = change(SEEN.reads, system=system, lent=lent)
    assert LAB.ruling("1.24-o", change(SEEN, reads=reads)).outcome is expected


def test_a_program_that_asks_the_kernel_itself_and_is_not_seen_to_breaks_the_judge() -> None:
    assert LAB.ruling("1.24-o", change(SEEN, asks=SEEN.reads)).outcome is Outcome.BROKEN
