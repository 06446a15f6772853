"""Whether an observation answers a trial of the project as it is now, wherever it was made; and if not, why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from claimlab.benches import engines
from claimlab.project.errors import ClaimlabError, EnvironmentMissing
from claimlab.project.project import Project
from claimlab.questions.asked import ENTRY, FOLDER, AskedLab
from claimlab.questions.laboratory import laboratory
from claimlab.questions.labs import all_labs
from claimlab.toolchains.toolchain import Release, this_platform
from claimlab.trials.elsewhere import asked
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import SCHEMA, Where
from claimlab.trials.trial import Trial

LOCAL: Final = "local"
"""The engine that every machine may name."""
_LOOKED: Final = "look-"
"""What the names of questions begin with."""
_WORDS: Final = {
    "sources": "the lab's files",
    "instruments": "the instruments",
    "schema": "the schema of observations",
}


class Kind(StrEnum):
    HERE = "answers"
    ELSEWHERE = "answers from elsewhere"
    """This machine would measure it in another place: on another host, with another image or gdb."""
    OTHER_ARCHITECTURE = "of another architecture"
    """It answers the same question, asked of Go for another processor."""
    UNKNOWN = "nobody can tell"
    """What it would answer cannot be read, or is not known here."""
    STALE = "stale"
    """Nothing in the project asks for it."""


@dataclass(frozen=True, slots=True)
class Standing:
    kind: Kind
    because: tuple[str, ...] = ()
    """In words: what differs, or cannot be read."""

    @property
    def answers(self) -> bool:
        """A trial of this machine's is answered by it."""
        return self.kind in (Kind.HERE, Kind.ELSEWHERE)


@dataclass(frozen=True)
class Standings:
    """Of what a project asks now, on any engine and toolchain."""

    project: Project

    def of(self, where: Where, inputs: Mapping[str, str]) -> Standing:
        """Of an observation with these inputs."""
        lab, toolchain, engine = where
        of_lab = self.of_lab(lab)
        if not of_lab.answers:
            return of_lab
        try:
            return self._of(self._folder(lab), toolchain, engine, inputs)
        except EnvironmentMissing as missing:  # of the machine, as of a Go that is not where it was
            return Standing(Kind.UNKNOWN, (str(missing),))
        except (ClaimlabError, OSError, ValueError, LookupError) as error:
            return _faulty(lab, str(error))

    def of_lab(self, lab: str) -> Standing:
        """Of all that was ever measured of a lab."""
        try:
            fault = self._folder(lab).fault
        except KeyError:
            if lab.startswith(_LOOKED):
                return Standing(Kind.UNKNOWN, ("the question is not in this project's cache",))
            return Standing(Kind.STALE, ("there is no such lab",))
        except (ClaimlabError, OSError, ValueError) as error:
            fault = str(error)
        return _faulty(lab, fault) if fault else Standing(Kind.HERE)

    def _folder(self, lab: str) -> LabFolder:
        """The lab or the question of that name; KeyError if there is none."""
        if lab in self._labs:
            return self._labs[lab]
        folder = self.project.cache / FOLDER / lab
        if not lab.startswith(_LOOKED) or not (folder / ENTRY).is_file():
            raise KeyError(lab)
        return AskedLab(folder, self.project)

    def _of(self, folder: LabFolder, toolchain: str, engine: str, inputs: Mapping[str, str]) -> Standing:
        differs = _differing(asked(inputs), self._shared(folder).here)
        trial = self._trials(folder, LOCAL).get(toolchain)
        if trial:
            differs += _of_go(trial, inputs)
            if not differs and asked(inputs) != {**trial.asked, "engine": engine}:
                differs.append(Standing(Kind.STALE, ("its inputs are of another engine or toolchain than its name",)))
        elif not differs:
            return Standing(Kind.UNKNOWN, (f"no toolchain {toolchain} is pinned",))
        for kind in (Kind.STALE, Kind.OTHER_ARCHITECTURE):
            if because := [text for one in differs if one.kind is kind for text in one.because]:
                return Standing(kind, tuple(because))
        if engine not in engines.names(self.project):
            return Standing(Kind.UNKNOWN, (f"there is no engine {engine}",))
        placed = self._trials(folder, engine).get(toolchain)
        return Standing(Kind.HERE if placed and placed.inputs == inputs else Kind.ELSEWHERE)

    @cached_property
    def _labs(self) -> dict[str, LabFolder]:
        return {lab.name: lab for lab in all_labs(self.project)}

    def _shared(self, folder: LabFolder) -> Shared:
        if folder.name not in self._read:
            self._read[folder.name] = Shared(folder).read()
        return self._read[folder.name]

    def _trials(self, folder: LabFolder, engine: str) -> dict[str, Trial]:
        """By toolchain, all that are pinned; none on an engine that there is not."""
        if (folder.name, engine) not in self._planned:
            self._planned[folder.name, engine] = {one.toolchain.name: one for one in self._plan(folder, engine)}
        return self._planned[folder.name, engine]

    def _plan(self, folder: LabFolder, engine: str) -> list[Trial]:
        try:
            ours = laboratory(self.project, engine)
        except EnvironmentMissing:
            return []
        return [replace(one, shared=self._shared(folder)) for one in ours.trials(folder, ours.pins.toolchains)]

    @cached_property
    def _read(self) -> dict[str, Shared]:
        return {}

    @cached_property
    def _planned(self) -> dict[tuple[str, str], dict[str, Trial]]:
        return {}


def _faulty(lab: str, fault: str) -> Standing:
    return Standing(Kind.UNKNOWN, (f"the lab {lab} has a fault: {fault}",))


def _of_go(trial: Trial, inputs: Mapping[str, str]) -> list[Standing]:
    """What is otherwise about the trial's toolchains."""
    found = [_hashed(trial.toolchain.release, inputs.get("toolchain", "").partition(" ")[2])]
    found += [_hashed(one.release, inputs.get(f"beside {one.name}", "")) for one in trial.beside]
    if {name for name in inputs if name.startswith("beside ")} != {f"beside {one.name}" for one in trial.beside}:
        found.append(Standing(Kind.STALE, ("the toolchains that it is measured beside",)))
    return [one for one in found if one is not None]


def _hashed(release: Release, sha256: str) -> Standing | None:
    """Whether it was measured on another Go than the release is on this machine."""
    platform = next((name for name, pinned in release.hashes.items() if pinned == sha256), "")
    if not platform:
        return Standing(Kind.STALE, (f"Go {release.name}, which has another SHA-256",))
    if platform != this_platform():
        return Standing(Kind.OTHER_ARCHITECTURE, (f"Go {release.name} for {platform.replace('_', ' ', 1)}",))
    return None


def _differing(theirs: Mapping[str, str], here: Mapping[str, str]) -> list[Standing]:
    """What of the lab, of claimlab and of Python is otherwise."""
    ours = {"schema": str(SCHEMA), **here}
    names = [name for name in {**ours, **theirs} if name not in ("toolchain", "engine")]
    return [
        Standing(Kind.STALE, (_in_words(name, theirs.get(name, "none"), ours.get(name, "none")),))
        for name in names
        if not name.startswith("beside ") and theirs.get(name) != ours.get(name)
    ]


def _in_words(name: str, theirs: str, ours: str) -> str:
    if name in _WORDS:
        return _WORDS[name]
    if name == "python":
        return f"Python ({theirs}, here {ours})"
    versions = [one.partition(" ")[0] for one in (theirs, ours)]
    return f"{name.removeprefix('distribution ')} ({versions[0]}, here {versions[1]})"
