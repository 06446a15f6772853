"""The engine ``local``: trials on this machine without a daemon, in namespaces of their own where that can be."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Final

from filelock import FileLock

from claimlab.benches import folder
from claimlab.benches.bench import Bench
from claimlab.benches.engine import EngineName, Say, not_prepared
from claimlab.benches.namespace import Kind, isolation
from claimlab.benches.place import MARK
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.files import digest
from claimlab.project.project import Project
from claimlab.project.runs import current_run, scratch
from claimlab.toolchains.folders import FOLDER, remove_older
from claimlab.toolchains.intact import Tree, watched
from claimlab.toolchains.needs import PLAIN, Need, Needs, Wanted, in_order, warm_script
from claimlab.toolchains.origins import SPACE_NEEDED_BYTES, Looked, check_space, ensure, tree_of
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
        return digest("local", release.sha256(), *tool_versions().values(), sys.version, isolation().kind)

    def facts(self, toolchain: Toolchain, needs: Needs = PLAIN) -> dict[str, str]:
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

    def prepare(self, wanted: Iterable[Wanted], say: Say) -> None:
        for one in wanted:
            are_compiled = all(tree.path.is_dir() for tree in self._compiled(one.toolchain, one.needs))
            looked: Looked = "times" if are_compiled else "contents"
            goroot = ensure(one.toolchain.release, self._project, say, looked=looked)
            for need in in_order(one.needs):
                self._warm(one, need, goroot, say)

    def lacks(self, wanted: Iterable[Wanted]) -> list[Release]:
        releases = [one.toolchain.release for one in wanted]
        return [release for release in releases if not tree_of(release, self._project).path.is_dir()]

    def open(self, toolchain: Toolchain, life_s: float, needs: Needs = PLAIN) -> AbstractContextManager[Bench]:
        goroot = ensure(toolchain.release, self._project, lambda _: None)
        compiled = self._compiled(toolchain, needs)
        if not all(tree.path.is_dir() for tree in compiled):
            raise not_prepared(toolchain)
        opened = folder.open_folder(goroot, [tree.path for tree in compiled], toolchain, current_run(), life_s)
        return watched(opened, tree_of(toolchain.release, self._project), *compiled)

    def sweep(self) -> int:
        return folder.sweep(current_run())

    def close(self) -> None:
        """Nothing is held open."""

    def _compiled(self, toolchain: Toolchain, needs: Needs) -> list[Tree]:
        return [self._tree(toolchain, need) for need in in_order(needs)]

    def _tree(self, toolchain: Toolchain, need: Need) -> Tree:
        """What is compiled for one need, of all that it depends on."""
        release, experiment = toolchain.release, toolchain.experiment
        made_of = digest("warm", release.sha256(), warm_script(experiment, need), tool_versions()["gcc"])
        home = self._project.cache / "warm" / f"{release.name}-{release.sha256()[:12]}"
        return Tree(home / ".".join(filter(None, (experiment, f"{need}-{made_of[:16]}"))), made_of, is_dated=True)

    def _warm(self, wanted: Wanted, need: Need, goroot: Path, say: Say) -> None:
        tree = self._tree(wanted.toolchain, need)
        home, told = tree.path.parent, wanted.told(need)
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{tree.path}.lock"):
            if tree.path.is_dir():
                if not (why := tree.damage(thorough=False)):
                    return
                say(f"{told} in {tree.path} is not as it was compiled, {why}")
                tree.remove()
            say(f"compiling {told}")
            with scratch(self._project.cache) as made:
                env = {"GOROOT": str(goroot), "GOCACHE": str(made / "cache"), "HOME": str(made), "TMPDIR": str(made)}
                failed = _run(warm_script(wanted.toolchain.experiment, need), env)
                if failed:
                    raise EnvironmentMissing(
                        f"{told[0].upper()}{told[1:]} does not compile here: {failed[-300:]}",
                        "The race detector needs gcc and libc6-dev: apt-get install gcc libc6-dev",
                    )
                tree.seal(made / "cache")
            if wanted.toolchain.release.origin == FOLDER:
                remove_older(home.parent, wanted.toolchain.release.name, keep=2)


def _run(script: str, env: Mapping[str, str]) -> str:
    """What a script that failed said; empty if it did not. It ends with us, and all that it has started."""
    with subprocess.Popen(
        ["sh", "-c", script],
        env={**env, "PATH": "/usr/bin:/bin", MARK: current_run()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        umask=0o022,  # where root measures, it is nobody who reads
        start_new_session=True,
    ) as process:
        try:
            said = process.communicate()[1].strip()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return (said or f"exit code {process.returncode}") if process.returncode else ""


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
