"""What goes from a record is what nothing in the project asks for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.ours import toolchain
from tests.records import reobserved

from claimlab.benches.engine import Engine
from claimlab.benches.local_engine import LocalEngine
from claimlab.project.project import load
from claimlab.questions.standing import Kind, Standing, Standings
from claimlab.toolchains.toolchain import this_platform
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import SCHEMA, Breakage, Record, address, observation_of
from claimlab.trials.trial import Trial
from claimlab.verdicts.kept_rulings import KeptRulings
from claimlab.verdicts.pruning import pruning, remove

MONDAY = "2026-11-23T12:00:00+00:00"


class Toys:
    """A project with a lab on the pinned releases, and its record."""

    def __init__(self, lab: LabFolder, engine: Engine) -> None:
        self.lab, self.engine, self.root = lab, engine, lab.project.root
        self.record = Record(load(self.root).record)

    def trial(self, name: str = "1.27.3") -> Trial:
        return Trial(LabFolder(self.lab.path, load(self.root)), toolchain(name), self.engine)

    def put(self, name: str = "1.27.3", **inputs: str) -> Path:
        """An observation of the trial on that toolchain, but for these inputs."""
        trial = self.trial(name)
        made = reobserved(trial, {**trial.inputs, **inputs}, 2, MONDAY)
        where = (made.lab, made.toolchain, made.inputs["engine"])
        found = observation_of(*where, made.inputs, made.provenance, {"number": 2})
        return self.record.put(found, address(found.inputs))

    def standing(self, name: str = "1.27.3", **inputs: str) -> Standing:
        trial = self.trial(name)
        given = {key: value for key, value in {**trial.inputs, **inputs}.items() if value}
        return Standings(load(self.root)).of((trial.lab.name, name, inputs.get("engine", "local")), given)

    def gone(self) -> dict[Path, str]:
        """What was removed, and why."""
        found = pruning(self.record, Standings(load(self.root)))
        remove(found.needless)
        return {one.path: one.because for one in found.needless}


@pytest.fixture
def toys(make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine]) -> Toys:
    return Toys(make_lab(), make_engine())


def other_architecture(name: str) -> str:
    hashes = toolchain(name).release.hashes
    return next(sha256 for platform, sha256 in hashes.items() if platform != this_platform())


# What stands how


@pytest.mark.parametrize(
    ("inputs", "kind", "because"),
    [
        ({}, Kind.ELSEWHERE, ()),
        ({"place": "another"}, Kind.ELSEWHERE, ()),
        ({"engine": "nosuch"}, Kind.UNKNOWN, ("there is no engine nosuch",)),
        ({"engine": "auto"}, Kind.UNKNOWN, ("there is no engine auto",)),
        ({"sources": "other"}, Kind.STALE, ("the lab's files",)),
        ({"instruments": "other"}, Kind.STALE, ("the instruments",)),
        ({"distribution capstone": "5.0 ab"}, Kind.STALE, ("capstone (5.0, here none)",)),
        ({"toolchain": "1.27.3 abc"}, Kind.STALE, ("Go 1.27.3, which has another SHA-256",)),
        ({"beside 1.23.9": "abc"}, Kind.STALE, ("the toolchains that it is measured beside",)),
        (
            {"toolchain": f"1.27.3 {other_architecture('1.27.3')}"},
            Kind.OTHER_ARCHITECTURE,
            ("Go 1.27.3 for linux aarch64",),
        ),
    ],
)
def test_it_is_said_how_an_observation_stands(
    toys: Toys, inputs: dict[str, str], kind: Kind, because: tuple[str, ...]
) -> None:
    assert toys.standing(**inputs) == Standing(kind, because)


@pytest.mark.parametrize("of", [{"engine": "docker"}, {"toolchain": "1.23.9 {sha256}"}])
def test_what_no_trial_asks_for_does_not_answer(toys: Toys, of: dict[str, str]) -> None:
    trial = toys.trial()
    stated = {name: text.format(sha256=toolchain("1.27.3").release.sha256()) for name, text in of.items()}
    found = Standings(load(toys.root)).of((trial.lab.name, "1.27.3", "local"), {**trial.inputs, **stated})
    because = ("its inputs are of another engine or toolchain than its name",)
    assert found == Standing(Kind.STALE, because)


def test_another_python_is_told_with_both(toys: Toys) -> None:
    said = toys.standing(python="CPython 2.7.18")
    assert said.because == (f"Python (CPython 2.7.18, here {toys.trial().inputs['python']})",)


def test_what_this_machine_would_file_at_the_same_address_answers_here(toys: Toys) -> None:
    """On an engine that the project can name."""
    inputs = replace(toys.trial(), engine=LocalEngine(load(toys.root))).inputs
    assert Standings(load(toys.root)).of(("toy", "1.27.3", "local"), inputs) == Standing(Kind.HERE)


# What goes


def test_what_is_needed_somewhere_stays(toys: Toys) -> None:
    """On any toolchain, engine, host and architecture."""
    toys.put("1.23.9")
    toys.put("1.24.11+noswissmap", place="another desk")
    toys.put(**{"host cpu": "Some CPU", "engine": "docker"})
    toys.put(toolchain=f"1.27.3 {other_architecture('1.27.3')}")
    assert toys.gone() == {}


def test_what_is_stale_goes_and_says_why(toys: Toys) -> None:
    kept, stale = toys.put(), toys.put(sources="0" * 64)
    assert toys.gone() == {stale: "the lab's files"}
    assert (kept.is_file(), stale.is_file()) == (True, False)


def test_a_lab_that_is_gone_takes_all_of_it_along(toys: Toys) -> None:
    toys.put()
    KeptRulings(toys.record).rulings(toys.trial())
    KeptRulings(toys.record).questions(toys.lab)
    toys.record.put_breakage(Breakage(SCHEMA, "toy", "1.23.9", "local", "it broke"), "0" * 64)
    for path in toys.lab.path.iterdir():
        path.unlink()
    toys.lab.path.rmdir()
    assert sorted(toys.gone().values()) == [
        *["concluded from what is not needed"] * 2,
        *["there is no such lab"] * 2,
    ]
    assert not [path for folder in ("record", "record-rulings") for path in (toys.root / folder).rglob("*")]


def test_rulings_on_what_is_stale_go_with_it(toys: Toys) -> None:
    toys.put()
    toys.put("1.23.9")
    KeptRulings(toys.record).questions(toys.lab)
    for name in ("1.27.3", "1.23.9"):
        KeptRulings(toys.record).rulings(toys.trial(name))
    toys.record.path("toy", "1.23.9", "local", toys.trial("1.23.9").address).unlink()
    toys.put("1.23.9", sources="0" * 64)
    rulings = toys.root / "record-rulings" / "toy"
    assert {path.name for path in rulings.iterdir()} == {"questions.json", "1.27.3 local.json", "1.23.9 local.json"}
    assert set(toys.gone()) >= {rulings / "1.23.9 local.json"}
    assert {path.name for path in rulings.iterdir()} == {"questions.json", "1.27.3 local.json"}


@pytest.mark.parametrize("is_folder", [False, True])
def test_what_was_set_aside_goes(toys: Toys, is_folder: bool) -> None:
    path, trial = toys.put(), toys.trial()
    if is_folder:
        path.unlink()
        (path / "deeper").mkdir(parents=True)
    else:
        path.write_text("damaged")
    assert trial.recorded(toys.record) is None
    (aside,) = toys.record.set_aside("toy", "1.27.3", "local", trial.address)
    assert toys.gone() == {aside: "set aside"}
    assert not aside.exists()


def of_a_lab_with_a_fault(toys: Toys) -> None:
    toys.put()
    (toys.lab.path / "lab.py").write_text("lab = Lab(1 +")


def on_what_is_not_pinned(toys: Toys) -> None:
    trial = replace(toys.trial(), toolchain=replace(toolchain("1.27.3"), experiment="nosuchthing"))
    found = reobserved(trial, trial.inputs, 2, MONDAY)
    toys.record.put(found, address(found.inputs))


def of_a_question_that_is_not_here(toys: Toys) -> None:
    found = reobserved(toys.trial(), toys.trial().inputs, 2, MONDAY)
    asked = observation_of("look-size-0123456789abcdef", "1.27.3", "local", found.inputs, found.provenance, {})
    toys.record.put(asked, address(asked.inputs))


def damaged(toys: Toys) -> None:
    toys.put().write_text("damaged")


def a_stranger(toys: Toys) -> None:
    path = toys.put()
    path.rename(path.with_name("notes.txt"))


@pytest.mark.parametrize(
    "make", [of_a_lab_with_a_fault, on_what_is_not_pinned, of_a_question_that_is_not_here, damaged, a_stranger]
)
def test_what_nobody_can_tell_of_stays_and_is_said(toys: Toys, make: Callable[[Toys], None]) -> None:
    make(toys)
    found = pruning(toys.record, Standings(load(toys.root)))
    assert found.needless == []
    (kept,) = found.unknown
    assert kept.because
    assert kept.path.is_file()
