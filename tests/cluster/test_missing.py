"""What a cluster has measured is not measured again, on whichever of its hosts that was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from tests.conftest import NoBenches
from tests.records import reobserved

from claimlab.benches.engine import EngineName
from claimlab.cli.measuring import measure_missing
from claimlab.cluster import joining
from claimlab.project.errors import EnvironmentMissing
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import address
from claimlab.trials.trial import Trial

NOBODY = "tcp://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers there, however long one waits."""
    monkeypatch.setattr(joining, "_ANSWER_S", 0.5)


class Desk(NoBenches):
    def __init__(self, name: EngineName) -> None:
        super().__init__("this desk")
        self.name = name


@pytest.mark.parametrize(
    ("engine", "other", "is_missing"),
    [
        ("local", {}, False),
        ("local", {"place": "another desk"}, False),
        ("local", {"host cpu": "another"}, False),
        ("local", {"sources": "others"}, True),
        ("docker", {}, False),
        ("docker", {"place": "older tools"}, True),
        ("docker", {"host cpu": "another"}, False),
    ],
)
def test_what_any_host_has_measured_is_there(
    make_lab: Callable[..., LabFolder],
    toolchains: list[Toolchain],
    tmp_path: Path,
    engine: EngineName,
    other: dict[str, str],
    is_missing: bool,
) -> None:
    lab = make_lab()
    ours = Laboratory(lab.project, Desk(engine), NOBODY)
    trial = Trial(lab, toolchains[0], ours.engine)
    found = reobserved(trial, {**trial.inputs, **other}, 2, "2026-11-29T12:00:00+00:00")
    ours.record.put(found, address(found.inputs))
    if is_missing:
        with pytest.raises(EnvironmentMissing, match=NOBODY):
            measure_missing(ours, [trial], Console())
    else:
        assert measure_missing(ours, [trial], Console()) is None


def test_what_is_to_be_measured_afresh_is_sent(make_lab: Callable[..., LabFolder], toolchains: list[Toolchain]) -> None:
    lab = make_lab()
    ours = Laboratory(lab.project, Desk("local"), NOBODY)
    trial = Trial(lab, toolchains[0], ours.engine)
    ours.record.put(reobserved(trial, trial.inputs, 2, "2026-11-29T12:00:00+00:00"), trial.address)
    with pytest.raises(EnvironmentMissing, match=NOBODY):
        measure_missing(ours, [trial], Console(), fresh=True)
