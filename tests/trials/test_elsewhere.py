"""What was measured elsewhere answers a question that nobody has measured here."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.records import OF_TOYS, reobserved

from claimlab.benches.engine import Engine
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials import elsewhere
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import SCHEMA, Breakage, Observation, Record, address
from claimlab.trials.trial import Trial

MONDAY, TUESDAY = "2026-11-23T12:00:00+00:00", "2026-11-24T12:00:00+00:00"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record")


@pytest.fixture
def trial(make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine], toolchains: list[Toolchain]) -> Trial:
    return Trial(make_lab(), toolchains[0], make_engine("this desk"))


def put(record: Record, trial: Trial, number: int, measured_at: str = MONDAY, **inputs: str) -> Path:
    """An observation of this trial, but for these inputs."""
    found = reobserved(trial, {**trial.inputs, **inputs}, number, measured_at)
    return record.put(found, address(found.inputs))


def number_in(found: Observation | None) -> int | None:
    return msgspec.json.decode(found.seen)["number"] if found else None


def test_inputs_are_what_was_asked_and_where(trial: Trial) -> None:
    inputs = {**trial.inputs, "place of 1.21.13": "desk", "host cpu": "Some CPU"}
    assert elsewhere.where(inputs) == {"place": "this desk 1.23.9", "place of 1.21.13": "desk", "host cpu": "Some CPU"}
    assert elsewhere.asked(inputs) == trial.asked
    assert {"toolchain", "sources", "instruments", "python", "engine", "schema"} <= set(trial.asked)


@pytest.mark.parametrize("other", [{"place": "another desk"}, {"host kernel": "5.0"}], ids=["place", "host"])
def test_the_newest_from_elsewhere_answers(record: Record, trial: Trial, other: dict[str, str]) -> None:
    put(record, trial, 2, TUESDAY, **other, **{"host cpu": "One CPU"})
    put(record, trial, 1, MONDAY, **other, **{"host cpu": "Another CPU"})
    assert trial.recorded(record) is None, "who measures here has still to measure"
    assert number_in(trial.answer(record)) == 2
    where = trial.answered_at(record)
    assert where
    assert trial.content(record) == record.path(*OF_TOYS, where).read_bytes()


def test_ones_own_counts_though_it_is_older(record: Record, trial: Trial) -> None:
    put(record, trial, 2, TUESDAY, place="another desk")
    put(record, trial, 1, MONDAY)
    assert number_in(trial.answer(record)) == number_in(trial.recorded(record)) == 1


@pytest.mark.parametrize(
    "name", ["sources", "instruments", "python", "toolchain", "schema", "engine", "beside 1.21.13"]
)
def test_the_answer_to_another_question_is_none(record: Record, trial: Trial, name: str) -> None:
    put(record, trial, 2, place="another desk", **{name: "another"})
    assert trial.answer(record) is None
    assert trial.content(record) is None


def test_an_engine_that_has_no_place_yet_reads_what_was_measured_elsewhere(
    record: Record, trial: Trial, make_engine: Callable[..., Engine]
) -> None:
    put(record, trial, 2)
    unplaced = Trial(trial.lab, trial.toolchain, make_engine(""))
    assert (unplaced.recorded(record), number_in(unplaced.answer(record))) == (None, 2)


def test_what_broke_here_is_not_answered_from_elsewhere(record: Record, trial: Trial) -> None:
    put(record, trial, 2, place="another desk")
    record.put_breakage(Breakage(SCHEMA, *OF_TOYS, "it broke"), trial.address)
    assert trial.answer(record) is None


@pytest.mark.parametrize("damage", [lambda text: text[:-3], lambda text: text.replace('"number": 3', '"number": 5')])
def test_what_is_damaged_is_set_aside_and_the_next_one_answers(
    record: Record, trial: Trial, damage: Callable[[str], str]
) -> None:
    put(record, trial, 2, MONDAY, place="another desk")
    damaged = put(record, trial, 3, TUESDAY, place="a third desk")
    damaged.write_text(damage(damaged.read_text()))
    assert number_in(trial.answer(record)) == 2


def test_ones_own_that_is_damaged_gives_way(record: Record, trial: Trial) -> None:
    put(record, trial, 2, MONDAY, place="another desk")
    put(record, trial, 1, TUESDAY).write_text("damaged")
    assert number_in(trial.answer(record)) == 2


def test_a_copy_under_another_name_answers_nothing(record: Record, trial: Trial) -> None:
    path = put(record, trial, 2, place="another desk")
    path.rename(path.with_name(f"local-{'0' * 20}.json"))
    assert trial.answer(record) is None


def test_nothing_more_is_read_where_ones_own_is_there(
    record: Record, trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(record, trial, 1)
    for number in range(20):
        put(record, trial, number, place=f"desk {number}")
    opened: list[Path] = []
    monkeypatch.setattr("claimlab.trials.elsewhere.read_regular", opened.append)
    assert number_in(trial.answer(record)) == 1
    assert opened == []
