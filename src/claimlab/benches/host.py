"""This machine: the facts a measurement depends on, and the lock that gives it away whole."""

import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from filelock import ReadWriteLock

LOCK: Final = Path(tempfile.gettempdir()) / f"claimlab-{os.getuid()}.lock"
"""One a user and machine, whatever the checkout: a second checkout would disturb a timing just as well."""


@cache
def host_facts() -> dict[str, str]:
    """Kernel, processor and core count: what a timing is only valid for."""
    return {
        "kernel": platform.release(),
        "machine": platform.machine(),
        "cpu": cpu_model(),
        "cores": str(len(os.sched_getaffinity(0))),
    }


def cpu_model() -> str:
    """The processor's name as /proc/cpuinfo gives it (proc(5)); ARM kernels give only numbers."""
    found: dict[str, str] = {}
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        found.setdefault(name.strip(), value.strip())
    return found.get("model name") or f"implementer {found.get('CPU implementer')} part {found.get('CPU part')}"


@contextmanager
def share(lock: Path = LOCK) -> Iterator[None]:
    """Others may run beside us; who measures time may not."""
    with ReadWriteLock(lock).read_lock():
        yield


@contextmanager
def alone(lock: Path = LOCK) -> Iterator[None]:
    """Nothing else of claimlab runs on this machine, in any process."""
    with ReadWriteLock(lock).write_lock():
        yield
