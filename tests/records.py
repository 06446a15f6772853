"""Small records and archives of them, of trials that nobody has measured."""

from pathlib import Path
from typing import Final

from claimlab.benches.recipe import Tools
from claimlab.trials import archive as archives
from claimlab.trials.archive import packed
from claimlab.trials.record import Observation, Provenance, Record, address, observation_in, observation_of
from claimlab.trials.trial import Trial

OF_TOYS: Final = ("toy", "1.23.9", "local")
TOOLS: Final = Tools("1" * 64, "2" * 64)
WHERES: Final = [
    ("gdb-panic", "1.24.11+noswissmap", "local"),
    ("gdb-panic", "-", "docker"),
    ("map-race", "1.27.3+old=1", "local"),
]


def observed(
    where: tuple[str, str, str], number: int = 42, measured_at: str = "2026-11-23T12:00:00+00:00"
) -> Observation:
    host = {"cpu": "Some CPU", "cores": "2"}
    provenance = Provenance(measured_at, 1.0, "go1.24.11", {"gdb": "13.1"}, host, [], {}, "replay")
    inputs = {"schema": "1", "python": "CPython 3.11.2", "sources": where[0], "engine": where[2], "place": "desk"}
    return observation_of(*where, inputs, provenance, {"number": number})


def filled(root: Path, *observations: Observation) -> Record:
    record = Record(root)
    for one in observations:
        record.put(one, address(one.inputs))
    return record


def written(record: Record, target: Path) -> Path:
    files = []
    for path in record.root.rglob("*.json"):
        observation = observation_in(path.read_bytes())
        files.append(packed(record, observation, path.read_bytes()))
    archives.write(target, files, "0.2", TOOLS)
    return target


def reobserved(trial: Trial, inputs: dict[str, str], number: int, measured_at: str) -> Observation:
    """What the trial's lab might have seen when these were its inputs."""
    where = (trial.lab.name, trial.toolchain.name, trial.engine.name)
    host = {name.removeprefix("host "): value for name, value in inputs.items() if name.startswith("host ")}
    provenance = Provenance(measured_at, 1.0, "go1.24.11", {"place": inputs["place"]}, host, [], {}, trial.replay)
    return observation_of(*where, inputs, provenance, {"number": number})
