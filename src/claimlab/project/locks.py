"""Locks between processes that leave no file: a folder is locked which is there anyway, and which nobody deletes.

A lock file can be deleted, by hand or by what clears away temporary files. Who holds it and who makes a new one would
then both be in.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(folder: Path, *, shared: bool = False, waiting: Callable[[], None] | None = None) -> Iterator[int]:
    """Nobody else has this folder locked (flock(2)), unless all that do `shared` it; the file that it is opened as.

    The lock ends when every process has closed that file which has it open: this one, and those that were given it.
    Where that takes waiting, `waiting` is called once.
    """
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(opened, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                waiting()
            fcntl.flock(opened, kind)
        yield opened
    finally:
        os.close(opened)
