"""Labs: what an author declares, and how they are found on disk.

A lab is a folder ``labs/<chapter>/<lab>/`` with

- ``lab.py``: a docstring whose first line is the lab's question, ``lab = Lab(...)``, and the function that observes;
- ``judges.py`` (and parts of it, ``judges_*.py``): ``judges = Judges()`` and a judge with its control for every claim;
- ``pictures.py`` (and parts of it, ``pictures_*.py``), if there is something to draw: see :mod:`claimlab.picture`;
- the Go sources.

What is measured and what is concluded stand in two files, so that editing a judge measures nothing again; and so it is
with pictures.
"""

import ast
import hashlib
import importlib
import sys
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from claimlab.bench import Bench
from claimlab.errors import BadData
from claimlab.outcome import Finding, Outcome
from claimlab.places import LABS
from claimlab.toolchain import Toolchain, bare
from claimlab.words import Words

if TYPE_CHECKING:
    from claimlab.picture.declared import Declared as DeclaredPicture

Observe = Callable[[Bench], Any]
Declared = TypeVar("Declared")
OPPOSITES: Final = frozenset({Outcome.HOLDS, Outcome.FAILS})


@dataclass
class Lab:
    """The declaration in a ``lab.py``. What it is given are literals: they are read without importing the file."""

    name: str
    """Its name on the command line: ``gdb-panic``."""
    timing: bool = False
    """It measures time: its trials have the machine to themselves, and depend on the host."""
    has_axis: bool = True
    """False: it asks nothing of Go, and is measured once instead of on every toolchain."""
    host_matters: bool = False
    """Its counts depend on the host (number of cores, kernel)."""
    life_s: float = 600.0
    """A trial that takes longer is broken."""
    zh: str = ""
    """The lab's question in Chinese; in English it is the first line of the file."""
    _observe: Observe | None = None

    def observe(self, function: Observe) -> Observe:
        """Decorator: this function turns a bench into an observation (a msgspec Struct, by its annotation)."""
        self._observe = function
        return function

    def look(self, bench: Bench) -> Any:
        if self._observe is None:
            raise BadData(self.name, "lab.py has no @lab.observe function")
        return self._observe(bench)

    @property
    def seen_type(self) -> Any:
        hints = typing.get_type_hints(self._observe) if self._observe else {}
        if "return" not in hints:
            raise BadData(self.name, "the @lab.observe function does not say which Struct it returns")
        return hints["return"]


@dataclass(frozen=True, slots=True)
class Control:
    """An input for the same judge whose answer is known beforehand, and is the opposite of the claim's."""

    says: str
    """What the input is, for the reader of the page."""
    sees: Callable[[Any], Any]
    known: Outcome
    """HOLDS or FAILS."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a judge is asked, as data."""

    claim: str
    reading: str
    """How the claim's words are read: the first paragraph of the judge's docstring."""
    control: str
    """What the control's input is."""
    known: Outcome
    """The right answer on the control."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A pure function from a part of the observation to a finding, with its control."""

    claim: str
    reading: str
    """As in :class:`Question`."""
    decide: Callable[[Any], Finding]
    sees: Callable[[Any], Any]
    control: Control

    @property
    def question(self) -> Question:
        return Question(self.claim, self.reading, self.control.says, self.control.known)


@dataclass
class Judges:
    """The judges of one lab, in a ``judges.py``."""

    all: list[Judge] = field(default_factory=list)

    def of(
        self, claim: str, *, sees: Callable[[Any], Any], control: Control
    ) -> Callable[[Callable[[Any], Finding]], Callable[[Any], Finding]]:
        """Decorator: this function judges `claim` by what `sees` picks out of the observation.

        Claim and control go through the very same function, so a judge cannot pass its control by another path.
        """
        if control.known not in OPPOSITES:
            raise BadData(claim, "a control's known answer is HOLDS or FAILS")

        def register(decide: Callable[[Any], Finding]) -> Callable[[Any], Finding]:
            reading = " ".join((decide.__doc__ or "").partition("\n\n")[0].split())
            if any(judge.claim == claim for judge in self.all):
                raise BadData(claim, "it is judged twice")
            self.all.append(Judge(claim, reading, decide, sees, control))
            return decide

        return register


@dataclass(frozen=True)
class LabFolder:
    """A lab on disk. Listing and planning import nothing; measuring imports lab.py, judging also judges.py,
    drawing also pictures.py."""

    path: Path

    @cached_property
    def _read(self) -> tuple[Lab, str]:
        path = self.path / "lab.py"
        try:
            module = ast.parse(path.read_text())
            question = (ast.get_docstring(module) or "").partition("\n")[0]
            for node in module.body:
                call = node.value if isinstance(node, ast.Assign) else None
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Lab":
                    values = [ast.literal_eval(value) for value in call.args]
                    named = {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}
                    return Lab(*values, **named), question
        except SyntaxError as error:
            raise BadData(str(path), f"line {error.lineno}: {error.msg}") from error
        except (TypeError, ValueError) as error:
            raise BadData(str(path), f"what Lab(...) is given has to be literals it knows: {error}") from error
        raise BadData(str(path), "there is no lab = Lab('name')")

    @property
    def declared(self) -> Lab:
        """What ``lab = Lab(...)`` says; it cannot look."""
        return self._read[0]

    @property
    def name(self) -> str:
        return self.declared.name

    @property
    def question(self) -> str:
        return self._read[1]

    @property
    def asks(self) -> Words:
        """The question for readers of either language; in English where nobody has translated it."""
        return Words(self.question, self.declared.zh or self.question)

    @property
    def chapter_folder(self) -> Path:
        return self.path.parent

    @cached_property
    def lab(self) -> Lab:
        return self._import("lab", Lab)

    @cached_property
    def judges(self) -> list[Judge]:
        return self._import("judges", Judges).all

    @cached_property
    def pictures(self) -> "list[DeclaredPicture]":
        """Empty if there is no pictures.py, which no lab needs."""
        if not (self.path / "pictures.py").is_file():
            return []
        from claimlab.picture.declared import Pictures  # only pages draw

        return self._import("pictures", Pictures).all

    def axis(self, among: Sequence[Toolchain]) -> list[Toolchain]:
        """What the lab is measured on, of these toolchains."""
        return list(among) if self.declared.has_axis else [bare()]

    def _import(self, module: str, kind: type[Declared]) -> Declared:
        """The declaration of `kind` in one of the folder's modules, which may import each other relatively."""
        where = hashlib.sha256(str(self.path).encode()).hexdigest()[:8]
        package = f"claimlab_lab_{self.path.parent.name}_{self.path.name}_{where}"
        if package not in sys.modules:
            made = types.ModuleType(package)
            made.__path__ = [str(self.path)]
            sys.modules[package] = made
        loaded = importlib.import_module(f"{package}.{module}")
        declared = getattr(loaded, module, None)
        if not isinstance(declared, kind):
            raise BadData(str(self.path / f"{module}.py"), f"there is no {module} = {kind.__name__}(...)")
        return declared


def find_labs(folder: Path = LABS) -> list[LabFolder]:
    """Every lab below the folder, by name."""
    labs = sorted((LabFolder(path.parent) for path in folder.glob("*/*/lab.py")), key=lambda lab: lab.name)
    for one, other in pairwise(labs):
        if one.name == other.name:
            raise BadData(str(other.path / "lab.py"), f"the name {one.name} is taken by {one.path}")
    return labs
