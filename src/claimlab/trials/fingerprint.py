"""The hash of everything that can change an observation; it is the observation's address in the record."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import msgspec

import claimlab
from claimlab import instruments
from claimlab.benches import (
    bench,
    container,
    crossing,
    execs,
    folder,
    namespace,
    place,
    putting,
    report,
    room_maker,
    watching,
)
from claimlab.project.files import digest
from claimlab.project.project import Project
from claimlab.toolchains import flags
from claimlab.trials.lab import LabFolder

_INSTRUMENTS: Final = Path(instruments.__file__).parent
_ALWAYS_MODULES: Final = (
    bench,
    container,
    crossing,
    execs,
    report,
    watching,
    flags,
    folder,
    namespace,
    place,
    putting,
    room_maker,
)
_ALWAYS: Final = tuple(Path(module.__file__ or "") for module in _ALWAYS_MODULES)
"""What every trial depends on on this side of the bench, beside its instruments."""
_NO_SOURCE: Final = frozenset({"__pycache__", "tests"})
"""Folders of a lab that take no part in measuring."""
_CONCLUDES: Final = re.compile(r"(judges|pictures)(_\w+)?\.py")


def concludes(path: Path) -> bool:
    """The file is about what follows from an observation: ``judges.py``, ``pictures.py``, or one of their parts, such
    as ``judges_counts.py``."""
    return _CONCLUDES.fullmatch(path.name) is not None


def draws(path: Path) -> bool:
    """The file is about how an observation is shown."""
    return path.name.startswith("pictures") and concludes(path)


def files_of(lab: LabFolder) -> dict[str, bytes]:
    """Every file of the lab's folder that takes part in measuring: all but its judges, pictures and tests."""
    files = [path for path in sorted(lab.path.rglob("*")) if path.is_file() and not concludes(path)]
    names = [path.relative_to(lab.path) for path in files]
    return {name.as_posix(): (lab.path / name).read_bytes() for name in names if not _NO_SOURCE & set(name.parts)}


def sources_hash(lab: LabFolder, files: Mapping[str, bytes] | None = None) -> str:
    """Over the lab's files, which it reads unless it is given them; over Python without docstrings, so that one in
    other words makes no difference."""
    found = files_of(lab) if files is None else files
    return digest(*(part for name, content in found.items() for part in (name, _meaning(name, content))))


def _meaning(name: str, content: bytes) -> bytes:
    return _without_docstrings(content) if name.endswith(".py") else content


def _texts(files: Mapping[str, bytes]) -> list[str]:
    """Of the lab's modules."""
    return [content.decode() for name, content in files.items() if name.endswith(".py")]


@cache
def _without_docstrings(source: bytes) -> bytes:
    """The source without strings that stand for themselves: docstrings, of modules as of attributes."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # whoever imports it will say so
        return source
    lines = source.splitlines(keepends=True)
    for node in reversed(list(_statements(tree))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
            lines[first : last + 1] = [lines[first][: node.col_offset] + lines[last][node.end_col_offset :]]
    return b"".join(lines)


def instruments_hash(lab: LabFolder, folder: Path = _INSTRUMENTS, files: Mapping[str, bytes] | None = None) -> str:
    """Over the instruments that lab.py imports, what they import of each other, their scripts, and the benches; and
    over the modules of the project that lab.py imports, which may be instruments of its own."""
    used = _texts(files_of(lab) if files is None else files)
    own = _own_modules(used, lab.project.root)
    texts = [*used, *(path.read_text() for path in own if path.suffix == ".py")]
    paths = [folder / f"{name}.py" for name in sorted(_closure(texts, folder))]
    scripts = {
        script for path in paths for script in (folder / "inside").iterdir() if f'"{script.name}"' in path.read_text()
    }
    named = [(path.name, path) for path in (*paths, *sorted(scripts), *_ALWAYS)]
    named += [(str(path.relative_to(lab.project.root)), path) for path in own]
    return digest(*(part for name, path in named for part in (name, _content(path))))


def own_modules(lab: LabFolder) -> list[Path]:
    """The files of the project that the lab's modules import, whether they measure, conclude or draw."""
    return _own_modules([path.read_text() for path in sorted(lab.path.glob("*.py"))], lab.project.root)


def modules_behind(project: Project, named: Iterable[str]) -> list[Path]:
    """The files of the project that extensions such as ``my_pictures:KINDS`` are made of."""
    return _closed({name.partition(":")[0] for name in named}, project.root)


def _own_modules(modules: Iterable[str], root: Path) -> list[Path]:
    """The files of the modules below the project's folder that these sources import."""
    return _closed({name for source in modules for name in _names_imported_by(source)}, root)


def _closed(names: Set[str], root: Path) -> list[Path]:
    """The files of the modules of these names below the project's folder, and of those that they import.

    With a module counts all of its package, so that a script or table beside it is not forgotten.
    """
    own = {path.stem: [path] for path in root.glob("*.py")}
    own |= {path.parent.name: _files_below(path.parent) for path in root.glob("*/__init__.py")}
    found: set[Path] = set()
    waiting = list(names) if own else []
    while waiting:
        new = [path for path in own.get(waiting.pop().partition(".")[0], ()) if path not in found]
        found.update(new)
        waiting += [name for path in new if path.suffix == ".py" for name in _names_imported_by(path.read_text())]
    return sorted(found)


def _files_below(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


@dataclass(frozen=True)
class Shared:
    """What is the same in all trials of a lab. It is read from the disk once."""

    lab: LabFolder

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What is hashed, and what the trials' benches have: see :func:`files_of`."""
        return files_of(self.lab)

    @cached_property
    def sources(self) -> str:
        return sources_hash(self.lab, self.files)

    @cached_property
    def instruments(self) -> str:
        return instruments_hash(self.lab, files=self.files)


def instruments_of(lab: LabFolder, folder: Path = _INSTRUMENTS) -> set[str]:
    """The instruments that take part in the lab's measuring, by name."""
    return _closure(_texts(files_of(lab)), folder)


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()


def _closure(modules: Iterable[str], folder: Path) -> set[str]:
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        for name in _imported_by(waiting.pop()):
            if name not in found and (folder / f"{name}.py").is_file():
                found.add(name)
                waiting.append((folder / f"{name}.py").read_text())
    return found


@cache
def _imported_by(source: str) -> frozenset[str]:
    """Names of instruments that a module imports, from claimlab's public list or from below claimlab.instruments."""
    return frozenset(map(_instrument, _names_imported_by(source))) - {""}


@cache
def _names_imported_by(source: str) -> frozenset[str]:
    """The dotted names that a module imports; those of its own package are left out."""
    names: set[str] = set()
    try:
        tree = ast.parse(source)
    except SyntaxError:  # whoever imports it will say so
        return frozenset()
    for node in _statements(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return frozenset(names)


def _instrument(full: str) -> str:
    """The instrument that a dotted name is, or lies in; empty if it has nothing to do with one."""
    parts = _public().get(full, full).split(".")
    return parts[2] if parts[:2] == ["claimlab", "instruments"] and len(parts) > 2 else ""


@cache
def _public() -> dict[str, str]:
    """By public name, such as ``claimlab.Session``, where it is defined."""
    listed = ast.parse(Path(claimlab.__file__).with_suffix(".pyi").read_text())
    return {
        f"claimlab.{alias.name}": f"claimlab.{node.module}.{alias.name}"
        for node in listed.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _statements(block: ast.AST) -> Iterator[ast.AST]:
    """All statements in it, at any depth. Expressions are most of a module, and import nothing."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for node in getattr(block, field, ()):
            yield node
            yield from _statements(node)


def address(inputs: dict[str, str]) -> str:
    """One hash of all inputs, independent of their order."""
    return digest(msgspec.json.encode(inputs, order="deterministic"))
