"""The Docker daemon: found, refused, ended. Nothing is installed and no daemon started here."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.ours import ROOT
from tests.tiny_lab import NOWHERE, Checkout

from claimlab.benches.docker_engine import DockerEngine

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
UP = """
import sys
from pathlib import Path
from claimlab.benches import daemon
from claimlab.project.project import load

daemon.up(load(Path(sys.argv[1])), print)
"""


@pytest.mark.docker
def test_up_does_nothing_where_a_daemon_answers(checkout: Checkout, docker_engine: DockerEngine) -> None:
    if shutil.which("mmdebstrap") is None:
        pytest.skip("mmdebstrap is missing, and engine.up would install it: apt-get install mmdebstrap")
    before = sorted(checkout.state.iterdir())
    done = checkout.inv("engine.up")
    assert done.returncode == 0, done.stderr
    version = docker_engine.client.version()["Version"]
    assert done.stderr.strip() == f"a Docker daemon answers: {version}"
    assert sorted(checkout.state.iterdir()) == before


def test_up_needs_root_to_install(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        readable = subprocess.run([*nobody, sys.executable, "-c", "import psutil"], check=False, capture_output=True)
        if readable.returncode != 0 or not (ROOT / "src").stat().st_mode & 0o005:
            pytest.skip("nobody but root can read this checkout")
    else:
        nobody = []
    env = {"PYTHONPATH": str(ROOT / "src"), "DOCKER_HOST": NOWHERE, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*nobody, sys.executable, "-c", UP, ROOT],
        cwd="/",
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "EnvironmentMissing: " in done.stderr
    assert "without root" in done.stderr
    assert "Run this command as root, ask whoever is, or use --engine local." in done.stderr


def test_down_says_when_nothing_was_started_from_here(checkout: Checkout) -> None:
    done = checkout.inv("engine.down")
    assert done.returncode == 0
    assert done.stderr == "no daemon was started from here\n"


@pytest.mark.parametrize("content", [b"", b"12 34", b"\xff", b"9" * 200])
def test_a_damaged_note_of_the_daemon_is_told(checkout: Checkout, content: bytes) -> None:
    (checkout.state / "dockerd.pid").write_bytes(content)
    done = checkout.inv("engine.down")
    assert done.returncode == 2
    assert (
        "Which daemon was started from here is not known: .claimlab/dockerd.pid holds no process number." in done.stderr
    )


@contextmanager
def sleeper(checkout: Checkout, name: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A program of that name which only waits, and is taken for the daemon that was started from here."""
    program = checkout.root / name
    shutil.copy2(shutil.which("sleep") or "", program)
    process = subprocess.Popen([program, "300"])
    (checkout.state / "dockerd.pid").write_text(str(process.pid))
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_down_ends_the_daemon_that_was_started_from_here(checkout: Checkout) -> None:
    with sleeper(checkout, "dockerd") as process:
        threading.Thread(target=process.wait).start()
        done = checkout.inv("engine.down")
    assert (done.returncode, done.stderr) == (0, "the Docker daemon has ended\n")
    assert process.returncode == -signal.SIGTERM
    assert checkout.inv("engine.down").stderr == "no daemon was started from here\n"


def test_down_ends_a_daemon_that_nobody_has_asked_for_its_exit_code(checkout: Checkout) -> None:
    """As in a container whose first process does not care for orphans."""
    with sleeper(checkout, "dockerd") as process:
        done = checkout.inv("engine.down")
    assert (done.returncode, done.stderr) == (0, "the Docker daemon has ended\n")
    assert process.returncode == -signal.SIGTERM


def test_down_leaves_another_program_alone_that_has_the_number_now(checkout: Checkout) -> None:
    with sleeper(checkout, "something-else") as process:
        assert checkout.inv("engine.down").returncode == 0
        assert process.poll() is None
