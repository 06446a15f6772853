"""The hash of everything that can change an observation; it is the observation's address in the record."""

import ast
import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import msgspec

import claimlab
from claimlab import instruments
from claimlab.benches import bench, container, folder
from claimlab.project.files import digest
from claimlab.project.project import Project
from claimlab.toolchains import flags
from claimlab.trials.lab import LabFolder

_INSTRUMENTS: Final = Path(instruments.__file__).parent
_ALWAYS: Final = tuple(Path(module.__file__ or "") for module in (bench, container, folder, flags))
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


def sources_hash(lab: LabFolder) -> str:
    """Over every file of the lab's folder that takes part in measuring: all but its judges, pictures and tests."""
    return digest(*(part for path in _measuring(lab) for part in (str(path.relative_to(lab.path)), _meaning(path))))


def _measuring(lab: LabFolder) -> list[Path]:
    files = [path for path in sorted(lab.path.rglob("*")) if path.is_file() and not concludes(path)]
    return [path for path in files if not _NO_SOURCE & set(path.relative_to(lab.path).parts)]


def _meaning(path: Path) -> bytes:
    """The file's bytes; of Python without docstrings, so that one in other words makes no difference."""
    content = path.read_bytes()
    return _without_docstrings(content) if path.suffix == ".py" else content


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


def instruments_hash(lab: LabFolder, folder: Path = _INSTRUMENTS) -> str:
    """Over the instruments that lab.py imports, what they import of each other, their scripts, and the benches; and
    over the modules of the project that lab.py imports, which may be instruments of its own."""
    used = [path for path in _measuring(lab) if path.suffix == ".py"]
    own = _own_modules(used, lab.project.root)
    paths = [folder / f"{name}.py" for name in sorted(_closure([*used, *own], folder))]
    scripts = {
        script for path in paths for script in (folder / "inside").iterdir() if f'"{script.name}"' in path.read_text()
    }
    files = [(path.name, path) for path in (*paths, *sorted(scripts), *_ALWAYS)]
    files += [(str(path.relative_to(lab.project.root)), path) for path in own]
    return digest(*(part for name, path in files for part in (name, _content(path))))


def own_modules(lab: LabFolder) -> list[Path]:
    """The files of the project that the lab's modules import, whether they measure, conclude or draw."""
    return _own_modules(sorted(lab.path.glob("*.py")), lab.project.root)


def modules_behind(project: Project, named: Iterable[str]) -> list[Path]:
    """The files of the project that extensions such as ``my_pictures:KINDS`` are made of."""
    return _closed({name.partition(":")[0] for name in named}, project.root)


def _own_modules(modules: Iterable[Path], root: Path) -> list[Path]:
    """The modules below the project's folder that these import, and those that they import, by path."""
    return _closed({name for path in modules for name in _names_imported_by(path.read_text())}, root)


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
    def sources(self) -> str:
        return sources_hash(self.lab)

    @cached_property
    def instruments(self) -> str:
        return instruments_hash(self.lab)


def instruments_of(lab: LabFolder, folder: Path = _INSTRUMENTS) -> set[str]:
    """The instruments that take part in the lab's measuring, by name."""
    return _closure([path for path in _measuring(lab) if path.suffix == ".py"], folder)


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()


def _closure(modules: list[Path], folder: Path) -> set[str]:
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        for name in _imported(waiting.pop()):
            if name not in found and (folder / f"{name}.py").is_file():
                found.add(name)
                waiting.append(folder / f"{name}.py")
    return found


def _imported(module: Path) -> frozenset[str]:
    """Names of instruments that a module imports, from claimlab's public list or from below claimlab.instruments."""
    return _imported_by(module.read_text())


@cache
def _imported_by(source: str) -> frozenset[str]:
    return frozenset(map(_instrument, _names_imported_by(source))) - {""}


@cache
def _names_imported_by(source: str) -> frozenset[str]:
    """The dotted names that a module imports; those of its own package are left out."""
    names: set[str] = set()
    for node in _statements(ast.parse(source)):
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
