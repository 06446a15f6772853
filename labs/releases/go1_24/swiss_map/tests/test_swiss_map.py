"""The judge of swiss-map, where memory and type do not agree."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)


def test_a_type_without_the_memory_leaves_it_unclear() -> None:
    old, new = LAB.seen("1.23.9"), LAB.seen("1.27.3")
    assert LAB.ruling("1.24-b", change(old, types=new.types)).outcome is Outcome.UNCLEAR
    assert LAB.ruling("1.24-b", change(new, types=old.types)).outcome is Outcome.UNCLEAR
