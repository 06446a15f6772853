"""record.*: what the record holds."""

from typing import Any

from invoke.context import Context
from invoke.tasks import task

from claimlab.cli.speaking import ENGINE_HELP, or_exit, project_of
from claimlab.project.errors import Refused
from claimlab.questions.laboratory import laboratory
from claimlab.verdicts.kept_observations import Kept
from claimlab.verdicts.kept_observations import keep as kept_of


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
    trials = ours.trials(folder, ours.toolchains(go or already if folder.declared.has_axis else ()))
    for path in kept_of(trials, ours.record):
        print(project.shown(path))
