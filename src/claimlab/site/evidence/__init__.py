"""What instruments saw, made readable: a presenter for each type that an observation may contain.

Whatever has none of its own is shown as a table of readings: a page leaves out nothing that was seen. A project may add
presenters for types of its own, or show a known type another way: see :mod:`claimlab.site.extending`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import msgspec
from markupsafe import Markup

from claimlab.instruments.allocations import Allocated, Allocations
from claimlab.instruments.builds import Attempt
from claimlab.instruments.diagnostics import Typed
from claimlab.instruments.diagnostics_text import CallSite, Diagnostic, Tree
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
from claimlab.project import extensions
from claimlab.project.errors import BadData
from claimlab.project.languages import N_, Language, Words
from claimlab.project.project import FILE, Project
from claimlab.site.evidence import allocated, code, compiler, figures, heaps, layouts, readings, runs, sessions
from claimlab.site.evidence.readings import Readings
from claimlab.site.evidence.room import Place
from claimlab.site.evidence.tables import PATH
from claimlab.site.reader import say

Show = Callable[[Mapping[str, Any], Place], Markup]
"""From what each toolchain showed, by toolchain name, to a part of a page."""
Path = tuple[str, ...]
"""The names of what leads to a value in an observation."""


@dataclass(frozen=True, slots=True)
class Presenter:
    """How things of one type are shown."""

    title: str | Words
    """Of the part of a lab's page that holds all of them."""
    show: Show
    together: bool = False
    """Those that stand beside each other are one exhibit: what each toolchain showed is a map, by their names."""

    @property
    def words(self) -> str:
        """The title in the language of the pages, as far as it is known in that."""
        return say(self.title) if isinstance(self.title, str) else self.title.first


Presenters = Mapping[type, Presenter]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One thing that an instrument saw, on every toolchain that has it."""

    kind: type
    name: str
    """From the names of the fields that lead to it."""
    seen: dict[str, Any]
    """By toolchain name."""

    def weight(self) -> int:
        """About how much there is to show: the size of what the newest toolchain saw."""
        return len(msgspec.json.encode(list(self.seen.values())[-1]))


def exhibits(seen_by_toolchain: Mapping[str, Any], presenters: Presenters | None = None) -> list[Exhibit]:
    """Everything in the observations, in the order of their fields."""
    presenters = presenters or PRESENTERS
    found: dict[tuple[type, Path], dict[str, Any]] = {}
    covered: set[Path] = set()
    plain: list[tuple[str, Path, str]] = []
    for toolchain, seen in seen_by_toolchain.items():
        for path, thing in _walk(seen, (), presenters):
            presenter = presenters.get(type(thing))
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
            rows[PATH.join(rest) or say("the whole")] = text
    return [Exhibit(kind, _name(path, presenters[kind]), seen) for (kind, path), seen in found.items()]


def exhibited(found: Sequence[Exhibit], place: Place, presenters: Presenters | None = None) -> list[Markup]:
    """Each exhibit as it is shown. Small ones take their room first: what they leave is for the others."""
    presenters = presenters or PRESENTERS
    room, shown = place.room, dict[int, Markup]()
    for number in sorted(range(len(found)), key=lambda number: found[number].weight()):
        share = max(0, room) // (len(found) - len(shown))
        one = found[number]
        shown[number] = presenters[one.kind].show(one.seen, replace(place.under(str(number)), room=share))
        room -= len(shown[number])
    return [shown[number] for number in range(len(found))]


def _walk(thing: Any, path: Path, presenters: Presenters) -> Iterator[tuple[Path, Any]]:
    """What has a presenter, and of the rest the plain values, as text."""
    if type(thing) in presenters:
        yield path, thing
    elif (text := readings.reading(thing, path)) is not None:
        yield path, text
    else:
        yield from _taken_apart(thing, path, presenters)


def _taken_apart(thing: Any, path: Path, presenters: Presenters) -> Iterator[tuple[Path, Any]]:
    """The plain ones first, so that readings which belong to the same thing stand together."""
    others: list[tuple[Path, Any]] = []
    for name, value in readings.parts(thing) or ():
        if readings.names_it(name, value, path):
            continue
        inside = (*path, name)
        if type(value) in presenters or (text := readings.reading(value, inside)) is None:
            others.append((inside, value))
        else:
            yield inside, text
    for inside, value in others:
        if type(value) in presenters:
            yield inside, value
        else:
            yield from _taken_apart(value, inside, presenters)


def _name(path: Path, presenter: Presenter) -> str:
    words = PATH.join(path) or (presenter.words if presenter.together else say(N_("observation")))
    return words[0].upper() + words[1:]


PRESENTERS: Final[Presenters] = {
    Session: Presenter(N_("What gdb saw"), sessions.sessions),
    Stop: Presenter(N_("Where gdb stopped"), sessions.stops),
    Counted: Presenter(N_("What gdb counted"), sessions.counts, together=True),
    Touch: Presenter(N_("What touched a watched word"), sessions.touched, together=True),
    Tally: Presenter(N_("How fresh processes ended"), runs.endings, together=True),
    Ran: Presenter(N_("What single processes did"), runs.processes),
    Races: Presenter(N_("What the race detector saw"), runs.races),
    Report: Presenter(N_("Races that were reported"), runs.listed_reports, together=True),
    Function: Presenter(N_("Machine code"), code.functions),
    Instruction: Presenter(N_("Instructions"), code.instructions, together=True),
    Symbol: Presenter(N_("Symbols"), code.symbols, together=True),
    Diagnostic: Presenter(N_("What the compiler decided"), compiler.diagnostics, together=True),
    CallSite: Presenter(N_("Calls that the compiler wrote"), compiler.calls, together=True),
    Tree: Presenter(N_("Syntax trees"), compiler.trees),
    Attempt: Presenter(N_("Sources that were taken or refused"), compiler.attempts, together=True),
    Typed: Presenter(N_("Commands as a person types them"), compiler.typed),
    TypeLayout: Presenter(N_("How types lie in memory"), layouts.types, together=True),
    PointerLayout: Presenter(N_("Where the collector looks for pointers"), layouts.pointers, together=True),
    Timing: Presenter(N_("What the benchmarks measured"), figures.timings),
    Ratio: Presenter(N_("Ratios"), figures.ratios, together=True),
    HeapCounts: Presenter(N_("What the runtime counted"), heaps.counts, together=True),
    Allocations: Presenter(N_("What calls allocate"), allocated.programs),
    Allocated: Presenter(N_("What single functions allocate"), allocated.functions, together=True),
    Cycle: Presenter(N_("Collections"), heaps.cycles, together=True),
    Readings: Presenter(N_("Other readings"), readings.table),
}


@cache
def presenters_of(project: Project, language: Language) -> Presenters:
    """All presenters of a project, its own first; their titles are in the language of the pages."""
    own = extensions.mapped(project, "presenters")
    for kind, presenter in own.items():
        if not isinstance(kind, type) or not isinstance(presenter, Presenter):
            raise BadData(str(project.root / FILE), f"extensions.presenters: {kind!r}: {presenter!r} is no Presenter")
    read = {
        kind: replace(one, title=one.title if isinstance(one.title, str) else one.title.of(language))
        for kind, one in own.items()
    }
    return read | {kind: one for kind, one in PRESENTERS.items() if kind not in own}
