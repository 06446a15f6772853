"""Judges at work, and what is said where there is nothing to judge."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from claimlab.benches.engine import Engine
from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import SCHEMA, Breakage, Observation, Provenance, Record, observation_of
from claimlab.trials.trial import Trial
from claimlab.verdicts.finding import Finding, decided, fails, holds, unclear, void
from claimlab.verdicts.judge import Control, Judge
from claimlab.verdicts.judges import judges_of
from claimlab.verdicts.kept_rulings import KeptRulings
from claimlab.verdicts.ruling import Measured, rule, rule_all

PROVENANCE = Provenance("2026-11-23T12:00:00+00:00", 1.0, "go1.24.11", {}, {}, [], {}, "replay")


def is_even(number: int) -> Finding:
    return decided(number % 2 == 0, f"it is {number}", str(number))


def judge_of(decide: Callable[[Any], Finding], *, control: int = 3, known: Outcome = Outcome.FAILS) -> Judge:
    """Sees the number under "n"; its control is a number of its own."""
    return Judge("9-a", "", decide, lambda seen: seen["n"], (Control("a number", lambda _: control, known),))


# One judge


@pytest.mark.parametrize("number", [2, 5])
def test_a_finding_passes_through_beside_that_of_the_control(number: int) -> None:
    judge = judge_of(is_even)
    ruling = rule(judge, {"n": number})
    assert ruling.finding == is_even(number)
    assert ruling.outcome is (Outcome.FAILS if number % 2 else Outcome.HOLDS)
    assert ruling.controls == (is_even(3),)
    assert (ruling.claim, ruling.question) == ("9-a", judge.question)


@pytest.mark.parametrize("make", [holds, fails, unclear, void])
def test_every_finding_of_a_sound_judge_passes_through(make: Callable[..., Finding]) -> None:
    ruling = rule(judge_of(lambda number: fails("control") if number == 3 else make("found", "shown")), {"n": 4})
    assert ruling.finding == make("found", "shown")


@pytest.mark.parametrize(
    ("control", "known"),
    [(2, Outcome.FAILS), (3, Outcome.HOLDS)],
)
def test_a_judge_that_is_wrong_about_its_control_is_broken(control: int, known: Outcome) -> None:
    ruling = rule(judge_of(is_even, control=control, known=known), {"n": 4})
    assert ruling.outcome is Outcome.BROKEN
    assert f"instead of {known}" in ruling.finding.because
    assert ruling.finding.shows == f"it is {control}\n{control}"
    assert ruling.controls == (is_even(control),)


@pytest.mark.parametrize("made", [unclear("who knows"), void("nothing there")])
def test_a_judge_that_cannot_tell_about_its_control_is_broken(made: Finding) -> None:
    ruling = rule(judge_of(lambda number: made if number == 3 else holds("even")), {"n": 4})
    assert ruling.outcome is Outcome.BROKEN


def test_a_judge_that_says_the_same_of_everything_is_broken() -> None:
    assert rule(judge_of(lambda _: holds("always")), {"n": 4}).outcome is Outcome.BROKEN


def test_a_judge_that_raises_is_broken() -> None:
    ruling = rule(judge_of(is_even), {"m": 4})
    assert ruling.outcome is Outcome.BROKEN
    assert "KeyError('n')" in ruling.finding.because
    assert ruling.controls == ()


def test_a_judge_that_raises_on_its_control_is_broken() -> None:
    def decide(number: int) -> Finding:
        if number == 3:
            raise ZeroDivisionError("three")
        return holds("even")

    assert "ZeroDivisionError('three')" in rule(judge_of(decide), {"n": 4}).finding.because


@pytest.mark.parametrize("answer", [None, True, Outcome.HOLDS, "holds"])
@pytest.mark.parametrize("asked", [3, 4], ids=["control", "claim"])
def test_a_judge_that_gives_no_finding_is_broken(answer: object, asked: int) -> None:
    ruling = rule(judge_of(lambda number: answer if number == asked else is_even(number)), {"n": 4})  # type: ignore[arg-type,return-value]
    assert ruling.outcome is Outcome.BROKEN


# The judges of a lab


def put(record: Record, trial: Trial, number: int) -> Observation:
    """The trial's observation, as a measurement would have left it."""
    where = (trial.lab.name, trial.toolchain.name, trial.engine.name)
    seen = trial.lab.lab.seen_type(number)
    observation = observation_of(*where, trial.inputs, PROVENANCE, seen)
    record.put(observation, trial.address)
    return observation


@pytest.fixture
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return Record(tmp_path_factory.mktemp("record"))


@pytest.fixture
def trial(make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine], toolchains: list[Toolchain]) -> Trial:
    return Trial(make_lab(), toolchains[0], make_engine())


@pytest.mark.parametrize(("number", "outcome"), [(2, Outcome.HOLDS), (5, Outcome.FAILS)])
def test_a_lab_judges_what_the_record_holds(record: Record, trial: Trial, number: int, outcome: Outcome) -> None:
    observation = put(record, trial, number)
    rulings = KeptRulings(record).rulings(trial)
    assert list(rulings) == ["9-a"]
    assert rulings["9-a"].finding == Finding(outcome, f"the number is {number}")
    assert rule_all(trial, observation) == {"9-a": replace(rulings["9-a"], measured=None)}
    assert rulings["9-a"].measured == Measured(PROVENANCE.measured_at, PROVENANCE.host, PROVENANCE.place, False)


def absence(trial: Trial, record: Record) -> Finding:
    (ruling,) = KeptRulings(record).rulings(trial).values()
    assert ruling.controls == ()
    assert ruling.claim == "9-a"
    assert ruling.question == judges_of(trial.lab)[0].question
    return ruling.finding


def test_nothing_was_measured(record: Record, trial: Trial) -> None:
    finding = absence(trial, record)
    assert finding.outcome is Outcome.MISSING
    assert finding.because == "not measured yet"


def test_what_was_measured_on_other_sources_is_stale(record: Record, trial: Trial) -> None:
    put(record, trial, 2)
    (trial.lab.path / "main.go").write_text("package other\n")
    edited = Trial(LabFolder(trial.lab.path, trial.lab.project), trial.toolchain, trial.engine)
    finding = absence(edited, record)
    assert finding.outcome is Outcome.MISSING
    assert finding.because.startswith("stale")


@pytest.mark.parametrize("place", ["another desk", ""], ids=["another place", "no place yet"])
def test_what_was_measured_elsewhere_answers_the_same_question(
    record: Record, trial: Trial, make_engine: Callable[..., Engine], place: str
) -> None:
    here = Trial(trial.lab, trial.toolchain, make_engine(place))
    assert absence(here, record).because == "not measured yet"
    put(record, trial, 2)
    (ruling,) = KeptRulings(record).rulings(here).values()
    assert (ruling.outcome, ruling.measured and ruling.measured.elsewhere) == (Outcome.HOLDS, True)
    assert here.recorded(record) is None


def test_a_ruling_that_is_kept_knows_whether_it_is_from_elsewhere(
    record: Record, trial: Trial, make_engine: Callable[..., Engine]
) -> None:
    put(record, trial, 2)
    for place, elsewhere in (("desk", False), ("another desk", True), ("desk", False)):
        (ruling,) = KeptRulings(record).rulings(replace(trial, engine=make_engine(place))).values()
        assert ruling.measured
        assert ruling.measured.elsewhere is elsewhere


def test_what_was_measured_on_another_toolchain_is_missing_here(
    record: Record, trial: Trial, toolchains: list[Toolchain]
) -> None:
    put(record, trial, 2)
    assert absence(Trial(trial.lab, toolchains[1], trial.engine), record).because == "not measured yet"


def test_a_broken_trial_shows_why(record: Record, trial: Trial) -> None:
    where = (trial.lab.name, trial.toolchain.name, trial.engine.name)
    record.put_breakage(Breakage(SCHEMA, *where, "no such file: main.go"), trial.address)
    finding = absence(trial, record)
    assert finding.outcome is Outcome.BROKEN
    assert finding.shows == "no such file: main.go"
    put(record, trial, 2)
    assert KeptRulings(record).rulings(trial)["9-a"].outcome is Outcome.HOLDS


def test_a_broken_trial_counts_for_more_than_a_stale_one(record: Record, trial: Trial) -> None:
    put(record, trial, 2)
    (trial.lab.path / "main.go").write_text("package other\n")
    edited = Trial(LabFolder(trial.lab.path, trial.lab.project), trial.toolchain, trial.engine)
    where = (trial.lab.name, trial.toolchain.name, trial.engine.name)
    record.put_breakage(Breakage(SCHEMA, *where, "it broke"), edited.address)
    assert absence(edited, record).outcome is Outcome.BROKEN


def test_a_damaged_observation_is_missing_never_a_success(record: Record, trial: Trial) -> None:
    put(record, trial, 2)
    path = record.path(trial.lab.name, trial.toolchain.name, trial.engine.name, trial.address)
    path.write_bytes(path.read_bytes()[:-20])
    absent = absence(trial, record)
    assert absent.outcome is Outcome.MISSING
    assert absent.because.startswith("damaged, or of another trial: the record's file was set aside as ")
    assert len(record.set_aside(trial.lab.name, trial.toolchain.name, trial.engine.name, trial.address)) == 1


def test_an_edited_judge_judges_what_was_measured_before(record: Record, trial: Trial) -> None:
    """Measuring and judging are apart: the observation stays, the ruling changes."""
    put(record, trial, 2)
    judges = trial.lab.path / "judges.py"
    other = trial.lab.path.parents[2] / "again" / trial.lab.path.parent.name / trial.lab.path.name
    other.mkdir(parents=True)
    for path in (*trial.lab.path.glob("*.py"), *trial.lab.path.glob("*.go")):
        (other / path.name).write_text(path.read_text())
    text = judges.read_text()
    (other / "judges.py").write_text(text.replace("% 2 == 0", "% 4 == 0"))
    edited = Trial(LabFolder(other, trial.lab.project), trial.toolchain, trial.engine)
    assert edited.address == trial.address
    assert KeptRulings(record).rulings(edited)["9-a"].outcome is Outcome.FAILS
    assert KeptRulings(record).rulings(trial)["9-a"].outcome is Outcome.HOLDS


def test_the_observation_reaches_judges_as_the_labs_own_type(record: Record, trial: Trial) -> None:
    observation = put(record, trial, 2)
    assert isinstance(msgspec.json.decode(observation.seen, type=trial.lab.lab.seen_type), msgspec.Struct)
    other = msgspec.structs.replace(observation, seen=msgspec.Raw(b'{"number": "two"}'))
    assert {ruling.outcome for ruling in rule_all(trial, other).values()} == {Outcome.BROKEN}
