"""Images exist: looked up by tag when nothing changed, built when something did."""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimlab.benches import recipe
from claimlab.benches.building import LABELS, SPACE_NEEDED_BYTES, build, ids_of, tag_as
from claimlab.benches.container import LABEL
from claimlab.benches.engine import Say
from claimlab.benches.execs import lost_daemon
from claimlab.benches.recipe import Tools
from claimlab.benches.side_by_side import side_by_side
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.locks import locked
from claimlab.project.project import Project
from claimlab.project.runs import current_run, scratch
from claimlab.toolchains.needs import Wanted, in_order, warm_script
from claimlab.toolchains.origins import check_space
from claimlab.toolchains.origins import ensure as ensure_toolchain
from claimlab.toolchains.toolchain import Release

if TYPE_CHECKING:
    from docker import DockerClient

LEAST_FREE_BYTES = 500 * 1024**2
"""With less, also containers of images that are there already run into trouble."""


@contextmanager
def _asked() -> Iterator[None]:
    """The daemon has done what it was asked for; :class:`EnvironmentMissing` if it refuses, or does not answer."""
    import docker.errors  # docker costs a quarter of a second to import
    import requests
    import urllib3.exceptions

    try:
        yield
    except docker.errors.DockerException as error:  # podman's socket, for one, refuses what it cannot do on a machine
        raise EnvironmentMissing(
            f"The Docker daemon could not do it: {getattr(error, 'explanation', None) or error}.",
            "See what is amiss with it (docker info, and its log), or use --engine local.",
        ) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise lost_daemon(type(error).__name__) from None


@_asked()
def ensure(client: "DockerClient", project: Project, wanted: Iterable[Wanted], say: Say) -> dict[str, str]:
    """Every toolchain has an image with all that it is to have compiled, and perhaps more; the tags by name. One that
    is there costs a look-up."""
    project.cache.mkdir(parents=True, exist_ok=True)
    store = Path(client.info()["DockerRootDir"])
    if store.is_dir():  # the daemon may be another machine's, or hide its folder
        check_space(store, LEAST_FREE_BYTES)
    with _tools(client, project, say) as tools:
        return side_by_side(
            {one.toolchain.name: partial(ensure_image, client, project, one, tools, say) for one in wanted}
        )


@contextmanager
def _tools(client: "DockerClient", project: Project, say: Say) -> Iterator[Tools]:
    """The tools, which nobody removes meanwhile; others may stand images on them too."""
    while True:
        with locked(project.cache, shared=True):
            known = recipe.Notes(project.cache).tools()
            if known and ids_of(client, known.tag):
                yield known
                return
        with locked(project.cache):
            ensure_tools(client, project, say)


def ensure_tools(client: "DockerClient", project: Project, say: Say) -> Tools:
    notes = recipe.Notes(project.cache)
    known = notes.tools()
    if known and ids_of(client, known.tag):
        return known
    check_space(project.cache, SPACE_NEEDED_BYTES)
    pulled = pull_base(client, say)
    base = pulled or bootstrap_base(client, project, say)
    files = {"Dockerfile": (recipe.RECIPES / "tools.Dockerfile").read_bytes()}
    arguments = {"BASE_IMAGE": base, "PACKAGES": " ".join(recipe.packages())}
    # A base made here has all packages already, and needs no network to become the tools image.
    image = build(client, project, files, {}, arguments, "tools", say, network="default" if pulled else "none")
    layers = client.images.get(image).attrs["RootFS"]["Layers"]
    tools = Tools(recipe.tools_recipe(), recipe.layers_identity(layers))
    tag_as(client, image, tools.tag)
    notes.keep_tools(tools)
    return tools


def pull_base(client: "DockerClient", say: Say) -> str:
    """The registry's Debian, or nothing where no registry answers."""
    import docker.errors  # see above

    repository, tag = recipe.REGISTRY_BASE
    try:
        say(f"asking the registry for {repository}:{tag}")
        client.images.pull(repository, tag=tag)
    except docker.errors.APIError:
        return ""
    return f"{repository}:{tag}"


def bootstrap_base(client: "DockerClient", project: Project, say: Say) -> str:
    """A Debian base made from Debian's packages."""
    if shutil.which("mmdebstrap") is None:
        raise EnvironmentMissing(
            "No image registry answers, and mmdebstrap, which makes a base image without one, is not installed.",
            "Run: claimlab engine.up   (or: apt-get install mmdebstrap)",
        )
    say("no registry answers: making a base image from Debian's packages (half a minute)")
    tag = f"{recipe.REPOSITORY}/base:{recipe.tools_recipe()[:16]}"
    with scratch(project.cache) as folder, (folder / "base.tar").open("wb") as archive:
        done = subprocess.run(
            [recipe.RECIPES / "bootstrap"],
            stdout=archive,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
        if done.returncode != 0:
            last = " / ".join(done.stderr.strip().splitlines()[-3:])
            raise EnvironmentMissing(
                f"docker/bootstrap failed: {last}",
                "Check the network and apt's mirror: apt-get update must work.",
            )
        import_base(client, archive.name, tag)
    return tag


def import_base(client: "DockerClient", archive: str, tag: str) -> None:
    """An image of what is in the archive has the tag."""
    labels = [f"LABEL {key}={value}" for key, value in LABELS.items()]
    said = client.api.import_image_from_file(archive, changes=labels)
    # Named afterwards: podman's socket calls whatever it imports `latest`.
    tag_as(client, json.loads(said)["status"], tag)


def ensure_image(client: "DockerClient", project: Project, wanted: Wanted, tools: Tools, say: Say) -> str:
    """The tag of the smallest image that is there with all that is wanted; if none is, it is made with just that."""
    notes = recipe.Notes(project.cache)
    for tag in recipe.images_for(wanted.toolchain, wanted.needs, tools):
        if ids_of(client, tag):
            return _noted(client, project, tag, wanted.toolchain.release, tools)
        if notes.facts(tag):
            with notes.alone_with(tag):
                if not ids_of(client, tag):
                    notes.drop(tag)
    return _layered(client, project, wanted, tools, say)


def _layered(client: "DockerClient", project: Project, wanted: Wanted, tools: Tools, say: Say) -> str:
    """The tag of the image that has just what is wanted: it stands on the one without the last of that."""
    *others, last = in_order(wanted.needs)
    toolchain = wanted.toolchain
    tag = recipe.image_tag(toolchain, wanted.needs, tools)
    with recipe.Notes(project.cache).alone_with(tag):
        if not ids_of(client, tag):
            below = (
                _layered(client, project, Wanted(toolchain, frozenset(others)), tools, say)
                if others
                else ensure_release(client, project, toolchain.release, tools, say)
            )
            say(f"compiling {wanted.told(last)}, for an image")
            files = {
                "Dockerfile": (recipe.RECIPES / "warm.Dockerfile").read_bytes(),
                "warm": warm_script(toolchain.experiment, last).encode(),
            }
            title = f"Go {toolchain.name} ({last})"
            image = build(client, project, files, {}, {"BASE_IMAGE": below}, title, lambda _: None)
            tag_as(client, image, tag)
        return _noted(client, project, tag, toolchain.release, tools)


def ensure_release(client: "DockerClient", project: Project, release: Release, tools: Tools, say: Say) -> str:
    """The tag of the image that has the release and nothing compiled."""
    tag = recipe.release_tag(release, tools)
    with recipe.Notes(project.cache).alone_with(tag):
        if not ids_of(client, tag):
            goroot = ensure_toolchain(release, project, say, looked="contents")
            files = {"Dockerfile": (recipe.RECIPES / "Dockerfile").read_bytes()}
            on = {"TOOLS_IMAGE": tools.tag}
            image = build(client, project, files, {"go": goroot}, on, f"Go {release.name}", say)
            tag_as(client, image, tag)
        return _noted(client, project, tag, release, tools)


def _noted(client: "DockerClient", project: Project, tag: str, release: Release, tools: Tools) -> str:
    """The tag, of whose image the facts are known: one that another checkout has built is as good, but its facts are
    not known here yet. Images of a release differ in nothing but what is compiled."""
    notes = recipe.Notes(project.cache)
    present = ids_of(client, tag)
    if notes.facts(tag).get("image") not in present:
        known = notes.facts(recipe.release_tag(release, tools))
        notes.keep_facts(tag, {**known, "image": present[0]} if known else facts_of(client, tag))
    return tag


def facts_of(client: "DockerClient", tag: str) -> dict[str, Any]:
    """What there is in an image: its id, gdb's version, every package with its version."""
    command = ["sh", "-c", "cat /opt/claimlab/gdb /opt/claimlab/packages"]
    labels = {"claimlab": "bench", LABEL: current_run()}  # should this process be killed, it is found by them
    said = client.containers.run(tag, command, remove=True, network_mode="none", labels=labels)
    lines = said.decode().splitlines()
    return {
        "image": client.images.get(tag).id,
        "gdb": lines[0],
        "packages": dict(line.split("\t", 1) for line in lines[1:]),
    }


@_asked()
def releases(client: "DockerClient") -> set[str]:
    """Those that the daemon has images of, whoever made them."""
    tags = [tag for image in client.api.images(name=recipe.GO) for tag in image["RepoTags"] or ()]
    return {tag.rpartition(":")[2].partition("-")[0] for tag in tags}


@_asked()
def ours(client: "DockerClient") -> list[dict[str, Any]]:
    """Our images, newest first."""
    return list(client.api.images(filters={"label": "claimlab=image"}))


@_asked()
def clean(client: "DockerClient", project: Project, *, everything: bool = False) -> tuple[int, int]:
    """The images that this project knows of are gone, or `everything` of claimlab's; how many, and how many of ours
    stay.

    Another project may have made those, and be using them; what a container runs from stays in any case. Nobody else's
    image is touched.
    """
    notes = recipe.Notes(project.cache)
    before = ours(client)
    with locked(project.cache):
        for image in before:
            # An image without a tag is listed as <none>:<none> up to Engine 24, and with no tag after.
            tags = [tag for tag in image["RepoTags"] or () if tag != "<none>:<none>"]
            if everything:
                _remove(client, tags or [image["Id"]])
            else:
                _remove(client, [tag for tag in tags if tag in notes.tags()])
        notes.forget()
    left = len({image["Id"] for image in ours(client)} & {image["Id"] for image in before})
    return len(before) - left, left


def _remove(client: "DockerClient", names: Iterable[str]) -> None:
    """They are gone, but for what is in use: without force the daemon refuses to take that away."""
    import docker.errors

    for name in names:
        with contextlib.suppress(docker.errors.ImageNotFound, docker.errors.APIError):
            client.api.remove_image(name)
