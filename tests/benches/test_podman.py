"""podman's socket in a daemon's place, and what is said where a daemon refuses."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.bench_fixtures import NEWEST, eventually, pinned, silent, wanted
from tests.ours import OUR, write_project

from claimlab.benches import building, images, recipe
from claimlab.benches.docker_engine import DockerEngine, daemon_answers
from claimlab.benches.recipe import Tools
from claimlab.project.errors import EnvironmentMissing
from claimlab.toolchains.needs import PLAIN

if TYPE_CHECKING:
    from docker import DockerClient

pytest_plugins = ["tests.bench_fixtures"]
pytestmark = pytest.mark.podman


@pytest.fixture
def podman(monkeypatch: pytest.MonkeyPatch) -> Iterator["DockerClient"]:
    """podman with no image in it, which DOCKER_HOST names."""
    if os.getuid() != 0 or shutil.which("podman") is None:
        pytest.skip("podman's socket needs root here, and podman: apt-get install podman")
    with tempfile.TemporaryDirectory(prefix="podman-", ignore_cleanup_errors=True) as folder:
        address = f"unix://{folder}/sock"
        places = ["--root", f"{folder}/root", "--runroot", f"{folder}/run", "--storage-driver", "vfs"]
        with (Path(folder) / "log").open("wb") as log:
            service = subprocess.Popen(
                ["podman", *places, "system", "service", "--time=0", address],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        monkeypatch.setenv("DOCKER_HOST", address)
        engine = DockerEngine(OUR)
        try:
            assert eventually(daemon_answers, 60), (Path(folder) / "log").read_text(encoding="utf-8")
            yield engine.client
        finally:
            engine.close()
            service.terminate()
            service.wait(30)


@pytest.fixture
def archive(tmp_path: Path) -> str:
    """Of a file system in which nothing can run."""
    path = tmp_path / "base.tar"
    with tarfile.open(path, mode="w") as packed:
        packed.addfile(tarfile.TarInfo("empty"))
    return str(path)


def test_a_base_is_found_by_its_tag_in_podman_too(podman: "DockerClient", archive: str) -> None:
    images.import_base(podman, archive, "claimlab/base:0123")
    assert building.ids_of(podman, "claimlab/base:0123")
    assert [image["Id"] for image in images.ours(podman)] == building.ids_of(podman, "claimlab/base:0123")


@pytest.mark.docker
def test_what_a_daemon_refuses_while_images_are_prepared_is_said_in_its_words(
    own_client: "DockerClient", archive: str, tmp_path: Path
) -> None:
    """The images are there, but a container cannot be started from them."""
    project = write_project(tmp_path, (), cache="cache")
    project.cache.mkdir()
    tools = Tools(recipe.tools_recipe(), "f" * 64)
    recipe.Notes(project.cache).keep_tools(tools)
    for tag in (tools.tag, recipe.image_tag(pinned(NEWEST), PLAIN, tools)):
        images.import_base(own_client, archive, tag)
    with pytest.raises(EnvironmentMissing, match=r'could not do it: .*"sh".*not found.*docker info'):
        images.ensure(own_client, project, [wanted(NEWEST)], silent)
