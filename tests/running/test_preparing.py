"""What trials need is ready before the first, and what is said about what cannot be used any more."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from tests.conftest import NoBenches

from claimlab.benches.engine import Say
from claimlab.project.errors import EnvironmentMissing
from claimlab.running.preparing import prepare_trials
from claimlab.toolchains.needs import Wanted
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Provenance, Record, observation_of
from claimlab.trials.trial import Trial

PROVENANCE = Provenance("2026-11-24T12:00:00+00:00", 1.0, "go1.24.11", {}, {}, [], {}, "replay")


class NewDesks(NoBenches):
    """An engine that has a place only when it has been prepared."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.asked: list[list[Wanted]] = []

    def check(self) -> None:
        """Nothing is missing."""

    def prepare(self, wanted: Iterable[Wanted], say: Say) -> None:
        self.place = "desk"
        self.asked.append(list(wanted))


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record")


@pytest.fixture
def trials(make_lab: Callable[..., LabFolder], toolchains: list[Toolchain]) -> list[Trial]:
    lab, engine = make_lab(), NewDesks("")
    return [Trial(lab, toolchain, engine) for toolchain in toolchains]


def silent(_: str) -> None:
    """For progress nobody reads."""


@pytest.mark.parametrize("fresh", [True, False])
def test_trials_are_of_the_place_that_was_made_ready(trials: list[Trial], record: Record, fresh: bool) -> None:
    assert prepare_trials(trials, record, fresh=fresh, say=silent)
    assert [trial.inputs["place"] for trial in trials] == [f"desk {one.toolchain.release.version}" for one in trials]


def test_what_single_trials_need_is_left_to_them(trials: list[Trial], record: Record) -> None:
    prepare_trials(trials, record, fresh=True, say=silent)
    trials[1].make_ready(silent)
    engine = trials[1].engine
    assert isinstance(engine, NewDesks)
    assert engine.asked == [[], trials[1].wanted]


def test_what_was_set_aside_is_said(trials: list[Trial], record: Record) -> None:
    trial = trials[0]
    trial.engine.prepare([], silent)
    where = (trial.lab.name, trial.toolchain.name, trial.engine.name)
    seen = trial.lab.lab.seen_type(2)
    path = record.put(observation_of(*where, trial.inputs, PROVENANCE, seen), trial.address)
    path.write_bytes(path.read_bytes()[:-9])
    said: list[str] = []
    assert prepare_trials([trial], record, fresh=False, say=said.append)
    (aside,) = record.set_aside(*where, trial.address)
    assert said == [f"toy[1.23.9]: what was recorded is damaged, or of another trial; it was set aside as {aside}"]


def test_a_record_that_cannot_be_written_to_is_told_of_first(trials: list[Trial], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentMissing, match=r"The record .*/file/record cannot be written to: Not a directory"):
        prepare_trials(trials, Record(tmp_path / "file" / "record"), fresh=True, say=silent)
