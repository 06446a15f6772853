"""Programs that mean harm, or are as clumsy as if they did; and what watches that nobody beside them feels it.

(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.bench_fixtures import NEWEST, pinned, shell

from claimlab.benches.bench import Bench
from claimlab.benches.engine import Engine

FORK_BOMB: Final = """
import os, time
while True:
    try:
        os.fork()
    except OSError:
        time.sleep(1)
"""
"""It takes every process there is, though not all the processors: other work goes on beside the tests."""
TAKE_MEMORY: Final = """
taken = []
while True:
    taken.append(bytearray(b"x" * (1 << 20)))
"""
"""For a container that has little of it: a million page faults take seconds, and minutes beside others."""
DAEMONS: Final = """
import os, signal
for number in range(200):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(name, signal.SIG_IGN)
            os.execve("/bin/sleep", ["sleep", "294"], {})
        os._exit(0)
print("left")
"""
FORGE: Final = """
import os
parent = os.getppid()
for path in (f"/proc/{parent}/fd/1", f"/proc/{parent}/mem", f"/proc/{parent}/environ"):
    try:
        os.open(path, os.O_RDWR)
        print("opened", path, flush=True)
    except PermissionError:
        print("refused", flush=True)
os.write(1, b"\\0\\0\\0\\0\\x5b" + b'{"status": 0, "late": false, "over": -1, "full": [], "memory": 0, "processes": 0}')
os._exit(9)
"""
"""It tries to write where its parent writes, and prints what that would say of a command that ended well."""


def peak_bytes() -> int:
    """The most memory that this process has held since :func:`forget_peak` (VmHWM in proc(5))."""
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) << 10 for row in rows if row.startswith("VmHWM:"))


def forget_peak() -> int:
    """What this process holds now, from which the peak counts from here on (clear_refs in proc(5))."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_bytes()


@dataclass
class Neighbour:
    """A bench on which a trial goes on all the while."""

    bench: Bench
    rounds: int = 0
    troubles: list[str] = field(default_factory=list)
    _ends: threading.Event = field(default_factory=threading.Event)

    def live(self) -> None:
        while not self._ends.is_set():
            try:
                self._one_round()
            except Exception as error:  # noqa: BLE001  # whatever it is, the test has to hear of it
                self.troubles.append(repr(error))
            self.rounds += 1
            self._ends.wait(0.2)  # it is there to be disturbed, not to disturb

    def _one_round(self) -> None:
        kept = f"round {self.rounds}\n".encode()
        self.bench.put({"kept": kept})
        done = shell(self.bench, "cat kept; ls -A . /tmp | wc -l; ls -d /proc/[0-9]* | wc -l", timeout_s=60)
        words = done.text().split()
        if done.exit_code or words[:2] != kept.decode().split() or self.bench.get("kept") != kept:
            self.troubles.append(done.told())
        if len(words) != 4 or int(words[3]) > 8:
            self.troubles.append(f"strange processes: {words}")

    def end(self) -> None:
        self._ends.set()


@contextmanager
def neighbour(engine: Engine) -> Iterator[Neighbour]:
    """It lives, and nothing has happened to it when this ends."""
    with engine.open(pinned(NEWEST), 900) as bench:
        beside = Neighbour(bench)
        thread = threading.Thread(target=beside.live)
        thread.start()
        try:
            yield beside
            before = beside.rounds
            while beside.rounds < before + 2 and thread.is_alive():
                time.sleep(0.05)
        finally:
            beside.end()
            thread.join()
    assert beside.troubles == []
    assert beside.rounds
