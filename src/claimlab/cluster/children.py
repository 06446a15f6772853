"""The processes of a worker that measure: one a thread, kept from trial to trial, made anew when it is gone."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from claimlab.cluster import measuring
from claimlab.cluster.orders import NotHere

_SPAWN: Final = multiprocessing.get_context("spawn")  # a fork would take the worker's threads' locks along
_CRASHED: Final = (
    "the process that measured it was killed or crashed; a lack of memory stands in the host's kernel log (dmesg)"
)


@dataclass
class Child:
    """A process that measures with the project of one parcel. One thread uses it; others may interrupt it."""

    cache: Path
    worker: str
    """Its name."""
    say: Callable[[str], None] = lambda _: None
    """Takes the words about preparing."""
    _root: Path | None = None
    _pool: ProcessPoolExecutor | None = None
    _number: int = 0
    """Of the process."""

    def measured(self, root: Path, order: bytes, is_wanted: Callable[[], bool]) -> bytes:
        """What came of the order; :class:`NotHere` if the process ended in its midst, or if nobody wants it any more
        when there is one."""
        try:
            pool = self._pool_for(root)
            if not is_wanted():
                raise NotHere("nobody wants it any more")
            return pool.submit(measuring.measured, order).result()
        except BrokenProcessPool:
            self.end()
            raise NotHere(_CRASHED) from None

    def interrupt(self) -> None:
        """The process has been asked to end what it measures, and itself."""
        if self._number:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._number, signal.SIGTERM)

    def end(self) -> None:
        """There is no process."""
        self.interrupt()
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool, self._number = None, 0

    def _pool_for(self, root: Path) -> ProcessPoolExecutor:
        """Modules of two projects, or of two states of one, may have the same names: each gets a process of its own."""
        if self._pool and self._root == root:
            return self._pool
        self.end()
        hears, says = _SPAWN.Pipe(duplex=False)
        arguments = (root, self.cache, self.worker, says)
        self._pool = ProcessPoolExecutor(1, mp_context=_SPAWN, initializer=measuring.begin, initargs=arguments)
        self._root = root
        self._number = self._pool.submit(measuring.process_number).result()
        says.close()  # the process has it open, so that its end is heard
        threading.Thread(target=self._pass_on, args=(hears,), daemon=True).start()
        return self._pool

    def _pass_on(self, hears: Connection) -> None:
        with contextlib.suppress(EOFError, OSError), hears:
            while True:
                text = hears.recv()
                self.say(text)  # as it is by now: another trial may have begun
