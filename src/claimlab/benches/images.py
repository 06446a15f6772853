"""Images exist: looked up by tag when nothing changed, built when something did."""

import contextlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimlab.benches import recipe
from claimlab.benches.container import LABEL
from claimlab.benches.execs import lost_daemon
from claimlab.benches.recipe import Tools
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.locks import locked
from claimlab.project.project import Project
from claimlab.project.runs import current_run
from claimlab.toolchains.flags import warm_script
from claimlab.toolchains.origins import check_space
from claimlab.toolchains.origins import ensure as ensure_toolchain
from claimlab.toolchains.toolchain import Release

if TYPE_CHECKING:
    from docker import DockerClient

Say = Callable[[str], None]
SPACE_NEEDED_BYTES = 3 * 1024**3
"""For one more image and its build context."""
LEAST_FREE_BYTES = 500 * 1024**2
"""With less, also containers of images that are there already run into trouble."""
_LABELS = {"claimlab": "image"}
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_DOCKERS_OWN = ("--->", "Removing intermediate container")


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
def ensure(client: "DockerClient", project: Project, releases: Iterable[Release], say: Say) -> dict[str, str]:
    """Every release has its image; the tags by name. An unchanged image costs one look-up."""
    project.cache.mkdir(parents=True, exist_ok=True)
    store = Path(client.info()["DockerRootDir"])
    if store.is_dir():  # the daemon may be another machine's, or hide its folder
        check_space(store, LEAST_FREE_BYTES)
    with locked(project.cache):
        tools = ensure_tools(client, project, say)
        return {release.name: ensure_release(client, project, release, tools, say) for release in releases}


def ensure_tools(client: "DockerClient", project: Project, say: Say) -> Tools:
    notes = recipe.Notes(project.cache)
    known = notes.tools()
    if known and _ids(client, known.tag):
        return known
    check_space(project.cache, SPACE_NEEDED_BYTES)
    pulled = pull_base(client, say)
    base = pulled or bootstrap_base(client, project, say)
    files = {"Dockerfile": (recipe.RECIPES / "tools.Dockerfile").read_bytes()}
    arguments = {"BASE_IMAGE": base, "PACKAGES": " ".join(recipe.packages())}
    # A base made here has all packages already, and needs no network to become the tools image.
    image = _build(client, project, files, {}, arguments, "tools", say, network="default" if pulled else "none")
    layers = client.images.get(image).attrs["RootFS"]["Layers"]
    tools = Tools(recipe.tools_recipe(), recipe.layers_identity(layers))
    _name(client, image, tools.tag)
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
    with _scratch(project) as scratch, (scratch / "base.tar").open("wb") as archive:
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
    labels = [f"LABEL {key}={value}" for key, value in _LABELS.items()]
    said = client.api.import_image_from_file(archive, changes=labels)
    # Named afterwards: podman's socket calls whatever it imports `latest`.
    _name(client, json.loads(said)["status"], tag)


def ensure_release(client: "DockerClient", project: Project, release: Release, tools: Tools, say: Say) -> str:
    """An image that another checkout has built under this tag is as good, but its facts are not known here yet."""
    tag = recipe.release_tag(release, tools)
    present = _ids(client, tag)
    if not present:
        goroot = ensure_toolchain(release, project, say, looked="contents")
        check_space(project.cache, SPACE_NEEDED_BYTES)
        files = {"Dockerfile": (recipe.RECIPES / "Dockerfile").read_bytes(), "warm": warm_script(release).encode()}
        image = _build(client, project, files, {"go": goroot}, {"TOOLS_IMAGE": tools.tag}, f"Go {release.name}", say)
        _name(client, image, tag)
    notes = recipe.Notes(project.cache)
    if notes.facts(tag).get("image") not in present:
        notes.keep_facts(tag, facts_of(client, tag))
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


def _name(client: "DockerClient", image: str, tag: str) -> None:
    """An image has the tag: this one, unless another project was quicker. What that has begun on its own stays true.

    A tag is the hash of all that its image is made of, so either is as good.
    """
    if not _ids(client, tag):
        repository, version = tag.split(":")
        client.api.tag(image, repository, version)


def _ids(client: "DockerClient", tag: str) -> list[str]:
    """Of the image with this tag; empty if there is none."""
    return list(client.api.images(name=tag, quiet=True))


@contextmanager
def _scratch(project: Project) -> Iterator[Path]:
    """A folder that is gone afterwards; should this process be killed, its name tells that nobody uses it."""
    with tempfile.TemporaryDirectory(dir=project.cache, prefix=f"scratch-{current_run()}-") as scratch:
        yield Path(scratch)


def _build(
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
    """An image made from the given files; its id. Each step of the build is said as it starts."""
    with _scratch(project) as scratch:
        context = scratch / "context.tar"
        recipe.pack_context(context, files, trees)
        said: list[str] = []
        image = failure = ""
        with context.open("rb") as opened, _said_plainly(title):
            events = client.api.build(
                fileobj=opened,
                custom_context=True,
                decode=True,
                rm=True,
                forcerm=True,
                buildargs=arguments,
                labels=_LABELS,
                network_mode=network,
            )
            for event in events:
                text = _COLOUR.sub("", event.get("stream", "")).strip()
                said += [line for line in text.splitlines() if not line.startswith(_DOCKERS_OWN)]
                if text.startswith("Step "):
                    say(f"image {title}: {text[:70]}")
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
