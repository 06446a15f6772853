"""Images with what is compiled: what they are called, how they stand on each other, which of them a bench opens on."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from tests.bench_fixtures import ALL, NEWEST, pinned, wanted
from tests.ours import OUR, write_project
from tests.wheel_mirror import must_not_say

from claimlab.benches import recipe
from claimlab.benches.docker_engine import DockerEngine
from claimlab.benches.recipe import Notes, Tools, image_tag, images_for, release_tag
from claimlab.project.locks import locked
from claimlab.toolchains.needs import IN_ORDER, PLAIN, Needs, wider
from claimlab.toolchains.toolchain import PLATFORMS, Release, Toolchain

pytest_plugins = ["tests.bench_fixtures"]

RELEASE = Release("1.24.11", dict.fromkeys(PLATFORMS, "a" * 64), ("noswissmap",))
TOOLS = Tools("recipe", "0123456789abcdef0123456789abcdef")
NOTES = Notes(OUR.cache)


@pytest.fixture
def docker(tmp_path: Path) -> Path:
    """A copy of docker/ that a test may change."""
    return shutil.copytree(recipe.RECIPES, tmp_path / "docker")


def test_a_tag_names_what_is_compiled_on_which_release(docker: Path) -> None:
    tool = Toolchain(RELEASE, "noswissmap")
    tag = image_tag(tool, frozenset({"objdump", "race", "plain"}), TOOLS, docker)
    assert re.fullmatch(rf"{release_tag(RELEASE, TOOLS, docker)}-noswissmap\.plain\.race\.objdump-[0-9a-f]{{16}}", tag)
    assert tag.startswith("claimlab/go:1.24.11-")
    plain = image_tag(Toolchain(RELEASE), PLAIN, TOOLS, docker)
    assert re.fullmatch(rf"{release_tag(RELEASE, TOOLS, docker)}-plain-[0-9a-f]{{16}}", plain)


def test_every_set_of_needs_and_every_experiment_has_a_tag_of_its_own(docker: Path) -> None:
    tools = [Toolchain(RELEASE), *(Toolchain(RELEASE, one) for one in ("a,b", "a.b", "a_b", "x" * 300))]
    tags = {image_tag(tool, needs, TOOLS, docker) for tool in tools for needs in wider(PLAIN)}
    assert len(tags) == len(tools) * 16
    assert all(re.fullmatch(r"claimlab/go:\w[\w.-]{0,127}", tag, re.ASCII) for tag in tags)


def test_a_recipe_that_changes_gives_what_is_compiled_another_tag_and_the_release_none(docker: Path) -> None:
    tool = Toolchain(RELEASE)
    before = image_tag(tool, PLAIN, TOOLS, docker), release_tag(RELEASE, TOOLS, docker)
    with (docker / "warm.Dockerfile").open("a") as opened:
        opened.write("# a comment\n")
    after = image_tag(tool, PLAIN, TOOLS, docker), release_tag(RELEASE, TOOLS, docker)
    assert (before[0] != after[0], before[1] == after[1]) == (True, True)


def test_a_bench_may_open_on_any_image_that_has_at_least_what_it_needs() -> None:
    tool = Toolchain(RELEASE)
    tags = images_for(tool, PLAIN | {"testing", "race"}, TOOLS)
    assert [re.sub(r".*-(plain.*)-.*", r"\1", tag) for tag in tags] == [
        f"plain.testing.race{more}" for more in ("", ".arm64", ".objdump", ".arm64.objdump")
    ]


def test_of_several_images_the_first_that_is_known_is_taken(tmp_path: Path) -> None:
    notes, tags = Notes(tmp_path), images_for(Toolchain(RELEASE), PLAIN, TOOLS)
    assert notes.first(tags) == ""
    for tag in tags[:0:-1]:
        notes.keep_facts(tag, {"gdb": "GNU gdb 13.1"})
        assert notes.first(tags) == tag
    notes.drop(tags[1])
    assert notes.first(tags) == tags[2]
    assert notes.tags() == {*tags[2:]}


# Images with more and more compiled


@pytest.mark.docker
def test_what_is_compiled_lies_in_layers_and_all_tags_are_known(docker_engine: DockerEngine) -> None:
    tools = NOTES.tools()
    assert tools is not None
    steps = [frozenset(IN_ORDER[:count]) for count in range(1, len(IN_ORDER) + 1)]
    tags = [
        recipe.release_tag(pinned(NEWEST).release, tools),
        *(recipe.image_tag(pinned(NEWEST), one, tools) for one in steps),
    ]
    layers = [docker_engine.client.images.get(tag).attrs["RootFS"]["Layers"] for tag in tags]
    for below, above in pairwise(layers):
        assert above[: len(below)] == below
        assert len(above) > len(below)
    for needs in steps:
        docker_engine.prepare([wanted(NEWEST, needs)], must_not_say)  # another checkout may have made them
    assert {*tags[1:]} <= NOTES.tags()  # so images.clean removes them all


@pytest.mark.docker
def test_who_makes_one_image_does_not_wait_for_who_makes_another(docker_engine: DockerEngine) -> None:
    """Only who removes images waits for both."""
    with locked(OUR.cache, shared=True), NOTES.alone_with("claimlab/go:1.99.0-0123456789abcdef"):
        docker_engine.prepare([wanted(NEWEST, ALL)], must_not_say)


@pytest.mark.docker
def test_a_bench_opens_on_an_image_that_has_more_if_none_has_just_that(
    docker_engine: DockerEngine, tmp_path: Path
) -> None:
    """What is known here of an image that is gone is forgotten."""
    tools = NOTES.tools()
    assert tools is not None
    needs: Needs = PLAIN | {"arm64", "objdump"}  # which no lab has, so nobody has made just that
    gone = recipe.image_tag(pinned(NEWEST), needs, tools)
    elsewhere = write_project(tmp_path, (), cache="cache")
    elsewhere.cache.mkdir()
    there = recipe.Notes(elsewhere.cache)
    there.keep_tools(tools)
    there.keep_facts(gone, {"image": f"sha256:{'0' * 64}", "gdb": "GNU gdb"})
    engine = DockerEngine(elsewhere)
    assert engine.image(pinned(NEWEST), needs) == gone
    said: list[str] = []
    engine.prepare([wanted(NEWEST, needs)], said.append)
    wider = recipe.image_tag(pinned(NEWEST), ALL, tools)
    assert (said, engine.image(pinned(NEWEST), needs)) == ([], wider)
    with engine.open(pinned(NEWEST), 60, needs):
        there.keep_facts(gone, {"image": "made by another meanwhile", "gdb": "GNU gdb"})
        assert engine.facts(pinned(NEWEST), needs)["image"] == docker_engine.client.images.get(wider).id
    engine.close()
