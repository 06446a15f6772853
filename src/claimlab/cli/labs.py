"""lab.*: one task for each lab, one for each chapter, one for all; and one that makes a new lab."""

from collections.abc import Callable
from typing import Any, Final, cast

from invoke.collection import Collection
from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import Task, task

from claimlab.cli import new_lab as scaffold
from claimlab.cli import run_labs
from claimlab.cli.speaking import or_exit
from claimlab.project.claim import load_chapters
from claimlab.project.errors import Refused
from claimlab.trials.lab import LabFolder, find_labs

HELP: Final = {
    "go": "only these toolchains: 1.24.11, 1.24 (with variants), 1.24.11+noswissmap, +noswissmap; repeatable",
    "engine": "docker, local or auto (docker where a daemon answers)",
    "fresh": "measure again what is recorded",
    "workers": "trials at a time (default: one a processor)",
}
EXAMPLES: Final = """
    Measures what the record lacks, in parallel, then prints the verdicts and compares them with what is expected.

    ./inv {name}
    ./inv {name} --go 1.24 --go 1.27.3
    ./inv {name} --go 1.24.11+noswissmap --engine local --fresh

    Exit codes: 0 as expected, 1 an outcome differs or a lab is broken, 2 the environment is missing something.
"""

MADE: Final = {
    "lab.py": "the question, and what is observed",
    "judges.py": "what follows, with its control",
    "main.go": "the program",
    "claims.toml": "has a row for the claim",
}
NEXT: Final = """
It works, and decides nothing yet:
  ./inv lab.{name} --go 1.27
Then put your question into it:
  1. {folder}/main.go and lab.py: look at what the claim speaks of
  2. {folder}/judges.py: say what follows from what was seen
  3. {claims}: the sentence, in both languages, and what you expect
docs/write-a-lab.md does so with an example."""


def collection() -> Collection:
    found = find_labs()
    tasks = Collection("lab")
    for lab in found:
        tasks.add_task(_task(lab.name, lab.question, [lab]))
    for chapter in load_chapters():
        if inside := [lab for lab in found if lab.chapter_folder == chapter.folder]:
            end = "" if chapter.title.en.endswith("?") else "."
            question = f"All labs of chapter {chapter.number}: {chapter.title.en}{end}"
            tasks.add_task(_task(f"chapter-{chapter.number}", question, inside))
    tasks.add_task(_task("all", "All labs there are.", found))
    tasks.add_task(cast("Task[Any]", new))
    return tasks


@task(
    positional=["name"],
    auto_shortflags=False,
    help={
        "name": "the lab's name: small letters and digits, with hyphens between words",
        "chapter": "the number of the chapter whose claims it judges",
        "claim": "the claim it judges, of the chapter or new (default: a new one, in the chapter's last section)",
    },
)
@or_exit
def new(c: Context, name: str, chapter: str = "", claim: str = "") -> None:
    """Make a new lab: a folder with a program, what observes it and a judge, all of which work at once.

    Until you have put your question into it, its verdict is inconclusive.

    ./inv lab.new map-growth --chapter 2
    ./inv lab.new map-growth --chapter 2 --claim 2.4-z

    docs/write-a-lab.md goes the whole way, from here to the verdict on a page.
    """
    drafted = scaffold.draft(name, chapter, claim)
    for path in scaffold.write(drafted):
        print(f"{scaffold.shown(path):60} {MADE[path.name]}")
    print(NEXT.format(name=name, folder=scaffold.shown(drafted.folder), claims=scaffold.shown(drafted.claims)))


def _task(name: str, question: str, labs: list[LabFolder]) -> Task[Callable[..., None]]:
    @or_exit
    def body(c: Context, go: Any = None, engine: str = "auto", fresh: bool = False, workers: int = 0) -> None:
        if workers < 0:
            raise Refused(f"{workers} trials at a time cannot be run.", "Leave --workers out, or say 1 or more.")
        code = run_labs.run(labs, go=go or (), engine_name=engine, fresh=fresh, workers=workers)
        if code:
            raise Exit(code=code)

    body.__doc__ = f"{question}\n{EXAMPLES.format(name=f'lab.{name}')}"
    return Task(body, name=name, help=HELP, iterable=["go"])
