"""Signals that ask for the end: each works as Ctrl-C does, once, so that what is under way is cleaned up in peace."""

import contextlib
import ctypes
import os
import signal
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Final

ALL: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, somebody's `kill`, and a terminal that was closed."""
PATIENCE: Final = 2
"""So many times may the end be asked for; who asks once more gets it at once, and the next command cleans up."""
_STDERR: Final = 2
_PR_SET_PDEATHSIG: Final = 1
"""Of prctl(2), from include/uapi/linux/prctl.h."""


class Ended(KeyboardInterrupt):
    """A signal asked this process to end. Whatever handles Ctrl-C handles it."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = exit_code(number)


@dataclass
class Asked:
    """Whether the end has been asked for."""

    patience: float = PATIENCE
    exit_code: int = 0
    """Of a process that ends for this reason; 0 as long as nobody asks."""
    times: int = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.times += 1
        if self.times > self.patience:
            os._exit(self.exit_code)
        if self.times > 1:
            return  # what the first one started is not disturbed
        self.exit_code = exit_code(number)
        if number == signal.SIGHUP:
            _turn_from_terminal()
        raise Ended(number)


def exit_code(number: int) -> int:
    """As a shell tells it."""
    return 128 + number


def code_of(interrupt: BaseException) -> int:
    """The exit code that belongs to an interrupt, ours or Python's own."""
    return interrupt.exit_code if isinstance(interrupt, Ended) else exit_code(signal.SIGINT)


def interrupt_by(asked: Asked, signals: Sequence[signal.Signals] = ALL) -> Asked:
    """These signals raise :class:`Ended` in the main thread, the first time. What is ignored stays so (nohup(1))."""
    for number in signals:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, asked)
    return asked


def be_deaf() -> None:
    """The command is over: it ends as it was going to, whatever signal comes now."""
    for number in ALL:
        signal.signal(number, signal.SIG_IGN)


def end_with_parent() -> None:
    """When the process that started this one is killed, this one is asked to end."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


def _turn_from_terminal() -> None:
    """What is written to the closed terminal from now on goes nowhere; it would be an error at each line.

    Every file that is open, because pytest keeps copies of the three that matter. Not by isatty(3): what hung up is no
    terminal any more, but still a character device, none of the kernel's memory (null(4), random(4): major 1).
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers, no paths
        with contextlib.suppress(OSError):
            opened = os.fstat(int(name))
            if stat.S_ISCHR(opened.st_mode) and os.major(opened.st_rdev) != 1:
                os.dup2(nowhere, int(name), inheritable=int(name) <= _STDERR)
    os.close(nowhere)
