"""Whether files are as they were when this process first looked at them.

Some of what a trial depends on is read more than once: modules are hashed and imported, scripts of instruments hashed
and put on benches, each in its own moment. All of these are one reading if the file has not been touched since the
first of them.
"""

from collections.abc import Iterable
from pathlib import Path

from claimlab.project.files import Mark, mark_of

_first: dict[Path, Mark | None] = {}


def note(paths: Iterable[Path]) -> None:
    """From now on it is known whether these are touched. Called before a file is read or imported."""
    for path in paths:
        if path not in _first:
            _first[path] = mark_of(path)


def touched(paths: Iterable[Path]) -> list[Path]:
    """Those of the noted that are not what they were."""
    return [path for path in paths if path in _first and mark_of(path) != _first[path]]
