"""Somebody at a terminal of their own who starts a command, types, and reads what is printed."""

import contextlib
import os
import select
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from claimlab.project.runs import name_of

TERMINAL_S = 240.0
"""So long may anything take to be printed, on a machine that others use."""


@dataclass
class Visitor:
    """Who sits at the terminal."""

    end: int
    process: subprocess.Popen[bytes]
    before: list[Any]
    """The terminal's settings before the command began."""
    seen: str = ""

    @cached_property
    def run(self) -> str:
        """The name of the command's run; asked for while it is there."""
        return name_of(self.process.pid)

    def sees(self, words: str) -> str:
        """What is printed until these words, which are in it."""
        start, until = len(self.seen), time.monotonic() + TERMINAL_S
        while words not in self.seen[start:]:
            assert time.monotonic() < until, f"no {words!r} in {self.seen[start:]!r}"
            if select.select([self.end], [], [], 0.5)[0]:
                printed = self._printed()
                assert printed, f"the end came before {words!r}: {self.seen[start:]!r}"
        return self.seen[start:]

    def _printed(self) -> bytes:
        printed = b""
        with contextlib.suppress(OSError):  # EIO: nobody has the other end any more
            printed = os.read(self.end, 65536)
        self.seen += printed.decode("utf-8", "replace")
        return printed

    def types(self, keys: str) -> None:
        os.write(self.end, keys.encode())

    def waits(self) -> int:
        """The command has ended, and all that it printed is seen; its exit code."""
        until = time.monotonic() + TERMINAL_S
        while self.process.poll() is None or select.select([self.end], [], [], 0)[0]:
            assert time.monotonic() < until, f"it does not end: {self.seen!r}"
            if select.select([self.end], [], [], 0.1)[0] and not self._printed():
                break
        return self.process.wait(30)


@contextmanager
def visiting(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Iterator[Visitor]:
    """The command has been started at a terminal whose keys are its signals, and is gone afterwards."""
    ours, theirs = os.openpty()
    before = termios.tcgetattr(ours)
    process = subprocess.Popen(
        ["setsid", "--ctty", "--wait", *command], cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        visitor = Visitor(ours, process, before)
        assert visitor.run
        yield visitor
    finally:
        os.close(ours)  # the kernel sends SIGHUP to what is left
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()
        process.wait()
