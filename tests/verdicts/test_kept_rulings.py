"""Rulings are kept as long as nothing changes that they follow from, and then given anew."""

from collections.abc import Callable
from pathlib import Path

import pytest

from claimlab.benches.engine import Engine
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Provenance, Record, observation_of
from claimlab.trials.trial import Trial
from claimlab.verdicts import kept_rulings as module
from claimlab.verdicts.judges import judges_of
from claimlab.verdicts.kept_rulings import KeptRulings, judging_hash
from claimlab.verdicts.ruling import rule_all

PROVENANCE = Provenance("2026-11-24T12:00:00+00:00", 1.0, "go1.24.11", {}, {}, [], {}, "replay")


def put(record: Record, trial: Trial, number: int) -> None:
    where = (trial.lab.name, trial.toolchain.name, trial.engine.name)
    seen = trial.lab.lab.seen_type(number)
    record.put(observation_of(*where, trial.inputs, PROVENANCE, seen), trial.address)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record")


@pytest.fixture
def trial(make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine], toolchains: list[Toolchain]) -> Trial:
    return Trial(make_lab(), toolchains[0], make_engine())


class Judging:
    """Counts how often judges were really asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = 0
        monkeypatch.setattr(module, "rule_all", self)

    def __call__(self, *arguments: object) -> object:
        self.asked += 1
        return rule_all(*arguments)  # type: ignore[arg-type]


def test_nobody_is_asked_twice(record: Record, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    judging = Judging(monkeypatch)
    put(record, trial, 2)
    first, second = KeptRulings(record).rulings(trial), KeptRulings(record).rulings(trial)
    assert judging.asked == 1
    assert first == second
    assert first["9-a"].outcome is Outcome.HOLDS
    assert first["9-a"].question == judges_of(trial.lab)[0].question
    assert first["9-a"].controls == second["9-a"].controls != ()


def test_what_is_kept_imports_no_judge(record: Record, trial: Trial) -> None:
    put(record, trial, 2)
    known = KeptRulings(record).rulings(trial)
    questions = KeptRulings(record).questions(trial.lab)
    unimported = LabFolder(trial.lab.path, trial.lab.project)
    assert KeptRulings(record).rulings(Trial(unimported, trial.toolchain, trial.engine)) == known
    assert KeptRulings(record).questions(unimported) == questions == [judge.question for judge in judges_of(trial.lab)]
    assert not {"lab", "judges"} & vars(unimported).keys()


def test_another_observation_is_judged_anew(record: Record, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    judging = Judging(monkeypatch)
    for number, outcome in ((2, Outcome.HOLDS), (5, Outcome.FAILS)):
        put(record, trial, number)
        assert KeptRulings(record).rulings(trial)["9-a"].outcome is outcome
    assert judging.asked == 2


@pytest.mark.parametrize("name", ["judges.py", "lab.py", "judges_more.py"])
def test_edited_judges_are_asked_anew(record: Record, trial: Trial, name: str) -> None:
    before = judging_hash(trial.lab)
    with (trial.lab.path / name).open("a") as source:
        source.write("\n# edited\n")
    assert judging_hash(trial.lab) != before


@pytest.mark.parametrize("name", ["main.go", "pictures.py", "pictures_more.py"])
def test_programs_and_pictures_judge_nothing(trial: Trial, name: str) -> None:
    before = judging_hash(trial.lab)
    (trial.lab.path / name).write_text("package other\n")
    assert judging_hash(trial.lab) == before


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"follows_from": "x", "holds": 3}', b"[]"])
def test_a_damaged_page_is_made_anew(record: Record, trial: Trial, content: bytes) -> None:
    put(record, trial, 2)
    known = KeptRulings(record)
    rulings = known.rulings(trial)
    pages = sorted(path for path in known.root.rglob("*.json"))
    assert len(pages) == 1
    pages[0].write_bytes(content)
    assert known.rulings(trial) == rulings
    assert pages[0].read_bytes() != content


def test_a_damaged_observation_has_no_ruling(record: Record, trial: Trial) -> None:
    put(record, trial, 2)
    assert KeptRulings(record).rulings(trial)["9-a"].outcome is Outcome.HOLDS
    path = record.path(trial.lab.name, trial.toolchain.name, trial.engine.name, trial.address)
    path.write_bytes(path.read_bytes().replace(b'"number": 2', b'"number": 4'))
    assert KeptRulings(record).rulings(trial)["9-a"].outcome is Outcome.MISSING


def test_an_edited_ruling_is_given_anew(record: Record, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    judging = Judging(monkeypatch)
    put(record, trial, 2)
    kept = KeptRulings(record)
    assert kept.rulings(trial)["9-a"].outcome is Outcome.HOLDS
    path = kept.root / trial.lab.name / f"{trial.toolchain.name} {trial.engine.name}.json"
    whole = path.read_bytes()
    turned = whole.replace(b'"holds"', b'"fails"')
    assert turned != whole
    for content in (turned, whole.replace(b"the number is 2", b"the number is 4"), whole[:-9], b"[]", b""):
        assert content != whole
        path.write_bytes(content)
        assert KeptRulings(record).rulings(trial)["9-a"].outcome is Outcome.HOLDS
        assert KeptRulings(record).rulings(trial)["9-a"].finding.because == "the number is 2"
        assert path.read_bytes() == whole
    assert judging.asked == 6


def test_edited_questions_are_asked_for_anew(record: Record, trial: Trial) -> None:
    before = KeptRulings(record).questions(trial.lab)
    path = KeptRulings(record).root / trial.lab.name / "questions.json"
    path.write_bytes(path.read_bytes().replace(b"9-a", b"9-b"))
    assert KeptRulings(record).questions(trial.lab) == before


def test_a_trial_that_broke_just_now_is_broken_whatever_is_recorded(record: Record, trial: Trial) -> None:
    put(record, trial, 2)
    rulings = KeptRulings(record, {trial.name: "the container went away"}).rulings(trial)
    assert rulings["9-a"].outcome is Outcome.BROKEN
    assert rulings["9-a"].finding.shows == "the container went away"
    assert KeptRulings(record).rulings(trial)["9-a"].outcome is Outcome.HOLDS


def test_who_may_not_write_judges_again(record: Record, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    judging = Judging(monkeypatch)
    monkeypatch.setattr(module, "write_kept", refuse)
    put(record, trial, 2)
    for asked in (1, 2):
        assert KeptRulings(record).rulings(trial)["9-a"].outcome is Outcome.HOLDS
        assert judging.asked == asked
