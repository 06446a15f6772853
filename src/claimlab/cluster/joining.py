"""The way from ``--cluster`` to a scheduler: one that is there, or one that is started here with its workers."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import dask
from distributed import Client, Nanny, Scheduler, SpecCluster
from distributed.client import ClosedClientError
from distributed.utils import silence_logging_cmgr

from claimlab.cluster.certificates import refuse_without_certificates
from claimlab.cluster.choice import workers_here
from claimlab.cluster.offers import processors_here
from claimlab.cluster.worker import CONFIG, name_here, options
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project

_ANSWER_S: Final = 10.0
_CLOSE_S: Final = 2.0
LOST: Final = (OSError, TimeoutError, RuntimeError, ValueError, CancelledError, ClosedClientError)
"""What Dask's client raises where its scheduler is gone."""
PATIENCE_S: Final = 60.0
"""So long a scheduler, or a host that can measure what is left, may be gone."""


class Link:
    """The way to a scheduler, which may have to be found again: over TLS, Dask's client does not always do so."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = _client(address)

    @property
    def is_lost(self) -> bool:
        return self.client.status != "running"

    def find_again(self) -> None:
        """There is a client as at the beginning; :class:`EnvironmentMissing` if the scheduler stays away for long."""
        self.close()
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.client = _client(self.address)
                return
            except EnvironmentMissing:
                if time.monotonic() > deadline:
                    raise
                time.sleep(1)

    def close(self) -> None:
        with suppress(OSError, TimeoutError, RuntimeError, ValueError):
            self.client.close(timeout=_CLOSE_S)


@contextmanager
def joined(given: str, project: Project, *, engine: str, processors: int) -> Iterator[Link]:
    """The way to the cluster. What was started here for it ends with the context.

    `engine` and `processors` are for workers that are started here, which share these and the project's cache.
    """
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(CONFIG))
        stack.enter_context(silence_logging_cmgr(logging.CRITICAL))  # what matters of it is told in words
        address = given
        if here := workers_here(given):
            cluster = stack.enter_context(_started(here, project.cache, engine, processors or processors_here()))
            address = cluster.scheduler_address
        refuse_without_certificates(address, "client")
        link = Link(address)
        stack.callback(link.close)
        yield link


def _client(address: str) -> Client:
    try:
        return Client(address, timeout=_ANSWER_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise EnvironmentMissing(
            f"No scheduler answers at {address}: {str(error).partition(chr(10))[0] or type(error).__name__}.",
            "Start one there, claimlab cluster.scheduler, or see to the network and to Dask's settings for TLS.",
        ) from None


def _started(count: int, cache: Path, engine: str, processors: int) -> SpecCluster:
    """A scheduler and so many workers on this machine; the processors are shared out among them."""
    host, each = "127.0.0.1", [processors // count + (number < processors % count) for number in range(count)]
    names = [f"{name_here()}-{number}" for number in range(1, count + 1)]
    quiet = {"host": host, "silence_logs": logging.CRITICAL}
    workers = {
        name: {"cls": Nanny, "options": {**options(cache, name, max(number, 1), engine), **quiet}}
        for name, number in zip(names, each, strict=True)
    }
    scheduler = {"cls": Scheduler, "options": {"host": host, "port": 0, "dashboard": False}}
    return SpecCluster(workers=workers, scheduler=scheduler, silence_logs=logging.CRITICAL)
