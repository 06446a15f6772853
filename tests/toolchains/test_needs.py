"""What is compiled beforehand: the scripts that do it, and the sets of it."""

import re
import subprocess

import pytest
from tests.ours import TOOLCHAINS

from claimlab.toolchains.flags import FLAG_SETS, Flags
from claimlab.toolchains.needs import (
    IN_ORDER,
    PLAIN,
    TESTING,
    WARM_PACKAGES,
    Need,
    Wanted,
    in_order,
    warm_script,
    wider,
)
from claimlab.toolchains.toolchain import Release, Toolchain

EXPERIMENTS = ("", "noswissmap")
TOOL = Toolchain(Release("1.24.11", {}, ("noswissmap",)))
VARIANT = Toolchain(TOOL.release, "noswissmap")


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("flags", FLAG_SETS)
def test_a_set_of_flags_is_compiled_with_one_experiment_and_nothing_else(flags: Flags, experiment: str) -> None:
    (build,) = [line for line in warm_script(experiment, flags).splitlines() if '/go"' in line]
    options, env = FLAG_SETS[flags]
    assert f" build {' '.join(options)} " in build
    assert all(f"{name}={value}" in build.split() for name, value in env.items())
    assert set(WARM_PACKAGES) <= set(build.split())
    assert re.findall(r"GOEXPERIMENT=(\w*)", build) == ([experiment] if experiment else [])


def test_what_tests_stand_on_is_compiled_apart_and_with_the_same_flags() -> None:
    plain, testing = (warm_script("", need).splitlines()[-1].partition(" build ") for need in ("plain", "testing"))
    assert plain[0] == testing[0]
    assert testing[2].split()[-2:] == [*TESTING]
    assert testing[2].split()[:-2] == plain[2].split()[: -len(WARM_PACKAGES)]


def test_the_disassembler_is_built_and_not_run() -> None:
    assert warm_script("", "objdump").splitlines()[-1] == '"$GOROOT/bin/go" tool -n objdump > /dev/null'


@pytest.mark.parametrize("need", IN_ORDER)
@pytest.mark.parametrize("experiment", sorted({tool.experiment for tool in TOOLCHAINS}))
def test_it_is_a_script_that_reaches_nothing_and_stops_at_the_first_failure(experiment: str, need: Need) -> None:
    script = warm_script(experiment, need)
    assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0
    assert script.startswith("set -eu\n")
    assert "GOTOOLCHAIN=local GOPROXY=off GOFLAGS= GOENV=off" in script


def test_needs_have_one_order_and_every_wider_set_comes_after_the_narrower() -> None:
    assert in_order(frozenset({"objdump", "plain", "arm64"})) == ["plain", "arm64", "objdump"]
    found = wider(PLAIN)
    assert len(found) == len({*found}) == 16
    assert found[0] == PLAIN
    assert [len(needs) for needs in found] == sorted(len(needs) for needs in found)
    assert wider(frozenset(IN_ORDER)) == [frozenset(IN_ORDER)]


def test_people_are_told_what_is_compiled_with_what() -> None:
    assert Wanted(TOOL).told("plain") == "the standard library of Go 1.24.11"
    assert Wanted(VARIANT).told("race") == (
        "the standard library with the race detector of Go 1.24.11, built with noswissmap"
    )
