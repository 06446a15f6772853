"""The plain script that claimlab is measured against: the recorded steps, one `docker run` each, in order."""

import shlex
import subprocess
from pathlib import Path

import pytest
from tests.bench_fixtures import NEWEST, pinned, silent
from tests.ours import write_project
from tests.tiny_lab import write_lab

from claimlab.benches.bench import Command
from claimlab.benches.docker_engine import DockerEngine
from claimlab.cli.speed import plain_script
from claimlab.project.errors import EnvironmentMissing
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.needs import Wanted
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Provenance, observation_of
from claimlab.trials.trial import Trial
from claimlab.verdicts.ledger import Ledger

OLDER = "1.21.13"
pytest_plugins = ["tests.bench_fixtures"]
pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("docker_engine")]

GO = 'package main\n\nimport "os"\n\nfunc main() { println(os.Getenv("GREETING")) }\n'
STEPS = [
    Command("housekeeping", ("sh", "-c", "echo never"), {}, 0, 0.1),
    Command("build", ("go", "build", "-C", "tiny.src", "-o", "../tiny", "."), {"CGO_ENABLED": "0"}, 0, 0.1),
    Command("housekeeping", ("sha256sum", "tiny"), {}, 0, 0.1),
    Command("run", ("sh", "-c", "./tiny 2>&1; echo 'two words'"), {"GREETING": "it's $HOME"}, 0, 0.1),
    Command("gdb", ("gdb", "-nx", "-batch", "-ex", "print 6 * 7"), {}, 0, 0.1),
]


@pytest.fixture
def lab(tmp_path: Path) -> LabFolder:
    path = write_lab(tmp_path / "labs")
    (path / "main.go").write_text(GO)
    return LabFolder(path, write_project(tmp_path))


@pytest.fixture
def ledger(lab: LabFolder, docker_engine: DockerEngine) -> Ledger:
    """A ledger of a hand-made record."""
    tools = [pinned(OLDER), pinned(NEWEST)]
    docker_engine.prepare(map(Wanted, tools), silent)
    found = Ledger(Laboratory(lab.project, docker_engine), tools)
    for toolchain in tools:
        trial = Trial(lab, toolchain, docker_engine)
        provenance = Provenance("2026-11-23T12:00:00+00:00", 1.5, "go", {}, {}, STEPS, {}, trial.replay)
        seen = lab.lab.seen_type(42)
        observation = observation_of(lab.name, toolchain.name, "docker", trial.inputs, provenance, seen)
        found.record.put(observation, trial.address)
    return found


def test_every_step_of_every_release_is_one_docker_run_in_order(
    lab: LabFolder, ledger: Ledger, docker_engine: DockerEngine
) -> None:
    script = plain_script(lab, ledger.toolchains, ledger)
    runs = [shlex.split(line) for line in script.splitlines() if line.startswith("docker run")]
    steps = [step for step in STEPS if step.step != "housekeeping"]
    expected = [(docker_engine.image(tool), step) for tool in ledger.toolchains for step in steps]
    assert len(runs) == len(expected) == 6
    for words, (tag, step) in zip(runs, expected, strict=True):
        assert words[:3] == ["docker", "run", "--rm"]
        assert words[-4] == tag
        assert words[-3:-1] == ["sh", "-c"]
        assert words[-1].endswith(shlex.join(step.argv))
        assert all(f"{name}={value}" in words for name, value in step.env.items())
        assert words[-1].startswith("cp -rs ") == (step.step == "build")
    assert "echo never" not in script
    assert "sha256sum" not in script


def test_the_script_does_the_same_work(lab: LabFolder, ledger: Ledger, tmp_path: Path) -> None:
    script = tmp_path / "plain.sh"
    script.write_text(plain_script(lab, [pinned(NEWEST)], ledger))
    done = subprocess.run(["sh", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "it's $HOME\ntwo words\n$1 = 42\n"


def test_a_release_without_an_observation_is_named(lab: LabFolder, ledger: Ledger) -> None:
    with pytest.raises(EnvironmentMissing, match=r"tiny on 1\.23\.9 has no observation\. Run the lab first\."):
        plain_script(lab, [pinned(NEWEST), pinned("1.23.9")], ledger)
