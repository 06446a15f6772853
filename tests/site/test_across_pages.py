"""A claim that was judged across releases: its page says by which observations."""

import pytest
from tests.toy_project import Project

pytest_plugins = ["tests.toy_project"]

JUDGES = """
from claimlab import Control, Finding, Judges, Outcome, decided

judges = Judges()


def first_and_last(on):
    numbers = [seen.number for seen in on.by_name().values()]
    return numbers[0], numbers[-1]


@judges.across("9.1-a", sees=first_and_last, control=Control("1 and 2", lambda on: (1, 2), Outcome.FAILS))
def they_agree(numbers: tuple[int, int]) -> Finding:
    return decided(numbers[0] == numbers[1], f"the first and the last are {numbers}")
"""


@pytest.fixture
def across(project: Project) -> Project:
    (project.lab.path / "judges.py").write_text(JUDGES)
    return project


def test_the_page_names_what_was_judged_together(across: Project) -> None:
    across.put_all()
    built = across.build()
    assert built.warnings == ""
    text = built.text("claims/9.1-a")
    record = across.record
    digests = {name: one.digest for name in ("1.21.13", "1.27.3") if (one := across.trial(name).recorded(record))}
    assert "Judged across releases, by these observations together: 1.21.13 " + digests["1.21.13"][:12] in text
    assert f"1.27.3 {digests['1.27.3'][:12]}" in text
    assert "+noswissmap " not in text.partition("by these observations together:")[2].partition("The control")[0]


def test_one_that_is_missing_is_a_gap_of_all(across: Project) -> None:
    across.put_all("1.24.11")
    text = across.build().text("claims/9.1-a")
    assert "inconclusive missing on 1.21.13, 1.22.10" in text
    assert "nothing is known of 1.24.11 (not measured yet)" in text
    assert "by these observations together" not in text
