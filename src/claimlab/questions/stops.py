"""Where a program stops under gdb: ``look.stop``."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import ClassVar, Final

import msgspec

from claimlab.benches.bench import Bench
from claimlab.instruments import gdb, packages, parameters, symbols
from claimlab.instruments.parameters import Parameter
from claimlab.project.errors import LabBroken
from claimlab.questions.programs import module_path, nearest, own_files, package_name, spelled
from claimlab.questions.question import Answer, Question, Row, Seen, Sees

LINE: Final = re.compile(r"(?P<file>.+\.(?:go|s)):(?P<line>\d+)")
"""``FILE:LINE``."""
_ADDRESS: Final = re.compile(r"0x(?!0\b)[0-9a-f]+")
"""As gdb writes one, but for nil."""
_NUMBER: Final = re.compile(r"\d+")
_COMPLAINT: Final = "gdb.error: "
"""Before what gdb's Python says that it cannot do."""
_UNREAD: Final = "optimised out, or not to be read"
_SHOWN_CALLS: Final = 12
_SAID_LINES: Final = 3
_CALLS, _ARGUMENTS, _GOROUTINES, _REGISTERS = range(4)
"""The order of rows."""


class StopSeen(Seen, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The program as it stood where it was to stop, or how it ended before."""

    session: gdb.Session | None = None
    """None if gdb was not done in time."""
    parameters: tuple[Parameter, ...] = ()
    """Of the function it stands in."""
    near: tuple[str, ...] = ()
    """If there is no such function: others that are called almost so."""

    @property
    def stop(self) -> gdb.Stop | None:
        """The first stop."""
        return next(iter(self.session.runs[0].stops), None) if self.session else None

    @property
    def is_there(self) -> bool:
        """The program has such a place, as far as gdb was asked."""
        return self.session is None or any(one.resolved for one in self.session.breakpoints)


class Stop(Question, frozen=True, tag="stop"):
    """How does a program stand when it comes to some place?"""

    place: str
    """A function, as nm names it: ``main.f``, ``runtime.mallocgc``; or a file, as DWARF names it, and a line."""
    when: str = ""
    """A gdb expression: times at which it is false are passed over."""
    gomaxprocs: int = 1
    env: dict[str, str] = msgspec.field(default_factory=dict)
    args: tuple[str, ...] = ()
    timeout_s: float = 30.0

    sees: ClassVar[Sees] = StopSeen
    host_matters: ClassVar[bool] = True

    def words(self) -> list[str]:
        options = ["--at", self.place, *(["--when", self.when] if self.when else [])]
        options += ["--gomaxprocs", str(self.gomaxprocs), "--timeout", f"{self.timeout_s:g}"]
        options += [word for name, value in self.env.items() for word in ("--env", f"{name}={value}")]
        return [self.at, *options, *(["--", *self.args] if self.args else [])]

    def look(self, bench: Bench) -> StopSeen:
        built = self.built(bench)
        if built.refused:
            return StopSeen(refused=built.refused, notes=built.notes)
        try:
            session = gdb.session(bench, packages.binary_of(bench, built), [self.run(bench)], timeout_s=self.timeout_s)
        except LabBroken as broken:
            if bench.journal.last and bench.journal.last.timed_out:
                return StopSeen(notes=built.notes)
            why = broken.tail.strip().rpartition("\n")[2]
            if self.when and why.startswith(_COMPLAINT):
                raise LabBroken(f"gdb cannot do --when '{self.when}': {why.removeprefix(_COMPLAINT)}") from None
            raise
        seen = StopSeen(notes=built.notes, session=session)
        elf = bench.get(built.binary)
        if seen.stop:
            known = tuple(parameters.read(elf, built.binary, seen.stop.function))
            return msgspec.structs.replace(seen, parameters=known)
        if seen.is_there:
            return seen
        there = (one.name for one in symbols.read(elf, built.binary).all if one.kind == "function")
        return msgspec.structs.replace(seen, near=nearest(self.place, bench, self.package, there))

    def built(self, bench: Bench) -> packages.Built:
        """The program, or of a package that is none its tests."""
        files, package = own_files(bench), self.package or "."
        return packages.build(bench, files, package, tests=package_name(files, package) != "main")

    def run(self, bench: Bench) -> gdb.Run:
        """What gdb is to do."""
        names = [self.place] if LINE.fullmatch(self.place) else spelled(self.place, own_files(bench))
        step = gdb.Step(at=names, when=self.when, goroutines=True)
        folder = str(PurePosixPath(f"{packages.PROGRAM}.src", self.package))
        return gdb.Run(args=list(self.args), gomaxprocs=self.gomaxprocs, steps=[step], env=self.env, folder=folder)


# --- what is said of it ---


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One frame of the backtrace."""

    function: str
    file: str = ""
    """One's own below the module's folder; any other as DWARF has it."""
    line: int = 0
    is_own: bool = False
    """The file is of the module that was asked about."""

    def key(self) -> object:
        """Lines of Go's own sources move from release to release."""
        return (self.function, self.file, self.line) if self.is_own else self.function

    @property
    def text(self) -> str:
        return f"{self.function}  {self.file}:{self.line}" if self.is_own else self.function


class Argument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One argument of the function that the program stands in."""

    name: str
    value: str | None
    """None if it is optimised out there, or cannot be read."""
    type: str = ""
    """As DWARF names it; empty if it does not."""
    is_text: bool = False

    @property
    def row(self) -> tuple[str, str]:
        """What is shown of it, and compared: addresses differ from one process to the next, but for nil."""
        value = _UNREAD if self.value is None else self.value
        value = value if self.is_text else _ADDRESS.sub("0x…", value)
        return f"{self.name}  {self.type}".rstrip(), value


class StopAnswer(Answer, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The program as it stands at the place, the first time that it comes there."""

    place: str
    """As it was asked for."""
    instead: str = ""
    """What came about instead; then there is nothing else."""
    calls: tuple[Call, ...] = ()
    """Innermost first, inlined ones too."""
    arguments: tuple[Argument, ...] = ()
    """Without results, which have no value yet."""
    goroutines: tuple[gdb.Goroutine, ...] = ()
    """All that are not dead. The `function` is where it last gave up its thread: for one that runs, some time ago."""
    registers: dict[str, int] = msgspec.field(default_factory=dict)
    """The general ones, if they were asked for."""

    @property
    def is_nowhere(self) -> bool:
        """The program has no such place."""
        return self.instead == _nowhere(self.place)

    def key(self) -> object:
        """What registers hold, and what other goroutines do at the moment, differs from one time to the next."""
        return self.instead, tuple(one.key() for one in self.calls), tuple(one.row for one in self.arguments)

    def rows_with(self, others: Sequence[Answer]) -> list[Row]:
        if self.instead:
            return [Row("", self.instead)]
        alike = [self, *(one for one in others if isinstance(one, StopAnswer))]
        arguments = (Row(*one.row, order=(_ARGUMENTS, number)) for number, one in enumerate(self.arguments))
        return [*self._calls(), *arguments, *_goroutines(alike), *_registers(alike)]

    def rows(self) -> list[Row]:
        return self.rows_with(())

    def _calls(self) -> Iterator[Row]:
        for number, call in enumerate(self.calls[:_SHOWN_CALLS]):
            yield Row(f"#{number}", call.text, order=(_CALLS, number))
        if len(self.calls) > _SHOWN_CALLS:
            yield Row("…", f"{len(self.calls) - _SHOWN_CALLS} calls more", order=(_CALLS, _SHOWN_CALLS))


def _goroutines(alike: Sequence[StopAnswer]) -> Iterator[Row]:
    counts = [Counter(one.status for one in answer.goroutines) for answer in alike]
    for status in sorted({status for count in counts for status in count}):
        low, high = min(count[status] for count in counts), max(count[status] for count in counts)
        text = f"{low}" if low == high else f"{low} to {high}"
        yield Row(f"goroutines {status}", text, counts=True, order=(_GOROUTINES, status))


def _registers(alike: Sequence[StopAnswer]) -> Iterator[Row]:
    for name, value in alike[0].registers.items():
        is_same = all(answer.registers.get(name) == value for answer in alike)
        ordered = _NUMBER.sub(lambda found: found[0].zfill(2), name)
        yield Row(name, f"{value:#x}" if is_same else "…", counts=True, order=(_REGISTERS, ordered))


def answer(question: Stop, seen: StopSeen, files: Mapping[str, bytes], *, registers: bool = False) -> StopAnswer:
    """What was seen, with the registers if they were asked for."""
    stop = seen.stop
    if stop is None:
        return StopAnswer(question.place, _instead(question, seen))
    return StopAnswer(
        question.place,
        calls=tuple(_call(one, f"{module_path(files, '.')}/") for one in stop.frames),
        arguments=tuple(_arguments(stop, seen.parameters)),
        goroutines=tuple(sorted(stop.goroutines, key=lambda one: one.id)),
        registers=stop.registers if registers else {},
    )


def _instead(question: Stop, seen: StopSeen) -> str:
    there = f"there with {question.when}" if question.when else "there"
    if seen.session is None:
        return f"not {there} within {question.timeout_s:g} s"
    if not seen.is_there:
        return _nowhere(question.place)
    code = seen.session.runs[0].exit_code
    if code is None:
        return "ends before, and gdb saw no exit code"
    return f"exit {code} before it comes {there}"


def _nowhere(place: str) -> str:
    return f"there is no {place}"


def _call(frame: gdb.Frame, module: str) -> Call:
    is_own = frame.file.startswith(module)
    return Call(frame.function, frame.file.removeprefix(module), frame.line, is_own)


def _arguments(stop: gdb.Stop, known: Sequence[Parameter]) -> Iterator[Argument]:
    undeclared = [Parameter(name, "") for name in stop.arguments.keys() - {one.name for one in known}]
    for one in (*known, *sorted(undeclared, key=lambda one: one.name)):
        if one.name in stop.arguments and not one.is_result:
            yield Argument(one.name, _text(stop.arguments[one.name], one), one.type, one.is_text)


def _text(value: str | int | None, parameter: Parameter) -> str | None:
    if value is None:
        return None
    if isinstance(value, int):
        if parameter.is_truth:
            return "true" if value else "false"
        return f"{value:#x}" if parameter.is_address else str(value)
    return json.dumps(value, ensure_ascii=False) if parameter.is_text else value


def hints(question: Stop, seen: StopSeen) -> list[str]:
    """What there is instead of what is not there, and what a program said that ended before."""
    if seen.session is None:
        return []
    if seen.stop:
        return _moved(question.place, seen.stop)
    if not seen.is_there:
        near = f"; there is {', '.join(seen.near)}" if seen.near else ""
        return [f"gdb finds no {question.place} in the program{near}"]
    said = [line for line in seen.session.runs[0].stderr.splitlines() if line.strip()]
    return [f"on standard error: {'; '.join(said[:_SAID_LINES])}"] if said else []


def _moved(place: str, stop: gdb.Stop) -> list[str]:
    """gdb takes the next line that has code in the place of one that has none."""
    line = LINE.fullmatch(place)
    if line is None or not stop.frames or stop.frames[0].line == int(line["line"]):
        return []
    return [f"gdb stops at line {stop.frames[0].line} in the place of {line['line']}, where the program has no stop"]
