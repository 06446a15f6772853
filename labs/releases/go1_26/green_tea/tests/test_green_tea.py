"""The judges of green-tea on recorded observations with one thing changed."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW = "1.27.3"
SEEN = LAB.seen(NEW)


def test_a_collector_that_scans_spans_with_and_without_the_switch_is_unclear() -> None:
    both = change(SEEN, off=change(SEEN.off, during=3))
    assert LAB.finding("1.26-a", both).outcome is Outcome.UNCLEAR
    assert LAB.ruling("1.26-d", both).outcome is Outcome.HOLDS  # it has no effect


def test_a_switch_that_is_refused_is_gone() -> None:
    taken = {**SEEN.taken, "nogreenteagc": change(SEEN.taken["nogreenteagc"], accepted=False)}
    assert LAB.ruling("1.26-d", change(SEEN, taken=taken, off=None)).outcome is Outcome.HOLDS


def test_two_runs_in_one_place_are_enough_to_fail() -> None:
    first, _, *others = SEEN.plain.heap
    twice = change(SEEN, plain=change(SEEN.plain, heap=[first, first, *others]))
    assert LAB.ruling("1.26-f", twice).outcome is Outcome.FAILS


def test_places_that_differ_without_the_experiment_are_unclear() -> None:
    seen = change(SEEN, off=change(SEEN.off, heap=SEEN.plain.heap))
    assert LAB.finding("1.26-f", seen).outcome is Outcome.UNCLEAR
