"""The judges of size-routines, on functions that call something else."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)


def test_objects_of_80_bytes_are_those_beyond_that_have_a_routine() -> None:
    because = LAB.ruling("1.27-e/2", LAB.seen("1.27.3")).finding.because
    assert because.endswith("80 bytes with bytes, 80 bytes with pointers")


def test_one_size_without_a_routine_is_enough_to_fail() -> None:
    seen = LAB.seen("1.27.3")
    first, *others = seen.made
    general = change(seen, made=[change(first, calls=["runtime.newobject"]), *others])
    assert LAB.ruling("1.27-e/1", general).outcome is Outcome.FAILS
