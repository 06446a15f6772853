"""Lock files of pinned releases."""

import re
from pathlib import Path

import pytest
from tests.ours import PINS, ROOT, TOOLCHAINS, write_project

from claimlab.project.errors import BadData
from claimlab.project.languages import Words
from claimlab.toolchains.pins import OURS, load_pins, pins_of
from claimlab.toolchains.toolchain import NO_AXIS, PLATFORMS, Release, for_all

PINNED = [
    "1.21.13",
    "1.22.10",
    "1.23.9",
    "1.24.11",
    "1.24.11+noswissmap",
    "1.24.11+nosynchashtriemap",
    "1.25.5",
    "1.25.5+noswissmap",
    "1.25.5+nosynchashtriemap",
    "1.26.6",
    "1.27.3",
]
HASH = "a" * 64


def write(path: Path, *rows: str, before: str = "") -> Path:
    path.write_text(f"{before}\nreleases = [{', '.join(f'{{ {row} }}' for row in rows)}]", encoding="utf-8")
    return path


# Our own


def test_the_first_eleven_toolchains_are_pinned_in_order() -> None:
    """Releases that were added since stand between them."""
    names = [toolchain.name for toolchain in TOOLCHAINS]
    assert [name for name in names if name in PINNED] == PINNED
    assert len(set(names)) == len(names)


def test_every_release_is_pinned_for_every_platform() -> None:
    digests = [digest for release in PINS.releases for digest in release.hashes.values()]
    assert all(set(release.hashes) == set(PLATFORMS) for release in PINS.releases)
    assert len(set(digests)) == len(digests)
    assert all(set(digest) <= set("0123456789abcdef") for digest in digests)


def test_what_labs_that_ask_nothing_of_go_run_on_is_the_oldest_release() -> None:
    assert (PINS.bare.name, PINS.bare.release) == (NO_AXIS, PINS.releases[0])


def test_every_variant_says_what_its_build_undoes() -> None:
    assert {tool.name for tool in TOOLCHAINS if tool.undoes} == {tool.name for tool in TOOLCHAINS if tool.variant}
    assert all(set(tool.undoes) == {"en", "zh"} for tool in TOOLCHAINS if tool.undoes)


# Whose


def test_a_project_uses_its_own_pins_where_it_has_any(tmp_path: Path) -> None:
    lent = pins_of(write_project(tmp_path, ()))
    assert lent.toolchains == for_all(load_pins(OURS).toolchains)
    own = write(tmp_path / "toolchains.toml", f'version = "1.30.1", linux_x86_64 = "{HASH}"')
    assert pins_of(write_project(tmp_path, ())).path == own
    named = write(tmp_path / "others.toml", f'version = "1.30.2", linux_x86_64 = "{HASH}"')
    found = pins_of(write_project(tmp_path, (), toolchains="others.toml"))
    assert (found.path, [release.version for release in found.releases]) == (named, ["1.30.2"])


def test_pins_that_the_settings_name_have_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"lost\.toml"):
        pins_of(write_project(tmp_path, (), toolchains="lost.toml"))


def test_claimlabs_own_pins_are_those_of_this_checkout() -> None:
    assert load_pins(OURS).releases == PINS.releases
    assert OURS.samefile(ROOT / "docker" / "toolchains.toml")


# How they are read


def test_order_is_that_of_versions_not_of_text(tmp_path: Path) -> None:
    rows = [f'version = "{version}", linux_x86_64 = "{HASH}"' for version in ("1.24.11", "1.9.1", "1.24.9")]
    pins = load_pins(write(tmp_path / "pins.toml", *rows))
    assert [release.version for release in pins.releases] == ["1.9.1", "1.24.9", "1.24.11"]


def test_a_variant_knows_what_the_pins_say_that_it_undoes(tmp_path: Path) -> None:
    row = f'version = "1.30.1", experiments = ["nofoo", "nobar"], linux_aarch64 = "{HASH}"'
    pins = load_pins(write(tmp_path / "pins.toml", row, before='experiments.nofoo = { fr = "le foo" }'))
    assert [(tool.name, tool.undoes) for tool in pins.toolchains] == [
        ("1.30.1", None),
        ("1.30.1+nobar", None),
        ("1.30.1+nofoo", Words(fr="le foo")),
    ]


def test_a_setting_makes_a_variant_of_the_releases_that_know_it(tmp_path: Path) -> None:
    rows = [f'version = "1.{minor}.1", linux_aarch64 = "{HASH}"' for minor in (28, 29, 30)]
    given = """
        godebug."old=1" = { go = ">=1.29", labs = ["foo"], undoes = { fr = "le vieux" } }
        godebug."cpu.all=off,new=-1" = { go = "==1.28.*", undoes = { fr = "le neuf" } }
    """
    found = load_pins(write(tmp_path / "pins.toml", *rows, before=given)).toolchains
    assert [(tool.name, tool.godebug, tool.experiment) for tool in found] == [
        ("1.28.1", "", ""),
        ("1.28.1+cpu.all=off,new=-1", "cpu.all=off,new=-1", ""),
        ("1.29.1", "", ""),
        ("1.29.1+old=1", "old=1", ""),
        ("1.30.1", "", ""),
        ("1.30.1+old=1", "old=1", ""),
    ]
    assert [(tool.labs, tool.undoes) for tool in found if tool.variant] == [
        (None, Words(fr="le neuf")),
        ({"foo"}, Words(fr="le vieux")),
        ({"foo"}, Words(fr="le vieux")),
    ]
    assert [one.name for one in for_all(found)] == ["1.28.1", "1.28.1+cpu.all=off,new=-1", "1.29.1", "1.30.1"]
    assert {tool.built for tool in found} == {tool for tool in found if not tool.variant}


@pytest.mark.parametrize("name", ["old", "old=", "=1", "old=1 new=1", "old=1,", "Old=1", "old=1+1"])
def test_what_is_no_setting_is_refused(tmp_path: Path, name: str) -> None:
    row = f'version = "1.30.1", linux_aarch64 = "{HASH}"'
    pins = write(tmp_path / "pins.toml", row, before=f'godebug."{name}" = {{ undoes = {{ fr = "le vieux" }} }}')
    with pytest.raises(BadData, match="is no GODEBUG, such as asynctimerchan=1"):
        load_pins(pins)


def test_a_path_is_relative_to_the_pins_and_an_address_is_left_alone(tmp_path: Path) -> None:
    found: list[Release] = []
    for at in ("../go.{platform}.tar.gz", "https://go.test/go.{platform}.tar.gz"):
        row = f'version = "1.30.1", origin = "archive", at = "{at}", linux_x86_64 = "{HASH}"'
        found += load_pins(write(tmp_path / "pins.toml", row)).releases
    assert found == [
        Release("1.30.1", {"linux_x86_64": HASH}, (), "archive", f"{tmp_path}/../go.{{platform}}.tar.gz"),
        Release("1.30.1", {"linux_x86_64": HASH}, (), "archive", "https://go.test/go.{platform}.tar.gz"),
    ]


@pytest.mark.parametrize("row", ['version = "1.30.1"', 'version = "1.30.1", linux_x86_64 = "abc"'])
def test_a_release_without_a_usable_hash_is_refused(tmp_path: Path, row: str) -> None:
    with pytest.raises(BadData, match=r"pins\.toml.*1\.30\.1"):
        load_pins(write(tmp_path / "pins.toml", row))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("releases = []", "no release is pinned"),
        ("release = []", "did you mean releases"),
        ("releases = [", "Unclosed array|Invalid value"),
        (f'releases = [{{ linux_x86_64 = "{HASH}" }}]', "there is no 'version'"),
        (f'releases = [{{ version = "newest", linux_x86_64 = "{HASH}" }}]', "newest"),
        (f'releases = [{{ version = "1.28.dev0", linux_x86_64 = "{HASH}" }}]', "'1.28.dev0' is not a Go version"),
        (
            f'releases = [{{ version = "1.30.1", says = "go1.30.2", linux_x86_64 = "{HASH}" }}]',
            "says is another version",
        ),
        (f'releases = [{{ version = 1.30, linux_x86_64 = "{HASH}" }}]', "version"),
    ],
    ids=["none", "no key", "not TOML", "no version", "no such version", "no release", "two versions", "a number"],
)
def test_bad_pins_are_named_with_their_file(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "pins.toml"
    path.write_text(text)
    with pytest.raises(BadData, match=rf"^{re.escape(str(path))}: .*(?:{reason})"):
        load_pins(path)
