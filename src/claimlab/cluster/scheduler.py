"""Dask's scheduler, for a command of its own."""

import asyncio
from collections.abc import Callable

from distributed import Scheduler

from claimlab.cluster.certificates import refuse_without_certificates
from claimlab.cluster.ending import asked_to_end
from claimlab.running import signals


def serve(host: str, port: int, protocol: str, say: Callable[[str], None]) -> None:
    """Heads and workers find each other at this address until a signal ends it.

    Raises :class:`claimlab.running.signals.Ended`.
    """
    refuse_without_certificates(protocol, "scheduler")
    raise signals.Ended(asyncio.run(_serve(host, port, protocol, say)))


async def _serve(host: str, port: int, protocol: str, say: Callable[[str], None]) -> int:
    asked = asked_to_end()
    async with Scheduler(host=host or None, port=port, protocol=protocol, dashboard=False) as scheduler:
        say(f"scheduler at {scheduler.address}")
        say(f"  on each host:  claimlab cluster.worker {scheduler.address}")
        say(f"  and then:      claimlab lab.all --cluster {scheduler.address}")
        return await asked
