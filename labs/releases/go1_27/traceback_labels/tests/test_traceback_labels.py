"""The judge of traceback-labels, where the two tracebacks differ."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)


def test_labels_in_one_traceback_of_two_leave_it_unclear() -> None:
    seen = LAB.seen("1.27.3")
    assert LAB.ruling("1.27-a", change(seen, own=change(seen.own, panic="goroutine 1:"))).outcome is Outcome.UNCLEAR


def test_a_panic_under_do_shows_none() -> None:
    assert "labelled" not in LAB.seen("1.27.3").do.panic
