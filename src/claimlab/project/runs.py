"""Whose something is: the name of a run tells whether the process that gave it is still there.

Containers, folders and processes of benches carry it. What a killed run left behind can so be told from what another
run, of anybody on this machine, is using.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

RUN: Final = "CLAIMLAB_RUN"
"""The variable that workers inherit the name in."""
_NAME: Final = re.compile(r"(?P<place>[0-9a-f]{8}-[0-9]+)-(?P<pid>[0-9]+)-(?P<began>[0-9]+)")
_ZOMBIE: Final = "Z"


def current_run() -> str:
    """The name under which this run's containers and processes can be found again."""
    if RUN not in os.environ:
        os.environ[RUN] = name_of(os.getpid())
    return os.environ[RUN]


@contextmanager
def scratch(below: Path) -> Iterator[Path]:
    """A folder that is gone afterwards; should this process be killed, its name tells that nobody uses it."""
    with tempfile.TemporaryDirectory(dir=below, prefix=f"scratch-{current_run()}-") as made:
        yield Path(made)


def name_of(pid: int) -> str:
    """A living process, among all that ever were: where it lives, its number, and when the kernel began it."""
    return f"{_place()}-{pid}-{_began(pid)}"


def run_in(made: str) -> str:
    """The name of the run that made a folder or group called so: a word stands before it, and perhaps more after."""
    return "-".join(made.split("-")[1:5])


def is_dead(name: str) -> bool:
    """The process of that name lived here and lives no more. A name from elsewhere, or from nobody, tells nothing."""
    match = _NAME.fullmatch(name)
    return match is not None and match["place"] == _place() and _has_ended(int(match["pid"]), match["began"])


def is_over(name: str) -> bool:
    """As :func:`is_dead`, of what cannot outlast the machine's start, or lies on its own disk: nothing of a run before
    the last start goes on either."""
    match = _NAME.fullmatch(name)
    return match is not None and (match["place"].partition("-")[0] != _place().partition("-")[0] or is_dead(name))


def _has_ended(pid: int, began: str) -> bool:
    try:
        os.kill(pid, 0)  # knows of every process, where /proc may be mounted so that it hides those of other users
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    seen = _began(pid)
    return bool(seen) and seen != began


def _began(pid: int) -> str:
    """In clock ticks since the machine's start (proc_pid_stat(5), field 22); empty if it cannot be seen, and another
    word than a number if it is a zombie, which does nothing any more."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    return "ended" if fields[0] == _ZOMBIE else fields[19]


@cache
def _place() -> str:
    """The kernel since its start, and the process numbers that are seen here: those of a container are others."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8")
    return f"{boot[:8]}-{Path('/proc/self/ns/pid').stat().st_ino}"
