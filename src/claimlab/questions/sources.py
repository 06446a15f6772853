"""The sources that a question is about, read from where they lie."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from claimlab.project.errors import Refused
from claimlab.project.files import read_regular
from claimlab.questions import module_cache
from claimlab.trials.sources import is_left_over

_BUILT_FROM: Final = frozenset({".go", ".s", ".S", ".h", ".c", ".syso", ".mod", ".sum", ".work", ".pgo"})
"""What Go builds from, beside ``vendor/modules.txt``."""
_VENDORED: Final = "modules.txt"
_TEST_DATA: Final = "testdata"
_EMBED: Final = re.compile(r"^//go:embed[ \t]+(.+)$", re.MULTILINE)
_PATTERN: Final = re.compile(r"[\"`]([^\"`]*)[\"`]|(\S+)")
SOURCES_LIMIT_BYTES: Final = 48 * 1024**2
"""Of all files that a question is about."""
_MODULE: Final = "go.mod"


@dataclass(frozen=True)
class Sources:
    """Files by their names below the module's folder, and the folder of the package that is asked about."""

    files: dict[str, bytes]
    package: str


def read(given: str, *, tests: bool = False) -> Sources:
    """The file or the package that somebody names; :class:`Refused` if it is none.

    A file stands for itself, and what it embeds. A package is one of the module it lies in; all of that module is read,
    what it embeds, and what lies in its ``vendor``; without one, what it needs from the user's module cache. Its tests
    are left out but where they are asked for, and then what lies in its ``testdata`` is there.
    """
    path = Path(given)
    if path.is_file():
        if path.suffix != ".go":
            raise Refused(f"{given} is no Go source.", "Name a .go file, or the folder of a package.")
        return Sources(_all_of([path], path.parent), ".")
    if path.name == "...":
        raise Refused(f"{given} stands for several packages, and a question is about one.", "Name the folder of one.")
    if not path.is_dir():
        raise Refused(f"There is no file or folder {given}.", "Name a .go file, or the folder of a package.")
    here = path.resolve()
    root = next((one for one in (here, *here.parents) if (one / _MODULE).is_file()), here)
    package = PurePosixPath(here.relative_to(root)).as_posix()
    if not any(is_source(one.name, tests=tests) for one in here.iterdir() if one.suffix == ".go"):
        raise Refused(f"There are no Go sources in {given}.", "Name the folder of a package, or a .go file.")
    data = [one for one in (here / _TEST_DATA).rglob("*") if one.is_file()] if tests else []
    files = _all_of([*_walk(root, tests=tests), *sorted(data)], root)
    if (root / _MODULE).is_file() and module_cache.LISTED not in files:
        _add_required(files, root)
    return Sources(files, package)


def _add_required(files: dict[str, bytes], root: Path) -> None:
    """What the module needs of other modules lies in its ``vendor``: see :mod:`claimlab.questions.module_cache`."""
    needed = module_cache.vendored(files[_MODULE].decode("utf-8", "replace"), root)
    texts = {name: content.decode("utf-8", "replace") for name, content in files.items() if name.endswith(".go")}
    wanted = {path for name, text in texts.items() for path in module_cache.imports(Path(name).name, text)}

    size = sum(map(len, files.values()))

    def take(path: Path, name: str) -> bytes:
        nonlocal size
        found = _all_of([path], path.parent)
        size += sum(map(len, found.values()))
        _refuse_too_much(size, root)
        folder = PurePosixPath(name).parent
        files.update({f"{folder}/{one}": content for one, content in found.items()})
        return found[path.name]

    needed.add_all(wanted, take, lambda name: is_source(name, tests=False))
    if needed.taken:
        files[module_cache.LISTED] = needed.listed().encode()


def _all_of(paths: Iterable[Path], root: Path) -> dict[str, bytes]:
    """The files, and those that Go files among them embed, by their names below the root."""
    files: dict[str, bytes] = {}
    size = 0
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        name = path.relative_to(root).as_posix()
        if name in files:
            continue
        files[name] = read_regular(path)
        size += len(files[name])
        _refuse_too_much(size, root)
        if path.suffix == ".go":
            waiting += _embedded(files[name].decode("utf-8", "replace"), path.parent)
    return files


def _refuse_too_much(size_bytes: int, root: Path) -> None:
    if size_bytes > SOURCES_LIMIT_BYTES:
        raise Refused(
            f"The module in {root} has more than {SOURCES_LIMIT_BYTES // 1024**2} MiB of sources, with what it needs "
            "of other modules.",
            "Ask about a single file, or about a module of its own.",
        )


def _embedded(text: str, folder: Path) -> Iterator[Path]:
    """The files that the patterns of ``//go:embed`` name (https://pkg.go.dev/embed)."""
    for line in _EMBED.findall(text):
        for quoted, plain in _PATTERN.findall(line):
            pattern = (quoted or plain).removeprefix("all:")
            if pattern.startswith("/") or ".." in PurePosixPath(pattern).parts:
                continue  # Go refuses it
            for found in sorted(folder.glob(pattern)):
                yield from [found] if found.is_file() else (one for one in sorted(found.rglob("*")) if one.is_file())


def is_source(name: str, *, tests: bool) -> bool:
    """The file takes part in a build."""
    is_test = name.endswith("_test.go")
    built_from = Path(name).suffix in _BUILT_FROM or name == _VENDORED
    return built_from and not is_left_over(name) and (tests or not is_test)


def _walk(folder: Path, *, tests: bool) -> Iterator[Path]:
    """Sorted; without what Go itself passes over, and without modules that lie inside the module."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith((".", "_")) and entry.name != _TEST_DATA and not (path / _MODULE).is_file():
                yield from _walk(path, tests=tests)
        elif entry.is_file() and is_source(entry.name, tests=tests):
            yield path
