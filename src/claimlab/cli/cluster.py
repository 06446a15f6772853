"""cluster.*: a scheduler, and workers on other hosts, for ``--cluster``."""

from pathlib import Path
from typing import Final

from invoke.context import Context
from invoke.tasks import task

from claimlab.cli.speaking import or_exit, say
from claimlab.cluster.choice import refuse_unless_cluster, refuse_without_dask
from claimlab.cluster.offers import ENGINES, processors_here
from claimlab.project.errors import Refused
from claimlab.project.files import users_cache

PROTOCOLS: Final = ("tcp", "tls")


@task(
    positional=["address"],
    auto_shortflags=False,
    help={
        "address": "the scheduler's: tcp://lab:8786, or tls://lab:8786 with Dask's own settings for TLS",
        "engine": "docker or local: only this one (default: every one that works here)",
        "nthreads": "trials at a time (default: one a processor)",
        "name": "what this host is called; no two workers of a cluster have the same (default: the host's name)",
        "cache": "the folder for toolchains and what is compiled (default: claimlab/worker in the user's cache folder)",
    },
)
@or_exit
def worker(c: Context, address: str, engine: str = "", nthreads: int = 0, name: str = "", cache: str = "") -> None:
    """Measure trials on this host for whoever asks the scheduler, until it is ended.

    It needs no project: what is to be measured comes along. It needs the claimlab, Python and packages of the one who
    asks, and what its engine needs: claimlab doctor says whether that is there.

    claimlab cluster.worker tcp://lab:8786
    claimlab cluster.worker tls://lab:8786 --engine docker --nthreads 8 --name big

    Exit codes: 130 or 143 when a signal ended it, 2 the environment is missing something.
    """
    refuse_unless_cluster(address, ())
    if address.startswith("local:"):
        raise Refused(f"{address} is no scheduler's address.", "Workers that are started here end with their command.")
    if nthreads < 0:
        raise Refused(f"{nthreads} trials at a time cannot be run.", "Leave --nthreads out, or say 1 or more.")
    if engine not in ("", *ENGINES):
        raise Refused(f"A worker cannot be told to have the engine {engine}.", f"Say {' or '.join(ENGINES)}.")
    from claimlab.cluster import worker as workers

    folder = Path(cache) if cache else users_cache() / "worker"
    how = workers.options(folder.resolve(), name or workers.name_here(), nthreads or processors_here(), engine)
    workers.serve(address, how, say)


@task(
    auto_shortflags=False,
    help={
        "host": "the address to listen at (default: every one)",
        "port": "the port (default: 8786)",
        "protocol": "tcp, or tls with Dask's own settings",
    },
)
@or_exit
def scheduler(c: Context, host: str = "", port: int = 8786, protocol: str = "tcp") -> None:
    """Start Dask's scheduler, where workers and those who ask find each other, until it is ended.

    Whoever reaches it can run anything on its workers: let nobody else reach it, or use TLS.

    claimlab cluster.scheduler
    claimlab cluster.scheduler --host 10.0.0.5 --protocol tls

    Exit codes: 130 or 143 when a signal ended it, 2 the environment is missing something.
    """
    refuse_without_dask()
    if protocol not in PROTOCOLS:
        raise Refused(f"There is no protocol {protocol}.", f"Say {' or '.join(PROTOCOLS)}.")
    from claimlab.cluster import scheduler as schedulers

    schedulers.serve(host, port, protocol, say)
