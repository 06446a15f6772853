"""Real engines and benches for the tests that need them: a test file asks for these with ``pytest_plugins``.

Nothing stands in for docker, gdb or a process. Where the machine lacks one, the test skips and says what to install.
(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from _pytest.mark import ParameterSet
from tests.ours import OUR, TOOLCHAINS, toolchain
from tests.processes import processes_of

from claimlab.benches.bench import Bench, Completed
from claimlab.benches.container import LABEL, ContainerBench, open_container
from claimlab.benches.docker_engine import DockerEngine, daemon_answers
from claimlab.benches.engine import Engine
from claimlab.benches.folder import FolderBench, open_folder
from claimlab.benches.local_engine import LocalEngine
from claimlab.benches.namespace import Isolation
from claimlab.project.errors import EnvironmentMissing
from claimlab.toolchains.needs import IN_ORDER, PLAIN, Needs, Wanted
from claimlab.toolchains.origins import ensure
from claimlab.toolchains.toolchain import Release, Toolchain

if TYPE_CHECKING:
    from docker import DockerClient

RESOURCES: Final = Path(__file__).parent / "resources" / "instruments"
NEWEST: Final = "1.27.3"
"""For whatever does not depend on the toolchain. It has no experiments, so its cache is made fastest."""
VARIANT: Final = "1.24.11+noswissmap"
ORACLE: Final = ("1.21.13", "1.23.9", NEWEST)
"""Where instruments are checked against independent witnesses: the oldest, one of the old maps, the newest."""


ALL: Final = frozenset(IN_ORDER)
"""All that can be compiled beforehand."""
LIFE_S: Final = 900.0
"""How long a bench may be in use that the tests of a file share; on a machine that others use it is minutes."""


def places(*versions: str) -> list[ParameterSet]:
    """Parameters of a fixture that opens :func:`bench_at`: these toolchains in containers, the newest one also in a
    private folder, which stands last."""
    containers = [pytest.param(("docker", one), marks=pytest.mark.docker, id=f"docker-{one}") for one in versions]
    return [*containers, pytest.param(("local", NEWEST), marks=pytest.mark.gdb, id=f"local-{NEWEST}")]


EVERY_RELEASE: Final = places(*(one.name for one in TOOLCHAINS if not one.variant))
EITHER: Final = (pytest.param("docker", marks=pytest.mark.docker), pytest.param("local", marks=pytest.mark.gdb))

HELLO: Final = {"main.go": b'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n'}

OpenContainer = Callable[..., AbstractContextManager[ContainerBench]]
OpenFolder = Callable[..., AbstractContextManager[FolderBench]]


def pinned(name: str) -> Toolchain:
    """The toolchain of that name, from the project's own pins."""
    return toolchain(name)


def newest() -> Release:
    return pinned(NEWEST).release


def wanted(name: str, needs: Needs = PLAIN) -> Wanted:
    """The toolchain of that name, with what is to be compiled."""
    return Wanted(pinned(name), needs)


@contextmanager
def bench_at(request: pytest.FixtureRequest, needs: Needs = PLAIN) -> Iterator[Bench]:
    """A bench of the engine and the toolchain that a fixture's parameter names."""
    engine_name, version = request.param
    engine: Engine = request.getfixturevalue(f"{engine_name}_engine")
    engine.prepare([wanted(version, needs)], silent)
    with engine.open(pinned(version), LIFE_S, needs) as bench:
        yield bench


def silent(_: str) -> None:
    """For progress nobody reads."""


def shell(bench: Bench, script: str, timeout_s: float = 60.0) -> Completed:
    return bench.run(["sh", "-c", script], step="run", timeout_s=timeout_s)


def words(bench: Bench, script: str) -> list[str]:
    """What a script that must succeed prints, as words."""
    return shell(bench, script).or_broken("the test's script failed").text().split()


def eventually(holds: Callable[[], bool], within_s: float = 60.0) -> bool:
    """It became true within the time, which is long: only what never comes true takes it."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def left_of(run: str, engine: Engine, scratch: Path) -> list[str]:
    """Containers, processes and folders of the run, whose TMPDIR that is."""
    found = [str(path) for path in scratch.iterdir()]
    found += map(str, processes_of(run))
    if isinstance(engine, DockerEngine):
        found += [one["Id"] for one in engine.client.api.containers(all=True, filters={"label": f"{LABEL}={run}"})]
    return found


@pytest.fixture(scope="session")
def docker_engine() -> Iterator[DockerEngine]:
    """The engine ``docker`` on this machine's daemon, with images of the newest release."""
    if not daemon_answers():
        pytest.skip("no Docker daemon answers: ./inv engine.up installs and starts one (as root, on Debian)")
    engine = DockerEngine(OUR)
    engine.prepare([wanted(NEWEST, ALL)], silent)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def local_engine() -> LocalEngine:
    """The engine ``local`` on this machine, with the newest release unpacked and compiled."""
    engine = LocalEngine(OUR)
    try:
        engine.check()
    except EnvironmentMissing as missing:
        pytest.skip(str(missing))
    if shutil.which("nm") is None:
        pytest.skip("the tests of the local engine need nm: apt-get install binutils")
    engine.prepare([wanted(NEWEST, ALL)], silent)
    return engine


@pytest.fixture(scope="module")
def either_engine(request: pytest.FixtureRequest) -> Engine:
    """The engine a test is parametrised with: ``parametrize("either_engine", EITHER, indirect=True)``."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    return engine


@pytest.fixture(scope="module")
def either_bench(either_engine: Engine) -> Iterator[Bench]:
    """One bench of each engine for all tests of a file that do not mind sharing."""
    with either_engine.open(pinned(NEWEST), LIFE_S, ALL) as bench:
        yield bench


@pytest.fixture(scope="module")
def container_bench(docker_engine: DockerEngine) -> Iterator[Bench]:
    with docker_engine.open(pinned(NEWEST), LIFE_S, ALL) as bench:
        yield bench


@pytest.fixture(scope="module")
def folder_bench(local_engine: LocalEngine) -> Iterator[Bench]:
    with local_engine.open(pinned(NEWEST), LIFE_S, ALL) as bench:
        yield bench


@pytest.fixture
def benches_of(docker_engine: DockerEngine) -> Iterator[Callable[..., Bench]]:
    """Opens containers of any pinned toolchain; they end with the test."""
    with ExitStack() as stack:

        def open_one(name: str, needs: Needs = PLAIN) -> Bench:
            docker_engine.prepare([wanted(name, needs)], silent)
            return stack.enter_context(docker_engine.open(pinned(name), LIFE_S, needs))

        yield open_one


@pytest.fixture
def run_id() -> str:
    """A run of this test's own, so that sweeping it disturbs nobody."""
    return f"test-{os.getpid()}-{time.time_ns():x}"


@pytest.fixture
def open_own_container(docker_engine: DockerEngine, run_id: str) -> OpenContainer:
    """Opens containers of a run of this test's own."""

    def open_one(life_s: float = 120, run: str = run_id, memory: str = "4g") -> AbstractContextManager[ContainerBench]:
        return open_container(
            docker_engine.client, docker_engine.image(pinned(NEWEST)), pinned(NEWEST), run, life_s, memory=memory
        )

    return open_one


@pytest.fixture
def own_warm_cache(local_engine: LocalEngine, tmp_path: Path) -> Path:
    """A copy of the prepared build cache that a test may risk."""
    with local_engine.open(pinned(NEWEST), 60, ALL) as bench:
        assert isinstance(bench, FolderBench)
        shutil.copytree(bench.folder / ".gocache", tmp_path / "warm", symlinks=False)
    return tmp_path / "warm"


@pytest.fixture
def open_own_folder(local_engine: LocalEngine, tmp_path: Path, run_id: str) -> OpenFolder:
    """Opens folders of a run of this test's own, in no room; without a build cache, unless one is given."""
    empty = tmp_path / "empty-cache"
    empty.mkdir()

    def open_one(life_s: float = 120, run: str = run_id, cache: Path = empty) -> AbstractContextManager[FolderBench]:
        goroot = ensure(newest(), OUR, silent)
        return open_folder(goroot, [cache], pinned(NEWEST), run, life_s, within=Isolation("none"))

    return open_one


class Daemon:
    """A Docker daemon of a test's own, with no image in it."""

    def __init__(self, folder: Path) -> None:
        self.address = f"unix://{folder}/sock"
        options = {
            "--data-root": folder / "data",
            "--exec-root": folder / "exec",
            "--pidfile": folder / "pid",
            "--host": self.address,
            "--bridge": "none",
            "--storage-driver": "vfs",
            # Where Debian's containerd runs as a service, all daemons share it: names of our own keep us apart.
            "--containerd-namespace": "claimlab-test",
            "--containerd-plugins-namespace": "claimlab-test-plugins",
        }
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    # In a network of its own: --bridge none removes docker0, which is the machine's daemon's.
                    *("unshare", "--net", "dockerd", "--iptables=false", "--ip-forward=false", "--ip-masq=false"),
                    *(str(word) for option in options.items() for word in option),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)


@pytest.fixture
def own_daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    """A second Docker daemon, which DOCKER_HOST names: what a test does to its images concerns nobody else."""
    if os.getuid() != 0 or shutil.which("dockerd") is None:
        pytest.skip("a second Docker daemon needs root and dockerd: apt-get install docker.io")
    with tempfile.TemporaryDirectory(prefix="dockerd-", ignore_cleanup_errors=True) as folder:
        daemon = Daemon(Path(folder))
        monkeypatch.setenv("DOCKER_HOST", daemon.address)
        try:
            assert eventually(daemon_answers, 60), (Path(folder) / "log").read_text()
            yield daemon
        finally:
            daemon.stop()


@pytest.fixture
def own_client(own_daemon: Daemon) -> Iterator["DockerClient"]:
    engine = DockerEngine(OUR)
    yield engine.client
    engine.close()
