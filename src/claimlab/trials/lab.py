"""Labs: what an author declares, and how they are found on disk.

A lab is a folder in the folder of a chapter, such as ``labs/maps/ch2_native_map/gdb_panic/``, with

- ``lab.py``: a docstring whose first line is the lab's question, ``lab = Lab(...)``, and the function that observes;
- ``judges.py`` or several ``judges_*.py``: ``judges = Judges()`` and a judge with its control for every claim;
- ``pictures.py`` (and parts of it, ``pictures_*.py``), if there is something to draw: see :mod:`claimlab.pictures`;
- the Go sources.

What is measured and what is concluded stand in two files, so that editing a judge measures nothing again; and so it is
with pictures.
"""

import ast
import hashlib
import importlib
import re
import sys
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from claimlab.benches.bench import Bench
from claimlab.project.article import NAME, Article
from claimlab.project.claim import Chapter
from claimlab.project.errors import BadData, EnvironmentMissing, LabBroken
from claimlab.project.extensions import make_importable
from claimlab.project.languages import Words
from claimlab.project.project import Project
from claimlab.project.theirs import TheirFault, theirs
from claimlab.toolchains.needs import Needs
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials import unchanged
from claimlab.trials.importing import from_source

Observe = Callable[[Bench], Any]
Declared = TypeVar("Declared")
LONGEST_NAME: Final = 40
TAKEN: Final = re.compile(r"all|new|(?:.*-)?chapter-.*|.*-all")
"""What ``lab.`` is followed by on the command line without being a lab's name."""


@dataclass
class Lab:
    """The declaration in a ``lab.py``. What it is given are literals: they are read without importing the file."""

    name: str = ""
    """Its name on the command line, such as ``gdb-panic``; without one, its folder's."""
    timing: bool = False
    """It measures time: its trials have the machine to themselves, and depend on the host."""
    has_axis: bool = True
    """False: it asks nothing of Go, and is measured once instead of on every toolchain."""
    host_matters: bool = False
    """Its counts depend on the host (number of cores, kernel)."""
    life_s: float | None = None
    """A trial that takes longer is broken; the project's limit where the lab sets none."""
    across: str | tuple[str, ...] = ""
    """Its trials have programs of several toolchains on their bench: ``previous`` for the release before (a variant has
    its own release), or a release such as ``1.23``. Several names stand for one trial, of the last with the others."""
    asks: dict[str, str] = field(default_factory=dict)
    """The lab's question in further languages; the first line of the file has it in the article's first."""
    _observe: Observe | None = None

    @property
    def depends_on_host(self) -> bool:
        """What it sees may be another on another host."""
        return self.timing or self.host_matters

    def observe(self, function: Observe) -> Observe:
        """Decorator: this function turns a bench into an observation (a msgspec Struct, by its annotation)."""
        self._observe = function
        return function

    def look(self, bench: Bench) -> Any:
        """What the function has observed, which is of the type that it says."""
        if self._observe is None:
            raise BadData(self.name, "lab.py has no @lab.observe function")
        declared, seen = self.seen_type, self._observe(bench)
        try:
            msgspec.convert(msgspec.to_builtins(seen, str_keys=True), declared, str_keys=True)
        except (msgspec.ValidationError, TypeError) as error:
            kinds = f"{_named(type(seen))}, not the {_named(declared)} that it says"
            raise LabBroken(f"observe returned {kinds}: {error}") from None
        return seen

    @property
    def seen_type(self) -> Any:
        hints = typing.get_type_hints(self._observe) if self._observe else {}
        if hints.get("return", type(None)) is type(None):
            raise BadData(self.name, "the @lab.observe function does not say which Struct it returns")
        return hints["return"]


def _named(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind))


@dataclass(frozen=True)
class LabFolder:
    """A lab on disk. Listing and planning import nothing of it; measuring imports lab.py."""

    path: Path
    project: Project

    @property
    def entry(self) -> Path:
        """The file that stands for it in the ids of pytest."""
        return self.path / "lab.py"

    def command(self, *options: str) -> str:
        """What runs it, with these options, after the name that claimlab is called by."""
        return " ".join([f"lab.{self.name}", *options])

    @property
    def observers(self) -> tuple[Path, ...]:
        """Modules of claimlab that observe for it: none for a lab that has a lab.py."""
        return ()

    @property
    def kept(self) -> dict[str, bytes] | None:
        """What takes part in measuring, if that does not lie on the disk for everybody to change."""
        return None

    @property
    def needs(self) -> Needs | None:
        """What its benches are to have compiled beforehand; None if its sources have to be asked."""
        return None

    @cached_property
    def _read(self) -> tuple[Lab, str]:
        path = self.path / "lab.py"
        try:
            module = ast.parse(path.read_text(encoding="utf-8"))
            question = (ast.get_docstring(module) or "").partition("\n")[0]
            for node in module.body:
                call = node.value if isinstance(node, ast.Assign) else None
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Lab":
                    values = [ast.literal_eval(value) for value in call.args]
                    named = {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}
                    return _checked(Lab(*values, **named), self.path, given=values[:1] or named.get("name")), question
        except BadData:
            raise
        except SyntaxError as error:
            where = f"line {error.lineno}: " if error.lineno else ""  # none for a zero byte
            raise BadData(str(path), f"{where}{error.msg}") from error
        except UnicodeDecodeError as error:
            raise BadData(str(path), f"it is no UTF-8 at byte {error.start}") from error
        except OSError as error:
            raise BadData(str(path), f"it cannot be read: {error.strerror}") from error
        except (TypeError, ValueError) as error:
            raise BadData(str(path), f"what Lab(...) is given has to be literals it knows: {error}") from error
        raise BadData(str(path), "there is no lab = Lab('name')")

    @property
    def declared(self) -> Lab:
        """What ``lab = Lab(...)`` says; it cannot look."""
        return self._read[0]

    @cached_property
    def fault(self) -> str:
        """Why nothing can be done with it: what its lab.py says cannot be read, or cannot be; empty if all is well."""
        try:
            self._read  # noqa: B018 - reading is the question
        except BadData as error:
            return str(error)
        return ""

    @cached_property
    def name(self) -> str:
        """What its lab.py says, or else the folder's, with hyphens."""
        given = "" if self.fault else self.declared.name
        return given or _name_of(self.path)

    @property
    def question(self) -> str:
        return "" if self.fault else self._read[1]

    @property
    def asks(self) -> Words:
        """The question in the article's languages, as far as the lab has it in them."""
        languages = self.article.languages if self.article else ("en",)
        return Words(**({languages[0]: self.question} | self.declared.asks))

    @cached_property
    def article(self) -> Article | None:
        return self.project.article_of(self.path)

    def axis(self, toolchains: Sequence[Toolchain]) -> list[Toolchain]:
        """Those among them that it is asked on. A setting of GODEBUG would reach both sides where it compares two."""
        compares = not self.fault and isinstance(self.declared.across, str) and self.declared.across
        return [one for one in toolchains if self.is_for(one) and not (compares and one.godebug)]

    def is_for(self, toolchain: Toolchain) -> bool:
        """The toolchain is for all labs, or for this one."""
        return toolchain.labs is None or self.name in toolchain.labs

    @property
    def is_found(self) -> bool:
        """It lies where the labs of its article lie."""
        return self.article is not None and self.path.parent in self.article.homes

    @cached_property
    def chapter(self) -> Chapter | None:
        """The chapter whose claims it judges: the one in whose folder it lies. None where several pages share that:
        such a lab judges claims of any of them."""
        chapters = self.article.chapters if self.article else []
        found = [chapter for chapter in chapters if chapter.folder == self.path.parent]
        return found[0] if len(found) == 1 else None

    @cached_property
    def lab(self) -> Lab:
        declared = self.declaration("lab", Lab)
        declared.name = declared.name or self.name
        return declared

    def declaration(self, module: str, kind: type[Declared], inside: str = "") -> Declared:
        """What the folder's module of that name declares under the same name; it may lie in a folder `inside` it."""
        declared = getattr(self.module(module, inside), module, None)
        if not isinstance(declared, kind):
            raise BadData(str(self.path / inside / f"{module}.py"), f"there is no {module} = {kind.__name__}(...)")
        return declared

    def module(self, name: str, inside: str = "") -> types.ModuleType:
        """One of the folder's modules, which may import each other relatively. It is what its source says now."""
        unchanged.note(self.path.glob("*.py"))
        from_source(self.path, below=True)
        from_source(self.project.root, below=False)
        where = hashlib.sha256(str(self.path).encode()).hexdigest()[:8]
        make_importable(self.project)
        package = f"claimlab_lab_{self.path.parent.name}_{self.path.name}_{where}"
        if package not in sys.modules:
            made = types.ModuleType(package)
            made.__path__ = [str(self.path)]
            sys.modules[package] = made
        try:
            with theirs("it", self.project.settings.limits.judge_s, self.path):
                return importlib.import_module(".".join(filter(None, (package, inside, name))))
        except TheirFault as fault:
            raise BadData(str(self.path / inside / f"{name}.py"), str(fault)) from fault


def not_asked(labs: Sequence[LabFolder], toolchains: Sequence[Toolchain]) -> EnvironmentMissing:
    """None of the labs is asked on any of these: a setting of GODEBUG may be for others."""
    what = f"{labs[0].name} is not" if len(labs) == 1 else "None of these labs is"
    return EnvironmentMissing(
        f"{what} asked on {', '.join(one.name for one in toolchains)}.",
        "Choose other toolchains with --go; the pins say which labs a setting of GODEBUG is for.",
    )


def _name_of(folder: Path) -> str:
    """What a lab in that folder is called that gives itself no name."""
    return folder.name.replace("_", "-")


_KINDS: Final = {
    "timing": bool,
    "has_axis": bool,
    "host_matters": bool,
    "life_s": float | None,
    "across": str,
    "asks": dict[str, str],
}


def _checked(lab: Lab, folder: Path, given: object) -> Lab:
    """The declaration; :class:`BadData` if what it says, or else its folder's name, cannot be."""
    for key, kind in _KINDS.items():
        try:
            msgspec.convert(getattr(lab, key), kind)
        except msgspec.ValidationError as error:
            raise BadData(str(folder / "lab.py"), f"Lab({key}={getattr(lab, key)!r}): {error}") from None
    name = lab.name or _name_of(folder)
    if given in ("", [""]) or not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        wanted = f"up to {LONGEST_NAME} small letters and digits, with hyphens between words"
        raise BadData(str(folder / "lab.py"), f"{lab.name if given else name!r} is no name for a lab: {wanted}")
    if TAKEN.fullmatch(name):
        raise BadData(str(folder / "lab.py"), f"the name {name} is taken: lab.{name} is a command already")
    return lab


def find_labs(project: Project) -> list[LabFolder]:
    """Every lab of the project, by name, those with a fault too.

    They lie in the folders of chapters, or in that of an article of pages.
    """
    folders = {folder for article in project.articles for folder in article.homes}
    found = [LabFolder(path.parent, project) for folder in folders for path in folder.glob("*/lab.py")]
    labs = sorted(found, key=lambda lab: lab.name)
    for one, other in pairwise(labs):
        if one.name == other.name:
            raise BadData(str(other.path / "lab.py"), f"the name {one.name} is taken by {one.path}")
    return labs
