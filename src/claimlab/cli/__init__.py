"""The command line: invoke collections, one module each. Tasks are thin; the work is done elsewhere."""

from typing import Any, cast

from invoke.collection import Collection
from invoke.tasks import Task

from claimlab.cli import engines, images, labs, site, toolchains, upkeep


def namespace() -> Collection:
    """Everything that `./inv --list` shows."""
    root = Collection()
    root.add_collection(labs.collection())
    root.add_collection(Collection.from_module(images, "images"))
    root.add_collection(Collection.from_module(toolchains, "toolchains"))
    root.add_collection(Collection.from_module(engines, "engine"))
    tasks = (site.docs, site.translations, site.verdicts, upkeep.test, upkeep.check, upkeep.doctor, upkeep.bench)
    for task in cast(tuple[Task[Any], ...], tasks):
        root.add_task(task)
    return root
