"""What this process has made ready for trials, so that it is looked after once and not before each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from claimlab.benches.engine import Say
from claimlab.project.errors import LabBroken
from claimlab.toolchains.needs import Wanted
from claimlab.trials.trial import Trial


@dataclass
class Readiness:
    """What is ready, and nobody has written to since, as far as this process knows."""

    _ready: set[Wanted] = field(default_factory=set)

    def make(self, trial: Trial, say: Say) -> None:
        """All that the trial's benches are made of is there: see :meth:`Trial.make_ready`."""
        wanted = trial.wanted
        if not self._ready.issuperset(wanted):
            trial.make_ready(say)
            self._ready.update(wanted)

    @contextmanager
    def doubted(self, trial: Trial) -> Iterator[None]:
        """A trial that breaks inside may have written to it: the next one looks again."""
        try:
            yield
        except LabBroken:
            self._ready.difference_update(trial.wanted)
            raise
