"""The files of a lab that take part in measuring, and what they mean."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Final

from claimlab.project.errors import BadData
from claimlab.project.files import digest
from claimlab.trials.lab import LabFolder
from claimlab.trials.reading import without_docstrings

_TESTS: Final = "tests"
"""Folders of a lab that take no part in measuring are called so."""
_CONCLUDES: Final = re.compile(r"(judges|pictures|values)(_\w+)?\.py")
_HIDDEN: Final = re.compile(r"[.~].*|.*~|#.*#", re.DOTALL)
"""What tools keep beside a file and do not want seen (``.main.go.swp``, ``.DS_Store``, ``.idea``), and Emacs's copies:
``main.go~``, ``main.go.~1~``, ``#main.go#`` (its manual, "Backup Names" and "Auto Save")."""
_COPY: Final = re.compile(
    r".+(\.(bak|orig|rej|save|sw[a-p]|tmp|py[cod])|___jb_(tmp|old)___)|\d+|Thumbs\.db|desktop\.ini", re.IGNORECASE
)
"""Files that tools leave under plain names: editors, patch(1), git mergetool, Python, Windows. Vim finds out whether it
can write to a folder with files that are called 4913 and more (its source, ``buf_write`` in bufwrite.c)."""


def is_left_over(name: str) -> bool:
    """An editor or another tool left the file of this name, and nobody wrote it."""
    return _HIDDEN.fullmatch(name) is not None or _COPY.fullmatch(name) is not None


def concludes(path: PurePath) -> bool:
    """The file is about what follows from an observation: ``judges.py``, ``values.py``, ``pictures.py``, or one of
    their parts, such as ``judges_counts.py``."""
    return _CONCLUDES.fullmatch(path.name) is not None


def draws(path: PurePath) -> bool:
    """The file is about how an observation is shown."""
    return path.name.startswith("pictures") and concludes(path)


def files_below(folder: Path) -> list[Path]:
    """Every file below the folder that somebody put there, through links too; :class:`BadData` for links in a circle.

    What a link leads to is read where it is used, so it counts by its content. One that leads nowhere is no file.
    """
    return sorted(_walk(folder, frozenset()))


def _walk(folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[Path]:
    known = folder.stat()
    here = (known.st_dev, known.st_ino)
    if here in above:
        raise BadData(str(folder), "this link leads to a folder that it lies in: take it away")
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__" and not _HIDDEN.fullmatch(entry.name):
                    yield from _walk(folder / entry.name, above | {here})
            elif entry.is_file() and not is_left_over(entry.name):
                yield folder / entry.name


def files_of(lab: LabFolder) -> dict[str, bytes]:
    """Every file of the lab's folder that takes part in measuring: all but its judges, values, pictures and tests,
    and but what editors leave."""
    if lab.kept is not None:
        return lab.kept
    files = [path for path in files_below(lab.path) if not concludes(path)]
    names = [path.relative_to(lab.path) for path in files]
    return {name.as_posix(): (lab.path / name).read_bytes() for name in names if _TESTS not in name.parts}


def modules_of(lab: LabFolder) -> list[Path]:
    """The Python files at the top of the lab's folder, whether they measure, conclude or draw."""
    return [path for path in sorted(lab.path.glob("*.py")) if path.is_file() and not is_left_over(path.name)]


def sources_hash(lab: LabFolder, files: Mapping[str, bytes] | None = None) -> str:
    """Over the lab's files, which it reads unless it is given them; over Python without docstrings, so that one in
    other words makes no difference."""
    found = files_of(lab) if files is None else files
    return digest(*(part for name, content in found.items() for part in (name, _meaning(name, content))))


def texts(files: Mapping[str, bytes]) -> list[str]:
    """Of the lab's modules."""
    return [content.decode("utf-8", "replace") for name, content in files.items() if name.endswith(".py")]


def _meaning(name: str, content: bytes) -> bytes:
    return without_docstrings(content) if name.endswith(".py") else content
