"""Claims that are data: what to look at, and what is claimed of it, in one table of a claims.toml.

``look = { layout = "runtime.g", field = "goid", offset = 152 }`` and the like. The sources that such a claim is about
lie beside its claims.toml. What follows from what was seen is decided in :mod:`claimlab.verdicts.looked`.
"""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

import msgspec

from claimlab.project.toml import checked
from claimlab.questions.claimed_benchmarks import BenchLook
from claimlab.questions.codes import Code
from claimlab.questions.decided import Compiler
from claimlab.questions.layouts import Layout
from claimlab.questions.programs import can_run, in_full
from claimlab.questions.runs import CONTROL, Run
from claimlab.questions.tables import Asks, Table, one_of

SURE_TYPE: Final = "runtime.g"
"""In every program."""
SURE_FUNCTION: Final = "runtime.goexit.abi0"
"""In every program, by this name of nm's; it calls nothing but SURE_CALL (runtime/asm_amd64.s, asm_arm64.s)."""
SURE_CALL: Final = "runtime.goexit1"


_MOST_EXIT: Final = 255
Measured = Literal["offset", "size"]


class LayoutLook(Table, frozen=True):
    """``{ layout = "runtime.g", field = "goid", offset = 152 }``."""

    layout: str
    field: str = ""
    offset: int | None = None
    size: int | None = None
    """Of the field, or else of the type."""
    exists: bool | None = None
    same: Measured | None = None
    """It is the same in every release that has it."""
    less: Measured | None = None
    """Of releases after `than`: it is less than there."""
    more: Measured | None = None
    than: str = ""
    """A release, such as 1.23."""

    @property
    def related_to(self) -> tuple[str, ...] | None:
        return (self.than,) if self.than else () if self.same else None

    def check(self) -> None:
        one_of(self, "offset", "size", "exists", "same", "less", "more")
        if (self.offset is not None or self.related == "offset") and not self.field:
            raise ValueError("an offset is that of a field: say which")
        if bool(self.less or self.more) is not bool(self.than):
            raise ValueError("less and more want the release that is compared with, and nothing else does: than")

    @property
    def related(self) -> Measured | None:
        """What of the field, or of the type, is compared with other releases."""
        return self.same or self.less or self.more

    def asks(self, folder: Path) -> Asks:
        found = self.sources(folder, self.where)
        name = in_full(self.layout, found.files, found.package)
        question = Layout(type=name, others=(SURE_TYPE,), at=self.where, package=found.package, arch=self.arch)
        return question, found.files


class CodeLook(Table, frozen=True):
    """``{ code = "main.f", in = "f.go", calls = "runtime.growslice" }``."""

    code: str
    calls: str = ""
    never_calls: str = ""
    """Directly."""
    contains: str = ""
    """A regular expression that an instruction of the listing of ``look.code`` matches."""
    never_contains: str = ""
    control: str = ""
    """A function of the same program that does what this one is claimed never to do."""

    def check(self) -> None:
        one_of(self, "calls", "never_calls", "contains", "never_contains")
        if (self.never_calls or self.never_contains) and not self.control:
            raise ValueError("that something never occurs wants a control: a function of the program in which it does")
        if self.calls == SURE_CALL and not self.control:
            raise ValueError(f"this wants a control of its own: {SURE_FUNCTION}, which is the usual one, calls it")
        try:
            re.compile(self.contains or self.never_contains)
        except re.error as error:
            raise ValueError(f"what an instruction is to match is no regular expression: {error}") from None

    def asks(self, folder: Path) -> Asks:
        found = self.sources(folder, self.where)
        name, other = (in_full(one, found.files, found.package) for one in (self.code, self.other))
        question = Code(function=name, others=(other,), at=self.where, package=found.package, arch=self.arch)
        return question, found.files

    @property
    def other(self) -> str:
        """The control."""
        return self.control or SURE_FUNCTION


class CompilerLook(Table, frozen=True):
    """``{ compiler = "esc.go", line = 27, decides = "escapes" }``."""

    compiler: str
    line: int
    """One that has code."""
    decides: Literal[
        "escapes",
        "does not escape",
        "can inline",
        "cannot inline",
        "inlines a call",
        "bounds check",
        "slice bounds check",
    ]
    about: str = ""
    """A part of what it is decided about."""
    never: bool = False
    """It is claimed that this is not decided there."""
    file: str = ""
    """The name of the file, of a package that has several."""

    def check(self) -> None:
        self.refuse_in("compiler")

    def asks(self, folder: Path) -> Asks:
        found = self.sources(folder, self.compiler)
        self._refuse_nowhere(found.files, found.package)
        question = Compiler(at=self.compiler, package=found.package, arch=self.arch, control=True)
        return question, found.files

    def _refuse_nowhere(self, files: Mapping[str, bytes], package: str) -> None:
        """Of a line without code, and of a file that is not there, nothing is ever decided: `never` would hold."""
        paths = {PurePosixPath(name): text for name, text in files.items()}
        own = {one.name: text for one, text in paths.items() if one.parent == PurePosixPath(package or ".")}
        names = sorted(one for one in own if one.endswith(".go"))
        if len(names) > 1 and not self.file:
            raise ValueError(f"line {self.line} of which `file`: there is {', '.join(names)}")
        name = self.file or names[0]
        if name not in names:
            raise ValueError(f"there is no file {name} in {self.compiler}, where there is {', '.join(names)}")
        lines = own[name].decode("utf-8", "replace").splitlines()
        text = lines[self.line - 1].strip() if 0 < self.line <= len(lines) else ""
        if not text or text.startswith("//"):
            raise ValueError(f"line {self.line} of {name} has no code, so nothing is decided there")


class RunLook(Table, frozen=True):
    """``{ run = "nil.go", exit = 2, message = "nil pointer" }``."""

    run: str
    exit: int | None = None
    signal: int | None = None
    hangs: bool = False
    """It still runs after `timeout` seconds."""
    prints: str | None = None
    """What stands in standard output."""
    message: str = ""
    """A part of the line with which the runtime ends it: ``panic: …``, ``fatal error: …``."""
    runs: int = 1
    share: float = 1.0
    """So large a share of the runs at least: with 1 all of them."""
    race: bool = False
    gomaxprocs: int = 2
    godebug: str = ""
    env: dict[str, str] = msgspec.field(default_factory=dict)
    args: tuple[str, ...] = ()
    timeout: float = 10.0

    def check(self) -> None:
        self.refuse_in("run")
        self.refuse_arch()
        claims = (
            self.exit is not None,
            self.signal is not None,
            self.hangs,
            self.prints is not None,
            bool(self.message),
        )
        if not any(claims):
            raise ValueError("it has to claim something of exit, signal, hangs, prints, message")
        if sum(claims[:3]) > 1:
            raise ValueError("a run ends in one way: say one of exit, signal, hangs")
        if not 0 <= (self.exit or 0) <= _MOST_EXIT or (self.signal is not None and self.signal < 1):
            raise ValueError(f"an exit code is 0 to {_MOST_EXIT}, and a signal is more than 0")
        if "GOMAXPROCS" in self.env or (self.godebug and "GODEBUG" in self.env):
            raise ValueError("GOMAXPROCS and GODEBUG are said once: leave them out of `env`")
        if self.prints == "":
            raise ValueError("every output has an empty `prints` in it: say what is printed")
        if not 0 < self.share <= 1 or self.runs < 1 or self.timeout <= 0:
            raise ValueError("runs and timeout are positive, and a share is more than 0, and 1 at most")

    def asks(self, folder: Path) -> Asks:
        found = self.sources(folder, self.run, tests=True)
        if not can_run(found.files, found.package):
            raise ValueError(f"{self.run} is no program, and has no tests")
        question = Run(
            runs=self.runs,
            gomaxprocs=self.gomaxprocs,
            race=self.race,
            env=self.env | ({"GODEBUG": self.godebug} if self.godebug else {}),
            args=self.args,
            timeout_s=self.timeout,
            control_exit=3 if self.exit != 3 else 4,
            control_is_silent=self.prints is not None and self.prints in f"{CONTROL}\n",
            at=self.run,
            package=found.package,
        )
        return question, found.files


Looked = LayoutLook | CodeLook | CompilerLook | RunLook | BenchLook
KINDS: Final[dict[str, type[Looked]]] = {
    "layout": LayoutLook,
    "code": CodeLook,
    "compiler": CompilerLook,
    "run": RunLook,
    "bench": BenchLook,
}
"""By the key that says what to look at."""


def looked(table: str) -> Looked:
    """The table, which is JSON here; ValueError says what is wrong with it."""
    given: dict[str, Any] = msgspec.json.decode(table)
    kinds = [kind for kind in KINDS if kind in given]
    if len(kinds) != 1:
        raise ValueError(f"look: it has to have one of {', '.join(KINDS)}, and has {', '.join(kinds) or 'none'}")
    try:
        found = checked(given, KINDS[kinds[0]])
        found.check()
    except ValueError as error:
        raise ValueError(f"look: {error}") from None
    return found
