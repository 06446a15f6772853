"""The judges of elf-parts on recorded observations with one thing changed."""

from claimlab import Outcome, change, kept

LAB = kept(__file__)
NEW = "1.27.3"
SEEN = LAB.seen(NEW)


def test_version_five_that_takes_more_room_fails() -> None:
    for more in (change(SEEN.debug, bytes=10**8), change(SEEN.debug, stored=10**8), change(SEEN.debug, version=4)):
        assert LAB.ruling("1.25-h", change(SEEN, debug=more)).outcome is Outcome.FAILS


def test_the_module_has_its_section_in_both_kinds_of_binaries() -> None:
    assert LAB.ruling("1.26-i", change(SEEN, module_pie=SEEN.data)).outcome is Outcome.FAILS


def test_one_relocation_is_enough_to_fail() -> None:
    for other in (change(SEEN.table, relocations=1), change(SEEN.table, in_relro=True)):
        assert LAB.ruling("1.26-j", change(SEEN, table=other)).outcome is Outcome.FAILS
