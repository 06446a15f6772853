"""The judge of alias-experiment, on answers that nobody has given."""

from claimlab import Outcome, kept, with_entries

LAB = kept(__file__)


def test_a_name_that_is_known_one_way_round_only_leaves_it_unclear() -> None:
    seen = LAB.seen("1.27.3")
    known = with_entries(seen, "tried", {"aliastypeparams": seen.tried["fieldtrack"]})
    assert LAB.ruling("1.24-q", known).outcome is Outcome.UNCLEAR


def test_what_the_name_does_where_it_is_known_is_told() -> None:
    assert "does not take a generic alias" in LAB.ruling("1.24-q", LAB.seen("1.25.5")).finding.because
