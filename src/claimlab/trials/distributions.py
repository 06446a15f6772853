"""What is installed beside claimlab and shapes an observation on this side of the bench: known by what it holds.

An instrument that decodes machine code with capstone is as good as capstone is; so the distributions that take part are
inputs of a trial, found from what its modules import.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from claimlab.project.files import digest
from claimlab.trials import unchanged

_NOBODYS: Final = sys.stdlib_module_names | {"claimlab"}
_NEEDS: Final = re.compile(r"^Requires-Dist: (.+)$", re.MULTILINE)
_VERSION: Final = re.compile(r"^Version: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Installed:
    """A distribution, or a module that none has."""

    version: str
    """Empty for a module that no distribution has."""
    holds: str
    """A hash over the files that are installed of it."""
    paths: tuple[Path, ...]
    """Where that was read."""

    def __str__(self) -> str:
        return f"{self.version} {self.holds}".strip()


def distributions_behind(names: Iterable[str], places: Iterable[str] | None = None) -> Mapping[str, Installed]:
    """The distributions that have the modules of these dotted names, and those that these need in turn, by name.

    `places` are where modules are imported from, in order; Python's own list of them if it is left out. A module that
    no distribution has is known by its own files.
    """
    searched = tuple(sys.path if places is None else places)
    return _behind(frozenset(name.partition(".")[0] for name in names) - _NOBODYS, searched)


def all_distributions(places: Iterable[str] | None = None) -> Mapping[str, Installed]:
    """Every distribution that modules can be imported of, by name, as :func:`distributions_behind` would have it."""
    found: dict[str, Installed] = {}
    for place in sys.path if places is None else places:
        for name, info in _infos(place).items():
            if name not in found:
                found[name] = _installed(info)
    return found


@cache
def _behind(modules: frozenset[str], places: tuple[str, ...]) -> Mapping[str, Installed]:
    """Many labs import the same: it is looked up once, and :mod:`claimlab.trials.unchanged` knows if it changes."""
    found: dict[str, Installed] = {}
    for module in sorted(modules):
        _add(module, places, found)
    return found


def _add(module: str, places: tuple[str, ...], found: dict[str, Installed]) -> None:
    spec = PathFinder.find_spec(module, list(places))
    if spec is None or spec.origin is None:
        return  # whoever imports it will say so
    path = Path(spec.origin)
    top = path.parent if path.name == "__init__.py" else path
    info = _holder(top)
    if info is None:
        found.setdefault(module, _of_files(top))
    else:
        _add_whole(info, places, found)


def _add_whole(info: Path, places: tuple[str, ...], found: dict[str, Installed]) -> None:
    name = _name(info)
    if name in found:
        return
    found[name] = _installed(info)
    for needed in map(Requirement, _NEEDS.findall(_about(info))):
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            for place in places:
                if other := _infos(place).get(canonicalize_name(needed.name)):
                    _add_whole(other, places, found)
                    break


def _installed(info: Path) -> Installed:
    version = _VERSION.search(_about(info))
    record = info / "RECORD"
    return Installed(version[1] if version else "?", _of_record(record), (record,))


def _about(info: Path) -> str:
    return (info / "METADATA").read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]


def _holder(top: Path) -> Path | None:
    """The folder of metadata (PyPA: Recording installed projects) whose distribution has this module; None if none."""
    first = f"{top.name}/__init__.py," if top.is_dir() else f"{top.name},"
    for info in _infos(str(top.parent)).values():
        if f"\n{first}" in f"\n{_text(info / 'RECORD')}":
            return info
    return None


@cache
def _infos(place: str) -> dict[str, Path]:
    """The folders of metadata in a folder that modules are imported from, by the names of distributions."""
    return {_name(path): path for path in sorted(Path(place).glob("*.dist-info")) if (path / "RECORD").is_file()}


def _name(info: Path) -> str:
    return str(canonicalize_name(info.name.removesuffix(".dist-info").rpartition("-")[0]))


@cache
def _text(path: Path) -> str:
    unchanged.note([path])
    return path.read_text(encoding="utf-8", errors="replace")


def _of_record(record: Path) -> str:
    """Over the names and hashes of the files that make up the distribution. Left out is what the installer adds, which
    is another one for pip than for uv: its notes, scripts for the command line, compiled modules."""
    lines = [line for line in _text(record).splitlines() if not line.startswith("../")]
    return digest(*sorted(line for line in lines if "sha256=" in line and ".dist-info/" not in line))[:16]


def _of_files(top: Path) -> Installed:
    paths = tuple(sorted(top.rglob("*.py")) if top.is_dir() else [top])
    unchanged.note(paths)
    return Installed("", digest(*(part for path in paths for part in (path.name, path.read_bytes())))[:16], paths)
