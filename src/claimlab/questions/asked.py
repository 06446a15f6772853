"""A question that is kept with the sources it is about: a lab without Python, for everything that runs trials."""

import hashlib
import shlex
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.project.errors import BadData
from claimlab.project.files import read_regular, write_whole
from claimlab.project.project import Project
from claimlab.questions.kinds import Asked
from claimlab.questions.question import Question
from claimlab.trials.imports import room_behind
from claimlab.trials.lab import Lab, LabFolder

FOLDER: Final = "questions"
"""In the project's cache, where they are kept."""


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    question: Asked
    files: dict[str, bytes]


@dataclass(frozen=True)
class AskedLab(LabFolder):
    """The question in the file `path`. It is called by the hash of what the file holds, so it never changes."""

    @cached_property
    def _kept(self) -> _Kept:
        content = read_regular(self.path)
        if self.path.stem.rpartition("-")[2] != _hash(content):
            raise BadData(str(self.path), "it is not as it was written: remove it, and ask again")
        return msgspec.json.decode(content, type=_Kept)

    @property
    def asked(self) -> Question:
        return self._kept.question

    @property
    def kept(self) -> dict[str, bytes]:
        """The files that the question is about, and the question."""
        question = {"question.json": msgspec.json.encode(self.asked, order="deterministic")}
        return question | {f"src/{name}": content for name, content in self._kept.files.items()}

    @cached_property
    def _read(self) -> tuple[Lab, str]:
        asked = self.asked
        lab = Lab(self.path.stem, timing=asked.timing, host_matters=asked.host_matters)
        return lab, f"claimlab {self.command()}"

    @property
    def is_found(self) -> bool:
        return self.path.is_file()

    @property
    def entry(self) -> Path:
        return self.path

    def command(self, *options: str) -> str:
        words = self.asked.words()
        end = words.index("--") if "--" in words else len(words)
        return shlex.join([f"look.{self.asked.kind}", *words[:end], *options, *words[end:]])

    @property
    def observers(self) -> tuple[Path, ...]:
        module = Path(str(sys.modules[type(self.asked).__module__].__file__))
        return room_behind(module.parent, module.stem)

    @cached_property
    def lab(self) -> Lab:
        asked = self.asked

        def observe(bench: Bench) -> object:
            return asked.look(bench)

        observe.__annotations__["return"] = asked.sees
        declared = self.declared
        declared.observe(observe)
        return declared


def keep(project: Project, question: Asked, files: dict[str, bytes]) -> AskedLab:
    """The question is on disk, with the sources that it is about."""
    content = msgspec.json.encode(_Kept(question, files), order="deterministic")
    path = project.cache / FOLDER / f"look-{question.kind}-{_hash(content)}.json"
    if not path.is_file():
        write_whole(path, content)
    return AskedLab(path, project)


def lab_of(entry: Path, project: Project) -> LabFolder:
    """The lab that a file of :attr:`LabFolder.entry` stands for."""
    if entry.suffix == ".json" and entry.parent == project.cache / FOLDER:
        return AskedLab(entry, project)
    return LabFolder(entry.parent, project)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
