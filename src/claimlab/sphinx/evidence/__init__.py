"""What instruments saw, made readable: a presenter for each type that an observation may contain.

Whatever has none of its own is shown as a table of readings: a page leaves out nothing that was seen.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from docutils import nodes

from claimlab.instruments.diagnostics import Typed
from claimlab.instruments.diagnostics_text import Call, Diagnostic, Tree
from claimlab.instruments.disassembly import Function
from claimlab.instruments.gdb import Counted, Session, Stop, Touch
from claimlab.instruments.heap import Cycle, HeapCounts
from claimlab.instruments.layout import PointerLayout, TypeLayout
from claimlab.instruments.machine_code import Instruction
from claimlab.instruments.processes import Ran, Tally
from claimlab.instruments.race import Races, Report
from claimlab.instruments.ratios import Ratio
from claimlab.instruments.symbols import Symbol
from claimlab.instruments.timing import Timing
from claimlab.sphinx.evidence import code, compiler, figures, heaps, layouts, readings, runs, sessions
from claimlab.sphinx.evidence.alike import PATH
from claimlab.sphinx.evidence.readings import Readings

Show = Callable[[Mapping[str, Any]], list[nodes.Node]]
"""From what each toolchain showed, by toolchain name, to a part of a page."""
Path = tuple[str, ...]
"""The names of what leads to a value in an observation."""


@dataclass(frozen=True, slots=True)
class Presenter:
    """How things of one type are shown."""

    title: str
    show: Show
    together: bool = False
    """Those that stand beside each other are one exhibit: what each toolchain showed is a map, by their names."""

    def present(self, seen: Mapping[str, Any]) -> list[nodes.Node]:
        shown = self.show(seen)
        for node in shown:
            if isinstance(node, nodes.Element):
                node["support_smartquotes"] = False  # the quotes in what an instrument wrote are its own
        return shown


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One thing that an instrument saw, on every toolchain that has it."""

    kind: type
    name: str
    """From the names of the fields that lead to it."""
    seen: dict[str, Any]
    """By toolchain name."""


def exhibits(seen_by_toolchain: Mapping[str, Any]) -> list[Exhibit]:
    """Everything in the observations, in the order of their fields."""
    found: dict[tuple[type, Path], dict[str, Any]] = {}
    covered: set[Path] = set()
    plain: list[tuple[str, Path, str]] = []
    for toolchain, seen in seen_by_toolchain.items():
        for path, thing in _walk(seen, ()):
            presenter = PRESENTERS.get(type(thing))
            if presenter is None:
                plain.append((toolchain, path, thing))
                continue
            covered |= {path[:end] for end in range(1, len(path) + 1)}
            if presenter.together:
                places = found.setdefault((type(thing), path[:-1]), {}).setdefault(toolchain, {})
                places[path[-1] if path else "1"] = thing
            else:
                found.setdefault((type(thing), path), {})[toolchain] = thing
    for toolchain, path, text in plain:
        # An empty place is no reading where another toolchain has something to be presented in it.
        if path not in covered:
            field, rest = (path[:1], path[1:]) if len(path) > 1 else ((), path)
            rows = found.setdefault((Readings, field), {}).setdefault(toolchain, Readings()).rows
            rows[PATH.join(rest) or "the whole"] = text
    return [Exhibit(kind, _name(path, PRESENTERS[kind]), seen) for (kind, path), seen in found.items()]


def _walk(thing: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """What has a presenter, and of the rest the plain values, as text."""
    if type(thing) in PRESENTERS:
        yield path, thing
    elif (text := readings.reading(thing, path)) is not None:
        yield path, text
    else:
        inside = [
            (name, value) for name, value in readings.parts(thing) or () if not readings.names_it(name, value, path)
        ]
        # The plain ones first, so that readings which belong to the same thing stand together.
        for name, value in sorted(inside, key=lambda part: not _is_plain(part[1], (*path, part[0]))):
            yield from _walk(value, (*path, name))


def _is_plain(thing: Any, path: Path) -> bool:
    return type(thing) not in PRESENTERS and readings.reading(thing, path) is not None


def _name(path: Path, presenter: Presenter) -> str:
    words = PATH.join(path) or (presenter.title if presenter.together else "observation")
    return words[0].upper() + words[1:]


PRESENTERS: Final[Mapping[type, Presenter]] = {
    Session: Presenter("What gdb saw", sessions.sessions),
    Stop: Presenter("Where gdb stopped", sessions.stops),
    Counted: Presenter("What gdb counted", sessions.counts, together=True),
    Touch: Presenter("What touched a watched word", sessions.touched, together=True),
    Tally: Presenter("How fresh processes ended", runs.endings),
    Ran: Presenter("What single processes did", runs.processes),
    Races: Presenter("What the race detector saw", runs.races),
    Report: Presenter("Races that were reported", runs.listed_reports, together=True),
    Function: Presenter("Machine code", code.functions),
    Instruction: Presenter("Instructions", code.instructions, together=True),
    Symbol: Presenter("Symbols", code.symbols, together=True),
    Diagnostic: Presenter("What the compiler decided", compiler.diagnostics, together=True),
    Call: Presenter("Calls that the compiler wrote", compiler.calls, together=True),
    Tree: Presenter("Syntax trees", compiler.trees),
    Typed: Presenter("Commands as a person types them", compiler.typed),
    TypeLayout: Presenter("How types lie in memory", layouts.types, together=True),
    PointerLayout: Presenter("Where the collector looks for pointers", layouts.pointers, together=True),
    Timing: Presenter("What the benchmarks measured", figures.timings),
    Ratio: Presenter("Ratios", figures.ratios, together=True),
    HeapCounts: Presenter("What the runtime counted", heaps.counts, together=True),
    Cycle: Presenter("Collections", heaps.cycles, together=True),
    Readings: Presenter("Other readings", readings.table),
}
