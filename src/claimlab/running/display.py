"""Progress of trials for people: a live table on a terminal, plain lines without one."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from claimlab.project.outcome import Outcome
from claimlab.project.project import spelled
from claimlab.project.visible import visible
from claimlab.running.signs import in_short, signs
from claimlab.trials.trial import Trial

BROKEN: Final = "the lab is broken"
"""What is said of a broken trial begins so."""
_RATED: Final = 5
"""Trials that have to be over before their pace says how long the others take."""
_NOT_RUN: Final = "it was to be measured, and the session ended without it"


@dataclass(frozen=True, slots=True)
class End:
    """How a trial ended."""

    differs: str = ""
    """What is not as expected, or broke, in the words of who ran it; empty if all is well."""
    seen: bool = True
    """It has an observation."""
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    """By claim."""


class Display:
    """Is told what becomes of the trials, and shows it. It remembers how each of them ended."""

    def __init__(self, console: Console, total: int, *, quiet: bool = False) -> None:
        """With `quiet` nothing is said of the trials that went well."""
        self.console = console
        self.quiet = quiet
        self.total = total
        self.finished: dict[str, End] = {}
        """By the trial's name."""
        self._running: dict[str, tuple[float, str]] = {}
        """When it began, and on which host."""
        self._spent_s: defaultdict[str, float] = defaultdict(float)
        self._began = time.monotonic()
        self._first: float | None = None
        """When the first trial began."""
        self._preparing = ""
        self._said = ""
        self._live = Live(get_renderable=self._table, console=console, refresh_per_second=4, transient=True)

    def lacking(self, names: Iterable[str]) -> dict[str, str]:
        """Those of these trials that have no observation, with the reason."""
        ends = {name: self.finished.get(name) or End(_NOT_RUN, seen=False) for name in names}
        return {name: _told_by(end.differs or _NOT_RUN) for name, end in ends.items() if not end.seen}

    def so_far(self, left: str = "nothing is left running", also: Iterable[str] = ()) -> str:
        """What has been measured when the end comes before its time; `also` are trials that ended unseen."""
        finished = sorted({*(name for name, end in self.finished.items() if end.seen), *also})
        broken = sum(not end.seen for end in self.finished.values())
        left = f"{broken} broke; {left}" if broken else left
        done = ", ".join(finished[:6]) + (", …" if len(finished) > 6 else "") or "none"
        return (
            f"{len(finished)} of {self.total} trials were finished and are recorded ({done}); {left}. "
            "The same command goes on from here."
        )

    def start(self) -> None:
        """From now on a terminal shows what is under way."""
        if self.console.is_terminal:
            self._live.start()

    def stop(self) -> None:
        """Nothing moves any more; what took the time is said."""
        self._live.stop()
        if len(self.finished) > 1 and not self.quiet:
            labs = ", ".join(
                f"{lab} {spent:.0f} s" for lab, spent in sorted(self._spent_s.items(), key=lambda pair: -pair[1])
            )
            elapsed = time.monotonic() - self._began
            self.console.print(
                f"{len(self.finished)} trials in {elapsed:.0f} s; trial time by lab: {labs}", style="dim"
            )

    def began(self, name: str, host: str = "") -> None:
        self._preparing = ""
        now = time.monotonic()
        self._running[name] = now, host
        self._first = self._first or now

    def waits(self, name: str) -> None:
        """The trial is not under way any more, and has not ended: another host is to try it."""
        self._running.pop(name, None)

    def ended(self, name: str, end: End, host: str = "") -> None:
        self._preparing = ""
        started, known = self._running.pop(name, (time.monotonic(), ""))
        self.finished[name] = end
        spent = time.monotonic() - started
        self._spent_s[name.partition("[")[0]] += spent
        if self.quiet and not end.differs:
            return
        outcomes = in_short(dict(end.outcomes), self.console)
        where = f" on {host or known}" if host or known else ""
        line = Text.assemble(
            signs([Outcome.FAILS if end.differs else Outcome.HOLDS], self.console),  # marked like a claim
            f" {name}  {spent:.1f} s{where}  ",
            outcomes.append("  ") if outcomes else "",
            _in_short(end.differs) if end.differs else "as expected",
            (f"  ({len(self.finished)} of {self.total}{self._left()})", "dim"),
        )
        self.console.print(line, soft_wrap=True)

    def said(self, text: str) -> None:
        """Words about what is being prepared, until something else happens."""
        if text == self._said:
            return
        self._said = self._preparing = text
        if not self.console.is_terminal:
            self.console.print(text, highlight=False)

    def proceeds(self) -> None:
        """What was being prepared is ready."""
        self._preparing = ""

    def _left(self) -> str:
        """How long the others will take at the pace so far, in words; empty while nobody can know."""
        done, left = len(self.finished), self.total - len(self.finished)
        if done < _RATED or not left or self._first is None:
            return ""
        seconds = (time.monotonic() - self._first) * left / done
        return f", about {seconds / 60:.0f} min left" if seconds >= 90 else f", about {seconds:.0f} s left"

    def _table(self) -> Group:
        table = Table.grid(padding=(0, 2))
        for name, (started, host) in self._running.items():
            table.add_row("⏳", name, f"{time.monotonic() - started:.0f} s", host)
        waiting = self.total - len(self.finished) - len(self._running)
        summary = f"{len(self.finished)} of {self.total} trials done, {len(self._running)} running, {waiting} waiting"
        summary += self._left()
        return Group(table, Text(self._preparing or summary, style="dim"))


def lab_broken(trial: Trial, words: str) -> str:
    """That the trial broke, why, and what measures it again; :func:`_told_by` and :func:`_in_short` read it."""
    replay = spelled(trial.replay, trial.lab.project.command)
    return visible(f"{BROKEN}: {trial.name}\n{words}\n  replay: {replay}")


def _told_by(told: str) -> str:
    """Why a lab broke, without the words around it that name the trial and its replay."""
    lines = told.splitlines()
    return "\n".join(lines[1:-1]) if told.startswith(BROKEN) and len(lines) > 2 else told


def _in_short(told: str) -> str:
    """What differs or broke, in one line; who runs the trials tells all of it once, when all have ended."""
    lines = told.splitlines()
    heads = [line for line in lines if line and not line[0].isspace()]
    if heads and heads[0].startswith(BROKEN):
        return f"broken: {lines[1]}" if len(lines) > 1 else "broken"
    return f"differs: {', '.join(dict.fromkeys(line.split(' ')[0] for line in heads))}"
