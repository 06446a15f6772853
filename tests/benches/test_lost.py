"""What becomes of a trial whose container, or whose daemon, is lost or stands still while a command runs."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.bench_fixtures import NEWEST, OpenContainer, eventually, pinned, shell
from tests.ours import OUR
from tests.relay import Relay
from tests.tiny_lab import LabsFolder, write_lab

from claimlab.benches import recipe
from claimlab.benches.bench import Bench
from claimlab.benches.container import LABEL, ContainerBench, open_container
from claimlab.benches.docker_engine import DockerEngine
from claimlab.project.errors import EnvironmentMissing, LabBroken
from claimlab.toolchains.needs import PLAIN

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

pytest_plugins = ["tests.bench_fixtures", "tests.relay", "tests.tiny_lab"]
pytestmark = pytest.mark.docker

PATIENCE_S = 3


def container_of(client: "DockerClient", run_id: str) -> "Container":
    (found,) = client.containers.list(all=True, filters={"label": f"{LABEL}={run_id}"})
    return found


def runs(client: "DockerClient", run_id: str, command: str) -> bool:
    """A process of the run's only container is this command, by the daemon."""
    found = client.containers.list(filters={"label": f"{LABEL}={run_id}"})
    return any(command in process for one in found for process in (one.top()["Processes"] or []) for command in process)


@contextmanager
def as_soon_as_it_runs(client: "DockerClient", run_id: str, command: str, act: Callable[[], object]) -> Iterator[None]:
    """The command is under way in the run's container when the act is done."""
    done = []

    def wait() -> None:
        if eventually(lambda: runs(client, run_id, command)):
            act()
            done.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    assert done


@contextmanager
def impatient(relay: Relay, run_id: str, *, frozen: bool = False) -> Iterator[ContainerBench]:
    """A bench whose daemon is asked through the relay, and has three seconds for an answer."""
    import docker

    tools = recipe.Notes(OUR.cache).tools()
    assert tools is not None
    client = docker.DockerClient(base_url=relay.address, timeout=PATIENCE_S)
    if frozen:
        relay.freeze()
    try:
        with open_container(
            client, recipe.image_tag(pinned(NEWEST), PLAIN, tools), pinned(NEWEST), run_id, 120
        ) as bench:
            yield bench
    finally:
        client.close()


# The container


@pytest.mark.parametrize("name", ["kill", "stop", "remove"])
def test_a_container_that_is_ended_from_outside_breaks_the_lab(
    open_own_container: OpenContainer, docker_engine: DockerEngine, run_id: str, name: str
) -> None:
    client = docker_engine.client

    def end() -> None:
        container = container_of(client, run_id)
        if name == "kill":
            container.kill()
        elif name == "stop":
            container.stop(timeout=0)
        else:
            container.remove(force=True)

    with (
        open_own_container() as bench,
        as_soon_as_it_runs(client, run_id, "sleep 297", end),
        pytest.raises(LabBroken, match="killed, stopped or removed from outside") as broken,
    ):
        shell(bench, "exec sleep 297", timeout_s=100)
    assert broken.value.exit_code is None
    assert broken.value.command == "sh -c 'exec sleep 297'"


def test_a_container_that_is_paused_breaks_the_lab_when_the_commands_time_is_over(
    relay: Relay, docker_engine: DockerEngine, run_id: str
) -> None:
    client = docker_engine.client
    began = time.monotonic()
    with (
        impatient(relay, run_id) as bench,
        as_soon_as_it_runs(client, run_id, "sleep 298", lambda: container_of(client, run_id).pause()),
        pytest.raises(LabBroken, match="paused under the command"),
    ):
        shell(bench, "exec sleep 298", timeout_s=3)
    assert time.monotonic() - began < 60


def test_a_bench_that_was_lost_is_not_used_again(
    open_own_container: OpenContainer, docker_engine: DockerEngine
) -> None:
    """What was started there may still run."""
    with open_own_container() as bench:
        with pytest.raises(LabBroken, match="what watches it was killed"):
            shell(bench, "kill -KILL $PPID; sleep 5")
        for use in (lambda: shell(bench, "true"), lambda: bench.get("x"), lambda: bench.put({"x": b""})):
            with pytest.raises(LabBroken, match="what watches it was killed"):
                use()


def test_who_watches_a_command_standing_still_breaks_the_lab(relay: Relay, run_id: str) -> None:
    began = time.monotonic()
    with impatient(relay, run_id) as bench, pytest.raises(LabBroken, match="was killed or stopped on the bench"):
        shell(bench, "kill -STOP $PPID; exec sleep 100", timeout_s=1)
    assert time.monotonic() - began < 60


# The daemon


def use(bench: Bench, what: str) -> None:
    if what == "run":
        shell(bench, "true", timeout_s=1)
    elif what == "put":
        bench.put({"a": bytes(8 << 20)})
    else:
        bench.get("a")


@pytest.mark.parametrize("what", ["run", "put", "get"])
@pytest.mark.parametrize("trouble", ["freeze", "kill"])
def test_a_daemon_that_is_lost_is_missing_and_no_lab_is_broken(
    relay: Relay, run_id: str, what: str, trouble: str
) -> None:
    began = time.monotonic()
    with (
        pytest.raises(EnvironmentMissing, match="does not answer any more"),
        impatient(relay, run_id) as bench,
    ):
        getattr(relay, trouble)()
        use(bench, what)
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("trouble", ["freeze", "kill"])
def test_a_daemon_that_is_lost_under_a_command_is_missing(
    relay: Relay, docker_engine: DockerEngine, run_id: str, trouble: str
) -> None:
    with (
        pytest.raises(EnvironmentMissing, match="does not answer any more"),
        impatient(relay, run_id) as bench,
        as_soon_as_it_runs(docker_engine.client, run_id, "sleep 299", getattr(relay, trouble)),
    ):
        shell(bench, "exec sleep 299", timeout_s=3)


def test_a_daemon_that_is_frozen_when_a_bench_is_opened_is_missing(relay: Relay, run_id: str) -> None:
    with (
        pytest.raises(EnvironmentMissing, match="does not answer any more"),
        impatient(relay, run_id, frozen=True),
    ):
        pass


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "workers"])
def test_a_session_ends_with_the_daemon_and_files_nothing(
    relay: Relay, docker_engine: DockerEngine, folder: LabsFolder, run_id: str, workers: list[str]
) -> None:
    """Every trial would break the same way, so none is told of as broken."""
    write_lab(folder.labs, script="exec sleep 296")
    write_lab(folder.labs, "other", script="exec sleep 295")
    with as_soon_as_it_runs(docker_engine.client, run_id, "sleep 29", relay.kill):
        # docker-py leaves a socket open where nobody listens, which this configuration of pytest takes for an error.
        quiet = ["-W", "ignore::pytest.PytestUnraisableExceptionWarning"]
        done = folder.pytest("labs", *workers, *quiet, engine="docker", DOCKER_HOST=relay.address, CLAIMLAB_RUN=run_id)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "The Docker daemon does not answer any more" in done.stdout + done.stderr
    assert "the lab is broken" not in done.stdout
    assert not [path for path in folder.record.rglob("*") if path.is_file()]
