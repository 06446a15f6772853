"""The engine ``local``: trials on this machine without a daemon, in namespaces of their own where that can be."""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Final

from filelock import FileLock

from claimlab.benches import folder
from claimlab.benches.bench import Bench
from claimlab.benches.engine import EngineName, Say, not_prepared
from claimlab.benches.namespace import Kind, isolation
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.files import digest
from claimlab.project.project import Project
from claimlab.project.runs import current_run
from claimlab.toolchains.flags import warm_script
from claimlab.toolchains.folders import FOLDER, remove_older
from claimlab.toolchains.intact import Tree, watched
from claimlab.toolchains.origins import SPACE_NEEDED_BYTES, check_space, ensure, tree_of
from claimlab.toolchains.toolchain import Release, Toolchain

TOOLS: Final = {"gdb": "gdb", "gcc": "gcc", "prlimit": "util-linux"}
"""What the local engine needs of this machine, with the Debian package that has it."""
REMEDIES: Final[dict[Kind, str]] = {
    "bubblewrap": "",
    "unshare": "Nothing has to be done; apt-get install bubblewrap is what claimlab would rather use.",
    "none": "Run: apt-get install bubblewrap util-linux   and let this user make namespaces (the settings are "
    "user.max_user_namespaces, kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns).",
}
"""By the isolation that there is: how to get a better one."""


class LocalEngine:
    """Trials in private folders of this machine, in namespaces of their own where this user may make them."""

    name: EngineName = "local"

    def __init__(self, project: Project) -> None:
        self._project = project

    def identity(self, release: Release) -> str:
        return digest(self._compiled_by(release), isolation().kind)

    def facts(self, release: Release) -> dict[str, str]:
        return {"isolation": str(isolation()), **tool_versions()}

    def caveat(self) -> str:
        """What whoever measures here has to know; empty where trials are isolated."""
        if isolation().kind != "none":
            return ""
        return f"engine local: trials run on this machine, bounded but not isolated from it ({isolation().lacking})"

    def standing(self) -> dict[str, str]:
        """For people: how far trials are isolated here, why no further, and what to do about it."""
        found = isolation()
        told = {"isolation": str(found), "lacking": found.lacking}
        return told | {"remedy": REMEDIES[found.kind] if found.lacking else ""}

    def check(self) -> None:
        if sys.platform != "linux":
            raise EnvironmentMissing("The local engine needs Linux.", "Use Docker: --engine docker.")
        for tool in TOOLS:
            _require(tool)
        self._project.cache.mkdir(parents=True, exist_ok=True)
        check_space(self._project.cache, SPACE_NEEDED_BYTES)

    def prepare(self, releases: Iterable[Release], say: Say) -> None:
        for release in releases:
            is_compiled = self._compiled(release).path.is_dir()
            goroot = ensure(release, self._project, say, looked="times" if is_compiled else "contents")
            self._warm(release, goroot, say)

    def open(self, toolchain: Toolchain, life_s: float) -> AbstractContextManager[Bench]:
        goroot = ensure(toolchain.release, self._project, lambda _: None)
        compiled = self._compiled(toolchain.release)
        if not compiled.path.is_dir():
            raise not_prepared(toolchain)
        opened = folder.open_folder(goroot, compiled.path, toolchain, current_run(), life_s)
        return watched(opened, tree_of(toolchain.release, self._project), compiled)

    def sweep(self) -> int:
        return folder.sweep(current_run())

    def close(self) -> None:
        """Nothing is held open."""

    def _compiled(self, release: Release) -> Tree:
        hashed = self._compiled_by(release)
        return Tree(self._project.cache / "warm" / f"{release.name}-{hashed[:16]}", hashed, is_dated=True)

    def _compiled_by(self, release: Release) -> str:
        """The hash of all that the compiled standard library depends on."""
        return digest("local", release.sha256(), warm_script(release), *tool_versions().values(), sys.version)

    def _warm(self, release: Release, goroot: Path, say: Say) -> None:
        tree = self._compiled(release)
        target = tree.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{target}.lock"):
            if target.is_dir():
                if not (why := tree.damage(thorough=False)):
                    return
                say(f"the standard library of Go {release.name} in {target} is not as it was compiled, {why}")
                tree.remove()
            say(f"compiling the standard library of Go {release.name}")
            making = target.with_name(f"{target.name}.part")  # not with_suffix, which takes 1.25.5 for 1.25 with one
            shutil.rmtree(making, ignore_errors=True)
            env = {
                "GOROOT": str(goroot),
                "GOCACHE": str(making),
                "HOME": str(making),
                "PATH": "/usr/bin:/bin",
            }
            done = subprocess.run(
                ["sh", "-c", warm_script(release)],
                env=env,
                capture_output=True,
                text=True,
                check=False,
                encoding="utf-8",
                errors="replace",
                umask=0o022,  # where root measures, it is nobody who reads
            )
            if done.returncode != 0:
                raise EnvironmentMissing(
                    f"The standard library of Go {release.name} does not compile here: {done.stderr.strip()[-300:]}",
                    "The race detector needs gcc and libc6-dev: apt-get install gcc libc6-dev",
                )
            tree.seal(making)
            if release.origin == FOLDER:
                remove_older(target.parent, release.name, keep=2)


def _require(tool: str) -> None:
    if shutil.which(tool) is None:
        raise EnvironmentMissing(
            f"The local engine needs {tool}, which this machine lacks.",
            f"Run: apt-get install {TOOLS[tool]}   (or use Docker: claimlab engine.up)",
        )


@cache
def tool_versions() -> dict[str, str]:
    """gdb's and gcc's own first lines."""
    found = {}
    for tool in ("gdb", "gcc"):
        _require(tool)
        out = subprocess.run(
            [tool, "--version"], capture_output=True, text=True, check=True, encoding="utf-8", errors="replace"
        ).stdout
        found[tool] = out.splitlines()[0]
    return found
