"""What is wrong with labs and their claims, known without measuring anything."""

from collections.abc import Callable
from typing import Final

from tests.asked_ledger import CLAIMS, Asked

from claimlab.project.outcome import Outcome
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.verdict import Kind

pytest_plugins = ["tests.asked_ledger"]


def test_a_judge_of_an_unknown_claim_is_named(asked: Asked) -> None:
    judges = asked.labs / "ch9_toys" / "toy" / "judges.py"
    judges.write_text(judges.read_text().replace('"9-a"', '"9-z"'))
    assert "9-z" in asked.ledger().survey.faults["toy"]


def test_a_lab_and_its_claim_agree_on_whether_go_matters(asked: Asked) -> None:
    path = asked.labs / "ch9_toys" / "claims.toml"
    path.write_text(CLAIMS.replace('id = "9-a"\n', 'id = "9-a"\naxis = "none"\n'))
    assert "9-a: either both have the axis of toolchains, or neither" in asked.ledger().survey.faults["toy"]
    assert asked.rows()["9-a"].outcomes == {"-": Outcome.BROKEN}


DEPENDS: Final = 'expected = [{ outcome = "fails", other_hosts = ["holds", "unclear"] }]\n'


def test_what_other_hosts_have_seen_is_told_with_what_this_one_saw(asked: Asked) -> None:
    folder = asked.labs / "ch9_toys"
    (folder / "claims.toml").write_text(CLAIMS.replace('expected = "holds"\n', DEPENDS))
    assert "9-a names other_hosts, and the lab is neither" in asked.ledger().survey.faults["toy"]
    entry = folder / "toy" / "lab.py"
    entry.write_text(entry.read_text().replace('Lab("toy")', 'Lab("toy", host_matters=True)'))
    assert asked.ledger().survey.faults == {}
    assert asked.rows()["9-a"].other_hosts == [], "nothing is measured that others could see otherwise"
    asked.measure(2, 2, 2)
    row = asked.rows()["9-a"]
    assert set(row.outcomes.values()) == {Outcome.HOLDS}
    assert row.other_hosts == [Outcome.FAILS, Outcome.UNCLEAR]
    assert row.as_data()["other_hosts"] == ["fails", "unclear"]
    assert row.expected is Kind.REFUTED


def test_two_labs_that_judge_one_claim_are_named(asked: Asked, make_lab: Callable[..., LabFolder]) -> None:
    """One of the two would be measured for nothing, and nobody would see which."""
    first = asked.labs / "ch9_toys" / "toy"
    text = (first / "lab.py").read_text().replace('Lab("toy")', 'Lab("other")')
    make_lab(where="labs/ch9_toys/other", lab=text)
    ledger = asked.ledger()
    assert set(ledger.survey.faults) == {"other", "toy"}
    assert all("9-a is judged by two labs" in fault for fault in ledger.survey.faults.values())
    assert set(asked.rows()["9-a"].outcomes.values()) == {Outcome.BROKEN}
