"""Which figures a lab names in what it sees: the function in its ``values.py``, or the kind of its question. Pure.

``values.py`` takes no part in measuring, as ``judges.py`` does not: a figure more measures nothing again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from claimlab.project.errors import BadData, ClaimlabError
from claimlab.project.outcome import Outcome
from claimlab.project.theirs import theirs
from claimlab.questions import layouts
from claimlab.questions.asked import AskedLab
from claimlab.questions.claimed import LayoutLook
from claimlab.questions.codes import Code, CodeSeen
from claimlab.questions.labs import ClaimLab
from claimlab.questions.layouts import Layout, LayoutAnswer
from claimlab.questions.question import Seen
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Observation, Record
from claimlab.trials.trial import Trial
from claimlab.verdicts.finding import Finding, void
from claimlab.verdicts.ruling import absence
from claimlab.verdicts.value import Value

MODULE = "values"
Values = Mapping[str, Value]
Names = Callable[[Any], Values]
"""From what one trial saw to its figures, by name."""


@dataclass(frozen=True, slots=True)
class Valued:
    """The figures of one trial, of the record as it is now."""

    values: Values
    absent: Finding | None = None
    """Why there are none: nothing is recorded, or not as things are now, or the trial or `values.py` is broken."""
    observation: Observation | None = None
    """Which they are taken from."""


def names_values(lab: LabFolder) -> bool:
    """There are figures to name."""
    if isinstance(lab, AskedLab):
        return _of_a_question(lab) is not None
    return (lab.path / f"{MODULE}.py").is_file()


def names_of(lab: LabFolder) -> Names:
    """What names the lab's figures; :class:`BadData` if there is nothing that does."""
    if not names_values(lab):
        raise BadData(str(lab.path), f"{lab.name} names no values: there is no {MODULE}.py with a function `{MODULE}`")
    function = _of_a_question(lab) if isinstance(lab, AskedLab) else getattr(lab.module(MODULE), MODULE, None)
    if not callable(function):
        raise BadData(str(lab.path / f"{MODULE}.py"), f"there is no function `{MODULE}` that takes what was seen")
    return function  # what it returns is looked at, see values_in


def _of_a_question(lab: AskedLab) -> Names | None:
    """What names the figures of a question, by its kind; None for a kind that has none."""
    match lab.asked:
        case Layout(type=name):
            looked = lab.looked if isinstance(lab, ClaimLab) else None
            fields = [looked.field] if isinstance(looked, LayoutLook) and looked.field else []
            return lambda seen: of_layout(layouts.answer(name, seen, fields))
        case Code():
            return of_code
        case _:
            return None


def of_code(seen: CodeSeen) -> Values:
    """How long the function is."""
    function = seen.function
    if function is None or not function.present:
        return {}
    return {"instructions": Value(len(function.instructions))}


def of_layout(answer: LayoutAnswer) -> Values:
    """Sizes and offsets in bytes; nothing for what is not there."""
    whole = {} if answer.size is None else {"size": Value(answer.size, "B")}
    for place in answer.fields:
        if place.offset is not None and place.size is not None:
            whole |= {
                f"offset of {place.name}": Value(place.offset, "B"),
                f"size of {place.name}": Value(place.size, "B"),
            }
    return whole


def values_in(lab: LabFolder, seen: Any) -> Values:
    """The figures in what was seen; :class:`ClaimlabError` if the lab's function cannot name them."""
    with theirs(f"{MODULE}.py", lab.project.settings.limits.judge_s, lab.path):
        found = names_of(lab)(seen)
        if not isinstance(found, Mapping) or not all(isinstance(one, Value) for one in found.values()):
            raise TypeError(f"`{MODULE}` gives a dict of Value by name, not {found!r}")
    return {str(name): value for name, value in found.items()}


def valued(trial: Trial, record: Record) -> Valued:
    """The figures of the trial. What was recorded when something was otherwise has none."""
    observation = trial.recorded(record)
    if observation is None:
        return Valued({}, absence(trial, record))
    try:
        seen = msgspec.json.decode(observation.seen, type=trial.lab.lab.seen_type)
        if isinstance(seen, Seen) and seen.refused:
            return Valued({}, void("the sources do not build on this toolchain", seen.refused), observation)
        return Valued(values_in(trial.lab, seen), None, observation)
    except (msgspec.ValidationError, ClaimlabError) as error:
        return Valued({}, Finding(Outcome.BROKEN, str(error)), observation)
