"""Reads what the Go compiler writes: diagnostics as text and as JSON, assembly, and syntax trees."""

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import Final, Literal

import msgspec

from claimlab.instruments.answers import decoded

Kind = Literal[
    "escapes",
    "does not escape",
    "leaks",
    "can inline",
    "cannot inline",
    "inlines a call",
    "bounds check",
    "slice bounds check",
    "other",
]
"""What a diagnostic says, by one name in all releases. "escapes" is said of what is allocated on the heap, "leaks" of a
parameter that outlives its call."""

TEXT_ONLY: Final = frozenset({"does not escape", "inlines a call"})
"""The kinds that the compiler's JSON lacks, in all releases from 1.21 to 1.27."""

_CODES: Final[dict[str, Kind]] = {
    "escape": "escapes",
    "escapes": "escapes",
    "leak": "leaks",
    "canInlineFunction": "can inline",
    "cannotInlineFunction": "cannot inline",
    "isInBounds": "bounds check",
    "isSliceInBounds": "slice bounds check",
}
"""The compiler's own codes, in cmd/compile/internal/logopt, escape, inline and ssa."""
_MESSAGES: Final[tuple[tuple[str, Kind], ...]] = (
    (r"moved to heap: ", "escapes"),
    (r".* escapes to heap(?: in .*)?:?$", "escapes"),
    (r".* does not escape$", "does not escape"),
    (r"leaking param(?: content)?: ", "leaks"),
    (r"parameter .* leaks to .* with derefs=", "leaks"),
    (r"can inline ", "can inline"),
    (r"cannot inline ", "cannot inline"),
    (r"inlining call to ", "inlines a call"),
    (r"Found IsInBounds$", "bounds check"),
    (r"Found IsSliceInBounds$", "slice bounds check"),
)
_LINE: Final = re.compile(r"(\S+?):(\d+):(\d+): (.*)")
_AT: Final = re.compile(r"(.*) at (\S+?):(\d+):(\d+)$")
_FUNCTION: Final = re.compile(r"(.+?) STEXT ")
_INSTRUCTION: Final = re.compile(r"\t(0x[0-9a-f]+) \d+ \((.+):(\d+)\)\t(\S+)(?:\t(.*))?")
_SYMBOL: Final = re.compile(r"([^\s$*]+?)(?:\+0)?\(SB\)")
_WALK: Final = re.compile(r"(before|after) walk (\S+)(?: \[.*\])?")


class Flow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the compiler's explanation why something escapes or leaks."""

    message: str
    """In the words of the release: the arrow in ``flow: ~r0 = &t`` is ``←`` in newer ones."""
    line: int
    """Zero where none is told."""


class Diagnostic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that the compiler has decided about one place of the source."""

    file: str
    line: int
    column: int
    kind: Kind
    message: str
    """In the words of the release."""
    witnesses: list[Literal["json", "text"]]
    """Which of the compiler's two outputs say so."""
    code: str = ""
    """The compiler's own, empty for what only the text says."""
    flow: list[Flow] = []


class CallSite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call, or a jump into another function, in the assembly that the compiler prints."""

    function: str
    """The one that calls."""
    instruction: str
    """``CALL``; ``JMP`` for a call as a function's last act."""
    target: str
    """The symbol called, without ``(SB)``; empty for a call through a register or memory."""
    file: str
    line: int
    text: str
    """As printed: the offset in the function, the line of the source, the instruction."""


class Tree(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A function's syntax tree on both sides of the walk phase, as the compiler prints it for ``-W``.

    Type checking, inlining and escape analysis are over before walk, which turns operations of the language into calls
    of the runtime (https://go.dev/src/cmd/compile/README.md).
    """

    function: str
    before: str
    after: str


class _Position(msgspec.Struct, frozen=True):
    line: int
    character: int


class _Range(msgspec.Struct, frozen=True):
    start: _Position


class _Location(msgspec.Struct, frozen=True):
    range: _Range


class _Related(msgspec.Struct, frozen=True):
    location: _Location
    message: str


class _Record(msgspec.Struct, frozen=True):
    """A line of the compiler's log: the header of a file, or a diagnostic of the Language Server Protocol."""

    file: str = ""
    range: _Range | None = None
    code: str = ""
    message: str = ""
    relatedInformation: list[_Related] = []


def merged(text: str, log: str, folder: str) -> list[Diagnostic]:
    """What either output says, once, in the order of the source; positions and kinds make out what is the same."""
    found: dict[tuple[str, int, int, Kind, str], Diagnostic] = {}
    for one in [*from_log(log, folder), *from_text(text, folder)]:
        # Several calls can be inlined at one place; of the other kinds a place has one.
        key = (one.file, one.line, one.column, one.kind, one.message if one.kind in {"inlines a call", "other"} else "")
        known = found.get(key)
        found[key] = one if known is None else _both(known, one)
    return sorted(found.values(), key=lambda one: (one.file, one.line, one.column, one.kind))


def _both(known: Diagnostic, other: Diagnostic) -> Diagnostic:
    """JSON comes first and gives the words; some of its records have none."""
    return msgspec.structs.replace(
        known,
        message=known.message or other.message,
        flow=known.flow or other.flow,
        witnesses=list(dict.fromkeys([*known.witnesses, *other.witnesses])),
    )


def from_log(log: str, folder: str) -> list[Diagnostic]:
    """The diagnostics of ``-json=0``: files of JSON lines, each begun by a header that names the source."""
    found: list[Diagnostic] = []
    file = ""
    for line in log.splitlines():
        record = decoded(line.encode(), _Record, "a line of the compiler's log")
        if record.file:
            file = record.file.removeprefix(folder)
        elif record.range is not None:
            start = record.range.start
            flow = [
                Flow(" ".join(one.message.removeprefix("escflow:").split()), one.location.range.start.line)
                for one in record.relatedInformation
                if one.message.startswith("escflow:")
            ]
            kind = _CODES.get(record.code, "other")
            found.append(
                Diagnostic(file, start.line, start.character, kind, record.message, ["json"], record.code, flow)
            )
    return found


def from_text(text: str, folder: str) -> list[Diagnostic]:
    """The diagnostics of ``-m=2 -d=ssa/check_bce/debug=1``; a line that is further indented explains the one before."""
    found: list[Diagnostic] = []
    for match in filter(None, map(_LINE.fullmatch, text.splitlines())):
        file, line, column, message = match[1].removeprefix(folder), int(match[2]), int(match[3]), match[4]
        if message.startswith(" "):
            if found:
                found[-1] = msgspec.structs.replace(found[-1], flow=[*found[-1].flow, _flow(message)])
            continue
        kind: Kind = next((kind for pattern, kind in _MESSAGES if re.match(pattern, message)), "other")
        found.append(Diagnostic(file, line, column, kind, message, ["text"]))
    return found


def _flow(message: str) -> Flow:
    match = _AT.fullmatch(message.strip())
    return Flow(match[1], int(match[3])) if match else Flow(message.strip(), 0)


def calls(listing: str) -> list[CallSite]:
    """Every call in the output of ``-S``; files are named without their folders."""
    found = []
    function = ""
    for line in listing.splitlines():
        if header := _FUNCTION.match(line):
            function = header[1]
        elif (match := _INSTRUCTION.fullmatch(line)) and match[4] in {"CALL", "JMP"}:
            offset, path, number, instruction, operand = match.groups(default="")
            symbol = _SYMBOL.fullmatch(operand)
            if instruction == "CALL" or symbol:  # other jumps stay within the function
                file = PurePath(path).name
                text = f"{offset} ({file}:{number}) {instruction} {operand}"
                found.append(CallSite(function, instruction, symbol[1] if symbol else "", file, int(number), text))
    return found


def trees(dump: str, functions: Iterable[str]) -> list[Tree]:
    """The trees of these functions in the output of ``-W``; one that the compiler does not print is left out."""
    parts: dict[tuple[str, str], list[str]] = {}
    lines: list[str] = []
    for line in dump.splitlines():
        if match := _WALK.fullmatch(line):
            lines = parts.setdefault((match[1], match[2]), [])
        elif line.startswith("."):
            lines.append(line)
    return [
        Tree(name, *("\n".join(parts[phase, name]) for phase in ("before", "after")))
        for name in functions
        if ("before", name) in parts and ("after", name) in parts
    ]
