"""One more release in a lock file of pins."""

import shutil
import tomllib
from pathlib import Path

import pytest
from tests.ours import write_project
from tests.wheel_mirror import make_wheel, must_not_say

from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project, load
from claimlab.toolchains.origins import sha256_of
from claimlab.toolchains.pinning import pin, write_pin
from claimlab.toolchains.pins import OURS, load_pins, pins_of
from claimlab.toolchains.toolchain import Release
from claimlab.toolchains.wheels import WHEEL_PLATFORMS

pytest_plugins = ["tests.wheel_mirror"]

DIGESTS = {name: letter * 64 for name, letter in zip(WHEEL_PLATFORMS, "ab", strict=True)}


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    """A copy of claimlab's pins."""
    return Path(shutil.copy(OURS, tmp_path / "toolchains.toml"))


@pytest.fixture
def project(tmp_path: Path, pins: Path) -> Project:
    """Its pins are that copy."""
    return write_project(tmp_path, ())


@pytest.mark.parametrize("version", ["1.20.1", "1.24.2", "1.24.20", "1.99.0"])
def test_a_new_pin_is_one_line_among_untouched_ones(pins: Path, version: str) -> None:
    write_pin(pins, version, DIGESTS)
    before, after = OURS.read_text().splitlines(), pins.read_text().splitlines()
    added = [line for line in after if line not in before]
    assert len(added) == 1
    assert [line for line in after if line != added[0]] == before
    assert added[0].startswith("    {")
    assert added[0].endswith("},")
    assert pins.read_text().endswith("]\n")


@pytest.mark.parametrize("version", ["1.20.1", "1.24.2", "1.24.20", "1.99.0"])
def test_a_new_pin_stands_in_the_order_of_versions(pins: Path, version: str) -> None:
    write_pin(pins, version, DIGESTS)
    rows = [row["version"] for row in tomllib.loads(pins.read_text())["releases"]]
    assert rows == [release.version for release in load_pins(pins).releases]
    assert {release.version: release for release in load_pins(pins).releases}[version] == Release(version, DIGESTS)


def test_two_new_pins(pins: Path) -> None:
    for version in ("1.99.1", "1.99.0"):
        write_pin(pins, version, DIGESTS)
    assert [release.version for release in load_pins(pins).releases][-2:] == ["1.99.0", "1.99.1"]
    assert len(pins.read_text().splitlines()) == len(OURS.read_text().splitlines()) + 2


def offer(mirror: Path, version: str) -> Release:
    """Wheels of that version for each platform can be fetched; the release that they are."""
    made = {name: make_wheel(mirror, version, wheel) for name, wheel in WHEEL_PLATFORMS.items()}
    return Release(version, {name: sha256_of(wheel) for name, wheel in made.items()})


def test_pin_fetches_every_platforms_hash(pins: Path, project: Project, mirror: Path) -> None:
    offered = offer(mirror, "1.99.0")
    said: list[str] = []
    assert pin("1.99.0", project, said.append) == offered
    assert load_pins(pins).releases[-1] == offered
    assert len(said) == len(WHEEL_PLATFORMS)


def test_a_wheel_that_was_packed_anew_is_pinned_by_the_go_in_it(pins: Path, project: Project, mirror: Path) -> None:
    made = {name: make_wheel(mirror, "1.99.0.3", wheel, go="1.99.0") for name, wheel in WHEEL_PLATFORMS.items()}
    release = pin("1.99.0", project, lambda _: None)
    assert release == Release("1.99.0", {name: sha256_of(wheel) for name, wheel in made.items()}, at="1.99.0.3")
    assert load_pins(pins).releases[-1] == release


def test_a_wheel_that_holds_another_go_is_not_pinned(pins: Path, project: Project, mirror: Path) -> None:
    make_wheel(mirror, "1.99.0", go="1.99.1")
    with pytest.raises(EnvironmentMissing, match=r"it holds go1\.99\.1, and Go 1\.99\.0 is asked for"):
        pin("1.99.0", project, lambda _: None)
    assert pins.read_bytes() == OURS.read_bytes()


def test_a_project_without_pins_gets_a_copy_of_claimlabs_and_a_line(apart: Project, mirror: Path) -> None:
    assert apart.pins is None
    before = OURS.read_bytes()
    offered = offer(mirror, "1.99.0")
    said: list[str] = []
    assert pin("1.99.0", apart, said.append) == offered
    own = load(apart.root).pins
    assert own == apart.root / "toolchains.toml"
    assert said[-1] == "this project has pins of its own now: toolchains.toml"
    assert len(said) == len(WHEEL_PLATFORMS) + 1
    assert OURS.read_bytes() == before
    lines = own.read_text().splitlines()
    assert [line for line in lines if '"1.99.0"' not in line] == before.decode().splitlines()
    assert pins_of(apart).releases == (*load_pins(OURS).releases, offered)
    assert pin("1.99.0", apart, must_not_say) == offered


def test_the_copy_names_the_command_of_its_own_project(tmp_path: Path, mirror: Path) -> None:
    project = write_project(tmp_path / "apart", (), command="./inv")
    offer(mirror, "1.99.0")
    pin("1.99.0", project, lambda _: None)
    assert "claimlab toolchains.add VERSION" in OURS.read_text()
    assert "Add one with: ./inv toolchains.add VERSION" in (project.root / "toolchains.toml").read_text()


def test_nothing_of_a_project_without_pins_changes_where_nobody_offers_the_version(
    apart: Project, mirror: Path
) -> None:
    make_wheel(mirror, "1.98.1")
    with pytest.raises(EnvironmentMissing, match=r"Go 1\.98\.0 .* does not offer it\. Of 1\.98 there are: 1\.98\.1\."):
        pin("1.98.0", apart, lambda _: None)
    assert apart.pins is None
    assert pin("1.24.11", apart, must_not_say).experiments == ("noswissmap", "nosynchashtriemap")
    assert apart.pins is None


def test_pins_that_the_settings_name_get_the_line(tmp_path: Path, mirror: Path) -> None:
    (tmp_path / "pins").mkdir()
    named = Path(shutil.copy(OURS, tmp_path / "pins" / "go.toml"))
    project = write_project(tmp_path, (), toolchains="pins/go.toml")
    offered = offer(mirror, "1.99.0")
    assert pin("1.99.0", project, lambda _: None) == offered == load_pins(named).releases[-1]
    assert not (tmp_path / "toolchains.toml").exists()


def test_a_known_version_is_not_pinned_again(pins: Path, project: Project) -> None:
    assert pin("1.24.11", project, must_not_say).experiments == ("noswissmap", "nosynchashtriemap")
    assert pins.read_bytes() == OURS.read_bytes()


@pytest.mark.parametrize("version", ["go1.27.2", "newest", "", "1.27.2; rm", "--help", "1.27.x"])
def test_what_is_no_version_is_refused_before_anything_is_fetched(pins: Path, project: Project, version: str) -> None:
    with pytest.raises(EnvironmentMissing, match=r"is not a Go version.*1\.27\.2"):
        pin(version, project, must_not_say)
    assert pins.read_bytes() == OURS.read_bytes()


def test_a_version_that_nobody_offers_is_not_pinned(pins: Path, project: Project, mirror: Path) -> None:
    make_wheel(mirror, "1.98.1")
    with pytest.raises(EnvironmentMissing, match=r"Go 1\.98\.0 .* does not offer it\. Of 1\.98 there are: 1\.98\.1\."):
        pin("1.98.0", project, lambda _: None)
    assert pins.read_bytes() == OURS.read_bytes()
