"""Somebody who has nothing of this repository but the built wheel: an ordinary user, an empty folder, no checkout.

The packages that claimlab needs are lent by the checkout's environment, and toolchains by its cache, so that nothing
is fetched. Where these tests run as root, everything the stranger does happens as the user nobody, in a mount
namespace in which the checkout is an empty folder. Elsewhere it is done as who we are, and the checkout is merely not
named to anything.
(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from tests.bench_fixtures import NEWEST, silent, wanted
from tests.ours import OUR, ROOT

from claimlab.benches.local_engine import LocalEngine
from claimlab.project.errors import EnvironmentMissing

OLDER: Final = "1.21.13"
"""Here the claim of a new project holds."""
NOBODY: Final = "65534"
AS_ROOT: Final = os.geteuid() == 0
PACKAGES: Final = sysconfig.get_path("purelib")
PYTHON: Final = Path(sys.base_prefix)
"""Where the interpreter lies, which may be somebody's home."""
HIDING: Final = f"""
set -e
mount --make-rprivate /
mount --bind "$PACKAGES" "$PLACE/packages"
mount --bind "$PYTHON" "$PLACE/python"
mount --bind "$CACHE/toolchains" "$PLACE/toolchains"
mount --bind "$CACHE/warm" "$PLACE/warm"
mount -t tmpfs -o mode=755 none "$CHECKOUT"
if [ -z "$STAYS_ROOT" ] && [ -e /var/run/docker.sock ]; then mount --bind /dev/null /var/run/docker.sock; fi
if [ -n "$CLOSED" ]; then
    mount -t tmpfs -o mode=755 none "$CLOSED"
    mkdir -p "$PYTHON"
    mount --bind "$PLACE/python" "$PYTHON"
fi
cd "$HERE"
set -- env -i "$@"
if [ -z "$STAYS_ROOT" ]; then
    set -- setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --no-new-privs --bounding-set=-all "$@"
fi
exec "$@"
"""


@dataclass(frozen=True)
class Stranger:
    """A place that has an environment with the wheel, and an empty folder to begin in."""

    place: Path

    @property
    def empty(self) -> Path:
        """Its name is none that an old program likes."""
        return self.place / "somebody's 新 folder"

    @property
    def environment(self) -> Path:
        return self.place / "environment"

    @property
    def packages(self) -> Path:
        """What claimlab needs of others."""
        return self.place / "packages" if AS_ROOT else Path(PACKAGES)

    def run(
        self,
        command: Sequence[str | Path],
        here: Path,
        env: Mapping[str, str] | None = None,
        *,
        stays_root: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """The command has ended, in a world without the checkout; `stays_root` if it needs what only root may."""
        settings = {
            "HOME": str(self.place / "home"),
            "TMPDIR": str(self.place / "tmp"),
            "PATH": f"{self.environment / 'bin'}:{PYTHON / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
            "COLUMNS": "160",
            **(env or {}),
        }
        start = ["unshare", "--mount", "sh", "-c", HIDING, "hiding"] if AS_ROOT else ["env", "-i"]
        world = {
            "PACKAGES": PACKAGES,
            "PYTHON": str(PYTHON),
            "PLACE": str(self.place),
            "CACHE": str(OUR.cache),
            "CHECKOUT": str(ROOT),
            "CLOSED": _closed(PYTHON),
            "HERE": str(here),
            "STAYS_ROOT": "yes" if stays_root else "",
            "PATH": os.environ["PATH"],
        }
        return subprocess.run(
            [*start, *(f"{name}={value}" for name, value in settings.items()), *map(str, command)],
            cwd=self.place if AS_ROOT else here,
            env=world,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def type(self, line: str, here: Path, env: Mapping[str, str] | None = None) -> str:
        """What a line that must succeed prints, as it is typed."""
        done = self.run(["sh", "-c", line], here, env)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def lend_toolchains(self, project: Path) -> None:
        """The project has two releases, already fetched and compiled."""
        rows = (ROOT / "docker" / "toolchains.toml").read_text().splitlines()
        kept = [row for row in rows if f'"{OLDER}"' in row or f'"{NEWEST}"' in row]
        assert len(kept) == 2
        (project / "toolchains.toml").write_text("\n".join(["releases = [", *kept, "]", ""]))
        mine, lent = project / ".claimlab", self.place if AS_ROOT else OUR.cache
        for version in (OLDER, NEWEST):
            trees = [*(OUR.cache / "toolchains").glob(f"{version}-*/"), *(OUR.cache / "warm").glob(f"{version}-*/*/")]
            for tree in trees:
                for source in (tree, tree.with_name(f"{tree.name}.manifest")):
                    name = source.relative_to(OUR.cache)
                    (mine / name).parent.mkdir(parents=True, exist_ok=True)
                    (mine / name).symlink_to(lent / name)
        give(project)

    def lend_programs(self, environment: Path) -> None:
        """The environment has the commands of the packages that are lent."""
        for name in ("invoke", "pytest"):
            program = environment / "bin" / name
            program.write_text(f'#!/bin/sh\nexec "$(dirname "$0")/python" -m {name} "$@"\n')
            program.chmod(0o755)


def _closed(folder: Path) -> str:
    """The outermost folder around it that others may not enter, such as root's home; empty if there is none."""
    around = [*reversed(folder.parents), folder]
    return next((str(one) for one in around if not one.stat().st_mode & 0o001), "")


def give(folder: Path) -> None:
    """The folder is the stranger's."""
    if AS_ROOT:
        subprocess.run(["chown", "-hR", f"{NOBODY}:{NOBODY}", folder], check=True)


def can_hide() -> bool:
    """Root may make namespaces here; in some containers it may not."""
    probe = ["unshare", "--mount", "mount", "--make-rprivate", "/"]
    return not AS_ROOT or subprocess.run(probe, check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="session")
def stranger() -> Iterator[Stranger]:
    """Somebody whose environment was made as anybody would make it, from the wheel."""
    if not can_hide():
        pytest.skip("root cannot make a mount namespace in this container, so the checkout cannot be hidden")
    try:
        engine = LocalEngine(OUR)
        engine.check()
        engine.prepare([wanted(OLDER), wanted(NEWEST)], silent)
    except EnvironmentMissing as missing:
        pytest.skip(str(missing))
    place = Path(tempfile.mkdtemp(prefix="claimlab-stranger-"))  # pytest's own folders are closed to others
    try:
        found = Stranger(place)
        place.chmod(0o755)
        for folder in ("packages", "python", "toolchains", "warm", "home", "tmp", "wheels", found.empty.name):
            (place / folder).mkdir()
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place / "wheels")]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        give(place)
        _install(found)
        yield found
    finally:
        shutil.rmtree(place)


def _install(found: Stranger) -> None:
    """The environment has the wheel, and beside it the packages that are lent."""
    found.type(f"python3 -m venv --without-pip {found.environment}", found.place)
    # A .pth below a folder that stands in a .pth is not read, so the checkout's sources would not be found either.
    found.type(f"echo {found.packages} > $(echo {found.environment}/lib/python3*/site-packages)/lent.pth", found.place)
    pip = "python3 -m pip install --quiet --disable-pip-version-check --no-index --no-deps --ignore-installed"
    found.type(f"{pip} --no-compile wheels/*.whl", found.place)
    found.lend_programs(found.environment)
