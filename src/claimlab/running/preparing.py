"""What all trials of a session need is ready before the first of them. What one needs is made ready just before it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

import pytest

from claimlab.benches import host
from claimlab.benches.leftovers import end_dead
from claimlab.running.ahead import FetchAhead
from claimlab.trials.record import Record
from claimlab.trials.trial import Trial

Thing = TypeVar("Thing")
SAY: Final = pytest.StashKey[Callable[[str], None]]()
"""Where the words about preparing go; pytest's terminal unless another plugin set it."""

SAID: Final = "said"
"""The property of a report that has words about preparing: a worker's way to who shows them."""
SOURCE: Final = "source"
"""The property of a test report that says where the trial's observation comes from; there is none without one."""


def in_turn(things: Iterable[Thing], trial_of: Callable[[Thing], Trial]) -> list[Thing]:
    """Trials on the newest release come first, so that several workers prepare several. Those that need a machine to
    themselves come last: each makes the others wait."""
    newest = sorted(things, key=lambda one: trial_of(one).toolchain.order[0], reverse=True)
    return sorted(newest, key=lambda one: trial_of(one).lab.declared.timing)


def prepare_trials(
    trials: Sequence[Trial], record: Record, *, fresh: bool, say: Callable[[str], None]
) -> FetchAhead | None:
    """The engine can make ready whatever has to be measured, and what that takes is being fetched; None if there is
    nothing to measure. What killed runs left is gone.

    Raises :class:`EnvironmentMissing` if it cannot be made ready.
    """
    # Of copies: a trial keeps the inputs it had when it was asked first, and the place is known only when all is ready.
    absent = [trial for trial in trials if replace(trial).recorded(record) is None]
    for trial in map(replace, absent):
        for path in record.set_aside(trial.lab.name, trial.toolchain.name, trial.engine.name, trial.address)[-1:]:
            say(f"{trial.name}: what was recorded is damaged, or of another trial; it was set aside as {path}")
    missing = trials if fresh else absent
    if not missing:
        return None
    engine = missing[0].engine
    engine.check()
    record.check()
    if ended := end_dead(missing[0].lab.project):
        say(f"ended what a killed run had left: {ended} of its processes, folders and containers")
    ahead = FetchAhead(missing, say)
    try:
        with host.share(say=say):
            engine.prepare((), say)
    except BaseException:
        ahead.end()
        raise
    return ahead
