"""One figure beside those of other releases: what is the same, less or more, and what nobody can say."""

from collections.abc import Mapping

import pytest

from claimlab.verdicts.related import Related, less_than, more_than, same_in_all
from claimlab.verdicts.value import Value

A, B, NONE = Value(16, "B"), Value(24, "B"), None


@pytest.mark.parametrize(
    ("here", "there", "outcome", "because"),
    [
        (A, {"1.21": A, "1.22": A}, "holds", "it is 16 B; 16 B on 1.21, 1.22"),
        (A, {"1.21": A, "1.22": B}, "fails", "it is 16 B; 16 B on 1.21; 24 B on 1.22"),
        (B, {"1.21": A, "1.22": A}, "fails", "it is 24 B; 16 B on 1.21, 1.22"),
        (A, {"1.21": NONE, "1.22": A, "1.23": A}, "holds", "it is 16 B; 16 B on 1.22, 1.23"),
        (NONE, {"1.21": NONE, "1.22": A, "1.23": A}, "void", "it: there is no such thing here"),
        (A, {"1.21": NONE, "1.22": A}, "unclear", "no other has it"),
        (A, {}, "unclear", "no other has it"),
    ],
)
def test_the_same_in_all_that_have_it(
    here: Value | None, there: Mapping[str, Value | None], outcome: str, because: str
) -> None:
    found = same_in_all("it")(Related(here, there))
    assert str(found.outcome) == outcome
    assert because in found.because


@pytest.mark.parametrize(
    ("here", "there", "is_after", "less", "more"),
    [
        (A, B, True, "holds", "fails"),
        (B, A, True, "fails", "holds"),
        (A, A, True, "fails", "fails"),
        (A, B, False, "void", "void"),
        (NONE, B, True, "void", "void"),
        (A, NONE, True, "void", "void"),
        (Value(1.0, low=0.9, high=1.1), Value(1.3, low=1.2, high=1.4), True, "holds", "fails"),
        (Value(1.0, low=0.9, high=1.2), Value(1.3, low=1.1, high=1.4), True, "unclear", "unclear"),
        (Value(1.0), Value(1.3, low=1.1, high=1.4), True, "holds", "fails"),
    ],
)
def test_less_or_more_than_on_one(
    here: Value | None, there: Value | None, is_after: bool, less: str, more: str
) -> None:
    related = Related(here, {"1.23.9": there}, is_after)
    assert (str(less_than("it")(related).outcome), str(more_than("it")(related).outcome)) == (less, more)


def test_it_says_both_figures() -> None:
    assert less_than("the size")(Related(A, {"1.23.9": B})).because == "the size is 16 B, and 24 B on 1.23.9"
    assert less_than("the size")(Related(A, {"1.23.9": B}, False)).because == "it is about releases after 1.23.9"
    assert less_than("the size")(Related(A, {"1.23.9": None})).because == "the size: there is no such thing on 1.23.9"
