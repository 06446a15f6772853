"""The engine ``docker``: trials in containers."""

import contextlib
import os
import socket
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING

from claimlab.benches import container, execs, images, recipe
from claimlab.benches.bench import Bench
from claimlab.benches.engine import EngineName, Say, not_prepared
from claimlab.benches.execs import no_daemon
from claimlab.project.project import Project
from claimlab.project.runs import current_run
from claimlab.toolchains.needs import PLAIN, Needs, Wanted
from claimlab.toolchains.origins import tree_of
from claimlab.toolchains.toolchain import Release, Toolchain

if TYPE_CHECKING:  # docker costs a quarter of a second to import; planning does without it
    from docker import DockerClient


class DockerEngine:
    """Trials in containers."""

    name: EngineName = "docker"

    def __init__(self, project: Project) -> None:
        self._project = project
        self._notes = recipe.Notes(project.cache)
        self._opened: dict[tuple[Toolchain, Needs], str] = {}
        """What such a bench opened on last."""

    @cached_property
    def client(self) -> "DockerClient":
        """For images, which take their time."""
        return _client(600)

    @cached_property
    def _benches(self) -> "DockerClient":
        return _client(execs.ANSWER_S)

    def identity(self, release: Release) -> str:
        tools = self._notes.tools()
        return recipe.release_hash(release, tools) if tools else ""

    def facts(self, toolchain: Toolchain, needs: Needs = PLAIN) -> dict[str, str]:
        known = self._notes.facts(self._opened.get((toolchain, needs)) or self.image(toolchain, needs))
        return {"image": str(known.get("image", "")), "gdb": str(known.get("gdb", ""))}

    def check(self) -> None:
        import docker.errors

        try:
            self.client.ping()
        except (docker.errors.DockerException, OSError) as error:
            raise no_daemon(str(error)) from None

    def prepare(self, wanted: Iterable[Wanted], say: Say) -> None:
        images.ensure(self.client, self._project, wanted, say)

    def lacks(self, wanted: Iterable[Wanted]) -> list[Release]:
        without = [one.toolchain.release for one in wanted if not self.image(one.toolchain, one.needs)]
        there = images.releases(self.client)  # of other checkouts, whose images may do
        lacking = [release for release in without if release.version not in there]
        return [release for release in lacking if not tree_of(release, self._project).path.is_dir()]

    def open(self, toolchain: Toolchain, life_s: float, needs: Needs = PLAIN) -> AbstractContextManager[Bench]:
        tag = self.image(toolchain, needs)
        if not tag:
            raise not_prepared(toolchain)
        self._opened[toolchain, needs] = tag
        return container.open_container(self._benches, tag, toolchain, current_run(), life_s)

    def sweep(self) -> int:
        return container.sweep(self._benches, current_run())

    def close(self) -> None:
        for name in ("client", "_benches"):
            if name in self.__dict__:
                getattr(self, name).close()

    def image(self, toolchain: Toolchain, needs: Needs = PLAIN) -> str:
        """The tag of the smallest known image with at least these compiled; empty if none is known."""
        tools = self._notes.tools()
        return self._notes.first(recipe.images_for(toolchain, needs, tools)) if tools else ""


def _client(answer_s: int) -> "DockerClient":
    """A client whose daemon may take so long for an answer; :class:`EnvironmentMissing` if none answers."""
    import docker
    import docker.errors

    # Asked beforehand, because docker-py leaves a socket open when it finds nobody.
    if silence := daemon_silence():
        raise no_daemon(silence)
    try:
        return docker.from_env(timeout=answer_s)
    except docker.errors.DockerException as error:
        raise no_daemon(str(error)) from None


def daemon_answers() -> bool:
    """Something answers where the Docker client would ask; cheaper than the client, at a local socket."""
    return not daemon_silence()


def daemon_silence() -> str:
    """Why no daemon answers; empty if one does."""
    address = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not address.startswith("unix://"):
        return _silence_elsewhere(address)
    path = address.removeprefix("unix://")
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(5)
        try:
            probe.connect(path)
            probe.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return "" if b" 200 " in probe.recv(64) else f"what listens at {path} is no Docker daemon"
        except PermissionError:
            return f"this user may not talk to {path}; members of the group docker may"
        except OSError as error:
            return f"nobody listens at {path}: {error.strerror or error}"


def _silence_elsewhere(address: str) -> str:
    import docker
    import docker.errors

    try:
        with contextlib.closing(docker.from_env(timeout=5)) as client:
            client.ping()
    except (docker.errors.DockerException, OSError) as error:
        return f"{address}: {error}"
    return ""
