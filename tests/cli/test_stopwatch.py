"""The stopwatch counts what a process works and waits for, and not the queue that it stands in."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.stopwatch import Stopwatch

ON_ONE_CORE = "import os, time\nos.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
WORKS = f"{ON_ONE_CORE}for _ in range(5_000_000): pass\nprint(time.process_time())"


def test_what_a_process_waits_for_counts() -> None:
    watch = Stopwatch()
    process = subprocess.Popen(["sleep", "0.3"])
    assert watch.took_s(process) >= 0.3
    assert process.wait() == 0


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this kernel does not count the queue")
def test_work_counts_once_however_many_want_the_processor() -> None:
    others = [subprocess.Popen([sys.executable, "-c", f"{ON_ONE_CORE}while True: pass"]) for _ in range(4)]
    try:
        time.sleep(1)
        watch, started = Stopwatch(), time.monotonic()
        process = subprocess.Popen([sys.executable, "-c", WORKS], stdout=subprocess.PIPE, text=True)
        took_s, whole_s = watch.took_s(process), time.monotonic() - started
        computed_s = float(process.communicate()[0])
    finally:
        for other in others:
            other.kill()
            other.wait()
    assert computed_s <= took_s < whole_s / 2
