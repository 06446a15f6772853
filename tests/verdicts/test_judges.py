"""Judges of a lab: found in its files, joined, and each asked about one or several controls."""

from collections.abc import Callable

import msgspec
import pytest

from claimlab.project.errors import BadData
from claimlab.project.outcome import Outcome
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.finding import Finding, decided
from claimlab.verdicts.judge import Control, Known
from claimlab.verdicts.judges import Judges, judges_of
from claimlab.verdicts.ruling import Ruling, rule

MakeLab = Callable[..., LabFolder]

PART = """
from claimlab.verdicts.judge import Control
from claimlab.verdicts.judges import Judges
from claimlab.verdicts.finding import Finding, decided
from claimlab.project.outcome import Outcome

judges = Judges()


@judges.of("{claim}", sees=lambda seen: seen, control=Control("three", lambda _: 3, Outcome.FAILS))
def is_even(number: int) -> Finding:
    \"\"\"Even means divisible by two.\"\"\"
    return decided(number % 2 == 0, str(number))
"""
ADDING = PART.replace("judges = Judges()", "from .judges import judges")


def claims_of(lab: LabFolder) -> list[str]:
    return [judge.claim for judge in judges_of(lab)]


def without_judges_py(lab: LabFolder) -> LabFolder:
    (lab.path / "judges.py").unlink()
    return lab


# In several files


def test_the_parts_are_joined_in_the_order_of_their_names(make_lab: MakeLab) -> None:
    parts = {"judges_b.py": PART.format(claim="9-b"), "judges_a.py": PART.format(claim="9-c")}
    assert claims_of(make_lab(judges=PART.format(claim="9-a"), **parts)) == ["9-a", "9-c", "9-b"]


def test_no_judges_py_is_needed_to_join_them(make_lab: MakeLab) -> None:
    parts = {"judges_b.py": PART.format(claim="9-b"), "judges_a.py": PART.format(claim="9-c")}
    assert claims_of(without_judges_py(make_lab(**parts))) == ["9-c", "9-b"]


def test_a_part_may_declare_nothing(make_lab: MakeLab) -> None:
    assert claims_of(make_lab(judges=PART.format(claim="9-a"), **{"judges_reading.py": "LIMIT = 3\n"})) == ["9-a"]


def test_parts_that_add_to_the_same_judges_count_once(make_lab: MakeLab) -> None:
    lab = make_lab(judges=PART.format(claim="9-a"), **{"judges_more.py": ADDING.format(claim="9-b")})
    assert claims_of(lab) == ["9-a", "9-b"]


def test_a_claim_that_two_parts_judge_is_refused(make_lab: MakeLab) -> None:
    """Only one of the two would be asked, and nobody would see which."""
    lab = make_lab(judges=PART.format(claim="9-a"), **{"judges_more.py": PART.format(claim="9-a")})
    with pytest.raises(BadData, match=r"ch9_toys/toy: 9-a is judged twice"):
        judges_of(lab)


def test_a_part_whose_judges_are_none_is_named(make_lab: MakeLab) -> None:
    lab = make_lab(judges=PART.format(claim="9-a"), **{"judges_more.py": "judges = []\n"})
    with pytest.raises(BadData, match=r"judges_more\.py: its `judges` is no Judges"):
        judges_of(lab)


def test_a_lab_that_judges_nothing_is_told_what_is_missing(make_lab: MakeLab) -> None:
    with pytest.raises(BadData, match=r"ch9_toys/toy: it judges nothing: there is no judges\.py"):
        judges_of(without_judges_py(make_lab()))


# With several controls


def is_even(number: int) -> Finding:
    return decided(number % 2 == 0, f"it is {number}", f"n = {number}")


def control(number: int, known: Outcome) -> Control:
    return Control(f"the number {number}", lambda _: number, known)


def asked(decide: Callable[[int], Finding], *controls: Control) -> Ruling:
    judges = Judges()
    judges.of("9-a", sees=lambda seen: seen, control=controls)(decide)
    return rule(judges.all[0], 7)


def test_one_control_needs_no_tuple() -> None:
    judges = Judges()
    judges.of("9-a", sees=len, control=control(3, Outcome.FAILS))(is_even)
    assert [one.says for one in judges.all[0].controls] == ["the number 3"]


def test_a_judge_without_controls_is_refused() -> None:
    with pytest.raises(BadData, match="9-a: its judge has no control"):
        Judges().of("9-a", sees=len, control=())


def test_each_control_is_asked_and_kept_in_its_order() -> None:
    ruling = asked(is_even, control(4, Outcome.HOLDS), control(3, Outcome.FAILS))
    assert ruling.outcome is Outcome.FAILS
    assert ruling.controls == (is_even(4), is_even(3))
    assert ruling.question is not None
    assert ruling.question.controls == (Known("the number 4", Outcome.HOLDS), Known("the number 3", Outcome.FAILS))
    assert [(known.answer, said.outcome) for known, said in ruling.tried] == [
        (Outcome.HOLDS,) * 2,
        (Outcome.FAILS,) * 2,
    ]


@pytest.mark.parametrize(
    ("decide", "wrong"),
    [
        (lambda number: decided(number != 4, "?"), {"the number 4", "the number 3"}),
        (lambda number: decided(number == 8, "?"), {"the number 4"}),
        (lambda number: decided(number in (4, 3), "?"), {"the number 3"}),
    ],
    ids=["both", "the positive one", "the negative one"],
)
def test_one_wrong_control_breaks_the_outcome_and_is_named(decide: Callable[[int], Finding], wrong: set[str]) -> None:
    """The second judge says no of everything but 8: a claim that flips needs the positive control to notice."""
    ruling = asked(decide, control(4, Outcome.HOLDS), control(3, Outcome.FAILS))
    assert ruling.outcome is Outcome.BROKEN
    assert {f"the number {number}" for number in (3, 4) if f"the number {number}:" in ruling.finding.because} == wrong
    assert [known.says for known, said in ruling.tried if said.outcome is not known.answer] == sorted(
        wrong, reverse=True
    )


def test_a_ruling_with_several_controls_is_the_same_when_it_is_read_again() -> None:
    ruling = asked(is_even, control(4, Outcome.HOLDS), control(3, Outcome.FAILS))
    assert msgspec.json.decode(msgspec.json.encode(ruling), type=Ruling) == ruling


def test_what_a_failed_control_said_is_the_evidence() -> None:
    """Its sentence and its excerpt; a right one's excerpt stays away."""
    ruling = asked(lambda number: decided(number == 8, f"it is {number}", f"n = {number}"), control(4, Outcome.HOLDS))
    assert ruling.finding.shows == "it is 4\nn = 4"
