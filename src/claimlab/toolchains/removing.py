"""Toolchains are taken out of a project, and it is said what that was."""

from collections.abc import Callable

from claimlab.project.project import Project
from claimlab.toolchains.folders import copies_in, remove_copy
from claimlab.toolchains.origins import tree_of
from claimlab.toolchains.own import forget
from claimlab.toolchains.pinning import unpin
from claimlab.toolchains.toolchain import this_platform


def remove_folder(name: str, project: Project) -> list[str]:
    """One's own Go is forgotten, with every copy of it and what was compiled from those; what was done, in lines. Its
    folder stays as it is."""
    goroot = forget(name, project)
    lines = [f"{name} is no toolchain any more; its folder is left as it is: {goroot}"]
    for home in [*copies_in(project.cache / "toolchains", name), *copies_in(project.cache / "warm", name)]:
        remove_copy(home)
        lines.append(f"removed {project.shown(home)}")
    return lines


def remove_pin(name: str, project: Project, say: Callable[[str], None]) -> list[str]:
    """As :func:`claimlab.toolchains.pinning.unpin`; what was done, in lines."""
    release = unpin(name, project, say)
    pins = project.shown(project.pins) if project.pins else "the pins"
    lines = [f"removed the line of Go {name} from {pins}; what was measured on it stays in the record"]
    if this_platform() in release.hashes and (home := tree_of(release, project).path.parent).is_dir():
        lines.append(f"left, since other projects may use it: {home}")
    return lines
