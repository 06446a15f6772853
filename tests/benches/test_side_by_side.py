"""Jobs side by side: order, failures, an interrupt."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from claimlab.benches.side_by_side import side_by_side


def test_as_many_as_asked_are_under_way_and_results_keep_their_order() -> None:
    both = threading.Barrier(2, timeout=10)

    def meet(number: int) -> int:
        both.wait()
        return number

    jobs = {f"job {number}": partial(meet, number) for number in range(4)}
    assert list(side_by_side(jobs).items()) == [(f"job {number}", number) for number in range(4)]


@pytest.mark.parametrize("at_a_time", [1, 2])
def test_what_fails_is_raised_and_nothing_begins_after_that(at_a_time: int) -> None:
    begun: list[str] = []
    over = threading.Event()

    def fail() -> None:
        begun.append("fails")
        raise OSError("no room")

    def wait() -> None:
        begun.append("waits")
        over.wait(10)

    jobs: dict[str, Callable[[], None]] = {"fails": fail, "waits": wait}
    jobs |= {f"later {number}": partial(begun.append, "later") for number in range(3)}
    with pytest.raises(OSError, match="no room"):
        side_by_side(jobs, at_a_time)
    over.set()
    time.sleep(0.1)
    assert set(begun) <= {"fails", "waits"}


WAITS = """
import time
from claimlab.benches.side_by_side import side_by_side
print("begun", flush=True)
side_by_side({"one": lambda: time.sleep(60), "other": lambda: time.sleep(60)})
"""


def test_an_interrupt_waits_for_nobody() -> None:
    process = subprocess.Popen([sys.executable, "-c", WAITS], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(10) != 0
    process.stdout.close()
