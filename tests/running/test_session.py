"""Trials measured by `./inv`: in parallel, and interrupted without leaving anything."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest
from tests.bench_fixtures import NEWEST, eventually
from tests.processes import below, is_gone, processes_of, those
from tests.tiny_lab import Checkout, write_lab

from claimlab.benches.container import LABEL
from claimlab.benches.docker_engine import DockerEngine
from claimlab.project.runs import RUN

pytest_plugins = ["tests.bench_fixtures", "tests.ordinary", "tests.tiny_lab"]
local = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]


def run_of(process: subprocess.Popen[str]) -> str:
    """The name of the run that a session has given to its workers."""
    for child in those(below(process.pid), lambda one: bool(one.environ().get(RUN))):
        with contextlib.suppress(psutil.Error):
            return child.environ()[RUN]
    return ""


def interrupt(process: subprocess.Popen[str], has_begun: Callable[[str], bool]) -> tuple[str, float]:
    """Ctrl-C was pressed once the trial had begun: it goes to the whole group. The run, and the time it went on."""
    assert eventually(lambda: bool(run_of(process)), 60)
    run = run_of(process)
    assert eventually(lambda: has_begun(run), 120)
    time.sleep(0.5)
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    process.wait(120)
    return run, time.monotonic() - started


def assert_interrupted(process: subprocess.Popen[str], took_s: float, *, finished: str) -> None:
    stdout, stderr = process.communicate()
    assert process.returncode == 130, stdout + stderr
    assert took_s < 60  # what it would take to go on: see the scripts
    assert f"interrupted: {finished}" in stderr
    assert "nothing is left running. The same command goes on from here." in stderr
    assert "Traceback" not in stderr


@contextmanager
def two_labs(checkout: Checkout, engine: str) -> Iterator[subprocess.Popen[str]]:
    """A run of one lab that is recorded soon and of one that would take long."""
    write_lab(checkout.labs, "quick")
    write_lab(checkout.labs, "tiny", script="sleep 100; echo 42")
    yield checkout.start_inv("lab.all", "--engine", engine, "--workers", "2")


def sleep(process: psutil.Process) -> bool:
    return "sleep" in process.name()


QUICK_DONE = f"1 of 2 trials were finished and are recorded (quick[{NEWEST}])"


class TestLocal:
    pytestmark = local

    def test_an_interrupt_leaves_nothing_and_says_what_was_finished(self, checkout: Checkout) -> None:
        with two_labs(checkout, "local") as process:

            def has_begun(run: str) -> bool:
                sleeping = bool(those(processes_of(run), sleep))
                return sleeping and bool(list(checkout.record.rglob("*.json")))

            run, took_s = interrupt(process, has_begun)
            assert_interrupted(process, took_s, finished=QUICK_DONE)
        assert processes_of(run) == []
        assert list(checkout.scratch.glob("claimlab-*")) == []
        assert not list(checkout.record.rglob("*.broken"))

    @pytest.mark.usefixtures("trials_in_the_open")
    def test_after_an_interrupt_the_same_command_goes_on(self, checkout: Checkout) -> None:
        gate = checkout.root / "gate"
        write_lab(checkout.labs, script=f"test -f {gate} || sleep 100; echo 42")
        process = checkout.start_inv("lab.tiny", "--engine", "local")
        _, took_s = interrupt(process, lambda run: bool(processes_of(run)))
        assert_interrupted(process, took_s, finished="0 of 1 trials were finished and are recorded (none)")
        gate.touch()
        assert checkout.inv("lab.tiny", "--engine", "local").returncode == 0

    def test_preparing_can_be_interrupted_too(self, checkout: Checkout) -> None:
        """In a checkout whose cache is empty, and whose standard library takes a minute."""
        write_lab(checkout.labs)
        source = checkout.root / "src" / "claimlab" / "toolchains" / "needs.py"
        slower = source.read_text().replace('"set -eu",', '"set -eu; sleep 100",')
        assert "sleep 100" in slower
        source.write_text(slower)
        (checkout.state / "warm").unlink()
        process = checkout.start_inv("lab.tiny", "--engine", "local")

        def sleepers() -> list[psutil.Process]:
            return those(below(process.pid), sleep)

        assert eventually(lambda: bool(sleepers()), 60)
        (sleeper,) = sleepers()
        started = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        process.wait(120)
        assert_interrupted(process, time.monotonic() - started, finished="0 of 1 trials were finished")
        assert eventually(lambda: is_gone(sleeper), 5)
        assert [path.suffix for path in (checkout.state / "warm").glob("*/*")] == [".lock"]
        assert not list(checkout.state.glob("scratch-*"))

    @pytest.mark.usefixtures("trials_in_the_open")
    def test_trials_run_side_by_side(self, checkout: Checkout) -> None:
        """Each of two trials waits for the other: in no namespaces, where they can see each other."""
        for mine, other in (("one", "two"), ("two", "one")):
            wait = f"touch {checkout.root}/{mine}; until test -f {checkout.root}/{other}; do sleep 0.05; done; echo 42"
            write_lab(checkout.labs, mine, script=f"timeout 60 sh -c '{wait}'")
        done = checkout.inv("lab.all", "--engine", "local", "--workers", "2")
        assert done.returncode == 0, done.stdout + done.stderr

    @pytest.mark.usefixtures("trials_in_the_open")
    def test_trials_that_measure_time_have_the_machine_to_themselves(self, checkout: Checkout) -> None:
        alone = f"mkdir {checkout.root}/taken && sleep 0.5 && rmdir {checkout.root}/taken && echo 42"
        for name in ("one", "two", "three"):
            write_lab(checkout.labs, name, script=alone, timing=name != "three")
        done = checkout.inv("lab.all", "--engine", "local", "--workers", "3")
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.docker
def test_an_interrupt_leaves_no_container(checkout: Checkout, docker_engine: DockerEngine) -> None:
    def containers(run: str) -> int:
        return len(docker_engine.client.api.containers(all=True, filters={"label": f"{LABEL}={run}"}))

    with two_labs(checkout, "docker") as process:
        run, took_s = interrupt(process, lambda run: containers(run) == 1 and len(recorded(checkout)) == 1)
        assert_interrupted(process, took_s, finished=QUICK_DONE)
    assert eventually(lambda: containers(run) == 0)


def recorded(checkout: Checkout) -> list[str]:
    return [path.name for path in checkout.record.rglob("*.json")]
