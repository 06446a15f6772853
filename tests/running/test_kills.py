"""kill -9 at any moment: no finished trial is lost, and the next command that measures leaves nothing of it.

Of the main process alone and of the whole group, on both engines, while preparing too. The number of kills for each of
these four is the option ``--kills`` of tests/conftest.py; the moments come from a seed. What came of it so far
stands in the file that ``--kills-log`` names.
"""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docker.errors
import psutil
import pytest
from tests.bench_fixtures import EITHER, eventually
from tests.processes import those
from tests.small_toolchain import VERSION, pin_small_toolchain
from tests.tiny_lab import Checkout, write_lab

from claimlab.benches.container import LABEL
from claimlab.benches.docker_engine import DockerEngine
from claimlab.benches.engine import Engine
from claimlab.benches.place import MARK
from claimlab.benches.recipe import Notes
from claimlab.project.runs import RUN, name_of

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
LABS = {"one": "echo 42", "two": "sleep 0.3; echo 42", "three": "sleep 0.6; echo 42"}
FINISHED = re.compile(r"^✔ (\w+)\[", re.MULTILINE)


@dataclass
class Killing:
    """A checkout whose commands are killed, and what has come of it."""

    checkout: Checkout
    engine: Engine
    takes_s: dict[bool, float] = field(default_factory=dict)
    """A whole command, if all must be prepared and if nothing must."""
    counts: dict[str, int] = field(default_factory=dict)

    def kill_once(self, chance: random.Random, group: bool) -> None:
        """A command was killed at some moment, and what the next one must leave is checked."""
        shutil.rmtree(self.checkout.record, ignore_errors=True)
        if prepares := chance.random() < 0.5:
            self.forget_what_is_prepared()
        process = self.checkout.start_inv("lab.all", "--engine", self.engine.name, "--workers", "2")
        run = name_of(process.pid)
        time.sleep(chance.uniform(0.0, self.takes_s[prepares]))
        (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
        self.count("left containers", len(self.containers(run)))
        self.count("left processes", len(self.processes(run)))
        _, stderr = process.communicate()  # to its end, which a worker has that notices a moment later
        finished = self.recorded()
        self.count("came in mid-run", process.returncode == -signal.SIGKILL)
        self.count("came before the first trial was finished", not finished)
        self.count("finished trials", len(finished))
        assert set(FINISHED.findall(stderr)) <= {path.parts[-3] for path in finished}, stderr
        went_on = self.go_on()
        now = self.recorded()
        assert {path.parts[-3] for path in now} == {*LABS, "timed"}
        assert {path: now[path] for path in finished} == finished
        if not FINISHED.search(went_on):
            self.inv("lab.one", "--fresh")
        assert self.left_of(run) == []

    def go_on(self) -> str:
        """The same command goes to its end; what it said meanwhile."""
        done = self.inv("lab.all", "--workers", "2")
        assert "4 outcomes: all as expected" in done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr

    def inv(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        done = self.checkout.inv(*arguments, "--engine", self.engine.name)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def forget_what_is_prepared(self) -> None:
        """The next command fetches, compiles and builds again."""
        for name in ("toolchains", "warm"):
            shutil.rmtree(self.checkout.state / name, ignore_errors=True)
        if isinstance(self.engine, DockerEngine):
            remove_small_images(self.engine, self.checkout)
            shutil.rmtree(self.checkout.state / "images", ignore_errors=True)

    def recorded(self) -> dict[Path, bytes]:
        """The observations, each of which is whole."""
        found = {path: path.read_bytes() for path in self.checkout.record.rglob("*.json")}
        for content in found.values():
            json.loads(content)
        return found

    def containers(self, run: str) -> list[str]:
        if not isinstance(self.engine, DockerEngine):
            return []
        found = self.engine.client.api.containers(all=True, filters={"label": f"{LABEL}={run}"})
        return [one["Id"] for one in found]

    def processes(self, run: str) -> list[str]:
        def is_of_it(one: psutil.Process) -> bool:
            return run in (one.environ().get(MARK), one.environ().get(RUN))

        return list(map(str, those(psutil.process_iter(), is_of_it)))

    def left_of(self, run: str) -> list[str]:
        """What is still there of a run, or half made."""
        state = self.checkout.state
        files = [*self.checkout.scratch.iterdir(), *state.glob("scratch-*"), *state.rglob("*.part")]
        files += [*(state / "toolchains").glob("fetch-*"), *state.rglob(".claimlab-*")]
        files += [path for path in self.checkout.record.rglob("*") if path.is_file() and path.suffix != ".json"]
        eventually(lambda: not self.containers(run), 5)  # the daemon takes a moment to remove one
        return [*self.containers(run), *self.processes(run), *(str(path) for path in files)]

    def count(self, name: str, number: int) -> None:
        self.counts[name] = self.counts.get(name, 0) + number


def remove_small_images(engine: DockerEngine, checkout: Checkout) -> None:
    """Those of this checkout: the test beside this one has others."""
    for tag in Notes(checkout.state).tags():
        if tag.startswith(f"claimlab/go:{VERSION}-"):
            with contextlib.suppress(docker.errors.ImageNotFound):
                engine.client.api.remove_image(tag, force=True)


@pytest.fixture
def killing(either_engine: Engine, checkout: Checkout) -> Iterator[Killing]:
    for name in ("toolchains", "warm"):
        (checkout.state / name).unlink()  # they were links to those of the project that these tests are part of
    pin_small_toolchain(checkout.root / "docker" / "toolchains.toml")
    for name, script in LABS.items():
        write_lab(checkout.labs, name, script=script)
    write_lab(checkout.labs, "timed", script="sleep 0.2; echo 42", timing=True)
    found = Killing(checkout, either_engine)
    for prepares in (True, False):
        shutil.rmtree(checkout.record, ignore_errors=True)
        started = time.monotonic()
        found.go_on()
        found.takes_s[prepares] = time.monotonic() - started
    yield found
    if isinstance(either_engine, DockerEngine):
        remove_small_images(either_engine, checkout)


@pytest.mark.parametrize("group", [False, True], ids=["main", "group"])
@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
def test_a_kill_at_any_moment_loses_nothing_and_leaves_nothing(
    killing: Killing, group: bool, request: pytest.FixtureRequest
) -> None:
    seed = request.config.getoption("kills_seed") or random.randrange(10**6)
    chance = random.Random(seed)
    whom = "the group" if group else "the main process"
    for done in range(1, request.config.getoption("kills") + 1):
        try:
            killing.kill_once(chance, group)
        except BaseException as error:
            error.add_note(f"--kills-seed {seed}, kill {done}: {killing.counts}")
            raise
        if log := request.config.getoption("kills_log"):
            with Path(log).open("a") as opened:
                opened.write(f"{done} of {whom}, {killing.engine.name}, seed {seed}: {killing.counts}\n")
