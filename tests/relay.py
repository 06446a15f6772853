"""A process between the Docker client and the real daemon, which a test may freeze or kill: for the client that is the
daemon, frozen or lost, and nobody else's work is disturbed.

(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import gc
import os
import signal
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from tests.bench_fixtures import eventually

from claimlab.benches.container import LABEL
from claimlab.benches.docker_engine import DockerEngine

if TYPE_CHECKING:
    from docker import DockerClient

_SCRIPT: Final = """
import socket, sys, threading

def copy(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        source.close(), target.close()

listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
while True:
    near, far = listener.accept()[0], socket.socket(socket.AF_UNIX)
    far.connect(sys.argv[2])
    for pair in ((near, far), (far, near)):
        threading.Thread(target=copy, args=pair, daemon=True).start()
"""


class Relay:
    """It listens at an address of its own and passes on all that it is told, both ways."""

    def __init__(self, folder: Path, daemon: str) -> None:
        path = folder / "docker.sock"
        self.address = f"unix://{path}"
        self._process = subprocess.Popen([sys.executable, "-c", _SCRIPT, path, daemon])
        assert eventually(lambda: self._listens(path))

    @staticmethod
    def _listens(path: Path) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(path)) == 0

    def freeze(self) -> None:
        os.kill(self._process.pid, signal.SIGSTOP)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def remove_containers(client: "DockerClient", run_id: str) -> None:
    """Of that run; those that are gone by themselves meanwhile are no trouble."""
    import docker.errors

    for one in client.api.containers(all=True, filters={"label": f"{LABEL}={run_id}"}):
        try:
            client.api.remove_container(one["Id"], force=True)
        except docker.errors.APIError:
            continue


@pytest.fixture
def relay(docker_engine: DockerEngine, run_id: str) -> Iterator[Relay]:
    """Between the client and this machine's daemon; what was left running behind it is gone afterwards."""
    address = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not address.startswith("unix://"):
        pytest.skip(f"the daemon at {address} is not reached by a local socket")
    with tempfile.TemporaryDirectory(prefix="relay-") as folder:
        between = Relay(Path(folder), address.removeprefix("unix://"))
        try:
            yield between
        finally:
            between.kill()
            # docker-py leaves a socket open where nobody listens (UnixHTTPConnection.connect): now, not later.
            with warnings.catch_warnings(action="ignore", category=ResourceWarning):
                gc.collect()
            remove_containers(docker_engine.client, run_id)
