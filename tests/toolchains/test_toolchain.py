"""Toolchains, and how they are selected."""

import platform

import pytest
from tests.ours import TOOLCHAINS, pins_with

from claimlab.project.errors import EnvironmentMissing
from claimlab.toolchains.toolchain import PLATFORMS, Release, Toolchain, select, this_platform

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


def named(selectors: list[str]) -> list[str]:
    return [toolchain.name for toolchain in select(selectors, TOOLCHAINS)]


def test_no_selector_selects_all() -> None:
    assert select([], TOOLCHAINS) == TOOLCHAINS


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        (["1.27.3"], ["1.27.3"]),
        (["1.24.11"], ["1.24.11"]),
        (["1.24.11+noswissmap"], ["1.24.11+noswissmap"]),
        (["1.24"], ["1.24.11", "1.24.11+noswissmap", "1.24.11+nosynchashtriemap"]),
        (["1.21"], ["1.21.13"]),
        (["+noswissmap"], ["1.24.11+noswissmap", "1.25.5+noswissmap"]),
        (["1.27.3", "1.21"], ["1.21.13", "1.27.3"]),
        (["+noswissmap", "1.25.5", "1.25.5"], ["1.24.11+noswissmap", "1.25.5", "1.25.5+noswissmap"]),
        (["1"], PINNED),
    ],
)
def test_select(selectors: list[str], expected: list[str]) -> None:
    assert [name for name in named(selectors) if name in PINNED] == expected


@pytest.mark.parametrize(
    "selector", ["1.2", "1.24.1", "1.24.11+noswiss", "1.99", "+nothing", "+", "", "go1.24.11", "."]
)
def test_a_selector_that_names_nothing_is_an_error_that_names_the_pins(selector: str) -> None:
    with pytest.raises(EnvironmentMissing) as raised:
        named(["1.27.3", selector])
    assert f"--go {selector}" in raised.value.what
    assert all(name in raised.value.remedy for name in PINNED)


def test_a_toolchain_knows_its_release() -> None:
    release = Release("1.24.11", {}, ("noswissmap",))
    plain, variant = pins_with(release).toolchains
    assert (plain.name, variant.name, str(variant)) == ("1.24.11", "1.24.11+noswissmap", "1.24.11+noswissmap")
    assert plain.language == variant.language == "1.24"
    assert plain == Toolchain(release)


def test_the_platform_is_one_that_pins_exist_for() -> None:
    assert this_platform() == f"linux_{platform.machine()}"
    assert this_platform() in PLATFORMS


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        ("x86_64", "linux_x86_64"),
        ("AMD64", "linux_x86_64"),
        ("aarch64", "linux_aarch64"),
        ("arm64", "linux_aarch64"),
    ],
)
def test_the_platform_of_each_processor_name(monkeypatch: pytest.MonkeyPatch, machine: str, expected: str) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert this_platform() == expected
    assert Release("1.30.1", {expected: "a" * 64}).sha256() == "a" * 64


def test_another_processor_is_an_environment_that_misses_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(EnvironmentMissing, match=r"riscv64.*linux_x86_64, linux_aarch64"):
        this_platform()


def test_a_release_without_a_wheel_for_this_machine_is_named() -> None:
    with pytest.raises(EnvironmentMissing, match=r"1\.30\.1"):
        Release("1.30.1", {"linux_riscv64": "a" * 64}).sha256()
