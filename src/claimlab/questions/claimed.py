"""Claims that are data: what to look at, and what is claimed of it, in one table of a claims.toml.

``look = { layout = "runtime.g", field = "goid", offset = 152 }`` and the like. The sources that such a claim is about
lie beside its claims.toml. What follows from what was seen is decided in :mod:`claimlab.verdicts.looked`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from claimlab.project.errors import Refused
from claimlab.project.toml import checked
from claimlab.questions import sources
from claimlab.questions.codes import Code
from claimlab.questions.decided import Compiler
from claimlab.questions.kinds import Asked
from claimlab.questions.layouts import Layout
from claimlab.questions.programs import in_full
from claimlab.questions.runs import Run
from claimlab.questions.sources import Sources

SURE_TYPE: Final = "runtime.g"
"""In every program."""
SURE_FUNCTION: Final = "runtime.goexit.abi0"
"""In every program, by this name of nm's; it calls nothing but SURE_CALL (runtime/asm_amd64.s, asm_arm64.s)."""
SURE_CALL: Final = "runtime.goexit1"
Asks = tuple[Asked, Mapping[str, bytes]]


class _Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all tables have."""

    where: str = msgspec.field(default="", name="in")
    """The .go file, or the folder of the package, relative to the claims.toml; Go itself without one."""
    arch: str = ""

    @property
    def across(self) -> tuple[str, ...] | None:
        """The releases that are looked at beside each, all if it is (); None if the claim is about each alone."""
        return None

    def check(self) -> None:
        """ValueError for a table that claims nothing, or has no control."""

    def _sources(self, folder: Path, *, tests: bool = False) -> Sources:
        if not self.where:
            return Sources({}, "")
        try:
            return sources.read(str(folder / self.where), tests=tests)
        except Refused as refused:
            raise ValueError(str(refused)) from None


def _one_of(table: msgspec.Struct, *names: str) -> None:
    """The table claims one thing of these."""
    given = [name for name in names if getattr(table, name) not in (None, "")]
    if len(given) != 1:
        raise ValueError(f"it has to claim one thing of {', '.join(names)}, and claims {', '.join(given) or 'nothing'}")


Measured = Literal["offset", "size"]


class LayoutLook(_Look, frozen=True):
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
    def across(self) -> tuple[str, ...] | None:
        return (self.than,) if self.than else () if self.same else None

    def check(self) -> None:
        _one_of(self, "offset", "size", "exists", "same", "less", "more")
        if (self.offset is not None or self.related == "offset") and not self.field:
            raise ValueError("an offset is that of a field: say which")
        if bool(self.less or self.more) is not bool(self.than):
            raise ValueError("less and more want the release that is compared with, and nothing else does: than")

    @property
    def related(self) -> Measured | None:
        """What of the field, or of the type, is compared with other releases."""
        return self.same or self.less or self.more

    def asks(self, folder: Path) -> Asks:
        found = self._sources(folder)
        name = in_full(self.layout, found.files, found.package)
        question = Layout(type=name, others=(SURE_TYPE,), at=self.where, package=found.package, arch=self.arch)
        return question, found.files


class CodeLook(_Look, frozen=True):
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
        _one_of(self, "calls", "never_calls", "contains", "never_contains")
        if (self.never_calls or self.never_contains) and not self.control:
            raise ValueError("that something never occurs wants a control: a function of the program in which it does")
        if self.calls == SURE_CALL and not self.control:
            raise ValueError(f"this wants a control of its own: {SURE_FUNCTION}, which is the usual one, calls it")

    def asks(self, folder: Path) -> Asks:
        found = self._sources(folder)
        name, other = (in_full(one, found.files, found.package) for one in (self.code, self.other))
        question = Code(function=name, others=(other,), at=self.where, package=found.package, arch=self.arch)
        return question, found.files

    @property
    def other(self) -> str:
        """The control."""
        return self.control or SURE_FUNCTION


class CompilerLook(_Look, frozen=True):
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
        if self.where:
            raise ValueError("`compiler` itself says where the sources are: leave `in` out")

    def asks(self, folder: Path) -> Asks:
        found = msgspec.structs.replace(self, where=self.compiler)._sources(folder)
        question = Compiler(at=self.compiler, package=found.package, arch=self.arch, control=True)
        return question, found.files


class RunLook(_Look, frozen=True):
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
    env: dict[str, str] = {}
    args: tuple[str, ...] = ()
    timeout: float = 10.0

    def check(self) -> None:
        if self.where:
            raise ValueError("`run` itself says where the sources are: leave `in` out")
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
        found = msgspec.structs.replace(self, where=self.run)._sources(folder, tests=True)
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


Looked = LayoutLook | CodeLook | CompilerLook | RunLook
KINDS: Final[dict[str, type[Looked]]] = {
    "layout": LayoutLook,
    "code": CodeLook,
    "compiler": CompilerLook,
    "run": RunLook,
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
