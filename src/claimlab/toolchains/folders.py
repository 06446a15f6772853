"""A GOROOT in a folder of somebody's: the hash of what is in it, and the copy that is measured.

Paths, contents, and whether a file can be executed are hashed. What version control and make.bash keep beside them is
no part of it.
"""

import os
import shutil
import stat
from pathlib import Path
from typing import Final

from claimlab.project.errors import EnvironmentMissing
from claimlab.project.files import digest
from claimlab.toolchains.intact import Files, Known, Tree, look

FOLDER: Final = "folder"
"""The origin of such a toolchain."""
BESIDE: Final = frozenset({".git", ".hg", ".jj", "pkg/obj", "pkg/bootstrap"})
"""What is in a folder that Go is developed in and that no Go needs (cmd/dist: the caches and copies of make.bash)."""


def look_at(folder: Path, known: Files) -> Files:
    """Every file of the GOROOT. Only those are read that are not as they are known.

    :class:`EnvironmentMissing` if it holds what cannot be copied whole: a link out of it, a file nobody may read.
    """
    try:
        found = look(folder, known, thorough=False, beside=BESIDE)
    except OSError as error:
        raise EnvironmentMissing(
            f"{error.filename or folder} cannot be read: {error.strerror}.",
            "A Go is known by all of its files. If it is being built, wait until it is.",
        ) from None
    for name, one in found.items():
        if stat.S_ISLNK(one.mode) and _leads_out(name, one.holds):
            raise EnvironmentMissing(
                f"{folder / name} is a link out of the folder, to {one.holds}, so the folder is no whole Go.",
                f"Make one that is: cp -rL {folder} DIR",
            )
    return found


def _leads_out(name: str, to: str) -> bool:
    return Path(to).is_absolute() or os.path.normpath(Path(name).parent / to).startswith("..")


def hash_of(files: Files) -> str:
    """The hash that the folder is known by."""
    return digest(*(part for name in sorted(files) for part in (name, _kind(files[name]), files[name].holds)))


def _kind(one: Known) -> str:
    if stat.S_ISREG(one.mode):
        return "x" if one.mode & stat.S_IXUSR else "-"
    return "l" if stat.S_ISLNK(one.mode) else "?"


def copy(folder: Path, target: Path, wanted: str) -> None:
    """What the folder holds lies at `target`, for everybody to read, and its hash is `wanted`.

    :class:`EnvironmentMissing` if the folder has another one now.
    """

    def beside(here: str, names: list[str]) -> list[str]:
        return [name for name in names if str((Path(here) / name).relative_to(folder)) in BESIDE]

    try:
        shutil.copytree(folder, target, symlinks=True, ignore=beside)
    except (OSError, shutil.Error) as error:
        raise _in_motion(folder, str(error)[:200]) from None
    for here, _, names in os.walk(target):
        Path(here).chmod(0o755)
        for path in (Path(here) / name for name in names):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
    if hash_of(look(target, {}, thorough=True)) != wanted:
        raise _in_motion(folder, "what was copied is not what was seen before")


def copies_in(root: Path, name: str) -> list[Path]:
    """What was made of that toolchain in this folder of the cache, the oldest first: its name and a hash are what it is
    called, and nothing of one whose name begins alike."""
    found = [path for path in root.glob(f"{name}-*") if path.is_dir() and "-" not in path.name.removeprefix(f"{name}-")]
    return sorted(found, key=lambda path: path.stat().st_mtime_ns)


def remove_copy(home: Path) -> None:
    """A copy, or what was compiled from one, is gone with its manifest."""
    for tree in (home / "go", home):
        Tree(tree, "").remove()


def remove_older(root: Path, name: str, keep: int) -> None:
    """So many of the copies are left, the newest: who edits a Go all day fills no disk, and a run that began before the
    last edit has its own still."""
    for home in copies_in(root, name)[:-keep]:
        remove_copy(home)


def _in_motion(folder: Path, why: str) -> EnvironmentMissing:
    return EnvironmentMissing(
        f"{folder} changed while it was copied: {why}.", "Wait until it is built, and give the command again."
    )
