"""The two engines that give out benches, and the choice between them."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol

from filelock import FileLock

from claimlab import wheels
from claimlab.bench import Bench, container, folder
from claimlab.errors import EnvironmentMissing
from claimlab.images import build as images
from claimlab.images import recipe
from claimlab.instruments.gobuild import warm_script
from claimlab.places import STATE
from claimlab.toolchain import Release, Toolchain

if TYPE_CHECKING:  # docker costs a quarter of a second to import; planning does without it
    from docker import DockerClient

EngineName = Literal["docker", "local"]
Say = Callable[[str], None]

WARM: Final = STATE / "warm"
TOOLS: Final = {"gdb": "gdb", "gcc": "gcc", "prlimit": "util-linux"}
"""What the local engine needs of this machine, with the Debian package that has it."""


class Engine(Protocol):
    """Gives out benches for toolchains that it has prepared."""

    name: EngineName

    def identity(self, release: Release) -> str:
        """The hash of everything but the lab that a trial of this release runs in; empty before it is prepared."""

    def facts(self, release: Release) -> dict[str, str]:
        """What provenance says of the place: gdb's version, and the image's id where there is one."""

    def check(self) -> None:
        """Nothing the engine needs is missing; :class:`EnvironmentMissing` otherwise."""

    def prepare(self, releases: Iterable[Release], say: Say) -> None:
        """Benches for these releases open without further work."""

    def open(self, toolchain: Toolchain, life_s: float) -> AbstractContextManager[Bench]:
        """A fresh bench. It ends with the context, or after `life_s`."""

    def sweep(self) -> int:
        """Nothing that this run started is left; the count of what was."""

    def close(self) -> None:
        """No connection is held open."""


class DockerEngine:
    """Trials in containers."""

    name: EngineName = "docker"

    @cached_property
    def client(self) -> "DockerClient":
        import docker
        import docker.errors

        # Asked beforehand, because docker-py leaves a socket open when it finds nobody.
        if silence := daemon_silence():
            raise _no_daemon(silence)
        try:
            return docker.from_env(timeout=600)
        except docker.errors.DockerException as error:
            raise _no_daemon(str(error)) from None

    def identity(self, release: Release) -> str:
        tools = recipe.known_tools()
        return recipe.release_hash(release, tools) if tools else ""

    def facts(self, release: Release) -> dict[str, str]:
        known = recipe.known_facts(self._tag(release))
        return {"image": str(known.get("image", "")), "gdb": str(known.get("gdb", ""))}

    def check(self) -> None:
        import docker.errors

        try:
            self.client.ping()
        except (docker.errors.DockerException, OSError) as error:
            raise _no_daemon(str(error)) from None

    def prepare(self, releases: Iterable[Release], say: Say) -> None:
        images.ensure(self.client, releases, say)

    def open(self, toolchain: Toolchain, life_s: float) -> AbstractContextManager[Bench]:
        tag = self._tag(toolchain.release)
        return container.open_container(self.client, tag, toolchain, container.current_run(), life_s)

    def sweep(self) -> int:
        return container.sweep(self.client, container.current_run())

    def close(self) -> None:
        if "client" in self.__dict__:
            self.client.close()

    def _tag(self, release: Release) -> str:
        tools = recipe.known_tools()
        return recipe.release_tag(release, tools) if tools else ""


class LocalEngine:
    """Trials in private folders of this machine: bounded, but not isolated."""

    name: EngineName = "local"

    def identity(self, release: Release) -> str:
        return recipe.digest("local", release.sha256(), warm_script(release), *tool_versions().values(), sys.version)

    def facts(self, release: Release) -> dict[str, str]:
        return dict(tool_versions())

    def check(self) -> None:
        if sys.platform != "linux":
            raise EnvironmentMissing("The local engine needs Linux.", "Use Docker: --engine docker.")
        for tool in TOOLS:
            _require(tool)
        STATE.mkdir(parents=True, exist_ok=True)
        wheels.check_space(STATE, wheels.SPACE_NEEDED_BYTES)

    def prepare(self, releases: Iterable[Release], say: Say) -> None:
        for release in releases:
            goroot = wheels.ensure(release, say)
            self._warm(release, goroot, say)

    def open(self, toolchain: Toolchain, life_s: float) -> AbstractContextManager[Bench]:
        goroot = wheels.ensure(toolchain.release, lambda _: None)
        cache_dir = self._cache(toolchain.release)
        return folder.open_folder(goroot, cache_dir, toolchain, container.current_run(), life_s)

    def sweep(self) -> int:
        return folder.sweep(container.current_run())

    def close(self) -> None:
        """Nothing is held open."""

    def _cache(self, release: Release) -> Path:
        return WARM / f"{release.version}-{self.identity(release)[:16]}"

    def _warm(self, release: Release, goroot: Path, say: Say) -> None:
        target = self._cache(release)
        WARM.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{target}.lock"):
            if target.is_dir():
                return
            say(f"compiling the standard library of Go {release.version}")
            making = target.with_name(f"{target.name}.part")  # not with_suffix, which takes 1.25.5 for 1.25 with one
            shutil.rmtree(making, ignore_errors=True)
            env = {
                "GOROOT": str(goroot),
                "GOCACHE": str(making),
                "HOME": str(making),
                "PATH": "/usr/bin:/bin",
            }
            done = subprocess.run(
                ["sh", "-c", warm_script(release)], env=env, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                raise EnvironmentMissing(
                    f"The standard library of Go {release.version} does not compile here: {done.stderr.strip()[-300:]}",
                    "The race detector needs gcc and libc6-dev: apt-get install gcc libc6-dev",
                )
            making.rename(target)


def _require(tool: str) -> None:
    if shutil.which(tool) is None:
        raise EnvironmentMissing(
            f"The local engine needs {tool}, which this machine lacks.",
            f"Run: apt-get install {TOOLS[tool]}   (or use Docker: ./inv engine.up)",
        )


@cache
def tool_versions() -> dict[str, str]:
    """gdb's and gcc's own first lines."""
    found = {}
    for tool in ("gdb", "gcc"):
        _require(tool)
        out = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
        found[tool] = out.splitlines()[0]
    return found


def choose(name: str = "auto") -> Engine:
    """The engine of that name; ``auto`` is docker where a daemon answers, else local."""
    if name == "local":
        return LocalEngine()
    if name == "docker":
        return DockerEngine()
    if name != "auto":
        raise EnvironmentMissing(f"There is no engine {name!r}.", "Use --engine docker, local or auto.")
    return DockerEngine() if daemon_answers() else LocalEngine()


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


def _no_daemon(why: str) -> EnvironmentMissing:
    return EnvironmentMissing(
        f"The Docker daemon does not answer ({why}).",
        "Start it (./inv engine.up does, as root on Debian), or use --engine local.",
    )


def sweep_all() -> None:
    """Neither engine has anything running that this session started."""
    for name in ("local", "docker"):
        engine = choose(name)
        try:
            engine.sweep()
        except EnvironmentMissing:
            continue
        finally:
            engine.close()
