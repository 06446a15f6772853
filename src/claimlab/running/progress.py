"""Progress of a session: what pytest says of the trials is shown in place of pytest's own reporter. A pytest plugin."""

import signal
from typing import Any, Final

import pytest
from rich.console import Console

from claimlab.project.outcome import Outcome
from claimlab.running import signals
from claimlab.running.display import Display, End
from claimlab.running.preparing import SAY, SOURCE

_OUTCOMES: Final = frozenset(map(str, Outcome))


class Progress:
    """Subscribes to pytest's events on the controller."""

    def __init__(self, console: Console, total: int, *, quiet: bool = False) -> None:
        self.display = Display(console, total, quiet=quiet)
        self.stopped = ""
        """Why the environment ended the session, if it did."""
        self.interrupted = signals.exit_code(signal.SIGINT)
        """The exit code of a session that was interrupted."""

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[SAY] = self.display.said

    def pytest_sessionstart(self) -> None:
        self.display.start()

    def pytest_sessionfinish(self) -> None:
        self.display.stop()

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        if isinstance(excinfo.value, pytest.exit.Exception):
            self.stopped = excinfo.value.msg
        else:
            self.interrupted = signals.code_of(excinfo.value)

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        self.display.began(_name(nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        said = [(str(key), str(value)) for key, value in report.user_properties]
        outcomes = {key: Outcome(value) for key, value in said if value in _OUTCOMES}
        differs = str(report.longrepr) if report.failed else ""
        seen = any(key == SOURCE for key, _ in said)
        self.display.ended(_name(report.nodeid), End(differs, seen, outcomes))

    def pytest_xdist_node_collection_finished(self) -> None:
        self.display.proceeds()


def _name(nodeid: str) -> str:
    return nodeid.rpartition("::")[2]
