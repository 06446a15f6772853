"""What the compiler decides about a package: ``look.compiler``."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import ClassVar, Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import diagnostics
from claimlab.instruments.diagnostics_text import Diagnostic
from claimlab.questions.programs import import_path, module_path, own_files, package_name
from claimlab.questions.question import Answer, Question, Row, Seen, Sees

TOPICS: Final = {
    "escapes": ("escapes", "does not escape", "leaks"),
    "inlining": ("can inline", "cannot inline", "inlines a call"),
    "bounds": ("bounds check", "slice bounds check"),
}
"""The kinds of decisions, by what people ask for."""


_CLOSURE: Final = re.compile(r"^\w+\.(?=\S+\.func\d)")
"""The package before a closure's name, which stands there up to 1.26 (seen on 1.21 to 1.27); and results that have no
name are ``~R0`` on 1.21, ``~r0`` since."""


_HEAP: Final = re.compile(r" escapes to heap(?: in .*)?:?$")
_FUNCTION: Final = re.compile(r"func[ \t]+(\([^)]*\)[ \t]*)?(\w+)")


class DecidedSeen(Seen, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All decisions, in the order of the source."""

    decisions: tuple[Diagnostic, ...] = ()


CONTROL: Final = "claimlab_control.go"
_CONTROL: Final = """\
package {package}

type claimlabBox struct {{ a, b int }}

func claimlabEscapes() *claimlabBox {{
	return &claimlabBox{{1, 2}}
}}

func claimlabStays() int {{
	box := &claimlabBox{{1, 2}}
	return box.a + box.b
}}

//go:noinline
func claimlabIndexes(xs []int, at int) int {{
	return xs[at] + len(xs[at:]) + claimlabStays()
}}

var ClaimlabKept = []any{{claimlabEscapes, claimlabIndexes}}
"""
"""One decision of every kind, in a file that is put into the package."""


class Compiler(Question, frozen=True, tag="compiler"):
    """What escapes, what is inlined, where are bounds checked?"""

    control: bool = False
    """A file of which it is known what is decided is put beside the sources, and CONTROL is its name."""

    sees: ClassVar[Sees] = DecidedSeen

    def words(self) -> list[str]:
        at, *rest = self.about()[1:]
        return [at, *rest]

    def look(self, bench: Bench) -> DecidedSeen:
        files = own_files(bench)
        if self.control:
            text = _CONTROL.format(package=package_name(files, self.package))
            files |= {str(PurePosixPath(self.package or ".") / CONTROL): text.encode()}
        path = import_path(files, self.package)
        path = module_path(files, self.package) if path == "main" else path
        found = diagnostics.of_package(bench, files, self.package or ".", path, self.arch)
        return DecidedSeen(refused=found.refused, notes=found.notes, decisions=tuple(found.diagnostics))


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is decided about one place."""

    file: str
    line: int
    column: int
    kind: str
    subject: str
    """What is decided about, in the compiler's words."""


class DecidedAnswer(Answer, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The decisions of the topics that were asked for."""

    decisions: tuple[Decision, ...] = ()

    def rows(self) -> list[Row]:
        rows = [
            Row(
                f"{one.file}:{one.line}:{one.column}  {one.kind}  {one.subject}",
                "yes",
                order=(one.file, one.line, one.column, one.kind, one.subject),
            )
            for one in self.decisions
        ]
        return rows or [Row("", "nothing is decided")]


def answer(seen: DecidedSeen, topics: Sequence[str], files: Mapping[str, bytes], package: str) -> DecidedAnswer:
    """The decisions of these topics, or of all, about the package's own files: what is made of other packages' generic
    and inlined functions is told with theirs."""
    kinds = {kind for topic in topics or TOPICS for kind in TOPICS[topic]}
    own = [one for one in seen.decisions if one.kind in kinds and "/" not in one.file and one.file != CONTROL]
    found = [Decision(one.file, one.line, one.column, one.kind, _subject(one, files, package)) for one in own]
    return DecidedAnswer(tuple(dict.fromkeys(found)))


def _subject(one: Diagnostic, files: Mapping[str, bytes], package: str) -> str:
    """What is decided about, without the compiler's reasons and costs, which releases word and count as they like."""
    if one.kind in ("can inline", "cannot inline"):
        return _function(one, files, package)
    if one.kind in TOPICS["bounds"]:
        return ""
    words = _HEAP.sub("", one.message)
    for before in ("inlining call to ", "moved to heap: ", "leaking param content: ", "leaking param: ", "parameter "):
        words = words.removeprefix(before)
    words = words.removesuffix(" does not escape").partition(" with derefs")[0].replace(" leaks to ", " to ")
    return _CLOSURE.sub("", words).replace("~R", "~r")


def _function(one: Diagnostic, files: Mapping[str, bytes], package: str) -> str:
    """The name of the function that begins there, by its source: the compiler's log does not have it."""
    text = files.get(PurePosixPath(package, one.file).as_posix(), b"")
    lines = text.decode("utf-8", "replace").splitlines()
    found = _FUNCTION.match(lines[one.line - 1]) if 0 < one.line <= len(lines) else None
    return f"{found[1] or ''}{found[2]}" if found else "func literal"


def told_of(
    seen: DecidedSeen, wanted: Callable[[Diagnostic], bool], files: Mapping[str, bytes], package: str
) -> list[str]:
    """``escapes  make([]byte, n)`` for each decision that is wanted."""
    found = [one for one in seen.decisions if "/" not in one.file and wanted(one)]
    return [f"{one.kind}  {_subject(one, files, package)}" for one in found]
