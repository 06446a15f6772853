"""Which cluster is meant: checked without Dask, before anything is done."""

import re
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Final

from claimlab.cluster.offers import refuse_unless_facts
from claimlab.project.errors import EnvironmentMissing, Refused

_HERE: Final = re.compile(r"local:([1-9]\d*)")
_ADDRESS: Final = re.compile(r"(tcp|tls|ws|wss)://\S+:\d+")


def refuse_unless_cluster(cluster: str, on: Sequence[str]) -> None:
    """They name a cluster and a kind of host, and what it takes is installed; :class:`Refused` or
    :class:`EnvironmentMissing` otherwise."""
    if not cluster:
        if on:
            raise Refused("--on says which host of a cluster is to measure.", "Say --cluster too, or leave it out.")
        return
    if not (_HERE.fullmatch(cluster) or _ADDRESS.fullmatch(cluster)):
        raise Refused(
            f"--cluster {cluster} is no cluster.",
            "Say the scheduler's address, tcp://host:8786 or tls://host:8786, or local:2 to start two workers here.",
        )
    refuse_unless_facts(on)
    refuse_without_dask()


def refuse_without_dask() -> None:
    """Dask is installed; :class:`EnvironmentMissing` otherwise."""
    if find_spec("distributed") is None:
        raise EnvironmentMissing(
            "Trials on many hosts need Dask, which is not installed.", "Run: pip install claimlab[cluster]"
        )


def workers_here(cluster: str) -> int:
    """How many workers are to be started on this machine; 0 if it is somebody else's cluster."""
    here = _HERE.fullmatch(cluster)
    return int(here[1]) if here else 0
