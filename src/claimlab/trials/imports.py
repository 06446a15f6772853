"""What modules import: the instruments and the project's own modules behind a lab, and the distributions behind all."""

import ast
import os
from collections.abc import Iterable, Set
from functools import cache
from pathlib import Path
from typing import Final

import claimlab
from claimlab import benches, instruments
from claimlab.project.project import Project
from claimlab.trials.lab import LabFolder
from claimlab.trials.reading import told
from claimlab.trials.sources import files_below, files_of, modules_of, texts

INSTRUMENTS: Final = Path(instruments.__file__).parent


def instruments_of(lab: LabFolder, folder: Path = INSTRUMENTS) -> set[str]:
    """The instruments that take part in the lab's measuring, by name."""
    return instruments_behind(texts(files_of(lab)), folder)


def instruments_behind(modules: Iterable[str], folder: Path) -> set[str]:
    """The instruments that these sources import, and what those import of each other, by name."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        for name in _instruments_imported_by(waiting.pop()):
            if name not in found and (folder / f"{name}.py").is_file():
                found.add(name)
                waiting.append((folder / f"{name}.py").read_text(encoding="utf-8"))
    return found


@cache
def benches_behind() -> tuple[Path, ...]:
    """The modules that benches are made of: containers, folders, and what they import of each other."""
    return room_behind(Path(benches.__file__).parent, "container", "folder")


def room_behind(room: Path, *names: str) -> tuple[Path, ...]:
    """The modules of these names in a folder of claimlab, and what they import of each other."""
    found: set[Path] = set()
    waiting = list(names)
    while waiting:
        path = room / f"{waiting.pop()}.py"
        if path not in found and path.is_file():
            found.add(path)
            imported = [name.split(".") for name in names_imported_by(path.read_text(encoding="utf-8"))]
            waiting += [parts[2] for parts in imported if parts[:2] == ["claimlab", room.name] and len(parts) > 2]
    return tuple(sorted(found))


def own_modules(lab: LabFolder) -> list[Path]:
    """The files of the project that the lab's modules import, whether they measure, conclude or draw."""
    return own_modules_behind([path.read_text(encoding="utf-8") for path in modules_of(lab)], lab.project.root)


def modules_behind(project: Project, named: Iterable[str]) -> list[Path]:
    """The files of the project that extensions such as ``my_pictures:KINDS`` are made of."""
    return _closed({name.partition(":")[0] for name in named}, project.root)


def own_modules_behind(modules: Iterable[str], root: Path) -> list[Path]:
    """The files of the modules below the project's folder that these sources import."""
    return _closed({name for source in modules for name in names_imported_by(source)}, root)


def _closed(names: Set[str], root: Path) -> list[Path]:
    """The files of the modules of these names below the project's folder, and of those that they import.

    With a module counts all of its package, so that a script or table beside it is not forgotten.
    """
    with os.scandir(root) as entries:
        places = [Path(entry) for entry in entries]
    own = {place.stem: place for place in places if place.suffix == ".py"}
    own |= {place.name: place for place in places if (place / "__init__.py").is_file()}
    found: set[Path] = set()
    waiting = {name.partition(".")[0] for name in names} & own.keys()
    while waiting:
        place = own.pop(waiting.pop())
        new = files_below(place) if place.is_dir() else [place]
        found.update(new)
        sources = [path.read_text(encoding="utf-8") for path in new if path.suffix == ".py"]
        waiting |= {name.partition(".")[0] for text in sources for name in names_imported_by(text)}
        waiting &= own.keys()
    return sorted(found)


@cache
def _instruments_imported_by(source: str) -> frozenset[str]:
    """Names of instruments that a module imports, from claimlab's public list or from below claimlab.instruments."""
    return frozenset(map(_instrument, names_imported_by(source))) - {""}


def names_imported_by(source: str) -> frozenset[str]:
    """The dotted names that a module imports; those of its own package are left out."""
    return told(source.encode()).imports


def _instrument(full: str) -> str:
    """The instrument that a dotted name is, or lies in; empty if it has nothing to do with one."""
    parts = _public().get(full, full).split(".")
    return parts[2] if parts[:2] == ["claimlab", "instruments"] and len(parts) > 2 else ""


@cache
def _public() -> dict[str, str]:
    """By public name, such as ``claimlab.Session``, where it is defined."""
    listed = ast.parse(Path(claimlab.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    return {
        f"claimlab.{alias.name}": f"claimlab.{node.module}.{alias.name}"
        for node in listed.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
