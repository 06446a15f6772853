"""An author's code, run in this process: it comes to an end, and ends nothing but itself.

Judges, pictures and the modules of a lab are an author's. They may hold a mistake as any program may: an endless loop,
or a ``sys.exit()`` left over from a script, which would end this process without a word and with exit code 0.
"""

import os
import signal
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from claimlab.project.errors import ClaimlabError, LabBroken

LIMIT_S: Final = 60.0
"""For what concludes and draws, where a project says nothing else: it works on data that are here already."""
AGAIN_S: Final = 1.0
"""Who catches the interruption is interrupted again after this."""


class _Ended(BaseException):
    """The author's code tried to end this process. No `except Exception` of theirs is to catch it."""


class _TooLong(BaseException):
    """The author's code was still running when its time was over."""


class TheirFault(LabBroken):
    """An author's code did not do what it had to; the words say what it did, and on which line of theirs."""


@contextmanager
def bounded(what: str, limit_s: float, folder: Path) -> Iterator[None]:
    """What runs inside cannot go on for ever, nor end this process: that is a :class:`TheirFault`.

    Its other exceptions go through. The time is limited where a signal can interrupt, which is in the main thread.
    """
    try:
        with _stays_here(), _limited(limit_s):
            yield
    except _TooLong as error:
        raise TheirFault(f"{what} did not come to an end within {limit_s:g} s{line_of(error, folder)}") from error
    except (_Ended, SystemExit) as error:
        raise TheirFault(f"{what} tried to end the whole process: {error!r}{line_of(error, folder)}") from error


@contextmanager
def theirs(what: str, limit_s: float, folder: Path) -> Iterator[None]:
    """As :func:`bounded`, and every other exception but those of claimlab is a :class:`TheirFault` too."""
    try:
        with bounded(what, limit_s, folder):
            yield
    except (ClaimlabError, KeyboardInterrupt, GeneratorExit):
        raise
    except SyntaxError as error:
        raise TheirFault(f"{what} cannot be read: {error.msg}{line_of(error, folder)}") from error
    except BaseException as error:
        raise TheirFault(f"{what} raised {error!r}{line_of(error, folder)}") from error


def line_of(error: BaseException, folder: Path) -> str:
    """`` (judges.py:12)``, the last line in that folder that the error passed; nothing if it passed none."""
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({Path(error.filename).name}:{error.lineno})"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    return f" ({Path(own[-1].filename).name}:{own[-1].lineno})" if own else ""


@contextmanager
def _stays_here() -> Iterator[None]:
    """While it lasts, ``os._exit`` is an exception: it would leave no time to say why."""
    before = os._exit

    def refused(status: int = 0) -> NoReturn:
        raise _Ended(f"os._exit({status})")

    os._exit = refused
    try:
        yield
    finally:
        os._exit = before


@contextmanager
def _limited(limit_s: float) -> Iterator[None]:
    """As pytest-timeout does it. A timer that runs already is somebody else's limit: it goes on when this has ended."""
    left_s, every_s = signal.getitimer(signal.ITIMER_REAL)
    if threading.current_thread() is not threading.main_thread() or 0 < left_s < limit_s:
        yield
        return

    def over(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise _TooLong

    began = time.monotonic()
    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, limit_s, AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left_s:
            signal.setitimer(signal.ITIMER_REAL, max(left_s - (time.monotonic() - began), 0.001), every_s)
