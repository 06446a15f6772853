"""The judge of line-comments, where the program and the compiler name another file."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)


def test_a_complaint_without_the_folder_leaves_it_unclear() -> None:
    seen = LAB.seen("1.27.3")
    assert LAB.ruling("1.27-i", change(seen, complaint="there.go:100: wrong")).outcome is Outcome.UNCLEAR
