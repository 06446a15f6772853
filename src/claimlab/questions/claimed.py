"""Claims that are data: what to look at, and what is claimed of it, in one table of a claims.toml.

``look = { layout = "runtime.g", field = "goid", offset = 152 }`` and the like. The sources that such a claim is about
lie beside its claims.toml. What follows from what was seen is decided in :mod:`claimlab.verdicts.looked`.
"""

from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from claimlab.project.toml import checked
from claimlab.questions.claimed_benchmarks import BenchLook
from claimlab.questions.codes import Code
from claimlab.questions.decided import Compiler
from claimlab.questions.layouts import Layout
from claimlab.questions.programs import in_full
from claimlab.questions.runs import Run
from claimlab.questions.tables import Asks, Table, one_of

SURE_TYPE: Final = "runtime.g"
"""In every program."""
SURE_FUNCTION: Final = "runtime.goexit.abi0"
"""In every program, by this name of nm's; it calls nothing but SURE_CALL (runtime/asm_amd64.s, asm_arm64.s)."""
SURE_CALL: Final = "runtime.goexit1"


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
    """Of a package: the name of the file."""

    def check(self) -> None:
        self.refuse_in("compiler")

    def asks(self, folder: Path) -> Asks:
        found = self.sources(folder, self.compiler)
        question = Compiler(at=self.compiler, package=found.package, arch=self.arch, control=True)
        return question, found.files


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
        if not 0 < self.share <= 1 or self.runs < 1 or self.timeout <= 0:
            raise ValueError("runs and timeout are positive, and a share is more than 0, and 1 at most")

    def asks(self, folder: Path) -> Asks:
        found = self.sources(folder, self.run, tests=True)
        question = Run(
            runs=self.runs,
            gomaxprocs=self.gomaxprocs,
            race=self.race,
            env=self.env | ({"GODEBUG": self.godebug} if self.godebug else {}),
            args=self.args,
            timeout_s=self.timeout,
            control_exit=3 if self.exit != 3 else 4,
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
