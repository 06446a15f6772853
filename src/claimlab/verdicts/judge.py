"""A judge, and the controls that show that it can come out otherwise."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from claimlab.project.outcome import Outcome
from claimlab.verdicts.finding import Finding

See = Callable[[Any], Any]
"""Picks out of an observation what a judge decides about."""
OPPOSITES: Final = frozenset({Outcome.HOLDS, Outcome.FAILS})


@dataclass(frozen=True, slots=True)
class Control:
    """An input for the same judge whose answer is known beforehand, and is the opposite of the claim's.

    A claim that holds on some toolchains and fails on others has two: one that holds, and one that fails.
    """

    says: str
    """What the input is, for the reader of the page."""
    sees: See
    known: Outcome
    """HOLDS or FAILS."""


Judging = tuple[str, Callable[[Any], Finding], See, Control]
"""What the framework's own judges of claims that are data are made of: the reading, what decides and what it sees, and
the control."""


@dataclass(frozen=True, slots=True)
class Known:
    """A control, as data."""

    says: str
    """What its input is."""
    answer: Outcome
    """The right one."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a judge is asked, as data."""

    claim: str
    reading: str
    """How the claim's words are read: the first paragraph of the judge's docstring."""
    controls: tuple[Known, ...]
    across: tuple[str, ...] | None = None
    """As in :class:`Judge`."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A pure function from a part of the observation to a finding, with its controls."""

    claim: str
    reading: str
    """As in :class:`Question`."""
    decide: Callable[[Any], Finding]
    sees: See
    controls: tuple[Control, ...]
    across: tuple[str, ...] | None = None
    """The releases that it looks at beside each trial, all that are asked if it names none; None if it looks at one
    trial alone. Where it looks at others, `sees` is given a :class:`claimlab.verdicts.releases.Releases`."""

    @property
    def question(self) -> Question:
        known = tuple(Known(one.says, one.known) for one in self.controls)
        return Question(self.claim, self.reading, known, self.across)
