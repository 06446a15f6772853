"""lab.*: one task for each lab, one for each chapter, and one for all."""

from collections.abc import Callable
from typing import Any, Final

from invoke.collection import Collection
from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import Task

from claimlab import campaign
from claimlab.claim import load_chapters
from claimlab.lab import LabFolder, find_labs

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


def collection() -> Collection:
    found = find_labs()
    tasks = Collection("lab")
    for lab in found:
        tasks.add_task(_task(lab.name, lab.question, [lab]))
    for chapter in load_chapters():
        if inside := [lab for lab in found if lab.chapter_folder == chapter.folder]:
            question = f"All labs of chapter {chapter.number}: {chapter.title.en}."
            tasks.add_task(_task(f"chapter-{chapter.number}", question, inside))
    tasks.add_task(_task("all", "All labs there are.", found))
    return tasks


def _task(name: str, question: str, labs: list[LabFolder]) -> Task[Callable[..., None]]:
    def body(c: Context, go: Any = None, engine: str = "auto", fresh: bool = False, workers: int = 0) -> None:
        code = campaign.run(labs, go=go or (), engine_name=engine, fresh=fresh, workers=workers)
        if code:
            raise Exit(code=code)

    body.__doc__ = f"{question}\n{EXAMPLES.format(name=f'lab.{name}')}"
    return Task(body, name=name, help=HELP, iterable=["go"])
