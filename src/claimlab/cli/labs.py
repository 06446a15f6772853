"""lab.*: one task for each lab, one for each chapter, one for all; and one that makes a new lab."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final, cast

from invoke.collection import Collection
from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import Task, task

from claimlab.cli import new_lab, run_labs
from claimlab.cli.measuring import measuring_laboratory
from claimlab.cli.speaking import CLUSTER_HELP, ENGINE_HELP, ON_HELP, as_typed, or_exit, project_of
from claimlab.project.errors import Refused
from claimlab.project.languages import Words
from claimlab.project.project import Project
from claimlab.questions.labs import all_labs
from claimlab.trials.lab import LabFolder

HELP: Final = {
    "go": "only these toolchains: 1.24.11, 1.24 (with variants), 1.24.11+noswissmap, +noswissmap; repeatable",
    "engine": ENGINE_HELP,
    "plain": "leave out variants of releases, such as +noswissmap",
    "fresh": "measure again what is recorded",
    "expect": "write what was measured into `expected` of what came out otherwise, after showing it: that ends with 0",
    "workers": "trials at a time (default: one a processor)",
    "cluster": CLUSTER_HELP,
    "on": ON_HELP,
}
EXAMPLES: Final = """
    Measures what the record lacks, in parallel, then prints the verdicts and compares them with what is expected.

    claimlab {name}
    claimlab {name} --go 1.24 --go 1.27.3
    claimlab {name} --go 1.24.11+noswissmap --engine local --fresh
    claimlab {name} --plain
    claimlab {name} --expect
    claimlab {name} --cluster tcp://lab:8786 --on cpu=EPYC

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
  claimlab lab.{name} --go 1.27
Then put your question into it:
  1. {folder}/main.go and lab.py: look at what the claim speaks of
  2. {folder}/judges.py: say what follows from what was seen
  3. {claims}: the sentence, and what you expect
Then run it on every toolchain with --expect, which writes down what is to be expected from now on."""


def collection(project: Project | None) -> Collection:
    """A task for each lab, each chapter and, where there are several, each article; and one for all of them."""
    found = all_labs(project) if project else []
    tasks = Collection("lab")
    for lab in found:
        tasks.add_task(_task(lab.name, f"It cannot be used: {lab.fault}" if lab.fault else lab.question, [lab]))
    articles = project.articles if project else []
    keys = Counter(chapter.key for article in articles for chapter in article.chapters)
    for article in articles:
        inside = [lab for lab in found if lab.article == article]
        if len(articles) > 1 and inside:
            tasks.add_task(_task(f"{article.name}-all", f"All labs of the article {_sentence(article.title)}", inside))
        for chapter in article.chapters if len(article.chapters) > 1 else ():
            if here := [lab for lab in inside if lab.chapter == chapter]:
                name = f"chapter-{chapter.key}"
                question = f"All labs of chapter {chapter.key}: {_sentence(chapter.title)}"
                # Without its article where there is no doubt.
                tasks.add_task(_task(name if keys[chapter.key] == 1 else f"{article.name}-{name}", question, here))
    tasks.add_task(_task("all", "All labs there are.", found))
    tasks.add_task(cast("Task[Any]", new))
    return tasks


def _sentence(title: Words) -> str:
    return title.first if title.first.endswith("?") else f"{title.first}."


@task(
    positional=["name"],
    auto_shortflags=False,
    help={
        "name": "the lab's name: small letters and digits, with hyphens between words",
        "chapter": "the chapter whose claims it judges; with its article where there is doubt (maps:2)",
        "claim": "the claim it judges, of the chapter or new (default: a new one, in the chapter's last section)",
    },
)
@or_exit
def new(c: Context, name: str, chapter: str = "", claim: str = "") -> None:
    """Make a new lab: a folder with a program, what observes it and a judge, all of which work at once.

    Until you have put your question into it, its verdict is inconclusive.

    claimlab lab.new map-growth --chapter 2
    claimlab lab.new map-growth --chapter 2 --claim 2.4-z

    docs/write-a-lab.md goes the whole way, from here to the verdict on a page.
    """
    project = project_of(c)
    drafted = new_lab.draft(project, name, chapter, claim)
    for path in new_lab.write(drafted):
        print(f"{project.shown(path):60} {MADE[path.name]}")
    words = NEXT.format(name=name, folder=project.shown(drafted.folder), claims=project.shown(drafted.claims))
    print(as_typed(c, words))


def _task(name: str, question: str, labs: list[LabFolder]) -> Task[Callable[..., None]]:
    @or_exit
    def body(
        c: Context,
        go: Any = None,
        engine: str = "",
        plain: bool = False,
        fresh: bool = False,
        expect: bool = False,
        workers: int = 0,
        cluster: str = "",
        on: Any = None,
    ) -> None:
        if workers < 0:
            raise Refused(f"{workers} trials at a time cannot be run.", "Leave --workers out, or say 1 or more.")
        ours = measuring_laboratory(project_of(c), engine, cluster, on)
        code = run_labs.run(ours, labs, go=go or (), plain=plain, fresh=fresh, workers=workers, expected=expect)
        if code:
            raise Exit(code=code)

    body.__doc__ = f"{question}\n{EXAMPLES.format(name=f'lab.{name}')}"
    return Task(body, name=name, help=HELP, iterable=["go", "on"])
