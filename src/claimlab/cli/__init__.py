"""The command line: invoke collections, one module each. Tasks are thin; the work is done elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from invoke.collection import Collection
    from invoke.tasks import Task

    from claimlab.project.project import Project


def namespace(start: Path | str = ".") -> "Collection":
    """All tasks of the project that a file or folder lies in; in a project's tasks.py: ``ns = namespace(__file__)``."""
    from claimlab.project.project import find

    return tasks_of(find(Path(start)))


def tasks_of(project: "Project | None") -> "Collection":
    """Everything that ``claimlab --list`` shows."""
    # All of them take half a second, in which Ctrl-C may come: whoever imports this package waits for none.
    from invoke.collection import Collection

    import claimlab
    from claimlab.cli import (
        cluster,
        compare,
        engines,
        flip,
        images,
        labs,
        look,
        look_running,
        look_stopping,
        new_project,
        record,
        records,
        site,
        toolchains,
        upkeep,
        values,
    )
    from claimlab.cli.speaking import ROOT, remember

    if project:
        remember(project)
    root = Collection()
    root.configure({"claimlab": {ROOT: str(project.root) if project else ""}})
    root.add_collection(labs.collection(project))
    asking = Collection.from_module(look, "look")
    for task in (look_running.run, look_running.bench, look_stopping.stop):
        asking.add_task(task)
    root.add_collection(asking)
    root.add_collection(Collection.from_module(images, "images"))
    root.add_collection(Collection.from_module(toolchains, "toolchains"))
    root.add_collection(Collection.from_module(engines, "engine"))
    root.add_collection(Collection.from_module(cluster, "cluster"))
    recorded = Collection.from_module(record, "record")
    for task in (records.export, records.import_):
        recorded.add_task(task)
    root.add_collection(recorded)
    tasks = [new_project.new, site.docs, site.translations, site.verdicts, compare.compare_, values.values, flip.flip]
    tasks += [upkeep.doctor]
    if project and Path(claimlab.__file__ or "").is_relative_to(project.root):  # claimlab's own checkout
        tasks += [upkeep.test, upkeep.check, upkeep.bench]
    for task in cast("list[Task[Any]]", tasks):
        root.add_task(task)
    return root
