"""The hash of everything that can change an observation; it is the observation's address in the record."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import msgspec

import claimlab
from claimlab import instruments
from claimlab.benches import bench, container, folder
from claimlab.project.files import digest
from claimlab.toolchains import flags
from claimlab.trials.lab import LabFolder

_INSTRUMENTS: Final = Path(instruments.__file__).parent
_ALWAYS: Final = tuple(Path(module.__file__ or "") for module in (bench, container, folder, flags))
"""What every trial depends on on this side of the bench, beside its instruments."""
_NO_SOURCE: Final = frozenset({"__pycache__"})
_CONCLUDES: Final = re.compile(r"(judges|pictures)(_\w+)?\.py")


def concludes(path: Path) -> bool:
    """The file is about what follows from an observation: ``judges.py``, ``pictures.py``, or one of their parts, such
    as ``judges_counts.py``."""
    return _CONCLUDES.fullmatch(path.name) is not None


def draws(path: Path) -> bool:
    """The file is about how an observation is shown."""
    return path.name.startswith("pictures") and concludes(path)


def sources_hash(lab: LabFolder) -> str:
    """Over every file of the lab's folder that takes part in measuring: all but its judges and pictures."""
    files = [
        path
        for path in sorted(lab.path.rglob("*"))
        if path.is_file() and not concludes(path) and not _NO_SOURCE & set(path.parts)
    ]
    return digest(*(part for path in files for part in (str(path.relative_to(lab.path)), path.read_bytes())))


def instruments_hash(lab: LabFolder, folder: Path = _INSTRUMENTS) -> str:
    """Over the instruments that lab.py imports, what they import of each other, their scripts, and the benches."""
    paths = [folder / f"{name}.py" for name in sorted(instruments_of(lab, folder))]
    scripts = {
        script for path in paths for script in (folder / "inside").iterdir() if f'"{script.name}"' in path.read_text()
    }
    files = [*paths, *sorted(scripts), *_ALWAYS]
    return digest(*(part for path in files for part in (path.name, _content(path))))


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
    return _closure([path for path in sorted(lab.path.rglob("*.py")) if not concludes(path)], folder)


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
    names: set[str] = set()
    for node in _statements(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names |= {_instrument(f"{node.module}.{alias.name}") for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {_instrument(alias.name) for alias in node.names}
    return frozenset(names - {""})


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
