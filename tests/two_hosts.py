"""A cluster: a scheduler and two workers that share nothing but the machine; asked for with ``pytest_plugins``.

All of it is real. The toolchain is small, so that a trial takes moments.
(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import contextlib
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil
import pytest
from tests.bench_fixtures import eventually
from tests.processes import below, those
from tests.small_toolchain import pin_small_toolchain
from tests.tiny_lab import Checkout, Started

START_S = 60.0
PATIENCE_S = 2.0


@dataclass
class Served:
    """A scheduler or a worker, and what it says."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stderr
        self.lines += iter(self.process.stderr.readline, "")

    def vanish(self) -> None:
        """Its host is gone: nothing of it says that it ends, and nobody starts it again."""
        for one in [psutil.Process(self.process.pid), *self.below()]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait()

    def said(self, words: str) -> re.Match[str]:
        """It has said that."""
        assert eventually(lambda: re.search(words, "".join(self.lines)) is not None, START_S), "".join(self.lines)
        found = re.search(words, "".join(self.lines))
        assert found
        return found

    def below(self) -> list[psutil.Process]:
        return below(self.process.pid)

    def sleepers(self) -> list[psutil.Process]:
        """Programs of labs that run there."""
        return those(self.below(), lambda one: one.name() == "sleep")

    def dask_worker(self) -> psutil.Process:
        """The process that the nanny has started."""
        children = those(self.below(), lambda one: one.ppid() == self.process.pid)
        return those(children, lambda one: "--multiprocessing-fork" in one.cmdline())[0]


@dataclass
class Cluster:
    """A checkout whose labs are measured on hosts of a cluster."""

    checkout: Checkout
    scheduler: Served | None = None
    workers: dict[str, Served] = field(default_factory=dict)
    address: str = ""

    def serve(self, port: int = 0, protocol: str = "tcp") -> None:
        where = ("--host", "127.0.0.1", "--port", str(port), "--protocol", protocol)
        self.scheduler = Served(self.checkout.start_inv("cluster.scheduler", *where))
        self.address = self.scheduler.said(rf"scheduler at ({protocol}://\S+)")[1]

    def work(self, name: str, checkout: Checkout | None = None, *more: str, **env: str) -> Served:
        """A worker of this name has joined, whose cache is its own."""
        started = (checkout or self.checkout).start_inv(
            *("cluster.worker", self.address, "--name", name, "--engine", "local", "--nthreads", "1"),
            *("--cache", str(self.checkout.root / f"cache-{name}")),
            *more,
            **{"LACKS": str(self.desk(name)), **env},
        )
        self.workers[name] = Served(started)
        self.workers[name].said(f"worker {name}: up to 1 trials at a time")
        return self.workers[name]

    def desk(self, name: str) -> Path:
        """Where that is, the engine ``fussy`` does not work on the worker of this name."""
        return self.checkout.root / f"desk-{name}"

    def start(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        return self.checkout.start_inv(*arguments, "--engine", "local", "--cluster", self.address, **env)

    def impatient(self, *arguments: str) -> subprocess.Popen[str]:
        """As :meth:`start`, by a head that waits for what is gone no longer than :data:`PATIENCE_S`."""
        code = (
            f"from claimlab.cluster import run; run.PATIENCE_S = {PATIENCE_S}; "
            "from claimlab.cli.__main__ import main; main()"
        )
        root = ("--search-root", str(self.checkout.root))
        return self.checkout.python("-c", code, *root, *arguments, "--engine", "local", "--cluster", self.address)

    def inv(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.checkout.started.finish(self.start(*arguments))

    def observations(self) -> dict[Path, dict[str, Any]]:
        """By their places in the record."""
        found = self.checkout.record.rglob("*.json")
        return {path.relative_to(self.checkout.record): json.loads(path.read_bytes()) for path in found}

    def hosts(self) -> dict[str, str]:
        """Where each lab was measured last."""
        return {one["lab"]: one["provenance"]["host"].get("name", "") for one in self.observations().values()}

    def sleepers(self) -> list[psutil.Process]:
        """Programs of labs that run on the workers."""
        return [one for worker in self.workers.values() for one in worker.sleepers()]


FUSSY: Final = """
import os
from pathlib import Path

from claimlab.benches.local_engine import LocalEngine
from claimlab.project.errors import EnvironmentMissing


class Fussy(LocalEngine):
    name = "fussy"

    def check(self):
        lacks = Path(os.environ["LACKS"])
        if lacks.exists():
            lacks.write_text(lacks.read_text() + "asked ")
            raise EnvironmentMissing("The desk is full.", "Clear it.")
"""
"""The project's own engine wants a desk that is clear: there is no such file."""


def with_fussy_engine(checkout: Checkout) -> Checkout:
    with (checkout.root / "claimlab.toml").open("a") as settings:
        settings.write('\n[extensions.engines]\nfussy = "fussy:Fussy"\n')
    (checkout.root / "fussy.py").write_text(FUSSY)
    return checkout


def with_small_toolchain(checkout: Checkout) -> Checkout:
    """The checkout, whose only toolchain is the small one."""
    for name in ("toolchains", "warm"):
        (checkout.state / name).unlink()  # they were links to those of the project that these tests are part of
    pin_small_toolchain(checkout.root / "docker" / "toolchains.toml")
    return checkout


@pytest.fixture
def cluster(checkout: Checkout) -> Cluster:
    """A scheduler without workers."""
    found = Cluster(with_small_toolchain(checkout))
    found.serve()
    return found


@pytest.fixture(scope="module")
def _two_hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Started()
    checkout = Checkout(tmp_path_factory.mktemp("cluster") / "checkout", started)
    found = Cluster(with_fussy_engine(with_small_toolchain(checkout)))
    found.serve()
    for name in ("one", "two"):
        found.work(name)
    yield found
    started.end()


@pytest.fixture
def two_hosts(_two_hosts: Cluster) -> Cluster:
    """With the workers ``one`` and ``two``, which the tests of a file share; there are no labs, and no record."""
    for folder in (_two_hosts.checkout.labs, _two_hosts.checkout.record):
        shutil.rmtree(folder, ignore_errors=True)
    return _two_hosts
