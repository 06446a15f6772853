"""Rulings given before. Judges are pure: nobody asks the same judges about the same observation twice.

They lie beside the record, and can be deleted at any time. A ruling is looked up by all that it follows from: the bytes
of the observation's file, the Python sources of the lab and of claimlab, and the versions of what these run on.
"""

import contextlib
import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Final, TypeVar

import claimlab
from claimlab.project.files import digest, read_kept, write_kept
from claimlab.project.outcome import Outcome
from claimlab.questions.labs import ClaimLab
from claimlab.trials.imports import own_modules
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Observation, Record
from claimlab.trials.sources import draws, modules_of
from claimlab.trials.trial import Trial
from claimlab.verdicts.finding import Finding
from claimlab.verdicts.judge import Question
from claimlab.verdicts.judges import judges_of
from claimlab.verdicts.ruling import Ruling, absence, absences, measured_of, rule_all

_PACKAGE: Final = Path(claimlab.__file__).parent
_JUDGING: Final = ("project", "toolchains", "benches", "instruments", "trials", "questions", "verdicts")
"""The rooms that take part."""
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class KeptRulings:
    """The rulings on what one record holds."""

    record: Record
    broken: Mapping[str, str] = field(default_factory=dict)
    """Trials that were to be measured just now and have no observation of that, by name, with the reason. What the
    record holds of them is an answer to another question: how things were before."""

    @cached_property
    def root(self) -> Path:
        return self.record.root.with_name(f"{self.record.root.name}-rulings")

    def questions(self, lab: LabFolder) -> list[Question]:
        """What the lab's judges are asked, in their order."""
        return self._kept(
            self.root / lab.name / "questions.json",
            self._judging(lab),
            list[Question],
            lambda: [judge.question for judge in judges_of(lab)],
        )

    def rulings(self, trial: Trial, others: Sequence[Trial] = ()) -> dict[str, Ruling]:
        """A ruling for every claim that the trial's lab judges, by claim id, whether there is an observation or not.

        `others` are the lab's trials on releases, oldest first, for judges across releases.
        """
        if finding := self._broke(trial):
            return {one.claim: Ruling(one.claim, finding, (), one) for one in self.questions(trial.lab)}
        content = trial.content(self.record)
        if content is not None:
            who = (trial.toolchain.name, trial.engine.name, trial.platform)
            path = self.root / trial.lab.name / f"{' '.join(filter(None, who))}.json"
            is_own = str(trial.answered_at(self.record) == trial.address)
            seen = hashlib.sha256(content).digest()
            follows_from = digest(self._judging(trial.lab), is_own, seen, *self._states(others))
            # A file that turns out to be damaged is set aside, and there is no observation.
            with contextlib.suppress(_Damaged):
                return self._kept(path, follows_from, dict[str, Ruling], lambda: self._ruled(trial, others))
        return absences(self.questions(trial.lab), trial, self.record)

    def _judging(self, lab: LabFolder) -> str:
        """As the lab's files were when they were first asked for."""
        if lab.name not in self._hashes:
            self._hashes[lab.name] = judging_hash(lab)
        return self._hashes[lab.name]

    @cached_property
    def _hashes(self) -> dict[str, str]:
        return {}

    def _ruled(self, trial: Trial, others: Sequence[Trial]) -> dict[str, Ruling]:
        observation = trial.answer(self.record)
        if observation is None:
            raise _Damaged
        measured = measured_of(trial, observation)
        ruled = rule_all(trial, observation, {one.toolchain: self._known_of(one) for one in others})
        return {claim: replace(ruling, measured=measured) for claim, ruling in ruled.items()}

    def _known_of(self, trial: Trial) -> Observation | Finding:
        """What was observed, or why nothing is known."""
        return self._broke(trial) or trial.answer(self.record) or absence(trial, self.record)

    def _broke(self, trial: Trial) -> Finding | None:
        """It was to be measured just now, on this machine, and broke."""
        if trial.platform or trial.name not in self.broken:
            return None
        return Finding(Outcome.BROKEN, "the lab failed", self.broken[trial.name])

    def _states(self, trials: Sequence[Trial]) -> list[str | bytes]:
        """What a judge across releases follows from, of each of these: its file's bytes, or why there is none."""
        states: list[str | bytes] = []
        for one in trials:
            content = None if self._broke(one) else one.content(self.record)
            known = str(self._known_of(one)) if content is None else hashlib.sha256(content).digest()
            states += [one.toolchain.name, known]
        return states

    def _kept(self, path: Path, follows_from: str, kind: type[Kept], make: Callable[[], Kept]) -> Kept:
        kept = read_kept(path, follows_from, kind)
        if kept is not None:
            return kept
        made = make()
        with contextlib.suppress(OSError):  # whoever may not write here judges again
            write_kept(path, follows_from, made)
        return made


class _Damaged(Exception):
    """The observation's file cannot be read."""


def judging_hash(lab: LabFolder) -> str:
    """Over every Python source that takes part in judging: of the lab, of its project, and of claimlab."""
    own = [part for path in own_modules(lab) for part in (str(path), path.read_bytes())]
    said = lab.claim.look if isinstance(lab, ClaimLab) else ""
    return digest(_package_hash(), said, *sources(lab, lambda path: not draws(path)), *own)


def sources(lab: LabFolder, wanted: Callable[[Path], bool]) -> list[str | bytes]:
    """The names and contents of the lab's Python sources that are wanted."""
    return [part for path in modules_of(lab) if wanted(path) for part in (path.name, path.read_bytes())]


@cache
def _package_hash() -> str:
    paths = sorted(path for room in _JUDGING for path in (_PACKAGE / room).rglob("*.py"))
    names = (str(path.relative_to(_PACKAGE)) for path in paths)
    contents = (path.read_bytes() for path in paths)
    return digest(sys.version, *_installed(), *(part for pair in zip(names, contents, strict=True) for part in pair))


def _installed() -> list[str]:
    """The packages beside claimlab with their versions, as the names of their folders have them."""
    places = {Path(place) for place in sys.path if place.endswith("-packages")}
    return sorted(path.name for place in places if place.is_dir() for path in place.glob("*.dist-info"))
