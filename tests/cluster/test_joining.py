"""Workers that a head starts for itself."""

import os
from pathlib import Path

import dask
import psutil
from tests.bench_fixtures import eventually

from claimlab.cluster.joining import joined
from claimlab.cluster.worker import project_of


def test_a_worker_that_is_killed_comes_back_however_long_it_takes(tmp_path: Path) -> None:
    """Dask gives one up that is away so long after it was lost: one of a busy machine, killed again and again, is."""
    away = dask.config.set({"distributed.deploy.lost-worker-timeout": "100 ms"})
    with away, joined("local:1", project_of(tmp_path), engine="local", processors=1) as link:

        def addresses() -> set[str]:
            return set(link.client.scheduler_info()["workers"])

        before = addresses()
        (worker,) = link.client.run(os.getpid).values()
        psutil.Process(worker).kill()
        assert eventually(lambda: not addresses() & before, 20)
        assert eventually(lambda: bool(addresses()), 20)
