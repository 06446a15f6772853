"""The choice of an engine, what is said when one cannot work, and that what it prepared is used."""

import gc
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.bench_fixtures import (
    ALL,
    EITHER,
    HELLO,
    NEWEST,
    VARIANT,
    Daemon,
    newest,
    pinned,
    shell,
    silent,
    wanted,
    words,
)
from tests.ours import OUR, ROOT, write_project

from claimlab.benches.bench import Bench
from claimlab.benches.container import LABEL
from claimlab.benches.docker_engine import DockerEngine, daemon_answers
from claimlab.benches.engine import Engine
from claimlab.benches.engines import choose, sweep_all
from claimlab.benches.local_engine import LocalEngine
from claimlab.instruments.gobuild import build
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project
from claimlab.questions.laboratory import laboratory
from claimlab.toolchains.flags import FLAG_SETS, Flags
from claimlab.toolchains.needs import PLAIN

pytest_plugins = ["tests.bench_fixtures"]
either_engines = pytest.mark.parametrize("either_engine", EITHER, indirect=True)


# The choice


def test_an_engine_is_chosen_by_name() -> None:
    assert isinstance(choose(OUR, "local"), LocalEngine)
    assert isinstance(choose(OUR, "docker"), DockerEngine)


def test_an_unknown_engine_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(EnvironmentMissing, match=r"no engine 'podman'.*docker, local or auto"):
        choose(OUR, "podman")


OWN_ENGINE = """
from claimlab.benches.local_engine import LocalEngine


class Bare(LocalEngine):
    name = "bare"

    def sweep(self):
        print("swept for", self._project.title)
        return 0
"""


@pytest.fixture
def with_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that adds an engine by its settings, and chooses it."""
    monkeypatch.setattr(sys, "path", sys.path[:])
    monkeypatch.delitem(sys.modules, "toys_engine", raising=False)
    (tmp_path / "toys_engine.py").write_text(OWN_ENGINE)
    return write_project(tmp_path, (), engine="bare", extensions={"engines": {"bare": "toys_engine:Bare"}})


def test_an_engine_that_a_project_adds_is_chosen_by_name(with_engine: Project) -> None:
    assert [choose(with_engine, name).name for name in ("bare", "", "local", "docker")] == [
        *("bare", "bare", "local", "docker")
    ]


def test_an_engine_that_a_project_adds_is_among_those_there_are(with_engine: Project) -> None:
    with pytest.raises(EnvironmentMissing, match=r"no engine 'podman'.*--engine docker, local, bare or auto"):
        choose(with_engine, "podman")
    with pytest.raises(EnvironmentMissing, match=r"no engine 'bare'.*--engine docker, local or auto"):
        choose(OUR, "bare")


@pytest.mark.gdb
def test_an_engine_that_a_project_adds_gives_out_benches(with_engine: Project, local_engine: LocalEngine) -> None:
    ours = laboratory(with_engine)
    assert ours.engine.identity(newest()) == local_engine.identity(newest())
    ours.engine.prepare([wanted(NEWEST)], silent)
    with ours.engine.open(ours.toolchains([NEWEST])[0], 60) as bench:
        assert shell(bench, "go version").text().split()[2] == f"go{NEWEST}"


def test_an_engine_that_a_project_adds_is_swept_too(
    with_engine: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], run_id: str
) -> None:
    monkeypatch.setenv("CLAIMLAB_RUN", run_id)
    sweep_all(with_engine)
    assert capsys.readouterr().out == "swept for Toys\n"


@pytest.mark.parametrize("address", ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1"])
def test_no_daemon_answers_where_nothing_listens(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DOCKER_HOST", address)
    assert not daemon_answers()


@contextmanager
def answering(path: Path, answer: bytes) -> Iterator[None]:
    """A server on a Unix socket that gives one answer to one caller."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen(1)

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join(10)


@pytest.mark.parametrize(
    ("answer", "answers"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\nOK", True),
        (b"HTTP/1.0 503 Service Unavailable\r\n\r\n", False),
        (b"", False),
    ],
)
def test_only_a_200_counts_as_an_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: bytes, answers: bool
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/d.sock")
    with answering(tmp_path / "d.sock", answer):
        assert daemon_answers() is answers


# What is missing


def test_a_daemon_that_is_not_there_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing.sock")
    with pytest.raises(EnvironmentMissing, match=r"daemon does not answer.*claimlab engine\.up") as caught:
        DockerEngine(OUR).check()
    assert "\n" not in str(caught.value)


@pytest.mark.docker
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_daemon_that_stopped_is_noticed_by_the_next_check(own_daemon: Daemon) -> None:
    engine = DockerEngine(OUR)
    engine.check()
    own_daemon.stop()
    with pytest.raises(EnvironmentMissing, match=r"engine\.up"):
        engine.check()
    engine.close()
    # docker-py leaves the socket of a connect that failed to the collector (docker/transport/unixconn.py).
    gc.collect()


@pytest.mark.parametrize(("lacking", "package"), [("gdb", "gdb"), ("gcc", "gcc"), ("prlimit", "util-linux")])
def test_a_missing_tool_is_named_with_its_debian_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lacking: str, package: str
) -> None:
    for tool in {"gdb", "gcc", "prlimit"} - {lacking}:
        (tmp_path / tool).symlink_to("/bin/true")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentMissing, match=rf"needs {lacking}.*apt-get install {package}\b"):
        LocalEngine(OUR).check()


@pytest.mark.gdb
def test_the_local_engine_is_content_with_this_machine(local_engine: LocalEngine) -> None:
    local_engine.check()


# Identity and facts


@pytest.mark.docker
def test_the_docker_place_is_the_hash_in_the_images_tag(docker_engine: DockerEngine) -> None:
    place = docker_engine.identity(newest())
    tags = [tag for image in docker_engine.client.images.list("claimlab/go") for tag in image.tags]
    assert f"claimlab/go:{NEWEST}-{place[:16]}" in tags


@pytest.mark.docker
def test_docker_facts_are_those_of_the_image(docker_engine: DockerEngine, container_bench: Bench) -> None:
    facts = docker_engine.facts(pinned(NEWEST), ALL)
    assert facts["image"] == docker_engine.client.images.get(docker_engine.image(pinned(NEWEST), ALL)).id
    assert facts["gdb"] == shell(container_bench, "gdb --version").text().splitlines()[0]


@pytest.mark.gdb
def test_local_facts_are_those_of_this_machine(local_engine: LocalEngine) -> None:
    printed = subprocess.run(["gdb", "--version"], capture_output=True, text=True, check=True).stdout
    assert local_engine.facts(pinned(NEWEST))["gdb"] == printed.splitlines()[0]


@pytest.mark.gdb
def test_each_release_is_another_place(local_engine: LocalEngine) -> None:
    assert local_engine.identity(newest()) != local_engine.identity(pinned("1.23.9").release)


@either_engines
@pytest.mark.parametrize("flags", FLAG_SETS)
def test_the_same_source_gives_the_same_binary_on_two_benches(either_engine: Engine, flags: Flags) -> None:
    with either_engine.open(pinned(NEWEST), 120, ALL) as one, either_engine.open(pinned(NEWEST), 120, ALL) as other:
        assert build(one, HELLO, flags=flags) == build(other, HELLO, flags=flags)


def stale_packages(bench: Bench, flags: Flags) -> list[str]:
    """Which packages of the program `hello` the bench's go would compile, by its own account."""
    bench.put({f"hello/{name}": text for name, text in HELLO.items()} | {"hello/go.mod": b"module hello\n"})
    options, env = FLAG_SETS[flags]
    template = "{{if .Stale}}{{.ImportPath}}{{end}}"
    listed = bench.run(
        ["go", "list", "-C", "hello", *options, "-deps", "-f", template, "."], step="housekeeping", env=env
    )
    return listed.or_broken("go list failed").text().split()


def results_of_its_own(bench: Bench) -> int:
    """How many compiled packages lie in the bench's build cache that are no links into the engine's."""
    return int(words(bench, "find .gocache -type f -name '*-d' | wc -l")[0])


@either_engines
@pytest.mark.parametrize("flags", FLAG_SETS)
def test_the_first_build_compiles_only_the_program(either_engine: Engine, flags: Flags) -> None:
    with either_engine.open(pinned(NEWEST), 120, PLAIN | {flags}) as bench:
        assert stale_packages(bench, flags) == ["hello"]
        before = results_of_its_own(bench)
        build(bench, HELLO, flags=flags)
        # What it is compiled to, the list of its files, and their index.
        assert 0 < results_of_its_own(bench) - before <= 3


@pytest.mark.docker
def test_the_first_build_with_an_experiment_compiles_only_the_program(docker_engine: DockerEngine) -> None:
    docker_engine.prepare([wanted(VARIANT)], silent)
    with docker_engine.open(pinned(VARIANT), 120) as bench:
        assert stale_packages(bench, "plain") == ["hello"]


# The end


LEAVES_THINGS_BEHIND = """
import subprocess
from claimlab.benches import engines
from tests.bench_fixtures import NEWEST, pinned
from tests.ours import OUR
from claimlab.toolchains.needs import PLAIN

made = [engines.choose(OUR, "docker"), engines.choose(OUR, "local")]
opened = [one.open(pinned(NEWEST), 60) for one in made]
benches = [one.__enter__() for one in opened]
escape = "setsid sh -c 'touch escaped; exec sleep 60' > /dev/null 2>&1 & until [ -e escaped ]; do sleep 0.02; done"
benches[1].run(["sh", "-c", escape], step="run").or_broken("no process escaped")
engines.sweep_all(OUR)
print([one.sweep() for one in made], benches[1].folder.exists())
"""


@pytest.mark.docker
@pytest.mark.gdb
def test_sweeping_leaves_nothing_of_either_engine(
    docker_engine: DockerEngine, local_engine: LocalEngine, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    """In a process of its own, because a sweep ends all benches of the process that sweeps."""
    run_id = f"test-sweep-{os.getpid()}"
    process = start_python(LEAVES_THINGS_BEHIND, CLAIMLAB_RUN=run_id, PYTHONPATH=f"{ROOT}/src:{ROOT}")
    out, err = process.communicate(timeout=300)
    assert (out, process.returncode) == ("[0, 0] False\n", 0), err
    assert not docker_engine.client.api.containers(all=True, filters={"label": f"{LABEL}={run_id}"})
