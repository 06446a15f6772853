"""The tools image on its way between daemons, and the cache of a worker that serves heads with several."""

import contextlib
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docker.errors
import pytest
from tests.ours import write_project

from claimlab.benches.docker_engine import DockerEngine
from claimlab.benches.images import import_base
from claimlab.benches.recipe import Notes, Tools, layers_identity, tools_recipe
from claimlab.cluster.tools import cache_for, is_there, load, pieces, prepared
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project

pytest_plugins = ["tests.bench_fixtures"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A worker's: its cache is its own."""
    return write_project(tmp_path / "worker", (), cache=str(tmp_path / "cache"))


@pytest.fixture
def small(docker_engine: DockerEngine, tmp_path: Path) -> Iterator[Tools]:
    """An image of one file, as if it were that of the tools."""
    archive, content = tmp_path / "one.tar", str(tmp_path).encode()
    with tarfile.open(archive, "w") as opened:
        entry = tarfile.TarInfo("file")
        entry.size = len(content)
        opened.addfile(entry, BytesIO(content))
    client = docker_engine.client
    import_base(client, str(archive), "claimlab/tools:being-made")
    layers = client.images.get("claimlab/tools:being-made").attrs["RootFS"]["Layers"]
    made = Tools(tools_recipe(), layers_identity(layers))
    client.images.get("claimlab/tools:being-made").tag(*made.tag.split(":"))
    client.images.remove("claimlab/tools:being-made")
    yield made
    with contextlib.suppress(docker.errors.ImageNotFound):
        client.images.remove(made.tag)


@pytest.mark.docker
def test_an_image_comes_out_as_it_went_in(
    small: Tools, project: Project, docker_engine: DockerEngine, tmp_path: Path
) -> None:
    archive = tmp_path / "tools.tar"
    archive.write_bytes(b"".join(pieces(project, small)))
    docker_engine.client.images.remove(small.tag)
    assert not is_there(project, small)
    load(project, archive, small)
    assert is_there(project, small)
    assert Notes(project.cache).tools() == small
    with pytest.raises(EnvironmentMissing, match="came out as"):
        load(project, archive, Tools(small.recipe, "0" * 64))
    archive.write_bytes(archive.read_bytes()[:1000])
    with pytest.raises(EnvironmentMissing, match="cannot load the tools image"):
        load(project, archive, small)


@pytest.mark.docker
@pytest.mark.usefixtures("docker_engine")
def test_who_knows_no_tools_is_told_those_of_a_worker(project: Project) -> None:
    found = prepared(project)
    assert is_there(project, found)
    assert Notes(project.cache).tools() == found


def test_what_is_known_of_other_tools_stays_apart(tmp_path: Path) -> None:
    one, other = (Tools(tools_recipe(), digit * 64) for digit in "12")
    assert cache_for(tmp_path, None) == cache_for(tmp_path, one) == tmp_path
    Notes(tmp_path).keep_tools(one)
    assert cache_for(tmp_path, one) == tmp_path
    apart = cache_for(tmp_path, other)
    assert apart != tmp_path
    (tmp_path / "toolchains" / "1.24.11").mkdir()
    assert (apart / "toolchains" / "1.24.11").is_dir()
    Notes(apart).keep_tools(other)
    assert cache_for(tmp_path, other) == apart
    assert Notes(tmp_path).tools() == one
