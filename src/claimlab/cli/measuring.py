"""What the record lacks is measured; where it lacks nothing, that costs next to nothing."""

from collections.abc import Sequence

from rich.console import Console

from claimlab.cluster.choice import refuse_unless_cluster
from claimlab.project.project import Project
from claimlab.questions.laboratory import Laboratory, laboratory
from claimlab.trials.elsewhere import where
from claimlab.trials.record import Record
from claimlab.trials.trial import Trial


def measure_missing(
    ours: Laboratory,
    trials: Sequence[Trial],
    console: Console,
    *,
    fresh: bool = False,
    workers: int = 0,
    quiet: bool = False,
) -> dict[str, str] | None:
    """The trials that are not recorded, with `fresh` all, have been tried: see
    :func:`claimlab.running.session.measure`, whose answer this is. None if there were none."""
    is_recorded = _by_some_host if ours.cluster else _here
    missing = [trial for trial in trials if fresh or not is_recorded(trial, ours.record)]
    if not missing:
        return None
    if ours.cluster:
        return _on_cluster(ours, missing, console, workers=workers, quiet=quiet)
    from claimlab.running.session import measure  # pytest is slow to import and seldom needed

    return measure(ours.project, missing, fresh=fresh, workers=workers, console=console, quiet=quiet)


def _here(trial: Trial, record: Record) -> bool:
    return trial.recorded(record) is not None


def _by_some_host(trial: Trial, record: Record) -> bool:
    """It was measured on this host or on another; in containers, on images that stand on the tools of today."""
    found = trial.answer(record)
    if found is None or trial.engine.name != "docker":
        return found is not None
    there, here = where(found.inputs), where(trial.inputs)
    return all(there.get(name) == place for name, place in here.items() if place and name.startswith("place"))


def _on_cluster(
    ours: Laboratory, missing: Sequence[Trial], console: Console, *, workers: int, quiet: bool
) -> dict[str, str]:
    from claimlab.cluster.head import measure  # who needs no cluster needs no Dask

    return measure(
        ours.project, missing, cluster=ours.cluster, on=ours.on, workers=workers, console=console, quiet=quiet
    )


def measuring_laboratory(project: Project, engine: str, cluster: str, on: Sequence[str] | None) -> Laboratory:
    """The laboratory that a command measures in: see :data:`claimlab.cli.speaking.CLUSTER_HELP`."""
    refuse_unless_cluster(cluster, on or ())
    return laboratory(project, engine, cluster, on or ())
