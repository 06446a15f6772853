"""The image that all benches of the engine ``docker`` stand on goes from daemon to daemon, so that every host's trials
have the place, and the address, that they would have had at the head's."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from claimlab.benches.building import ids_of, tag_as
from claimlab.benches.docker_engine import DockerEngine, daemon_answers
from claimlab.benches.recipe import Notes, Tools, layers_identity
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project

if TYPE_CHECKING:  # docker costs a quarter of a second to import
    from docker import DockerClient

PIECE_BYTES: Final = 8 * 1024**2
"""So much of an image is in memory at a time, at the head as at a worker."""
_SHARED: Final = ("toolchains", "warm")


@contextmanager
def _daemon(project: Project) -> Iterator["DockerClient"]:
    engine = DockerEngine(project)
    try:
        yield engine.client
    finally:
        engine.close()


def cache_for(cache: Path, tools: Tools | None) -> Path:
    """Where a worker notes what it knows of images that stand on these tools: in its cache, or, if it knows others
    there, in a folder of their own. Toolchains are the same ones."""
    if tools is None or Notes(cache).tools() in (None, tools):
        return cache
    home = cache / "tools" / tools.identity[:16]
    home.mkdir(parents=True, exist_ok=True)
    for name in _SHARED:
        (cache / name).mkdir(exist_ok=True)
        with contextlib.suppress(FileExistsError):
            (home / name).symlink_to(cache / name)
    return home


def is_there(project: Project, tools: Tools) -> bool:
    """This machine's daemon has the image."""
    if not daemon_answers():
        return False
    with _daemon(project) as client:
        return bool(ids_of(client, tools.tag))


def prepared(project: Project) -> Tools:
    """The tools of this machine's daemon, which are made if it has none."""
    engine = DockerEngine(project)
    try:
        engine.prepare((), lambda _: None)
    finally:
        engine.close()
    found = Notes(project.cache).tools()
    assert found
    return found


def pieces(project: Project, tools: Tools) -> Iterator[bytes]:
    """The image as its daemon saves it."""
    with _daemon(project) as client:
        yield from client.api.get_image(tools.tag, chunk_size=PIECE_BYTES)


def load(project: Project, archive: Path, tools: Tools) -> None:
    """The daemon has the image, and it is noted; :class:`EnvironmentMissing` if another one came out."""
    import docker.errors

    with _daemon(project) as client:
        try:
            with archive.open("rb") as opened:
                (image, *_) = client.images.load(opened)
        except docker.errors.DockerException as error:
            raise EnvironmentMissing(f"The daemon cannot load the tools image: {error}.", "See to it.") from None
        found = layers_identity(image.attrs["RootFS"]["Layers"])
        if found != tools.identity:
            raise EnvironmentMissing(
                f"The tools image came out as {found[:16]} instead of {tools.identity[:16]}.",
                "This daemon keeps images in another way; see how it stores them: docker info.",
            )
        tag_as(client, str(image.id), tools.tag)
    Notes(cache_for(project.cache, tools)).keep_tools(tools)
