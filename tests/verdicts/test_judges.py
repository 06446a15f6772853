"""Judges of a lab: found in its files, joined, and each asked about one or several controls."""

from collections.abc import Callable

import pytest

from claimlab.project.errors import BadData
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.judges import judges_of

MakeLab = Callable[..., LabFolder]

PART = """
from claimlab.verdicts.judges import Control, Judges
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
