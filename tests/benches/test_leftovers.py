"""What a killed run left is ended before others measure; what a living one uses is not."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.bench_fixtures import EITHER, NEWEST, OpenContainer, eventually, pinned
from tests.ours import OUR, write_project
from tests.processes import running
from tests.tiny_lab import Checkout, write_lab

import claimlab
from claimlab.benches import cgroup
from claimlab.benches.docker_engine import DockerEngine
from claimlab.benches.engine import Engine
from claimlab.benches.leftovers import end_dead, the_machine_to_oneself
from claimlab.benches.place import MARK
from claimlab.project.errors import EnvironmentMissing, LabBroken
from claimlab.project.runs import RUN, current_run, name_of

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]


KILLED_WHILE_TRYING = """
import os, signal, subprocess
from claimlab.benches.namespace import find_isolation
subprocess.run = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
find_isolation()
"""


@pytest.fixture
def dead() -> str:
    """The name of a run that is no more."""
    process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    name = name_of(process.pid)
    process.kill()
    process.communicate()
    return name


@pytest.fixture
def start_marked() -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Starts a process that waits, with that in its environment."""
    started = []

    def start(**env: str) -> "subprocess.Popen[bytes]":
        started.append(subprocess.Popen(["sleep", "300"], env=os.environ | env))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("variable", [MARK, RUN])
def test_processes_of_dead_runs_are_ended_and_no_others(
    start_marked: Callable[..., "subprocess.Popen[bytes]"], dead: str, variable: str
) -> None:
    theirs, ours, others = start_marked(**{variable: dead}), start_marked(**{variable: current_run()}), start_marked()
    assert eventually(lambda: Path(f"/proc/{others.pid}/comm").read_text() == "sleep\n", 10)
    end_dead(OUR)
    assert theirs.wait(10) is not None  # long before it would have ended by itself
    assert ours.poll() is others.poll() is None


def test_control_groups_of_dead_runs_are_gone_with_all_that_runs_there(dead: str) -> None:
    """Even with what does not carry the run's name, or is just ending."""
    with cgroup.open_group(dead, 2**30, 100) as theirs, cgroup.open_group(current_run(), 2**30, 100) as ours:
        waiting = ["env", "-i", "sleep", "300"]
        processes = [subprocess.Popen([*one.joined(), *waiting]) for one in (theirs, ours)]
        if theirs.folders:
            assert eventually(lambda: len(running(["sleep", "300"])) >= 2, 10)
            end_dead(OUR)
            assert processes[0].wait(10) == -signal.SIGKILL
            assert not any(one.exists() for one in theirs.folders)
        assert processes[1].poll() is None
        for process in processes:
            process.kill()
            process.wait()


def test_folders_of_dead_runs_are_gone_and_no_others(
    dead: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch, project = tmp_path / "tmp", write_project(tmp_path / "project", cache="cache")
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    alive = current_run()
    left = [scratch / f"claimlab-{dead}-abc", project.cache / f"scratch-{dead}-abc"]
    left += [project.cache / "toolchains" / f"fetch-{dead}-abc", scratch / "claimlab-00000000-1-2-3-abc"]
    used = [scratch / f"claimlab-{alive}-abc", project.cache / f"scratch-{alive}-abc", scratch / "claimlab-pin-abc"]
    for folder in (*left, *used):
        (folder / "with").mkdir(parents=True)
    end_dead(project)
    assert not [folder for folder in left if folder.exists()]
    assert [folder for folder in used if not folder.exists()] == []


@pytest.mark.docker
def test_containers_of_dead_runs_are_removed_and_no_others(
    docker_engine: DockerEngine, open_own_container: OpenContainer, dead: str, run_id: str
) -> None:
    with open_own_container(run=dead) as theirs, open_own_container(run=run_id), open_own_container(run=current_run()):
        end_dead(OUR)
        found = docker_engine.client.api.containers(filters={"label": "claimlab.run"})
        runs = [one["Labels"]["claimlab.run"] for one in found]
        assert dead not in runs
        assert {run_id, current_run()} <= set(runs)
        assert theirs.name


@pytest.mark.usefixtures("local_engine")
def test_the_folder_of_a_run_killed_while_it_tried_what_isolates_here_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    env = {name: value for name, value in os.environ.items() if name != RUN} | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", KILLED_WHILE_TRYING], env=env, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 1
    end_dead(OUR)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
def test_a_crashed_workers_bench_is_ended_before_time_is_measured(either_engine: Engine) -> None:
    """It carries the name of this run, which lives."""
    opened = threading.Event()

    def hold() -> None:
        # The bench is taken from under it.
        with contextlib.suppress(LabBroken, EnvironmentMissing), either_engine.open(pinned(NEWEST), 120) as bench:
            opened.set()
            bench.run(["sleep", "100"], step="run")

    holder = threading.Thread(target=hold)
    holder.start()
    assert opened.wait(60)
    time.sleep(0.5)
    started = time.monotonic()
    with the_machine_to_oneself(OUR, either_engine):
        pass
    holder.join(60)
    assert not holder.is_alive()
    assert time.monotonic() - started < 90


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine")
def test_a_run_says_what_it_ended(
    checkout: Checkout, dead: str, start_marked: Callable[..., "subprocess.Popen[bytes]"]
) -> None:
    write_lab(checkout.labs)
    process = start_marked(**{MARK: dead})
    (checkout.scratch / f"claimlab-{dead}-abc").mkdir()
    done = checkout.inv("lab.tiny", "--engine", "local")
    assert done.returncode == 0, done.stderr
    assert "ended what a killed run had left: " in done.stderr
    assert process.wait(10) is not None
    assert not (checkout.scratch / f"claimlab-{dead}-abc").exists()


def test_whatever_is_made_for_a_while_has_the_name_of_its_run() -> None:
    """Nobody can tell otherwise whether it is still in use."""
    sources = [path.read_text(encoding="utf-8") for path in Path(claimlab.__file__).parent.rglob("*.py")]
    calls = re.compile(r"(?:TemporaryDirectory|NamedTemporaryFile|mkdtemp)\(.*")
    made = [call for text in sources for call in calls.findall(text)]
    assert len(made) > 5
    assert [call for call in made if not re.search(r"current_run\(\)|run_id|unfinished\(", call)] == []
