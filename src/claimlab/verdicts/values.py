"""Which figures a lab names in what it sees: the function in its ``values.py``, or the kind of its question. Pure.

``values.py`` takes no part in measuring, as ``judges.py`` does not: a figure more measures nothing again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from claimlab.project.errors import BadData, ClaimlabError
from claimlab.project.outcome import Outcome
from claimlab.project.theirs import theirs
from claimlab.questions.asked import AskedLab
from claimlab.questions.question import Seen
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Observation, Record
from claimlab.trials.trial import Trial
from claimlab.verdicts.asked_values import Names, Values, names_of_question
from claimlab.verdicts.finding import Finding, void
from claimlab.verdicts.ruling import Measured, absence, measured_of
from claimlab.verdicts.value import Value

MODULE = "values"


@dataclass(frozen=True, slots=True)
class Valued:
    """The figures of one trial, of the record as it is now."""

    values: Values
    absent: Finding | None = None
    """Why there are none: nothing is recorded, or not as things are now, or the trial or `values.py` is broken."""
    observation: Observation | None = None
    """Which they are taken from."""
    measured: Measured | None = None
    """Where that was."""


def names_values(lab: LabFolder) -> bool:
    """There are figures to name."""
    if isinstance(lab, AskedLab):
        return names_of_question(lab) is not None
    return (lab.path / f"{MODULE}.py").is_file()


def names_of(lab: LabFolder) -> Names:
    """What names the lab's figures; :class:`BadData` if there is nothing that does."""
    if not names_values(lab):
        raise BadData(str(lab.path), f"{lab.name} names no values: there is no {MODULE}.py with a function `{MODULE}`")
    function = names_of_question(lab) if isinstance(lab, AskedLab) else getattr(lab.module(MODULE), MODULE, None)
    if not callable(function):
        raise BadData(str(lab.path / f"{MODULE}.py"), f"there is no function `{MODULE}` that takes what was seen")
    return function  # what it returns is looked at, see values_in


def values_in(lab: LabFolder, seen: Any) -> Values:
    """The figures in what was seen; :class:`ClaimlabError` if the lab's function cannot name them."""
    with theirs(f"{MODULE}.py", lab.project.settings.limits.judge_s, lab.path):
        found = names_of(lab)(seen)
        if not isinstance(found, Mapping) or not all(isinstance(one, Value) for one in found.values()):
            raise TypeError(f"`{MODULE}` gives a dict of Value by name, not {found!r}")
    return {str(name): value for name, value in found.items()}


def valued(trial: Trial, record: Record) -> Valued:
    """The figures of the trial. What was recorded when something was otherwise has none."""
    observation = trial.answer(record)
    if observation is None:
        return Valued({}, absence(trial, record))
    measured = measured_of(trial, observation)
    try:
        seen = msgspec.json.decode(observation.seen, type=trial.lab.lab.seen_type)
        if isinstance(seen, Seen) and seen.refused:
            return Valued({}, void("the sources do not build on this toolchain", seen.refused), observation, measured)
        return Valued(values_in(trial.lab, seen), None, observation, measured)
    except (msgspec.ValidationError, ClaimlabError) as error:
        return Valued({}, Finding(Outcome.BROKEN, str(error)), observation, measured)
