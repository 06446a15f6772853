"""The judges of gnu-build-id, on executables that nobody has linked."""

from claimlab import Outcome, change, kept, with_entries

LAB = kept(__file__)
NEW = LAB.seen("1.27.3")


def test_a_note_in_one_executable_of_two_leaves_it_unclear() -> None:
    bare = change(NEW.linked["plain"], gnu="")
    assert LAB.ruling("1.24-c", with_entries(NEW, "linked", {"plain": bare})).outcome is Outcome.UNCLEAR


def test_a_note_that_is_the_same_for_every_go_build_id_does_not_follow_from_it() -> None:
    one = NEW.linked["one"].gnu
    seen = with_entries(NEW, "linked", {"two": change(NEW.linked["two"], gnu=one)})
    assert LAB.ruling("1.24-d", seen).outcome is Outcome.FAILS


def test_a_note_that_follows_from_the_program_does_not_follow_from_the_go_build_id() -> None:
    other = change(NEW.linked["other, one"], gnu="0badcafe")
    assert LAB.ruling("1.24-d", with_entries(NEW, "linked", {"other, one": other})).outcome is Outcome.FAILS
