"""The head: it has trials measured on the hosts of a cluster, and their observations filed in its own record."""

from collections import deque
from collections.abc import Sequence

from rich.console import Console

from claimlab.cluster.carrying import Carrier
from claimlab.cluster.choice import workers_here
from claimlab.cluster.hosts import Hosts
from claimlab.cluster.joining import joined
from claimlab.cluster.parcel import packed
from claimlab.cluster.run import Run
from claimlab.project.project import Project
from claimlab.running.display import Display
from claimlab.running.preparing import in_turn
from claimlab.trials.record import Record
from claimlab.trials.trial import Trial


def measure(
    project: Project,
    trials: Sequence[Trial],
    *,
    cluster: str,
    on: Sequence[str] = (),
    workers: int = 0,
    console: Console,
    quiet: bool = False,
) -> dict[str, str]:
    """As :func:`claimlab.running.session.measure`, on the hosts of a cluster: see
    :func:`claimlab.cluster.joining.joined`. At most `workers` trials are under way at a time, if it is not 0.

    A trial that a host cannot measure is tried on others, and is broken if none of so many can
    (:data:`claimlab.cluster.losses.ELSEWHERE`); so it is with one whose workers are killed again and again
    (:data:`claimlab.cluster.losses.KILLS`).
    """
    record = Record(project.record)
    record.check()
    parcel = packed(trials)
    display = Display(console, len(trials), quiet=quiet)
    at_a_time = workers or project.settings.limits.workers
    limit = 0 if workers_here(cluster) else at_a_time  # workers that are started here have no more processors
    with joined(cluster, project, engine=trials[0].engine.name, processors=at_a_time) as link:
        hosts = Hosts(link, trials, on, display.said)
        hosts.refuse_unless_fit()
        if on and not any(one.lab.declared.depends_on_host for one in trials):
            display.said("--on has no say here: what these trials see does not depend on the host")
        carrier = Carrier(link, project)
        tools = carrier.agreed(hosts.addresses(trials[0])) if trials[0].engine.name == "docker" else None
        run = Run(link, hosts, display, record, parcel, limit, deque(in_turn(trials, lambda one: one)), carrier, tools)
        display.start()
        try:
            run.go()
        finally:
            display.stop()
            if struck := run.losses.struck.total():
                console.print(f"workers that were killed, or left, while they measured: {struck}", style="dim")
    return display.lacking(trial.name for trial in trials)
