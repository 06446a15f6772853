"""Toolchains from the archives that Go itself is distributed as: in a folder of one's own, or on the web."""

import http.server
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from tests.bench_fixtures import newest
from tests.ours import OUR, write_project
from tests.wheel_mirror import left_in, must_not_say

from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project
from claimlab.toolchains.archives import GO_PLATFORMS, GoArchive
from claimlab.toolchains.origins import ensure, sha256_of
from claimlab.toolchains.pins import pins_of
from claimlab.toolchains.toolchain import PLATFORMS, Release, this_platform

HERE = GO_PLATFORMS[this_platform()]
LEFT_OUT = frozenset({"go/src", "go/test"})
"""Most of a toolchain's files, without which it can still say its version."""


def silent(_: str) -> None:
    """For progress nobody reads."""


def pack(path: Path, tree: Path) -> Path:
    """The archive of a toolchain, as Go's own are laid out: one folder, go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        archive.add(tree, "go", filter=lambda entry: None if entry.name in LEFT_OUT else entry)
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A tree that looks like a toolchain's, a few files small."""
    tree = tmp_path / "small"
    (tree / "bin").mkdir(parents=True)
    (tree / "bin" / "go").write_text("a small go")
    (tree / "bin" / "go").chmod(0o755)
    return tree


def pinning(root: Path, at: str, digest: str) -> Project:
    """A project whose only pin is an archive there."""
    project = write_project(root, (), cache="cache")
    row = f'version = "1.30.1", origin = "archive", at = "{at}", {this_platform()} = "{digest}"'
    (root / "toolchains.toml").write_text(f"releases = [{{ {row} }}]", encoding="utf-8")
    return project


def only(project: Project) -> Release:
    (release,) = pins_of(project).releases
    return release


def test_every_platform_has_its_archive() -> None:
    assert set(GO_PLATFORMS) == set(PLATFORMS)


def test_the_archive_of_a_real_toolchain_is_fetched_checked_and_unpacked_and_runs(tmp_path: Path) -> None:
    real = ensure(newest(), OUR, silent)
    archive = pack(tmp_path / "下载 of mine" / f"go{newest().version}.{HERE}.tar.gz", real)
    at = f"../下载 of mine/go{newest().version}.{{platform}}.tar.gz"
    project = pinning(tmp_path / "project", at, sha256_of(archive))
    said: list[str] = []
    goroot = ensure(only(project), project, said.append)
    assert said == ["fetching Go 1.30.1"]
    printed = subprocess.run(
        [goroot / "bin" / "go", "version"], env={"GOTOOLCHAIN": "local"}, capture_output=True, text=True, check=True
    )
    assert printed.stdout == f"go version go{newest().version} {HERE.replace('-', '/')}\n"
    assert files_of(goroot) == files_of(real)
    assert archive.is_file()
    archive.unlink()
    assert ensure(only(project), project, must_not_say) == goroot


def files_of(tree: Path) -> dict[str, tuple[int, int]]:
    """The size and mode of each file that is not left out."""
    names = {str(path.relative_to(tree.parent)): path for path in tree.rglob("*") if path.is_file()}
    kept = {name: path.stat() for name, path in names.items() if "/".join(name.split("/")[:2]) not in LEFT_OUT}
    return {name: (known.st_size, known.st_mode & 0o755) for name, known in kept.items()}


def test_an_archive_with_another_hash_is_refused_and_only_the_copy_deleted(tmp_path: Path, small: Path) -> None:
    archive = pack(tmp_path / "go.tar.gz", small)
    project = pinning(tmp_path / "project", "../go.tar.gz", "0" * 64)
    found = sha256_of(archive)
    with pytest.raises(EnvironmentMissing, match=rf"go\.tar\.gz was refused and deleted: its SHA-256 is {found}"):
        ensure(only(project), project, silent)
    assert left_in(project.cache / "toolchains") == []
    assert archive.is_file()


def test_an_archive_that_is_not_there_is_named(tmp_path: Path) -> None:
    project = pinning(tmp_path / "project", "../go.{platform}.tar.gz", "0" * 64)
    with pytest.raises(EnvironmentMissing, match=rf"Go 1\.30\.1 could not be fetched from .*/go\.{HERE}\.tar\.gz"):
        ensure(only(project), project, silent)
    assert left_in(project.cache / "toolchains") == []


def test_a_pin_that_says_no_place_is_told_to(tmp_path: Path) -> None:
    project = pinning(tmp_path / "project", "", "0" * 64)
    with pytest.raises(EnvironmentMissing, match=r'nothing says where it is\. Give its row in the pins an `at = "…"`'):
        ensure(only(project), project, silent)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("bin", r"go\.tar\.gz holds no go/bin/go"), ("bin/go", r"go\.tar\.gz cannot be unpacked: .*is a \.tar\.gz")],
    ids=["another folder", "no archive"],
)
def test_what_is_no_toolchain_is_named_and_leaves_nothing(tmp_path: Path, small: Path, name: str, reason: str) -> None:
    archive = tmp_path / "go.tar.gz"
    if name == "bin":
        pack(archive, small / name)
    else:
        archive.write_bytes((small / name).read_bytes())
    project = pinning(tmp_path / "project", "../go.tar.gz", sha256_of(archive))
    with pytest.raises(EnvironmentMissing, match=reason):
        ensure(only(project), project, silent)
    assert left_in(project.cache / "toolchains") == []


# On the web


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that writes no log."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a server of that folder."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join(10)


def test_an_archive_may_lie_on_the_web(tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    archive = pack(tmp_path / "web" / "dl" / f"go.{HERE}.tar.gz", small)
    with serving(tmp_path / "web") as address:
        project = pinning(tmp_path / "project", f"{address}/dl/go.{{platform}}.tar.gz", sha256_of(archive))
        goroot = ensure(only(project), project, silent)
        assert (goroot / "bin" / "go").read_text() == "a small go"
        lost = pinning(tmp_path / "lost", f"{address}/dl/lost.tar.gz", sha256_of(archive))
        with pytest.raises(EnvironmentMissing, match=r"could not be fetched from http:.*/lost\.tar\.gz: .*404"):
            ensure(only(lost), lost, silent)


@pytest.mark.parametrize("at", ["gopher://nowhere/go.tar.gz", "http://", "http://nowhere.invalid/a b.tar.gz"])
def test_an_address_that_cannot_be_asked_is_named(tmp_path: Path, at: str) -> None:
    release = Release("1.30.1", {this_platform(): "0" * 64}, origin="archive", at=at)
    with pytest.raises(EnvironmentMissing, match=r"archive of Go 1\.30\.1 could not be fetched from"):
        GoArchive().fetch(release, this_platform(), tmp_path, silent)
