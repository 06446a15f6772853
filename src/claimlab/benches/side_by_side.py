"""Jobs that wait for somebody else, such as a daemon, are done some at a time."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Final, TypeVar

Result = TypeVar("Result")
AT_A_TIME: Final = 2
"""While one image is packed or stored, the next one is compiled; more would only share the processors."""


def side_by_side(jobs: Mapping[str, Callable[[], Result]], at_a_time: int = AT_A_TIME) -> dict[str, Result]:
    """What the jobs return, by their names; they begin in their order.

    What the first one that fails raises is raised here, and none begins after that. Neither it nor Ctrl-C waits for the
    others: they end with the process.
    """
    if len(jobs) < 2 or at_a_time < 2:
        return {name: job() for name, job in jobs.items()}
    waiting = deque(jobs)
    ended: SimpleQueue[tuple[str, Result | BaseException, bool]] = SimpleQueue()

    def work() -> None:
        while True:
            try:
                name = waiting.popleft()
            except IndexError:
                return
            try:
                ended.put((name, jobs[name](), True))
            except BaseException as error:  # noqa: BLE001  # raised where it is waited for
                ended.put((name, error, False))
                return

    for _ in range(min(at_a_time, len(jobs))):
        threading.Thread(target=work, daemon=True).start()
    found: dict[str, Result] = {}
    try:
        while len(found) < len(jobs):
            name, result, is_well = ended.get()
            if isinstance(result, BaseException) and not is_well:
                raise result
            found[name] = result  # type: ignore[assignment]  # it is well
    finally:
        waiting.clear()
    return {name: found[name] for name in jobs}
