"""Rulings are kept as long as nothing changes that they follow from, and then given anew."""

from collections.abc import Callable
from pathlib import Path

import pytest

from claimlab import precedents as module
from claimlab.engine import Engine
from claimlab.lab import LabFolder
from claimlab.outcome import Outcome
from claimlab.precedents import Precedents, judging_hash
from claimlab.record import Provenance, Record, observation_of
from claimlab.ruling import rule_all
from claimlab.toolchain import Toolchain
from claimlab.trial import Trial

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
    first, second = Precedents(record).rulings(trial), Precedents(record).rulings(trial)
    assert judging.asked == 1
    assert first == second
    assert first["9-a"].outcome is Outcome.HOLDS
    assert first["9-a"].question == trial.lab.judges[0].question
    assert first["9-a"].control == second["9-a"].control is not None


def test_what_is_kept_imports_no_judge(record: Record, trial: Trial) -> None:
    put(record, trial, 2)
    known = Precedents(record).rulings(trial)
    questions = Precedents(record).questions(trial.lab)
    unimported = LabFolder(trial.lab.path)
    assert Precedents(record).rulings(Trial(unimported, trial.toolchain, trial.engine)) == known
    assert Precedents(record).questions(unimported) == questions == [judge.question for judge in trial.lab.judges]
    assert not {"lab", "judges"} & vars(unimported).keys()


def test_another_observation_is_judged_anew(record: Record, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    judging = Judging(monkeypatch)
    for number, outcome in ((2, Outcome.HOLDS), (5, Outcome.FAILS)):
        put(record, trial, number)
        assert Precedents(record).rulings(trial)["9-a"].outcome is outcome
    assert judging.asked == 2


@pytest.mark.parametrize("name", ["judges.py", "lab.py", "judges_more.py"])
def test_edited_judges_are_asked_anew(record: Record, trial: Trial, name: str) -> None:
    before = judging_hash(trial.lab.path)
    with (trial.lab.path / name).open("a") as source:
        source.write("\n# edited\n")
    assert judging_hash(trial.lab.path) != before


@pytest.mark.parametrize("name", ["main.go", "pictures.py", "pictures_more.py"])
def test_programs_and_pictures_judge_nothing(trial: Trial, name: str) -> None:
    before = judging_hash(trial.lab.path)
    (trial.lab.path / name).write_text("package other\n")
    assert judging_hash(trial.lab.path) == before


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"follows_from": "x", "holds": 3}', b"[]"])
def test_a_damaged_page_is_made_anew(record: Record, trial: Trial, content: bytes) -> None:
    put(record, trial, 2)
    known = Precedents(record)
    rulings = known.rulings(trial)
    pages = sorted(path for path in known.root.rglob("*.json"))
    assert len(pages) == 1
    pages[0].write_bytes(content)
    assert known.rulings(trial) == rulings
    assert pages[0].read_bytes() != content


def test_a_damaged_observation_has_no_ruling(record: Record, trial: Trial) -> None:
    put(record, trial, 2)
    assert Precedents(record).rulings(trial)["9-a"].outcome is Outcome.HOLDS
    path = record.path(trial.lab.name, trial.toolchain.name, trial.engine.name, trial.address)
    path.write_bytes(path.read_bytes().replace(b'"number": 2', b'"number": 4'))
    assert Precedents(record).rulings(trial)["9-a"].outcome is Outcome.MISSING


def test_who_may_not_write_judges_again(record: Record, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    judging = Judging(monkeypatch)
    monkeypatch.setattr(module, "write_whole", refuse)
    put(record, trial, 2)
    for asked in (1, 2):
        assert Precedents(record).rulings(trial)["9-a"].outcome is Outcome.HOLDS
        assert judging.asked == asked
