"""Go toolchains of one's own, in folders of this machine: what they are called, and what they are now.

They are known on this machine alone, so they stand in the project's cache and not in its pins. Each has two files
there: where its folder is, and what was seen in it when somebody looked last.
"""

import os
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from claimlab.project.errors import BadData, EnvironmentMissing, Refused
from claimlab.project.files import read_kept, read_regular, write_kept, write_whole
from claimlab.project.project import Project
from claimlab.toolchains.folders import FOLDER, hash_of, look_at
from claimlab.toolchains.intact import Files
from claimlab.toolchains.saying import ask, read_said
from claimlab.toolchains.toolchain import Release, this_platform

NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_NAME: Final = 40
_SETTLED_NS: Final = 10**9


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one's own Go is."""

    goroot: str


class _Seen(msgspec.Struct, frozen=True):
    """What was in the folder when somebody looked last."""

    files: Files
    """But for those that were written to within the last second: another write may have the same time."""
    hashed: str
    said: str


def own_releases(project: Project) -> tuple[Release, ...]:
    """What each of them is now, in the order of names. Looking costs a tenth of a second for each; one that has changed
    since is read, and asked what it is.

    :class:`EnvironmentMissing` if a folder holds no Go any more.
    """
    return tuple(_release(path.stem, project) for path in sorted(_folder(project).glob("*.json")))


def add_folder(goroot: Path, name: str, among: Iterable[Release], project: Project) -> Release:
    """The Go in that folder is one of the project's toolchains here, by that name; :class:`Refused` if it is taken."""
    refuse_unless_free(name, among, named=True)
    where = Where(os.path.normpath(goroot.expanduser().absolute()))
    path = _path(name, project)
    write_whole(path, msgspec.json.encode(where))
    try:
        return _release(name, project)
    except BaseException:
        path.unlink()
        raise


def is_own(name: str, project: Project) -> bool:
    """It is the name of a folder that was added."""
    return bool(NAME.fullmatch(name)) and _path(name, project).is_file()


def forget(name: str, project: Project) -> str:
    """It is no toolchain of the project any more; where its folder is, which stays as it is."""
    where = _where(name, project)
    _path(name, project).unlink()
    _seen(name, project).unlink(missing_ok=True)
    return where.goroot


def refuse_unless_free(name: str, among: Iterable[Release], *, named: bool) -> None:
    """Nothing is called so yet, and what is one's own may be: one word, which no version is."""
    if named and (not NAME.fullmatch(name) or len(name) > _LONGEST_NAME):
        raise Refused(
            f"{name!r} is no name for a toolchain.",
            f"Take up to {_LONGEST_NAME} small letters and digits, with hyphens between words: --name tip",
        )
    if any(release.name == name for release in among):
        raise Refused(
            f"There is a toolchain {name} already.", f"Take another name, or first: claimlab toolchains.remove {name}"
        )


def _folder(project: Project) -> Path:
    return project.cache / "own"


def _path(name: str, project: Project) -> Path:
    return _folder(project) / f"{name}.json"


def _seen(name: str, project: Project) -> Path:
    return _folder(project) / f"{name}.seen"


def _where(name: str, project: Project) -> Where:
    path = _path(name, project)
    try:
        return msgspec.json.decode(read_regular(path), type=Where)
    except (OSError, msgspec.DecodeError) as error:
        raise BadData(str(path), f"{error}. Take it away, and add the folder again") from None


def _release(name: str, project: Project) -> Release:
    goroot = _where(name, project).goroot
    if not (Path(goroot) / "bin" / "go").is_file():
        raise EnvironmentMissing(
            f"The toolchain {name} is no Go now: there is no {goroot}/bin/go.",
            f"Build it (src/make.bash), or leave it out: claimlab toolchains.remove {name}",
        )
    before, settled_ns = read_kept(_seen(name, project), goroot, _Seen), time.time_ns() - _SETTLED_NS
    files = look_at(Path(goroot), before.files if before else {})
    hashed = hash_of(files)
    said = before.said if before and before.hashed == hashed else ask(Path(goroot))
    settled = {path: one for path, one in files.items() if one.ctime_ns < settled_ns}
    if before is None or (before.files, before.hashed) != (settled, hashed):
        write_kept(_seen(name, project), goroot, _Seen(settled, hashed, said))
    return Release(read_said(said).version, {this_platform(): hashed}, (), FOLDER, goroot, name, said)
