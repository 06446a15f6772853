"""A judge of what is no claim is refused before anything is measured."""

import re
from pathlib import Path

import pytest
from tests.conftest import NoBenches
from tests.tiny_lab import LabsFolder, write_lab

from claimlab.cli.run_labs import run
from claimlab.project.errors import EXIT_DIFFERS
from claimlab.project.project import load
from claimlab.questions.laboratory import Laboratory
from claimlab.verdicts.ledger import Ledger

pytest_plugins = ["tests.tiny_lab"]


def misspell(lab: Path) -> None:
    judges = lab / "judges.py"
    judges.write_text(judges.read_text().replace('"9.1-a"', '"9.1-y"'))


def laboratory_in(folder: LabsFolder) -> Laboratory:
    return Laboratory(load(folder.root), NoBenches("desk"))


def test_claims_and_the_labs_that_judge_them_are_known_without_measuring(folder: LabsFolder) -> None:
    write_lab(folder.labs)
    found = Ledger(laboratory_in(folder)).survey.by_claim
    assert {ref: lab.name for ref, lab in found.items()} == {"labs:9.1-a": "tiny"}


def test_a_lab_of_an_unknown_claim_is_refused_before_any_bench_is_opened(
    folder: LabsFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    """The engine of this laboratory raises another error as soon as anything is to be measured."""
    misspell(write_lab(folder.labs))
    ours = laboratory_in(folder)
    assert run(ours, ours.labs) == EXIT_DIFFERS
    said = capsys.readouterr().out
    assert re.search(r"tiny is broken: .*9\.1-y.*labs/ch9_things/claims\.toml", said)
    assert "1 lab cannot be used" in said


def test_two_labs_of_one_claim_are_refused_before_any_bench_is_opened(
    folder: LabsFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lab(folder.labs)
    other = write_lab(folder.labs, "other") / "judges.py"
    other.write_text(other.read_text().replace("9.1-b", "9.1-a"))
    ours = laboratory_in(folder)
    assert run(ours, ours.labs) == EXIT_DIFFERS
    assert len(re.findall(r"(?:tiny|other) is broken: .*judged by two labs", capsys.readouterr().out)) == 2


def test_pytest_refuses_it_when_it_collects(folder: LabsFolder) -> None:
    misspell(write_lab(folder.labs, script="touch ../measured"))
    done = folder.pytest()
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "no claim of its article: 9.1-y" in done.stdout
    assert "Traceback" not in done.stdout
    assert not list(folder.record.rglob("*.json"))
