"""What becomes of a trial whose task has ended at the scheduler without an answer."""

from collections import deque
from collections.abc import Callable
from pathlib import Path

from distributed import Client, LocalCluster
from rich.console import Console

from claimlab.benches.engine import Engine
from claimlab.cluster.carrying import Carrier
from claimlab.cluster.hosts import Hosts
from claimlab.cluster.joining import Link
from claimlab.cluster.run import Run
from claimlab.running.display import Display
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Record
from claimlab.trials.trial import Trial


def test_an_answer_that_went_with_its_worker_is_asked_for_again(
    make_lab: Callable[..., LabFolder], make_engine: Callable[..., Engine], toolchains: list[Toolchain], tmp_path: Path
) -> None:
    """The scheduler takes such a task for one that has yet to run, when its head has already heard that it is over."""
    trial = Trial(make_lab(), toolchains[0], make_engine())
    with (
        LocalCluster(n_workers=0, processes=False, dashboard_address=None) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        display, link = Display(Console(), 1), Link(cluster.scheduler_address)
        hosts, carrier = Hosts(link, [trial], (), print), Carrier(link, trial.lab.project)
        run = Run(link, hosts, display, Record(tmp_path / "record"), b"", 0, deque(), carrier, None)
        nobody_runs_it = client.submit(len, "", pure=False)
        assert nobody_runs_it.status == "pending"
        run._landed(trial, nobody_runs_it)
        link.close()
    assert list(run.waiting) == [trial]
    assert not display.finished
