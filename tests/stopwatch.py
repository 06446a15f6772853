"""How long a process takes by itself, however many others want the processors meanwhile."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any


class Stopwatch:
    """Begun just before a process is started."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def took_s(self, process: subprocess.Popen[Any]) -> float:
        """From then to the process's end, without what it stood in the queue for a processor.

        Nobody reads what it prints meanwhile: that has to fit into a pipe. It can still be waited for. The queue is the
        second figure of ``schedstat`` (Documentation/scheduler/sched-stats.rst in the kernel's sources), of the main
        thread only; a kernel that does not count it leaves the whole time.
        """
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        whole_s = time.monotonic() - self._begun
        counted = Path(f"/proc/{process.pid}/schedstat")
        queued_ns = int(counted.read_text().split()[1]) if counted.exists() else 0
        return whole_s - queued_ns / 1e9
