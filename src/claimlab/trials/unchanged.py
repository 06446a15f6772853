"""Whether files are as they were when this process first looked at them.

Some of what a trial depends on is read more than once: modules are hashed and imported, scripts of instruments hashed
and put on benches, each in its own moment. All of these are one reading if the file has not been touched since the
first of them.
"""

from collections.abc import Iterable
from pathlib import Path

_Mark = tuple[int, int, int, int]
_first: dict[Path, _Mark | None] = {}


def note(paths: Iterable[Path]) -> None:
    """From now on it is known whether these are touched. Called before a file is read or imported."""
    for path in paths:
        if path not in _first:
            _first[path] = _mark(path)


def touched(paths: Iterable[Path]) -> list[Path]:
    """Those of the noted that are not what they were."""
    return [path for path in paths if path in _first and _mark(path) != _first[path]]


def _mark(path: Path) -> _Mark | None:
    """What no writing leaves alone: the time of the last change of the inode is the kernel's own, no program sets it
    (inode(7), ``st_ctime``)."""
    try:
        known = path.stat()
    except OSError:
        return None
    return known.st_dev, known.st_ino, known.st_size, known.st_ctime_ns
