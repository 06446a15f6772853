"""A question that is kept with the sources it is about: a lab without Python, for everything that runs trials."""

import hashlib
import shlex
import sys
from collections.abc import Mapping
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
from claimlab.questions.programs import package_name
from claimlab.questions.question import Question
from claimlab.toolchains.needs import Needs
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.imports import room_behind
from claimlab.trials.lab import Lab, LabFolder

ENTRY: Final = "question.json"
FOLDER: Final = "questions"
"""In the project's cache, where they are kept."""


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    question: Asked
    files: dict[str, bytes]
    claim: str = ""
    """The project-wide name of the claim that asks, if one does."""


@dataclass(frozen=True)
class AskedLab(LabFolder):
    """The question in the folder `path`, whose name has the hash of what the question and its sources are."""

    @cached_property
    def _kept(self) -> _Kept:
        content = read_regular(self.entry)
        if self.path.name.rpartition("-")[2] != _hash(content):
            raise BadData(str(self.path), "it is not as it was written: remove it, and ask again")
        return msgspec.json.decode(content, type=_Kept)

    @property
    def asked(self) -> Question:
        return self._kept.question

    @property
    def sources(self) -> dict[str, bytes]:
        """The files that the question is about."""
        return self._kept.files

    def is_for(self, toolchain: Toolchain) -> bool:
        """Whoever asks says which toolchains are meant."""
        return True

    @property
    def is_a_claims(self) -> bool:
        """A claim asks it. Of a file that cannot be read nobody can say so."""
        try:
            return bool(self._kept.claim)
        except (BadData, OSError, msgspec.DecodeError):
            return False

    @cached_property
    def kept(self) -> dict[str, bytes]:
        """The files that the question is about, and the question."""
        question = {"question.json": msgspec.json.encode(self.asked, order="deterministic")}
        return question | {f"src/{name}": content for name, content in self._kept.files.items()}

    @property
    def needs(self) -> Needs:
        return needs_of(self.asked, self.sources)

    @cached_property
    def _read(self) -> tuple[Lab, str]:
        return declaration(self.path.name, self.asked), f"claimlab {self.command()}"

    @property
    def is_found(self) -> bool:
        return self.entry.is_file()

    @property
    def entry(self) -> Path:
        return self.path / ENTRY

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


@dataclass(frozen=True)
class ClaimsQuestion(AskedLab):
    """A question that a claim asks. It is a lab of the project, and is called as such."""

    named: str
    """See :func:`claimlab.questions.labs.name_of`."""

    @cached_property
    def _read(self) -> tuple[Lab, str]:
        return declaration(self.named, self.asked), f"claimlab {self.command()}"

    @property
    def name(self) -> str:
        return self.named

    def command(self, *options: str) -> str:
        return LabFolder.command(self, *options)

    def is_for(self, toolchain: Toolchain) -> bool:
        return LabFolder.is_for(self, toolchain)


def needs_of(question: Question, sources: Mapping[str, bytes]) -> Needs:
    """What benches of the question about these are to have compiled; of a package that is no program the tests are
    built."""
    is_program = not sources or package_name(sources, question.package) == "main"
    return question.needs if is_program else question.needs | {"testing"}


def declaration(name: str, asked: Question) -> Lab:
    """What a lab.py would say."""
    timing, host = asked.timing, asked.host_matters
    return Lab(name, timing=timing, host_matters=host, life_s=asked.life_s, across=asked.across)


def keep(project: Project, question: Asked, files: Mapping[str, bytes]) -> AskedLab:
    """The question is on disk, with the sources that it is about."""
    return AskedLab(kept_folder(project, question, files), project)


def kept_folder(project: Project, question: Asked, files: Mapping[str, bytes], claim: str = "") -> Path:
    """Where the question is kept with its sources, which lie there for readers too."""
    content = msgspec.json.encode(_Kept(question, dict(files), claim), order="deterministic")
    folder = project.cache / FOLDER / f"look-{question.kind}-{_hash(content)}"
    if not (folder / ENTRY).is_file():
        for name, text in files.items():
            write_whole(folder / "src" / name, text)
        write_whole(folder / ENTRY, content)
    return folder


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
