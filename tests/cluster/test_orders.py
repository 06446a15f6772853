"""What travels: parcels and orders come out as they went in, and what is not the same trial is refused."""

import os
import pickle
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from claimlab.benches.engine import Engine
from claimlab.cluster.orders import NotHere, Order, differing, lab_of, observation_in, order_of, trial_of
from claimlab.cluster.parcel import KEPT_S, Parcel, hash_of, is_here, packed, project_in, remove_unused, unpacked
from claimlab.project.errors import BadData, Refused
from claimlab.questions.asked import AskedLab, ClaimsQuestion, keep
from claimlab.questions.layouts import Layout
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Provenance, observation_of
from claimlab.trials.trial import Trial

MakeLab = Callable[..., LabFolder]
MakeEngine = Callable[..., Engine]


@pytest.fixture
def trial(make_lab: MakeLab, make_engine: MakeEngine, toolchains: list[Toolchain]) -> Trial:
    return Trial(make_lab(), toolchains[2], make_engine(), beside=(toolchains[0],))


def sent(trial: Trial, cache: Path, engine: Engine) -> tuple[Order, Trial]:
    """The order as it arrives, and the trial that a worker makes of it."""
    content = packed([trial])
    sent = msgspec.msgpack.encode(order_of(trial, hash_of(content), "run"))
    order = msgspec.msgpack.decode(sent, type=Order)
    project = project_in(unpacked(content, cache), cache)
    return order, trial_of(order, Shared(lab_of(order, project)).read(), engine)


def test_a_trial_is_the_same_where_it_arrives(trial: Trial, make_engine: MakeEngine, tmp_path: Path) -> None:
    cache = tmp_path / "worker"
    order, arrived = sent(trial, cache, make_engine())
    assert arrived.inputs == trial.inputs
    assert arrived.name == trial.name == order.trial
    assert arrived.replay == trial.replay
    assert differing(order, arrived) == ""
    assert arrived.lab.path.is_relative_to(cache.resolve())
    assert arrived.lab.project.cache == cache
    assert is_here(order.parcel, cache)


def test_a_parcel_has_what_measures_and_nothing_that_judges(trial: Trial, tmp_path: Path) -> None:
    (trial.lab.project.root / "mine.py").write_text("import other_of_mine\n")
    (trial.lab.project.root / "other_of_mine.py").write_text("")
    (trial.lab.project.root / "nobodys.py").write_text("")
    source = trial.lab.path / "lab.py"
    source.write_text(f"{source.read_text()}\nimport mine\n")
    root = unpacked(packed([trial]), tmp_path / "worker") / "project"
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    lab = "labs/ch9_toys/toy"
    assert files == {f"{lab}/lab.py", f"{lab}/main.go", "mine.py", "other_of_mine.py"}


def test_equal_contents_make_equal_parcels(trial: Trial) -> None:
    first = packed([trial])
    assert packed([replace(trial, shared=None)]) == first
    (trial.lab.path / "judges.py").write_text("")
    assert packed([replace(trial, shared=None)]) == first
    (trial.lab.path / "main.go").write_text("package other\n")
    assert packed([replace(trial, shared=None)]) != first


@pytest.mark.parametrize("claims", ["", "look-9-a"])
def test_a_question_arrives_too(
    trial: Trial, make_engine: MakeEngine, tmp_path: Path, toolchains: list[Toolchain], claims: str
) -> None:
    asked = keep(trial.lab.project, Layout(type="main.T"), {"main.go": b"package main\n"})
    lab = ClaimsQuestion(asked.path, asked.project, claims) if claims else asked
    there = Trial(lab, toolchains[0], make_engine())
    order, arrived = sent(there, tmp_path / "worker", make_engine())
    assert isinstance(arrived.lab, AskedLab)
    assert arrived.inputs == there.inputs
    assert (arrived.lab.name, arrived.replay) == (there.lab.name, there.replay)
    assert differing(order, arrived) == ""


def test_what_differs_is_named(trial: Trial, make_engine: MakeEngine, tmp_path: Path) -> None:
    order, arrived = sent(trial, tmp_path / "worker", make_engine("another desk"))
    assert differing(order, arrived) == ""  # where it was measured is nothing that was asked
    others = {**order.inputs, "sources": "0", "python": "CPython 2.7", "distribution toys": "1.0 ab"}
    told = differing(msgspec.structs.replace(order, inputs=others), arrived)
    here = trial.inputs["python"]
    assert (
        told == f"the lab's sources, python: {here} instead of CPython 2.7, distribution toys: none instead of 1.0 ab"
    )


def test_files_outside_of_the_project_cannot_be_sent(trial: Trial, tmp_path: Path) -> None:
    elsewhere = replace(trial.lab, path=tmp_path.parent / "elsewhere")
    elsewhere.path.mkdir(exist_ok=True)
    (elsewhere.path / "lab.py").write_text((trial.lab.path / "lab.py").read_text())
    with pytest.raises(Refused, match="lies outside of the project's folder"):
        packed([replace(trial, lab=elsewhere)])


@pytest.mark.parametrize("name", ["/etc/passwd", "../../evil.py", ""])
def test_a_parcel_writes_nothing_outside_of_its_folder(trial: Trial, tmp_path: Path, name: str) -> None:
    evil = Parcel(trial.lab.project.settings, {name: b"x"}, {})
    with pytest.raises(BadData, match="would lie outside of its folder"):
        unpacked(zlib.compress(msgspec.msgpack.encode(evil)), tmp_path / "worker")


def test_a_parcel_that_was_damaged_is_none(trial: Trial, tmp_path: Path) -> None:
    with pytest.raises(BadData, match="damaged on its way"):
        unpacked(packed([trial])[:-9], tmp_path / "worker")


def test_parcels_that_nobody_takes_up_are_removed(trial: Trial, tmp_path: Path) -> None:
    root = unpacked(packed([trial]), tmp_path)
    remove_unused(tmp_path)
    assert root.is_dir()
    os.utime(root / "complete", (0, time.time() - KEPT_S - 60))
    remove_unused(tmp_path)
    assert not root.exists()


class Number(msgspec.Struct):
    number: int


def answer(trial: Trial) -> bytes:
    origin = Provenance("2026-11-29T20:00:00+00:00", 1.0, "go1.24.11", {}, {"name": "far"}, [], {}, "")
    names = trial.lab.name, trial.toolchain.name, trial.engine.name
    return msgspec.json.encode(observation_of(*names, trial.inputs, origin, Number(42)))


def test_an_answer_is_verified(trial: Trial, toolchains: list[Toolchain]) -> None:
    content = answer(trial)
    found, where = observation_in(content, trial)
    assert found is not None
    assert (where, bytes(found.seen)) == (trial.address, b'{"number":42}')
    assert observation_in(content.replace(b"42", b"43"), trial) == (None, "its digest is not that of what it holds")
    assert observation_in(content, replace(trial, toolchain=toolchains[1])) == (None, "it is of another trial")
    assert observation_in(content[:-3], trial)[1].startswith("it cannot be read")


def test_words_survive_the_way_back() -> None:
    back = pickle.loads(pickle.dumps(NotHere("no gdb", lacks=True)))
    assert (str(back), back.lacks) == ("no gdb", True)
