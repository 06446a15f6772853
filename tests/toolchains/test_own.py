"""One's own Go: from a folder, known by what is in it; or from an archive."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bench_fixtures import NEWEST, newest, silent
from tests.ours import OUR
from tests.small_toolchain import TIP, pack, small_goroot
from tests.wheel_mirror import left_in, must_not_say

from claimlab.project.errors import BadData, EnvironmentMissing, Refused
from claimlab.project.project import Project
from claimlab.toolchains.origins import ensure, sha256_of, tree_of
from claimlab.toolchains.own import add_folder, is_own, own_releases
from claimlab.toolchains.pinning import pin_archive, unpin
from claimlab.toolchains.pins import OURS, load_pins, pins_of
from claimlab.toolchains.removing import remove_folder, remove_pin
from claimlab.toolchains.toolchain import Release, Toolchain, select

pytest_plugins = ["tests.wheel_mirror"]


@pytest.fixture
def goroot(tmp_path: Path) -> Path:
    """A small Go of one's own."""
    return small_goroot(tmp_path / "src of mine" / "go", TIP)


def add(goroot: Path, project: Project, name: str = "tip") -> Release:
    return add_folder(goroot, name, pins_of(project).releases, project)


def now(project: Project) -> str:
    """The hash that the only one is known by."""
    (release,) = own_releases(project)
    return release.sha256()


def test_a_folder_is_a_toolchain_that_says_itself_what_it_is(apart: Project, goroot: Path) -> None:
    release = add(goroot, apart)
    assert (release.name, release.version, release.said, release.says.commit) == ("tip", "1.28.dev0", TIP, "0123456789")
    pins = pins_of(apart)
    assert pins.toolchains[-1] == Toolchain(release)
    assert pins.bare.release == load_pins(OURS).releases[0]
    assert select(["tip"], pins.toolchains) == [Toolchain(release)]
    assert [tool.name for tool in select(["1"], pins.toolchains)] == [tool.name for tool in pins.toolchains[:-1]]
    assert apart.pins is None


def test_a_real_go_is_known_by_its_files_and_runs_from_its_copy(apart: Project, tmp_path: Path) -> None:
    real = ensure(newest(), OUR, silent)
    folder = tmp_path / "real"
    shutil.copytree(real, folder, ignore=shutil.ignore_patterns("src", "test", "api"), symlinks=True)
    release = add(folder, apart, "mine")
    assert (release.version, release.said) == (NEWEST, f"go{NEWEST}")
    copied = ensure(release, apart, silent)
    assert (copied / "VERSION").read_bytes() == (real / "VERSION").read_bytes()
    assert (copied / "bin" / "gofmt").stat().st_mode & stat.S_IXOTH


EDITS: dict[str, Callable[[Path], object]] = {
    "a constant": lambda root: (root / "src/runtime/stack.go").write_text("package runtime\n\nconst stackMin = 4096\n"),
    "a new file": lambda root: (root / "src/runtime/more.go").write_text("package runtime\n"),
    "a file less": lambda root: (root / "src/runtime/stack.go").unlink(),
    "another name": lambda root: (root / "src/runtime/stack.go").rename(root / "src/runtime/stacks.go"),
    "a program more": lambda root: (root / "src/runtime/stack.go").chmod(0o755),
    "a link": lambda root: (root / "src/runtime/link.go").symlink_to("stack.go"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_makes_it_another_one_and_the_same_again_is_the_same(
    apart: Project, goroot: Path, tmp_path: Path, edit: Callable[[Path], object]
) -> None:
    shutil.copytree(goroot, tmp_path / "before")
    before = add(goroot, apart).sha256()
    edit(goroot)
    assert now(apart) != before
    shutil.rmtree(goroot)
    shutil.copytree(tmp_path / "before", goroot)
    assert now(apart) == before


IRRELEVANT: dict[str, Callable[[Path], object]] = {
    "times": lambda root: os.utime(root / "src/runtime/stack.go", (1, 1)),
    "who may write": lambda root: (root / "src/runtime/stack.go").chmod(0o600),
    "a commit": lambda root: shutil.copytree(root / "src", root / ".git"),
    "make.bash": lambda root: shutil.copytree(root / "src", root / "pkg/obj"),
}


@pytest.mark.parametrize("change", IRRELEVANT.values(), ids=IRRELEVANT)
def test_what_is_no_part_of_it_changes_nothing(apart: Project, goroot: Path, change: Callable[[Path], object]) -> None:
    release = add(goroot, apart)
    change(goroot)
    assert now(apart) == release.sha256()
    assert sorted(path.name for path in ensure(release, apart, silent).iterdir() if path.name != "pkg") == [
        "bin",
        "src",
    ]


def test_another_go_in_the_folder_is_asked_anew(apart: Project, goroot: Path) -> None:
    add(goroot, apart)
    (goroot / "bin" / "go").write_text((goroot / "bin" / "go").read_text().replace("1.28-devel", "1.29-devel"))
    (release,) = own_releases(apart)
    assert (release.version, Toolchain(release).language) == ("1.29.dev0", "1.29")


def test_what_is_measured_is_a_copy_that_an_edit_does_not_reach(apart: Project, goroot: Path) -> None:
    os.umask(os.umask(0o077))
    (goroot / "src/runtime/stack.go").chmod(0o600)
    release = add(goroot, apart)
    said: list[str] = []
    copied = ensure(release, apart, said.append)
    assert said == [f"copying Go tip from {goroot}"]
    assert stat.S_IMODE((copied / "src/runtime/stack.go").stat().st_mode) == 0o444
    EDITS["a constant"](goroot)
    assert ensure(release, apart, must_not_say, looked="contents") == copied
    assert "2048" in (copied / "src/runtime/stack.go").read_text()


def test_an_edit_between_the_plan_and_the_copy_is_refused(apart: Project, goroot: Path) -> None:
    release = add(goroot, apart)
    EDITS["a constant"](goroot)
    with pytest.raises(EnvironmentMissing, match="changed while it was copied"):
        ensure(release, apart, silent)
    assert left_in(apart.cache / "toolchains") == []


def test_a_folder_that_is_no_go_any_more_is_said_with_what_to_do(apart: Project, goroot: Path) -> None:
    add(goroot, apart)
    (goroot / "bin" / "go").unlink()
    with pytest.raises(EnvironmentMissing, match=r"there is no .*/bin/go\. Build it .* toolchains\.remove tip"):
        pins_of(apart)
    assert remove_folder("tip", apart)
    assert pins_of(apart).releases == load_pins(OURS).releases


def test_a_link_out_of_the_folder_is_no_whole_go(apart: Project, goroot: Path, tmp_path: Path) -> None:
    (goroot / "pkg").symlink_to(tmp_path)
    with pytest.raises(EnvironmentMissing, match=r"is a link out of the folder.*cp -rL"):
        add(goroot, apart)
    assert own_releases(apart) == ()


@pytest.mark.parametrize("name", ["", "Tip", "1.28", "tip+x", "../x", "a b", "-", "x" * 41])
def test_a_name_is_one_word(apart: Project, goroot: Path, name: str) -> None:
    with pytest.raises(Refused, match="is no name for a toolchain"):
        add(goroot, apart, name)
    assert not is_own(name, apart)


def test_a_name_is_given_once(apart: Project, goroot: Path) -> None:
    add(goroot, apart)
    with pytest.raises(Refused, match="There is a toolchain tip already"):
        add(goroot, apart)


def test_a_note_that_is_damaged_is_named(apart: Project, goroot: Path) -> None:
    add(goroot, apart)
    (apart.cache / "own" / "tip.json").write_text("{")
    with pytest.raises(BadData, match=r"tip\.json.*Take it away"):
        pins_of(apart)


def test_removing_takes_every_copy_and_leaves_the_folder_and_others(
    apart: Project, goroot: Path, tmp_path: Path
) -> None:
    other = add(small_goroot(tmp_path / "two", f"{TIP} X:simd"), apart, "tip-two")
    kept = ensure(other, apart, silent)
    for _ in range(2):
        release = add(goroot, apart) if not is_own("tip", apart) else own_releases(apart)[-1]
        ensure(release, apart, silent)
        EDITS["a constant"](goroot)
    told = remove_folder("tip", apart)
    assert told[0].endswith(f"its folder is left as it is: {goroot}")
    assert len(told) == 3
    assert (goroot / "bin" / "go").is_file()
    assert left_in(apart.cache / "toolchains") == [kept.parent.name]
    assert own_releases(apart) == (other,)


def test_who_edits_all_day_has_two_copies_of_it(apart: Project, goroot: Path) -> None:
    add(goroot, apart)
    copies = []
    for number in range(4):
        (goroot / "src/runtime/stack.go").write_text(f"package runtime\n\nconst stackMin = {number}\n")
        copies.append(ensure(own_releases(apart)[0], apart, silent).parent.name)
    assert left_in(apart.cache / "toolchains") == sorted(copies[-2:])


# Archives


def test_an_archive_is_asked_and_pinned_beside_a_copy_of_claimlabs_pins(apart: Project, tmp_path: Path) -> None:
    archive = pack(small_goroot(tmp_path / "rc", "go1.30rc1"), tmp_path / "go1.30rc1.linux-amd64.tar.gz")
    release = pin_archive(str(archive), "", apart, silent)
    assert (release.name, release.version, release.origin) == ("1.30rc1", "1.30rc1", "archive")
    assert release.sha256() == sha256_of(archive)
    assert 'at = "../go1.30rc1.linux-amd64.tar.gz"' in (apart.root / "toolchains.toml").read_text()
    assert pins_of(apart).releases == (*load_pins(OURS).releases, release)
    assert (ensure(release, apart, silent) / "bin" / "go").is_file()


def test_an_archive_of_what_is_no_release_needs_a_name(apart: Project, goroot: Path, tmp_path: Path) -> None:
    archive = pack(goroot, tmp_path / "tip.tar.gz")
    with pytest.raises(Refused, match=r"it says that it is go1\.28-devel_.* --name tip"):
        pin_archive(str(archive), "", apart, silent)
    assert apart.pins is None
    release = pin_archive(str(archive), "tip", apart, silent)
    assert (release.name, release.version, release.said) == ("tip", "1.28.dev0", TIP)
    assert pins_of(apart).releases[-1] == release
    assert pins_of(apart).bare.release.version == load_pins(OURS).releases[0].version
    with pytest.raises(Refused, match="There is a toolchain tip already"):
        pin_archive(str(archive), "tip", apart, silent)
    told = remove_pin("tip", apart, silent)
    assert told == ["removed the line of Go tip from toolchains.toml; what was measured on it stays in the record"]
    assert (apart.root / "toolchains.toml").read_text() == OURS.read_text()


def test_an_archive_that_is_none_is_said(apart: Project, tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_text("no archive")
    for place in ("x.tar.gz", "lost.tar.gz"):
        with pytest.raises(EnvironmentMissing, match=rf"{place}.* (cannot be unpacked|could not be fetched)"):
            pin_archive(str(tmp_path / place), "", apart, silent)
    assert apart.pins is None


# Removing pins


def test_a_removed_pin_is_one_line_less_in_a_copy_of_claimlabs_pins(apart: Project) -> None:
    said: list[str] = []
    assert unpin("1.23.9", apart, said.append).version == "1.23.9"
    assert said == ["this project has pins of its own now: toolchains.toml"]
    before, after = OURS.read_text().splitlines(), (apart.root / "toolchains.toml").read_text().splitlines()
    assert after == [line for line in before if '"1.23.9"' not in line]
    assert [one.version for one in pins_of(apart).releases] == [
        one.version for one in load_pins(OURS).releases if one.version != "1.23.9"
    ]


def test_what_is_unpacked_of_a_removed_pin_is_left_and_named(apart: Project) -> None:
    home = tree_of(newest(), apart).path.parent
    home.mkdir(parents=True)
    assert remove_pin(NEWEST, apart, silent)[1:] == [f"left, since other projects may use it: {home}"]


def test_the_last_release_and_what_is_not_pinned_stay(apart: Project) -> None:
    with pytest.raises(Refused, match=r"No toolchain is called 1\.24\. There are: 1\.21\.13, "):
        unpin("1.24", apart, must_not_say)
    assert apart.pins is None
    for release in load_pins(OURS).releases[1:]:
        unpin(release.version, apart, silent)
    with pytest.raises(Refused, match="is the only release that is pinned"):
        unpin(load_pins(OURS).releases[0].version, apart, silent)
