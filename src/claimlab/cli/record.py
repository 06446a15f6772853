"""record.*: what the record holds; what travels is in :mod:`claimlab.cli.records`."""

from collections.abc import Iterator
from typing import Any

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task
from rich.filesize import decimal

from claimlab.cli.records import SCHEMA
from claimlab.cli.report import counted
from claimlab.cli.speaking import ENGINE_HELP, as_typed, or_exit, print_json, project_of, say
from claimlab.project.errors import EXIT_DIFFERS, Refused
from claimlab.project.project import Project
from claimlab.project.visible import visible
from claimlab.questions.laboratory import laboratory
from claimlab.questions.standing import Standings
from claimlab.trials.lab import not_asked
from claimlab.trials.record import Record
from claimlab.trials.verifying import Filed, What, files_in
from claimlab.verdicts.kept_observations import Kept
from claimlab.verdicts.kept_observations import keep as kept_of
from claimlab.verdicts.pruning import pruning, remove


@task(
    positional=["lab"],
    iterable=["go"],
    help={
        "lab": "the lab's name",
        "go": "only these toolchains, such as 1.24.11; repeatable (default: those that are kept already)",
        "engine": ENGINE_HELP,
    },
)
@or_exit
def keep(c: Context, lab: str, go: Any = None, engine: str = "") -> None:
    """Keep what the record holds of a lab for its tests, in the lab's tests/observations.

    Its judges are tested on them, where there is no bench too. Journals of commands are left out.

    claimlab record.keep gdb-panic --go 1.23.9 --go 1.27.3
    claimlab record.keep gdb-panic
    """
    project = project_of(c)
    ours = laboratory(project, engine)
    folder = next((one for one in ours.labs if one.name == lab), None)
    if folder is None:
        raise Refused(f"There is no lab {lab}.", "claimlab --list shows all there are.")
    already = list(Kept(folder).toolchains)
    if folder.declared.has_axis and not go and not already:
        raise Refused(f"Nothing is kept of {lab} yet.", "Say which toolchains are to be: --go 1.24.11")
    toolchains = ours.toolchains(go or already if folder.declared.has_axis else ())
    trials = ours.trials(folder, toolchains)
    if not trials:
        raise not_asked([folder], toolchains)
    for path in kept_of(trials, ours.record):
        print(project.shown(path))


@task(auto_shortflags=False, help={"json": "print data: an object"})
@or_exit
def verify(c: Context, json: bool = False) -> None:
    """Read every file of the record, and say which is not as it was filed.

    claimlab record.verify
    claimlab record.verify --json | jq .damaged

    Exit codes: 0 all is as it was filed, 1 something is damaged or was set aside, 2 the record cannot be read.
    """
    project = project_of(c)
    found: dict[What, list[Filed]] = {what: [] for what in What}
    for one in files_in(Record(project.record)):
        found[one.what].append(one)
    if json:
        counts = {what.name.lower(): len(found[what]) for what in (What.OBSERVATION, What.BREAKAGE)}
        named = [what for what in What if what.name.lower() not in counts]
        print_json(
            {"schema": SCHEMA, "counts": counts}
            | {
                what.name.lower(): [{"file": str(one.path), "because": one.because} for one in found[what]]
                for what in named
            }
        )
    else:
        print(visible("\n".join(_verified(project, found))))
    if found[What.DAMAGED] or found[What.SET_ASIDE]:
        say(as_typed(c, "Take damaged files away, or measure anew; record.prune removes what was set aside."))
        raise Exit(code=EXIT_DIFFERS)


def _verified(project: Project, found: dict[What, list[Filed]]) -> Iterator[str]:
    for what, files in found.items():
        if what not in (What.OBSERVATION, What.BREAKAGE):
            yield from (f"{what}: {project.shown(one.path)}{one.because and f': {one.because}'}" for one in files)
    size = sum(one.size_bytes for files in found.values() for one in files)
    counts = [counted(len(found[what]), str(what)) for what in (What.OBSERVATION, What.BREAKAGE)]
    yield f"{', '.join(counts)}, {len(found[What.DAMAGED])} damaged; {decimal(size)} in all"


@task(
    auto_shortflags=False,
    help={
        "dry-run": "say what would go, and remove nothing",
        "alone": "no other project uses this record, which lies outside of the project's folder",
        "json": "print data: an object",
    },
)
@or_exit
def prune(c: Context, dry_run: bool = False, alone: bool = False, json: bool = False) -> None:
    """Remove what no trial needs: what is stale or was set aside, what killed runs left, and rulings on those.

    What answers a question of the project stays, on whatever toolchain, engine, host or architecture it was measured,
    and so does what nobody can tell of, as of a lab with a fault. Of other projects it knows nothing.

    claimlab record.prune --dry-run
    claimlab record.prune
    """
    project = project_of(c)
    if not (dry_run or alone or project.record.resolve().is_relative_to(project.root.resolve())):
        raise Refused(
            f"The record {project.record.resolve()} lies outside of this project: others may need what it does not.",
            "record.prune --dry-run says what would go; --alone says that no other project uses it.",
        )
    found = pruning(Record(project.record), Standings(project))
    size = sum(one.size_bytes for one in found.needless)
    if not dry_run:
        remove(found.needless)
    if json:
        listed = {"removed": found.needless, "unknown": found.unknown}
        print_json(
            {"schema": SCHEMA, "dry_run": dry_run, "size_bytes": size}
            | {
                name: [{"file": str(one.path), "size_bytes": one.size_bytes, "because": one.because} for one in some]
                for name, some in listed.items()
            }
        )
        return
    for word, some in (("would go" if dry_run else "removed", found.needless), ("kept", found.unknown)):
        for one in some:
            print(visible(f"{word}: {project.shown(one.path)} ({decimal(one.size_bytes)}): {one.because}"))
    said = "would be removed" if dry_run else "removed"
    print(f"{counted(len(found.needless), 'file')} {said}, {decimal(size)}")
