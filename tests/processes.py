"""Processes of this machine, which may end while they are looked at."""

from collections.abc import Callable, Iterable

import psutil

from claimlab.benches.place import MARK


def those(processes: Iterable[psutil.Process], that: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    """The processes of which it holds; none of them has ended meanwhile, or is not ours to look at."""
    found = []
    for process in processes:
        try:
            found += [process] if that(process) else []
        except psutil.Error:
            continue
    return found


def below(pid: int) -> list[psutil.Process]:
    """All that a process has started, and what those have; none if it has ended."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def running(command: list[str]) -> list[psutil.Process]:
    """All processes of this command line."""
    return those(psutil.process_iter(), lambda one: one.cmdline() == command)


def processes_of(run: str) -> list[psutil.Process]:
    """The living processes on benches of the run."""
    return those(psutil.process_iter(), lambda one: one.environ().get(MARK) == run)


def is_gone(process: psutil.Process | int) -> bool:
    """It does not run, even if nobody has asked for its exit code yet."""
    try:
        seen = psutil.Process(process) if isinstance(process, int) else process
        return not seen.is_running() or seen.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
