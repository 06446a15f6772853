"""What an image's tag depends on, that an image which is there costs nothing, and what is said when one is not."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.bench_fixtures import ALL, NEWEST, ORACLE, pinned, shell, silent, wanted
from tests.ours import OUR, PINS, write_project

from claimlab.benches import building, images, recipe
from claimlab.benches.bench import Bench
from claimlab.benches.docker_engine import DockerEngine
from claimlab.benches.recipe import Tools
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project
from claimlab.toolchains.needs import PLAIN
from claimlab.toolchains.pins import load_pins
from claimlab.toolchains.toolchain import this_platform

if TYPE_CHECKING:
    from docker import DockerClient

pytest_plugins = ["tests.bench_fixtures"]

TOOLS = Tools("recipe", "a1" * 32)
NOTES = recipe.Notes(OUR.cache)


# Which images one change of an input makes anew (each hash by itself: test_recipe.py)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A copy of docker/ that a test may change."""
    return shutil.copytree(recipe.RECIPES, tmp_path / "docker")


def tags(folder: Path, tools: Tools = TOOLS) -> dict[str, str]:
    """What the images are called, by version; and the recipe of the tools."""
    releases = load_pins(folder / "toolchains.toml").releases
    found = {release.version: recipe.release_tag(release, tools, folder) for release in releases}
    layers = {
        "plain": recipe.image_tag(pinned(NEWEST), PLAIN, tools, folder),
        "race": recipe.image_tag(pinned(NEWEST), PLAIN | {"race"}, tools, folder),
    }
    return {"tools": recipe.tools_recipe(folder), **found, **layers}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before | after if before.get(name) != after.get(name)}


def comment(name: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        with (folder / name).open("a") as opened:
            opened.write("# a comment\n")

    return edit


def pins(old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / "toolchains.toml"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))

    return edit


LAYERS = {"plain", "race"}
"""On the newest release."""
EVERY_RELEASE = {release.version for release in PINS.releases}
OLD = pinned("1.23.9").release
ELSEWHERE = next(digest for name, digest in OLD.hashes.items() if name != this_platform())
ADDED = f'    {{ version = "1.27.2", experiments = [], {this_platform()} = "{"5" * 64}" }},\n'


@pytest.mark.parametrize(
    ("edit", "made_anew"),
    [
        pytest.param(comment("Dockerfile"), EVERY_RELEASE | LAYERS, id="Dockerfile"),
        pytest.param(comment("tools.Dockerfile"), {"tools"}, id="tools.Dockerfile"),
        pytest.param(comment("packages"), {"tools"}, id="packages"),
        pytest.param(comment("bootstrap"), {"tools"}, id="bootstrap"),
        pytest.param(comment("notes"), set(), id="a file of no image"),
        pytest.param(comment("toolchains.toml"), set(), id="a comment among the pins"),
        pytest.param(pins(OLD.sha256(), "0" * 64), {"1.23.9"}, id="a wheel"),
        pytest.param(pins(ELSEWHERE, "0" * 64), set(), id="a wheel for another processor"),
        pytest.param(pins('"noswissmap", ', ""), set(), id="an experiment"),
        pytest.param(comment("warm.Dockerfile"), LAYERS, id="warm.Dockerfile"),
        pytest.param(pins("releases = [\n", f"releases = [\n{ADDED}"), {"1.27.2"}, id="an added release"),
    ],
)
def test_one_changed_input_makes_anew_what_depends_on_it(
    inputs: Path, edit: Callable[[Path], None], made_anew: set[str]
) -> None:
    before = tags(inputs)
    edit(inputs)
    assert changed(before, tags(inputs)) == made_anew


def test_tools_that_came_out_differently_make_every_release_anew(inputs: Path) -> None:
    assert changed(tags(inputs), tags(inputs, Tools("recipe", "b2" * 32))) == EVERY_RELEASE | LAYERS
    assert changed(tags(inputs), tags(inputs, Tools("another recipe", TOOLS.identity))) == set()


def test_no_two_images_share_a_tag(inputs: Path) -> None:
    assert len(set(tags(inputs).values())) == 1 + len(EVERY_RELEASE) + len(LAYERS)


# Images that are there


@pytest.fixture(scope="module")
def prepared(docker_engine: DockerEngine) -> "DockerClient":
    """A client whose daemon has the images of the oracles' releases."""
    docker_engine.prepare(map(wanted, ORACLE), silent)
    return docker_engine.client


@pytest.fixture
def elsewhere(tmp_path: Path) -> Project:
    """A project with a cache of its own, in which nothing is known of any image."""
    return write_project(tmp_path, (), cache="cache")


def image_ids(client: "DockerClient") -> dict[str, str]:
    return {tag: str(image["Id"]) for image in images.ours(client) for tag in image["RepoTags"] or ()}


@pytest.mark.docker
def test_images_that_are_there_cost_nothing(prepared: "DockerClient") -> None:
    said: list[str] = []
    before = image_ids(prepared)
    took = []
    for _ in range(3):
        started = time.monotonic()
        found = images.ensure(prepared, OUR, map(wanted, ORACLE), said.append)
        took.append(time.monotonic() - started)
    assert min(took) < 2
    assert said == []
    assert set(found) == set(ORACLE)
    after = image_ids(prepared)
    assert {tag: after[tag] for tag in found.values()} == {tag: before[tag] for tag in found.values()}


@pytest.mark.docker
def test_images_carry_our_label_and_stand_on_the_tools(prepared: "DockerClient") -> None:
    tools = NOTES.tools()
    assert tools is not None
    shared = prepared.images.get(tools.tag)
    layers = shared.attrs["RootFS"]["Layers"]
    assert shared.labels["claimlab"] == "image"
    assert recipe.layers_identity(layers) == tools.identity
    for name in ORACLE:
        release, warm = recipe.release_tag(pinned(name).release, tools), recipe.image_tag(pinned(name), PLAIN, tools)
        below = layers
        for image in map(prepared.images.get, (release, warm)):
            assert image.labels["claimlab"] == "image"
            assert image.attrs["RootFS"]["Layers"][: len(below)] == below
            below = image.attrs["RootFS"]["Layers"]


@pytest.mark.docker
def test_facts_recorded_at_the_build_are_what_the_image_holds(prepared: "DockerClient", container_bench: Bench) -> None:
    tools = NOTES.tools()
    assert tools is not None
    tag = recipe.image_tag(pinned(NEWEST), ALL, tools)
    facts = NOTES.facts(tag)
    assert facts["image"] == prepared.images.get(tag).id
    assert facts["gdb"] == shell(container_bench, "gdb --version").text().splitlines()[0]
    installed = shell(container_bench, "dpkg-query --show").text().splitlines()
    assert facts["packages"] == dict(line.split("\t") for line in installed)
    assert {name.partition(":")[0] for name in facts["packages"]} >= set(recipe.packages())


@pytest.mark.docker
def test_facts_are_read_from_the_image(prepared: "DockerClient") -> None:
    tools = NOTES.tools()
    assert tools is not None
    tag = recipe.image_tag(pinned(NEWEST), PLAIN, tools)
    assert images.facts_of(prepared, tag) == NOTES.facts(tag)


@pytest.mark.docker
def test_facts_of_an_image_that_another_checkout_has_built_since_are_read_again(
    prepared: "DockerClient", elsewhere: Project
) -> None:
    tools = NOTES.tools()
    assert tools is not None
    tag = recipe.image_tag(pinned(NEWEST), PLAIN, tools)
    known, before = NOTES.facts(tag), image_ids(prepared)
    notes = recipe.Notes(elsewhere.cache)
    notes.keep_facts(tag, {**known, "image": f"sha256:{'0' * 64}"})
    said: list[str] = []
    images.ensure_image(prepared, elsewhere, wanted(NEWEST), tools, said.append)
    assert said == []
    assert notes.facts(tag) == known
    assert image_ids(prepared)[tag] == before[tag]


# Images that do not build

TALKS_THEN_FAILS = b"""ARG TOOLS_IMAGE
FROM ${TOOLS_IMAGE}
RUN echo one thing; echo the reason >&2; exit 3
"""


def build(client: "DockerClient", dockerfile: bytes, said: list[str]) -> str:
    tools = NOTES.tools()
    assert tools is not None
    arguments = {"TOOLS_IMAGE": tools.tag}
    return building.build(client, OUR, {"Dockerfile": dockerfile}, {}, arguments, "of a test", said.append)


@pytest.mark.docker
def test_a_step_that_fails_is_said_with_its_last_lines(prepared: "DockerClient") -> None:
    said: list[str] = []
    before = len(prepared.containers.list(all=True, filters={"status": "exited"}))
    with pytest.raises(EnvironmentMissing) as caught:
        build(prepared, TALKS_THEN_FAILS, said)
    message = str(caught.value)
    assert "\n" not in message
    assert re.search(r"image of a test does not build: .*exit 3.*returned a non-zero code: 3", message)
    assert "one thing" in message
    assert "the reason" in message
    assert "\x1b" not in message
    assert "intermediate container" not in message
    assert "claimlab images.build" in message
    assert said == ["building an image: of a test"]
    assert len(prepared.containers.list(all=True, filters={"status": "exited"})) <= before


@pytest.mark.docker
@pytest.mark.parametrize(
    ("dockerfile", "reason"),
    [
        (b"FROM claimlab/no-such-image:0\n", "no-such-image"),
        (b"FRUM scratch\n", "FRUM"),
        (b"", "Dockerfile"),
    ],
)
def test_a_dockerfile_that_cannot_work_is_said(prepared: "DockerClient", dockerfile: bytes, reason: str) -> None:
    with pytest.raises(EnvironmentMissing, match=reason):
        build(prepared, dockerfile, [])


@pytest.mark.docker
def test_builds_reach_no_network_and_leave_no_scratch_files(prepared: "DockerClient") -> None:
    before = set(OUR.cache.iterdir())
    said: list[str] = []
    probe = b"ARG TOOLS_IMAGE\nFROM ${TOOLS_IMAGE}\nRUN ls /sys/class/net | grep -vx lo && exit 9 || exit 8\n"
    with pytest.raises(EnvironmentMissing, match="non-zero code: 8"):
        build(prepared, probe, said)
    assert not {
        path for path in set(OUR.cache.iterdir()) - before if path.is_dir() and path.name.startswith(("tmp", "scratch"))
    }


@pytest.mark.docker
def test_without_mmdebstrap_the_way_to_it_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, docker_engine: DockerEngine
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentMissing, match=r"mmdebstrap.*claimlab engine\.up.*apt-get install mmdebstrap"):
        images.bootstrap_base(docker_engine.client, OUR, silent)
