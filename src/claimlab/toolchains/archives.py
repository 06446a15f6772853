"""The origin ``archive``: the archives that Go itself is distributed as, from a folder of one's own or from the web.

The pin says where: ``at = "../go1.28rc1.{platform}.tar.gz"``, a path relative to the pins, or an address.
"""

import shutil
import tarfile
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError

from claimlab.project.errors import EnvironmentMissing
from claimlab.toolchains.toolchain import Release

GO_PLATFORMS: Final = {"linux_x86_64": "linux-amd64", "linux_aarch64": "linux-arm64"}
"""As the names of Go's own archives spell them; they take the place of ``{platform}``."""


def arch_of(platform: str) -> str:
    """The GOARCH of one of PLATFORMS."""
    return GO_PLATFORMS[platform].removeprefix("linux-")


class GoArchive:
    """An :class:`~claimlab.toolchains.origins.Origin`."""

    def fetch(self, release: Release, platform: str, folder: Path, say: Callable[[str], None]) -> Path:
        if not release.at:
            raise EnvironmentMissing(
                f"Go {release.version} is pinned as an archive, and nothing says where it is.",
                'Give its row in the pins an `at = "…"`, a path or an address.',
            )
        place = release.at.replace("{platform}", GO_PLATFORMS[platform])
        target = folder / place.rpartition("/")[2]
        try:
            address = place if "://" in place else Path(place).resolve().as_uri()
            with urllib.request.urlopen(address) as source, target.open("wb") as opened:
                shutil.copyfileobj(source, opened)
        except (URLError, HTTPException, OSError) as error:
            if isinstance(error, HTTPError):
                error.close()  # it holds the answer, which Python 3.14 warns of when nobody closes it
            raise EnvironmentMissing(
                f"The archive of Go {release.version} could not be fetched from {place}: {error}",
                "Check the path or the address in the pins, and the network.",
            ) from None
        return target

    def unpack(self, archive: Path, target: Path) -> None:
        # Python 3.11.2, which Debian 12 has, knows no filters yet. Whatever is unpacked has the pinned hash.
        filtered: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        try:
            with tarfile.open(archive) as opened:
                opened.extractall(target, **filtered)
        except tarfile.TarError as error:
            raise EnvironmentMissing(
                f"{archive.name} cannot be unpacked: {str(error).splitlines()[0]}",
                "An archive of Go for Linux is a .tar.gz with one folder, go: see the pin.",
            ) from None
