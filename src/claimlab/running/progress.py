"""Progress of the trials: a live table on a terminal, plain lines without one. A pytest plugin."""

import signal
import time
from collections import defaultdict
from typing import Any, Final

import pytest
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from claimlab.project.outcome import Outcome
from claimlab.running import signals
from claimlab.running.preparing import SAY, SOURCE
from claimlab.running.signs import in_short, signs

WORDS: Final = {"passed": "as expected", "failed": "differs or broken"}
_ENDS: Final = {"passed": Outcome.HOLDS, "failed": Outcome.FAILS}
"""A trial that has ended is marked like a claim that holds or fails."""
_OUTCOMES: Final = frozenset(map(str, Outcome))
_RATED: Final = 5
"""Trials that have to be over before their pace says how long the others take."""


class Progress:
    """Subscribes to pytest's events on the controller and shows them in place of pytest's reporter."""

    def __init__(self, console: Console, total: int, *, quiet: bool = False) -> None:
        self.console = console
        self.quiet = quiet
        self.total = total
        self.finished: dict[str, str] = {}
        """Trial name to pytest outcome."""
        self.seen: set[str] = set()
        """The trials that have an observation."""
        self.broken: dict[str, str] = {}
        """Why a trial has none, in the words of who ran it."""
        self.stopped = ""
        """Why the environment ended the session, if it did."""
        self.interrupted = signals.exit_code(signal.SIGINT)
        """The exit code of a session that was interrupted."""
        self._running: dict[str, float] = {}
        self._spent_s: defaultdict[str, float] = defaultdict(float)
        self._began = time.monotonic()
        self._first: float | None = None
        """When the first trial began."""
        self._preparing = ""
        self._said = ""
        self._live = Live(get_renderable=self._table, console=console, refresh_per_second=4, transient=True)

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[SAY] = self._say

    def pytest_sessionstart(self) -> None:
        if self.console.is_terminal:
            self._live.start()

    def pytest_sessionfinish(self) -> None:
        self._live.stop()
        if len(self.finished) > 1 and not self.quiet:
            labs = ", ".join(
                f"{lab} {spent:.0f} s" for lab, spent in sorted(self._spent_s.items(), key=lambda pair: -pair[1])
            )
            elapsed = time.monotonic() - self._began
            self.console.print(
                f"{len(self.finished)} trials in {elapsed:.0f} s; trial time by lab: {labs}", style="dim"
            )

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        if isinstance(excinfo.value, pytest.exit.Exception):
            self.stopped = excinfo.value.msg
        else:
            self.interrupted = signals.code_of(excinfo.value)

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        self._preparing = ""
        self._running[_name(nodeid)] = now = time.monotonic()
        self._first = self._first or now

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = _name(report.nodeid)
        if report.when != "call" and report.passed:
            return
        self._preparing = ""
        started = self._running.pop(name, time.monotonic())
        self.finished[name] = report.outcome
        if any(key == SOURCE for key, _ in report.user_properties):
            self.seen.add(name)
        elif report.failed:
            self.broken[name] = told_by(str(report.longrepr))
        spent = time.monotonic() - started
        self._spent_s[name.partition("[")[0]] += spent
        if self.quiet and report.passed:
            return
        words = _in_short(str(report.longrepr)) if report.failed else WORDS[report.outcome]
        said = [(str(key), str(value)) for key, value in report.user_properties]
        outcomes = in_short({key: Outcome(value) for key, value in said if value in _OUTCOMES}, self.console)
        line = Text.assemble(
            signs([_ENDS[report.outcome]], self.console),
            f" {name}  {spent:.1f} s  ",
            outcomes.append("  ") if outcomes else "",
            words,
            (f"  ({len(self.finished)} of {self.total}{self._left()})", "dim"),
        )
        self.console.print(line, soft_wrap=True)

    def _left(self) -> str:
        """How long the others will take at the pace so far, in words; empty while nobody can know."""
        done, left = len(self.finished), self.total - len(self.finished)
        if done < _RATED or not left or self._first is None:
            return ""
        seconds = (time.monotonic() - self._first) * left / done
        return f", about {seconds / 60:.0f} min left" if seconds >= 90 else f", about {seconds:.0f} s left"

    def pytest_xdist_node_collection_finished(self) -> None:
        self._preparing = ""

    def _say(self, text: str) -> None:
        if text == self._said:
            return
        self._said = self._preparing = text
        if not self.console.is_terminal:
            self.console.print(text, highlight=False)

    def _table(self) -> Group:
        table = Table.grid(padding=(0, 2))
        for name, started in self._running.items():
            table.add_row("⏳", name, f"{time.monotonic() - started:.0f} s")
        waiting = self.total - len(self.finished) - len(self._running)
        summary = f"{len(self.finished)} of {self.total} trials done, {len(self._running)} running, {waiting} waiting"
        summary += self._left()
        return Group(table, Text(self._preparing or summary, style="dim"))


def _name(nodeid: str) -> str:
    return nodeid.rpartition("::")[2]


def told_by(longrepr: str) -> str:
    """Why a lab broke, without the words around it that name the trial and its replay."""
    lines = longrepr.splitlines()
    return "\n".join(lines[1:-1]) if longrepr.startswith("the lab is broken") and len(lines) > 2 else longrepr


def _in_short(told: str) -> str:
    """What differs or broke, in one line; who runs the trials tells all of it once, when all have ended."""
    lines = told.splitlines()
    heads = [line for line in lines if line and not line[0].isspace()]
    if heads and heads[0].startswith("the lab is broken"):
        return f"broken: {lines[1]}" if len(lines) > 1 else "broken"
    return f"differs: {', '.join(dict.fromkeys(line.split(' ')[0] for line in heads))}"
