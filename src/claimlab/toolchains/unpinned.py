"""Releases that are not pinned: fetched once, and known by their hash ever after (trust on first use).

What a wheel's hash was is kept in the project's cache. Whoever wants to rely on it for longer pins the release.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from claimlab.project.errors import BadData
from claimlab.project.files import read_regular, write_whole
from claimlab.project.locks import locked
from claimlab.project.project import Project
from claimlab.project.runs import current_run
from claimlab.toolchains.origins import SPACE_NEEDED_BYTES, check_space, ensure, sha256_of
from claimlab.toolchains.pins import GO_VERSION, SHA256, pins_of, refuse_unless_variant, refuse_unless_version
from claimlab.toolchains.toolchain import Release, Toolchain, for_all, select, this_platform, variant_of
from claimlab.toolchains.wheels import WHEEL_PLATFORMS, download, refuse_unless_of, wheel_of

LOCK: Final = "unpinned.json"
"""In the project's cache."""
Say = Callable[[str], None]


class Met(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A release as it was met for the first time."""

    wheel: str
    """The version of its wheel."""
    hashes: dict[str, str]
    """SHA-256 of the wheel, for each platform that it was met on."""


def met(project: Project) -> dict[str, Met]:
    """Every release that was met, by version; :class:`BadData` if the lock file is damaged: what it said of hashes is
    not to be believed anew without anybody noticing."""
    path = project.cache / LOCK
    try:
        found = msgspec.json.decode(read_regular(path), type=dict[str, Met])
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise _damaged(path, str(error)) from None
    if bad := [digest for one in found.values() for digest in one.hashes.values() if not SHA256.fullmatch(digest)]:
        raise _damaged(path, f"{bad[0]!r} is no SHA-256")
    return found


def _damaged(path: Path, why: str) -> BadData:
    return BadData(str(path), f"{why}. It keeps the hashes of releases that are not pinned: mend it, or take it away")


def unpinned(version: str, project: Project, say: Say) -> Release:
    """The release of exactly this version; pinned, or met before, or met now: then its wheel was fetched, holds that
    Go, and is unpacked. Needs no network where it was met before and its Go is unpacked.

    :class:`EnvironmentMissing` if nobody offers it, or the wheel is not the one that was met first. Safe with several
    processes: one fetches, the others wait.
    """
    refuse_unless_version(version)
    for release in pins_of(project).releases:
        if release.name == version:
            return release
    if known := known_release(version, project):
        return known
    root = project.cache / "toolchains"
    root.mkdir(parents=True, exist_ok=True)
    with locked(root, waiting=lambda: say("waiting: another command is fetching a Go that is not pinned")):
        return known_release(version, project) or _meet(version, project, root, say)


def known_release(version: str, project: Project) -> Release | None:
    """The release as it was met before on this platform; None if it was not."""
    one = met(project).get(version)
    return _release(version, one) if one and this_platform() in one.hashes else None


def _release(version: str, one: Met) -> Release:
    return Release(version, one.hashes, at="" if one.wheel == version else one.wheel)


def _meet(version: str, project: Project, root: Path, say: Say) -> Release:
    known = met(project)
    wheel = known[version].wheel if version in known else wheel_of(version)
    check_space(root, SPACE_NEEDED_BYTES)
    say(f"fetching Go {version}, which is not pinned: from now on it is known by the hash that it has today")
    with tempfile.TemporaryDirectory(dir=root, prefix=f"fetch-{current_run()}-") as scratch:
        fetched = download(wheel, WHEEL_PLATFORMS[this_platform()], Path(scratch))
        refuse_unless_of(version, fetched)
        before = known[version].hashes if version in known else {}
        one = Met(wheel, before | {this_platform(): sha256_of(fetched)})
        release = _release(version, one)
        ensure(release, project, say, fetched=fetched)
    content = msgspec.json.format(msgspec.json.encode(known | {version: one}, order="sorted"), indent=1)
    write_whole(project.cache / LOCK, content, durable=True)
    return release


def resolve(selectors: Sequence[str], project: Project, say: Say, *, unpinned_too: bool) -> list[Toolchain]:
    """The toolchains that the selectors name, oldest first: see :func:`claimlab.toolchains.toolchain.select`.

    With `unpinned_too` a selector may also be the exact version of a release that is not pinned, as it is or
    as a variant (``1.25.1``, ``1.25.1+noswissmap``, ``1.25.1+gotypesalias=0``), or a variant that the pins do not name
    of a release that they do. A variant that is for certain labs has to be named.
    """
    pinned = pins_of(project).toolchains
    if not unpinned_too:
        return select(selectors, pinned)
    if not selectors:
        return for_all(pinned)
    found: dict[str, Toolchain] = {}
    for selector in selectors:
        name, _, variant = selector.partition("+")
        exact = any(tool.name == selector for tool in pinned)
        is_release = any(tool.release.name == name for tool in pinned)
        if exact or not (GO_VERSION.fullmatch(name) and (is_release or name.count(".") > 1 or "rc" in name)):
            chosen = select([selector], pinned)
            if "+" not in selector:
                chosen = for_all(chosen)
        else:
            if variant:
                refuse_unless_variant(variant)
            chosen = [variant_of(unpinned(name, project, say), variant)]
        found |= {tool.name: tool for tool in chosen}
    return sorted(found.values(), key=lambda tool: tool.order)
