"""One image is built, and named."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from claimlab.benches import recipe
from claimlab.benches.engine import Say
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project
from claimlab.project.runs import scratch
from claimlab.toolchains.origins import check_space

if TYPE_CHECKING:
    from docker import DockerClient

SPACE_NEEDED_BYTES: Final = 3 * 1024**3
"""For one more image and its build context."""
LABELS: Final = {"claimlab": "image"}
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_DOCKERS_OWN: Final = ("--->", "Removing intermediate container")


def tag_as(client: "DockerClient", image: str, tag: str) -> None:
    """An image has the tag: this one, unless another project was quicker. What that has begun on its own stays true.

    A tag is the hash of all that its image is made of, so either is as good.
    """
    if not ids_of(client, tag):
        repository, version = tag.split(":")
        client.api.tag(image, repository, version)


def ids_of(client: "DockerClient", tag: str) -> list[str]:
    """Of the image with this tag; empty if there is none."""
    return list(client.api.images(name=tag, quiet=True))


def build(
    client: "DockerClient",
    project: Project,
    files: dict[str, bytes],
    trees: dict[str, Path],
    arguments: dict[str, str],
    title: str,
    say: Say,
    *,
    network: str = "none",
) -> str:
    """An image made from the given files; its id."""
    check_space(project.cache, SPACE_NEEDED_BYTES)
    with scratch(project.cache) as folder:
        context = folder / "context.tar"
        recipe.pack_context(context, files, trees)
        said: list[str] = []
        image = failure = ""
        with context.open("rb") as opened, _said_plainly(title):
            say(f"building an image: {title}")
            events = client.api.build(
                fileobj=opened,
                custom_context=True,
                decode=True,
                rm=True,
                forcerm=True,
                buildargs=arguments,
                labels=LABELS,
                network_mode=network,
            )
            for event in events:
                text = _COLOUR.sub("", event.get("stream", "")).strip()
                said += [line for line in text.splitlines() if not line.startswith(_DOCKERS_OWN)]
                image = event.get("aux", {}).get("ID", image)
                failure = event.get("error", failure).strip()  # the stream is read to its end, which closes it
        if failure:
            last = " / ".join(line for line in said[-4:] if line)
            raise _does_not_build(title, f"{failure} ({last})")
        return image


@contextmanager
def _said_plainly(title: str) -> Iterator[None]:
    """A build that the daemon refuses is missing from the environment like one that fails."""
    import docker.errors

    try:
        yield
    except docker.errors.APIError as error:
        raise _does_not_build(title, str(error.explanation)) from None


def _does_not_build(title: str, why: str) -> EnvironmentMissing:
    return EnvironmentMissing(
        f"The image {title} does not build: {why}",
        "Check the daemon's disk and network (docker info), then run: claimlab images.build",
    )
