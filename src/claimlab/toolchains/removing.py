"""Toolchains are taken out of a project, and it is said what that was."""

import shutil
from collections.abc import Callable

from claimlab.project.project import Project
from claimlab.toolchains.intact import Tree
from claimlab.toolchains.origins import tree_of
from claimlab.toolchains.own import forget
from claimlab.toolchains.pinning import unpin
from claimlab.toolchains.toolchain import this_platform


def remove_folder(name: str, project: Project) -> list[str]:
    """One's own Go is forgotten, with every copy of it and what was compiled from those; what was done, in lines. Its
    folder stays as it is."""
    goroot = forget(name, project)
    lines = [f"{name} is no toolchain any more; its folder is left as it is: {goroot}"]
    for kept, below in (("toolchains", "/go"), ("warm", "")):
        for home in sorted((project.cache / kept).glob(f"{name}-*")):
            if home.is_dir() and _is_copy_of(home.name, name):
                Tree(home / "go" if below else home, "").remove()
                shutil.rmtree(home, ignore_errors=True)
                lines.append(f"removed {project.shown(home)}")
    return lines


def _is_copy_of(made: str, name: str) -> bool:
    """Made of that toolchain, and not of one whose name only begins alike: a hash follows, and nothing more."""
    return "-" not in made.removeprefix(f"{name}-")


def remove_pin(name: str, project: Project, say: Callable[[str], None]) -> list[str]:
    """As :func:`claimlab.toolchains.pinning.unpin`; what was done, in lines."""
    release = unpin(name, project, say)
    pins = project.shown(project.pins) if project.pins else "the pins"
    lines = [f"removed the line of Go {name} from {pins}; what was measured on it stays in the record"]
    if this_platform() in release.hashes and (home := tree_of(release, project).path.parent).is_dir():
        lines.append(f"left, since other projects may use it: {home}")
    return lines
