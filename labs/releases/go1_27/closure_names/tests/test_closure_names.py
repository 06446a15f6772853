"""The judges of closure-names, on closures that nobody made."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)


def test_the_two_names_of_a_literal_in_a_literal_are_told() -> None:
    because = LAB.ruling("1.27-j/2", LAB.seen("1.27.3")).finding.because
    assert "`main.make2.func1.func1`" in because
    assert because.endswith("`main.make2.func1.1`")


def test_closures_that_have_captured_the_same_leave_it_unclear() -> None:
    seen = LAB.seen("1.27.3")
    alike = [change(one, Gives=1) for one in seen.closures]
    assert LAB.ruling("1.27-k", change(seen, closures=alike)).finding.outcome is not Outcome.HOLDS
