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
GO: Final = f"""#!/bin/sh
case "$1" in
version) echo go version go{VERSION} linux/amd64 ;;
build) mkdir -p "$GOCACHE"; echo > "$GOCACHE/trim.txt"; sleep 0.1; echo "$CGO_ENABLED" > "$GOCACHE/made" ;;
esac
"""


def pin_small_toolchain(pins: Path) -> None:
    """It is the only release that is pinned there; its archive lies beside the pins."""
    tree = pins.parent / "small"
    (tree / "bin").mkdir(parents=True)
    (tree / "bin" / "go").write_text(GO)
    (tree / "bin" / "go").chmod(0o755)
    archive = pins.parent / "small.tar.gz"
    with tarfile.open(archive, "w:gz") as opened:
        opened.add(tree, "go")
    row = f'version = "{VERSION}", origin = "archive", at = "small.tar.gz", {this_platform()} = "{sha256_of(archive)}"'
    pins.write_text(f"releases = [{{ {row} }}]\n", encoding="utf-8")
