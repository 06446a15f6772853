"""A toolchain that is a shell script, so that fetching, compiling and making an image of it take moments.

Everything that prepares it is real: only what is prepared is small.
(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import tarfile
from pathlib import Path
from typing import Final

from claimlab.toolchains.origins import sha256_of
from claimlab.toolchains.toolchain import this_platform

VERSION: Final = "1.30.1"
TIP: Final = "go1.28-devel_0123456789 Mon Nov 23 10:00:00 2026 +0000"
"""As a Go says it that is built from its repository."""
GO: Final = """#!/bin/sh
case "$1" in
version) echo "go version {} linux/amd64" ;;
build) mkdir -p "$GOCACHE"; echo > "$GOCACHE/trim.txt"; sleep 0.1; echo "$CGO_ENABLED" > "$GOCACHE/made" ;;
esac
"""


def small_goroot(folder: Path, says: str) -> Path:
    """A GOROOT of a few files, whose go says that it is this one."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "go").write_text(GO.format(says))
    (folder / "bin" / "go").chmod(0o755)
    (folder / "src" / "runtime").mkdir(parents=True)
    (folder / "src" / "runtime" / "stack.go").write_text("package runtime\n\nconst stackMin = 2048\n")
    return folder


def pack(goroot: Path, archive: Path) -> Path:
    """As Go's own archives are laid out."""
    with tarfile.open(archive, "w:gz") as opened:
        opened.add(goroot, "go")
    return archive


def pin_small_toolchain(pins: Path) -> None:
    """It is the only release that is pinned there; its archive lies beside the pins."""
    archive = pack(small_goroot(pins.parent / "small", f"go{VERSION}"), pins.parent / "small.tar.gz")
    row = f'version = "{VERSION}", origin = "archive", at = "small.tar.gz", {this_platform()} = "{sha256_of(archive)}"'
    pins.write_text(f"releases = [{{ {row} }}]\n", encoding="utf-8")
