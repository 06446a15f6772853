"""A project whose Go releases are shell scripts: two are pinned, and patches between them lie where pip finds them.

What their "programs" print is given for each; everything else is real: pip, hashes, engine, benches, record.
(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from packaging.version import Version
from tests.ours import write_project
from tests.small_toolchain import pack
from tests.tiny_lab import NOWHERE, clean_environment
from tests.wheel_mirror import make_wheel, pip_settings

from claimlab.toolchains.origins import sha256_of
from claimlab.toolchains.toolchain import this_platform

REFUSES: Final = "REFUSES"
"""In place of what is printed: this Go does not build the program."""
CRASHES: Final = "CRASHES"
"""It comes to no answer."""
_GO: Final = """#!/bin/sh
case "$1" in
version) if [ $# -eq 1 ]; then echo "go version go{version} linux/amd64"; else echo "$2: go{version}"; fi ;;
build)
    mkdir -p "$GOCACHE"
    [ -e "$GOCACHE/trim.txt" ] || echo > "$GOCACHE/trim.txt"
    while [ $# -gt 0 ]; do
        case "$1" in -C) cd "$2" ;; -o) out=$2 ;; esac
        shift
    done
    [ -n "$out" ] || exit 0
    {builds}
esac
"""
_BUILDS: Final = {
    REFUSES: "printf '# claimlab/program\\n./main.go:3:1: undefined: x\\n' >&2; exit 1",
    CRASHES: "kill -9 $$",
}


def go_script(version: str, prints: str) -> str:
    """A go whose every program prints that."""
    builds = _BUILDS.get(prints, f'printf "#!/bin/sh\\necho {prints}\\n" > "$out"; chmod +x "$out"')
    return _GO.format(version=version, builds=builds)


@dataclass
class PatchReleases:
    """The project, and the folder that is its package index."""

    root: Path
    mirror: Path
    pins: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mirror.mkdir()
        write_project(self.root, ("labs",), cache=str(self.root / "cache"), toolchains="toolchains.toml")

    def pin(self, version: str, prints: str) -> None:
        """It is pinned, with its archive beside the pins."""
        goroot = self.root / "made" / version
        (goroot / "bin").mkdir(parents=True)
        (goroot / "bin" / "go").write_text(go_script(version, prints), encoding="utf-8")
        (goroot / "bin" / "go").chmod(0o755)
        archive = pack(goroot, self.root / f"go{version}.tar.gz")
        place = f'origin = "archive", at = "{archive.name}", {this_platform()} = "{sha256_of(archive)}"'
        self.pins.append(f'{{ version = "{version}", {place} }}')
        (self.root / "toolchains.toml").write_text(f"releases = [{', '.join(self.pins)}]\n", encoding="utf-8")

    def offer(self, version: str, prints: str) -> None:
        """The index has it."""
        make_wheel(self.mirror, version, holds={"go/bin/go": go_script(version, prints)})

    def releases(self, *prints: str) -> None:
        """1.30.1 and what follows print these. The first and the last are pinned, the others offered."""
        found = {f"1.30.{patch}": text for patch, text in enumerate(prints, 1)}
        first, *between, last = found
        for version in (first, last):
            self.pin(version, found[version])
        for version in between:
            self.offer(version, found[version])

    def claimlab(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "claimlab.cli", *arguments],
            cwd=self.root,
            env=clean_environment(DOCKER_HOST=NOWHERE, TMPDIR=str(self.root), **pip_settings(self.mirror)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    @property
    def fetched(self) -> Sequence[str]:
        """The unpinned releases that are unpacked, oldest first."""
        offered = {path.name.split("-")[1] for path in self.mirror.iterdir()}
        unpacked = {path.name.partition("-")[0] for path in (self.root / "cache").glob("toolchains/*")}
        return sorted(offered & unpacked, key=Version)


@pytest.fixture
def patches(tmp_path: Path) -> PatchReleases:
    return PatchReleases(tmp_path / "project", tmp_path / "mirror")
