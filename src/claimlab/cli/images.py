"""images.*: the Docker images of the pinned toolchains."""

from typing import Any

from invoke.context import Context
from invoke.tasks import task

from claimlab.benches import host
from claimlab.benches import images as making
from claimlab.benches.docker_engine import DockerEngine
from claimlab.cli.report import counted
from claimlab.cli.speaking import as_typed, or_exit, project_of, say
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.needs import Wanted
from claimlab.toolchains.toolchain import select


@task(iterable=["go"], help={"go": "only these releases, such as 1.24; repeatable"})
@or_exit
def build(c: Context, go: Any = None) -> None:
    """Build what is missing: an image a toolchain, with all that labs need. An unchanged image costs milliseconds.

    claimlab images.build
    claimlab images.build --go 1.27.3
    """
    project = project_of(c)
    engine = DockerEngine(project)
    engine.check()
    ours = Laboratory(project, engine)
    built = dict.fromkeys(tool.built for tool in select(go or (), ours.pins.toolchains))
    wanted = [Wanted(tool, ours.needs) for tool in built]
    with host.share(say=say):
        tags = making.ensure(engine.client, project, wanted, say)
    print("\n".join(tags.values()))


@task(name="list")
@or_exit
def list_images(c: Context) -> None:
    """Show our images with their sizes.

    claimlab images.list
    """
    engine = DockerEngine(project_of(c))
    engine.check()
    found = [(tag, image) for image in making.ours(engine.client) for tag in image["RepoTags"] or ["(untagged)"]]
    width = max((len(tag) for tag, _ in found), default=0)
    for tag, image in found:
        print(f"{tag:{width}} {image['Size'] / 1e6:7.0f} MB  {image['Id'][:19]}")


@task(help={"all": "those of other projects and checkouts on this daemon too"})
@or_exit
def clean(c: Context, all: bool = False) -> None:
    """Remove the images that this project knows of, and nobody else's. The next run builds what it needs.

    claimlab images.clean
    claimlab images.clean --all
    """
    project = project_of(c)
    engine = DockerEngine(project)
    engine.check()
    removed, left = making.clean(engine.client, project, everything=all)
    say(f"{counted(removed, 'image')} removed")
    if left:
        more = "in use" if all else "other projects' or in use; for these too: claimlab images.clean --all"
        say(as_typed(c, f"{counted(left, 'image')} of claimlab stay: {more}"))
