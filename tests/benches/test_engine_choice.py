"""What ``auto`` chooses: the daemon that is named, else the one that answers, else this machine itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.ours import OUR, ROOT

from claimlab.benches.docker_engine import DockerEngine
from claimlab.benches.engines import choose
from claimlab.project.errors import EnvironmentMissing

pytest_plugins = ["tests.bench_fixtures"]


def test_auto_is_local_where_no_daemon_answers() -> None:
    """In a mount namespace of its own, where no socket is."""
    code = "from tests.ours import OUR; from claimlab.benches.engines import choose; print(choose(OUR, 'auto').name)"
    command = [sys.executable, "-c", code]
    socket_file = Path("/var/run/docker.sock")
    if socket_file.exists():
        if os.geteuid() != 0:
            pytest.skip("only root can hide the daemon's socket")
        hide = 'mount --bind /dev/null /var/run/docker.sock && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", hide, "sh", *command]
    env = {name: value for name, value in os.environ.items() if name != "DOCKER_HOST"}
    env["PYTHONPATH"] = f"{ROOT / 'src'}:{ROOT}"
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("local\n", 0), done.stderr


def test_who_names_a_daemon_gets_no_other_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nor a trial where nothing isolates it: where that daemon does not answer, nothing is measured."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody")
    engine = choose(OUR, "auto")
    assert engine.name == "docker"
    with pytest.raises(EnvironmentMissing, match=rf"nobody listens at {tmp_path}/nobody"):
        engine.check()


@pytest.mark.docker
def test_auto_is_docker_where_a_daemon_answers(docker_engine: DockerEngine) -> None:
    assert choose(OUR, "auto").name == "docker"
    assert choose(OUR).name == "docker"
