"""Trees of files that were made once and are used ever after are as they were made, or that is noticed.

Beside a tree lies its manifest: what it was made of, and for every file its mode, size, times and hash. Looking at all
files takes a tenth of a second for a Go toolchain; only those whose times are not what they were are read again. The
time of an inode's last change is the kernel's own, so nothing is written to a file without that being seen.
"""

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Container, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from claimlab.project.errors import EnvironmentMissing, LabBroken
from claimlab.project.files import read_kept, write_kept

Opened = TypeVar("Opened")
_WRITABLE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_NAMED: Final = 3
"""Files of those that changed."""


class Known(msgspec.Struct, frozen=True, array_like=True):
    """A file of a tree."""

    mode: int
    size: int
    mtime_ns: int
    ctime_ns: int
    holds: str
    """SHA-256 of its content; of a link, where it leads."""


Files = dict[str, Known]


@dataclass(frozen=True)
class Tree:
    """A tree on the disk that was made of something, once."""

    path: Path
    made_of: str
    """What it is to be made of, whole: a tree of something else is another one, whatever it is called."""
    is_dated: bool = False
    """Who uses it sets times of its files: go those of what it takes from its cache (cmd/go/internal/cache: used)."""

    @property
    def manifest(self) -> Path:
        return self.path.with_name(f"{self.path.name}.manifest")

    def seal(self, made: Path) -> None:
        """What was made at `made`, on the same disk, is this tree from now on, with a manifest. Nobody may write to its
        files, as long as anybody asks; folders stay as they are, so that whoever made the tree can remove it."""
        for folder, _, names in os.walk(made):
            for path in (Path(folder) / name for name in names):
                if not path.is_symlink():
                    path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_WRITABLE)
        write_kept(self.manifest, self.made_of, look(made, {}, thorough=True))
        made.rename(self.path)

    def is_sealed(self) -> bool:
        """It stands, made of what it is to be made of; nothing is said of its files."""
        return self.path.is_dir() and self._known() is not None

    def damage(self, *, thorough: bool) -> str:
        """What is not as it was made, in words; empty if all is. With `thorough` every file is read, otherwise those
        that may have been written to."""
        known = self._known()
        if known is None:
            return "nothing says what it was made of"
        found = look(self.path, known, thorough=thorough)
        wrong = _told(name for name in known | found if not _alike(known.get(name), found.get(name)))
        if not wrong and found != known:
            with contextlib.suppress(OSError):  # whoever may not write here reads them again the next time
                write_kept(self.manifest, self.made_of, found)
        return wrong

    def remove(self) -> None:
        """Neither it nor its manifest is left; :class:`EnvironmentMissing` where it is somebody else's."""
        try:
            self.manifest.unlink(missing_ok=True)
            if self.path.is_dir():
                for folder, _, _ in os.walk(self.path):  # from the top, so that each can be entered
                    Path(folder).chmod(0o755)
                shutil.rmtree(self.path)
        except OSError as error:
            raise EnvironmentMissing(
                f"{self.path} is to be made anew, and cannot be taken away: {error.strerror}.",
                "Take it away, or give the project a cache of its own: cache in claimlab.toml.",
            ) from None

    def _known(self) -> Files | None:
        return read_kept(self.manifest, self.made_of, Files)


@contextmanager
def watched(opened: AbstractContextManager[Opened], *trees: Tree) -> Iterator[Opened]:
    """What is opened, while these trees stay as they are; :class:`LabBroken` when it ends if they did not."""
    before = [(_which(tree.path), tree._known()) for tree in trees]
    with opened as one:
        yield one
    for tree, (which, known) in zip(trees, before, strict=True):
        if known is None or which != _which(tree.path):
            raise LabBroken(f"{tree.path} was made anew while the trial ran: measure again")
        found = look(tree.path, known, thorough=False)
        same = _alike if tree.is_dated else _equal
        if wrong := _told(name for name in known | found if not same(known.get(name), found.get(name))):
            raise LabBroken(f"{tree.path} was written to, {wrong}: measure again, that makes it anew first")


def _which(path: Path) -> int:
    return path.stat().st_ino if path.is_dir() else 0


def look(tree: Path, known: Files, *, thorough: bool, beside: Container[str] = ()) -> Files:
    """Every file of the tree. What is known of one whose times are the same is taken over, unless all are read. Folders
    that are `beside` it are no part of it, by their paths."""
    found: Files = {}
    waiting = [(str(tree), "")]
    while waiting:
        folder, prefix = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                name = prefix + entry.name
                if name in beside:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, f"{name}/"))
                    continue
                state = entry.stat(follow_symlinks=False)
                before = known.get(name)
                if before and not thorough and _is_untouched(before, state):
                    found[name] = before
                else:
                    marks = (state.st_mode, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
                    found[name] = Known(*marks, _holds(Path(entry.path), state.st_mode))
    return found


def _is_untouched(before: Known, state: os.stat_result) -> bool:
    return (
        before.ctime_ns == state.st_ctime_ns
        and before.mtime_ns == state.st_mtime_ns
        and before.size == state.st_size
        and before.mode == state.st_mode
    )


def _holds(path: Path, mode: int) -> str:
    if stat.S_ISREG(mode):
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    return str(path.readlink()) if stat.S_ISLNK(mode) else ""


def _alike(one: Known | None, other: Known | None) -> bool:
    """Both are there, with the same content and mode."""
    return one is not None and other is not None and (one.mode, one.holds) == (other.mode, other.holds)


def _equal(one: Known | None, other: Known | None) -> bool:
    """Nobody has written to it, not even what was there before."""
    return one == other


def _told(names: Iterable[str]) -> str:
    wrong = sorted(names)
    more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
    return f"changed: {', '.join(wrong[:_NAMED])}{more}" if wrong else ""
