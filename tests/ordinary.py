"""Other users and other machines: what an ordinary user does where we are root, and where no namespace can be made.

(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest
from tests.bench_fixtures import ALL, NEWEST, newest, pinned, silent
from tests.ours import OUR, ROOT

from claimlab.benches.local_engine import LocalEngine
from claimlab.benches.namespace import isolation
from claimlab.toolchains.origins import ensure

NOBODY: Final = "65534"
AS_ROOT: Final = os.geteuid() == 0
GOROOT_AND_CACHES: Final = "CLAIMLAB_TEST_GOROOT_AND_CACHES"
"""A setting with what root has prepared, for who may not write in the project's cache."""
OPENED: Final = f"""
set -e
mount --make-rprivate /
python=$1; closed=$2; shift 2
if [ "$closed" ]; then
    mkdir -p /mnt
    mount -t tmpfs -o mode=755 none /mnt
    mkdir /mnt/python
    mount --bind "$python" /mnt/python
    mount -t tmpfs -o mode=755 none "$closed"
    mkdir -p "$python"
    mount --bind /mnt/python "$python"
    umount /mnt/python
    umount /mnt
fi
exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --no-new-privs --inh-caps=-all "$@"
"""
"""Where Python lies in root's home, nothing else of that home is there."""


def as_ordinary_user(argv: Sequence[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """The command has ended, run by nobody."""
    python = Path(sys.base_prefix).resolve()
    around = [*reversed(python.parents), python]
    closed = next((str(one) for one in around if not one.stat().st_mode & 0o001), "")
    settings = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", OPENED, "opened", str(python), closed, *argv],
        cwd=ROOT,
        env={**settings, "PYTHONDONTWRITEBYTECODE": "1", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


FORBIDDEN: Final = """
set -e
echo 0 > /proc/sys/user/max_user_namespaces
exec setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all --no-new-privs "$@"
"""


def where_none_can_be_made(argv: Sequence[str]) -> list[str]:
    """The command as it runs where the kernel lets nobody make a namespace: in one of a user who may make no other."""
    return ["unshare", "--user", "--map-current-user", "--keep-caps", "sh", "-c", FORBIDDEN, "forbidden", *argv]


def path_without(folder: Path, *programs: str) -> str:
    """A PATH on which everything is that is installed here, but for these programs."""
    folder.mkdir()
    for place in ("/usr/sbin", "/usr/bin"):
        for program in Path(place).iterdir():
            link = folder / program.name
            if program.name not in programs and not link.exists():
                link.symlink_to(program)
    return str(folder)


@pytest.fixture
def trials_in_the_open(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Trials of the engine local are in no namespaces, so that they see the files by which a test steers them."""
    monkeypatch.setenv("PATH", path_without(tmp_path_factory.mktemp("open") / "programs", "nsenter"))
    isolation.cache_clear()
    yield
    isolation.cache_clear()


@pytest.fixture(scope="session")
def goroot_and_caches(request: pytest.FixtureRequest) -> tuple[Path, list[Path]]:
    """A release, unpacked, and all that is compiled of it."""
    if lent := os.environ.get(GOROOT_AND_CACHES):
        goroot, *caches = map(Path, lent.split(os.pathsep))
        return goroot, caches
    engine: LocalEngine = request.getfixturevalue("local_engine")
    return ensure(newest(), OUR, silent), [tree.path for tree in engine._compiled(pinned(NEWEST), ALL)]
