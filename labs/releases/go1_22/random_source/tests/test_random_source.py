"""The judges of random-source on observations with one thing changed."""

import pytest

from claimlab import Outcome

from .changed import LAB, SELECTS, with_blocks

NEW = "1.27.3"


@pytest.mark.parametrize(
    ("claim", "way"), [("1.22-i", "top-level functions"), ("1.22-j", "seeds of maps"), ("1.22-j", SELECTS)]
)
def test_fewer_blocks_than_the_numbers_need_are_unclear(claim: str, way: str) -> None:
    assert LAB.ruling(claim, with_blocks(NEW, way, 100)).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("claim", ["1.22-i", "1.22-j"])
def test_a_seeded_rand_that_draws_from_there_breaks_the_judge(claim: str) -> None:
    assert LAB.ruling(claim, with_blocks(NEW, "a seeded Rand", 330)).outcome is Outcome.BROKEN


def test_where_there_is_no_chacha_it_says_so() -> None:
    assert LAB.ruling("1.22-i", LAB.seen("1.21.13")).finding.because == "there is no ChaCha8 in the program"
