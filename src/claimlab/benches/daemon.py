"""The Docker daemon on a Debian machine: installed, started, stopped."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil

from claimlab.benches.docker_engine import DockerEngine, daemon_answers, daemon_silence
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.files import read_regular, write_whole
from claimlab.project.project import Project
from claimlab.project.runs import RUN

LOG: Final = "dockerd.log"
PID: Final = "dockerd.pid"
"""In the project's cache."""
START_TIMEOUT_S: Final = 60.0
END_TIMEOUT_S: Final = 60.0


def up(project: Project, say: Callable[[str], None]) -> None:
    """A daemon answers, and base images can be made where no registry does."""
    missing = [] if _has("mmdebstrap") else ["mmdebstrap"]
    if not daemon_answers():
        missing += [] if _has("dockerd") else ["docker.io"]
    elif not missing or not _has("apt-get"):
        _greet(project, say)
        return
    if os.geteuid() != 0:
        raise EnvironmentMissing(
            f"Docker cannot be set up without root ({daemon_silence() or 'mmdebstrap is missing'}).",
            "Run this command as root, ask whoever is, or use --engine local.",
        )
    if missing:
        install(missing, say)
    if not daemon_answers():
        start(project, say)
    _greet(project, say)


def _greet(project: Project, say: Callable[[str], None]) -> None:
    engine = DockerEngine(project)
    say(f"a Docker daemon answers: {engine.client.version()['Version']}")
    engine.close()


def install(packages: list[str], say: Callable[[str], None]) -> None:
    if not _has("apt-get"):
        raise EnvironmentMissing(
            f"This is no Debian system, so {', '.join(packages)} cannot be installed from its packages.",
            "Install Docker by your system's means, then run this again.",
        )
    say(f"installing {', '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, check=False, encoding="utf-8", errors="replace"
        )
        if done.returncode != 0:
            raise EnvironmentMissing(
                f"{' '.join(command)} failed: {done.stderr.strip()[-400:]}", "Mend apt, then run this again."
            )


def start(project: Project, say: Callable[[str], None]) -> None:
    """dockerd runs: by systemd where that is in charge, else as a process of its own session."""
    say("starting the Docker daemon")
    if Path("/run/systemd/system").is_dir():
        subprocess.run(["systemctl", "start", "docker"], check=False)
    else:
        project.cache.mkdir(parents=True, exist_ok=True)
        with (project.cache / LOG).open("ab") as log:
            process = subprocess.Popen(
                ["dockerd"],
                # Without the name of a run: it is to outlive this one.
                env={name: value for name, value in os.environ.items() if name != RUN},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        write_whole(project.cache / PID, str(process.pid).encode())
    log_file = project.cache / LOG
    deadline = time.monotonic() + START_TIMEOUT_S
    while not daemon_answers():
        if time.monotonic() > deadline:
            tail = log_file.read_text(encoding="utf-8", errors="replace")[-600:] if log_file.is_file() else ""
            raise EnvironmentMissing(
                f"dockerd does not answer after {START_TIMEOUT_S:.0f} s. {tail}",
                f"Its log is {project.shown(log_file)}; where it cannot run, use --engine local.",
            )
        time.sleep(0.2)


def down(project: Project, say: Callable[[str], None]) -> None:
    """The daemon that `up` started has ended; any other is left alone."""
    noted = project.cache / PID
    try:
        pid = int(read_regular(noted, 100))
    except FileNotFoundError:
        say("no daemon was started from here")
        return
    except (OSError, ValueError):
        raise EnvironmentMissing(
            f"Which daemon was started from here is not known: {project.shown(noted)} holds no process number.",
            "End it by hand if it still runs (pidof dockerd), and remove that file.",
        ) from None
    with contextlib.suppress(psutil.NoSuchProcess):
        daemon = psutil.Process(pid)
        if daemon.name() == "dockerd":
            daemon.terminate()
            _await_end(daemon)
    noted.unlink()
    say("the Docker daemon has ended")


def _await_end(daemon: psutil.Process) -> None:
    """It runs no more; where the first process does not collect orphans, as in some containers, a zombie stays."""
    deadline = time.monotonic() + END_TIMEOUT_S
    while daemon.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            raise EnvironmentMissing(
                f"dockerd does not end after {END_TIMEOUT_S:.0f} s.", "Its log is in the project's cache; try again."
            )
        time.sleep(0.1)


def _has(tool: str) -> bool:
    return shutil.which(tool) is not None
