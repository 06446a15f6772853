"""This machine: the facts a measurement depends on, and the lock that gives it away whole."""

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from claimlab.project.locks import locked

_PROCESSORS: Final = Path("/sys/devices/system/cpu")
LOCK: Final = _PROCESSORS if _PROCESSORS.is_dir() else Path("/usr/bin")
"""What is locked (flock(2)): the folder where the kernel shows the processors. It is one and the same for every user,
checkout, TMPDIR and root folder; it is always there, nobody can remove it, and who may only read it can lock it."""


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
def share(lock: Path = LOCK, say: Callable[[str], None] | None = None) -> Iterator[None]:
    """Others may run beside us; who measures time may not. Where that takes waiting, it is said.

    Whoever has it must not ask for it again: one who waits to be alone in between would wait for both, and they for
    him.
    """

    def waiting() -> None:
        if say:
            say("waiting: a trial that measures time has this machine to itself")

    with ExitStack() as held:
        with locked(lock.parent, shared=True, waiting=waiting):
            held.enter_context(locked(lock, shared=True, waiting=waiting))
        yield


@contextmanager
def alone(lock: Path = LOCK) -> Iterator[None]:
    """No trial, no building of images, libraries or pages by claimlab goes on on this machine, whoever started it.

    Not so what claimlab does not know of, nor what killed runs left: see
    :func:`claimlab.benches.leftovers.the_machine_to_oneself`.
    """
    with ExitStack() as held:
        # The folder above is the gate: while one waits at it to be alone, nobody who would share gets past.
        with locked(lock.parent):
            held.enter_context(locked(lock))
        yield
