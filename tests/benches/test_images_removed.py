"""Removing images: those that this project knows of, or all of ours, and nobody else's; and tags that stay."""

import io
import json
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.ours import write_project

from claimlab.benches import building, images, recipe
from claimlab.benches.recipe import Tools
from claimlab.project.project import Project

if TYPE_CHECKING:
    from docker import DockerClient

pytest_plugins = ["tests.bench_fixtures"]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Project:
    """A project with a cache of its own, in which nothing is known of any image."""
    return write_project(tmp_path, (), cache="cache")


def import_image(client: "DockerClient", name: str, label: str) -> str:
    """An image of one file that differs by its name; its id."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(f"file-{name.replace(':', '-')}"))
    repository, _, tag = name.partition(":")
    answer = client.api.import_image_from_data(
        packed.getvalue(), repository or None, tag or None, changes=[f"LABEL {label}"] if label else None
    )
    return str(json.loads(answer)["status"])


@pytest.fixture
def theirs(own_client: "DockerClient") -> set[str]:
    """Images that are none of claimlab's."""
    return {
        import_image(own_client, "claimlab/theirs:1", ""),
        import_image(own_client, "somebody/else:1", "claimlab=other"),
    }


@pytest.mark.docker
def test_clean_removes_what_this_project_knows_of_and_says_what_stays(
    own_client: "DockerClient", elsewhere: Project, theirs: set[str]
) -> None:
    notes = recipe.Notes(elsewhere.cache)
    tools = Tools(recipe.tools_recipe(), "f" * 64)
    notes.keep_facts("claimlab/go:1.27.3-0123", {"gdb": "GNU gdb 13.1"})
    notes.keep_tools(tools)
    import_image(own_client, "claimlab/go:1.27.3-0123", "claimlab=image")
    import_image(own_client, tools.tag, "claimlab=image")
    another = import_image(own_client, "claimlab/go:1.27.3-4567", "claimlab=image")
    assert images.clean(own_client, elsewhere) == (2, 1)
    assert {image.id for image in own_client.images.list(all=True)} == {*theirs, another}
    assert notes.tools() is None
    assert notes.facts("claimlab/go:1.27.3-0123") == {}
    assert images.clean(own_client, elsewhere) == (0, 1)


@pytest.mark.docker
def test_clean_of_everything_removes_every_image_of_ours_and_no_other(
    own_client: "DockerClient", elsewhere: Project, theirs: set[str]
) -> None:
    import_image(own_client, "claimlab/go:1", "claimlab=image")
    twice = import_image(own_client, "claimlab/go:2", "claimlab=image")
    own_client.api.tag(twice, "claimlab/go", "3")
    import_image(own_client, "", "claimlab=image")
    elsewhere.cache.mkdir()
    assert images.clean(own_client, elsewhere, everything=True) == (3, 0)
    assert {image.id for image in own_client.images.list(all=True)} == theirs
    assert images.clean(own_client, elsewhere, everything=True) == (0, 0)


@pytest.mark.docker
def test_a_tag_that_another_project_has_given_is_not_moved(own_client: "DockerClient") -> None:
    first = import_image(own_client, "claimlab/go:9", "claimlab=image")
    second = import_image(own_client, "claimlab/go:8", "claimlab=image")
    building.tag_as(own_client, second, "claimlab/go:9")
    assert own_client.images.get("claimlab/go:9").id == first
    building.tag_as(own_client, second, "claimlab/go:7")
    assert own_client.images.get("claimlab/go:7").id == second
