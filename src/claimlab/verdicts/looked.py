"""Judges of claims that are data: the framework's own, each with a control that was measured in the same trial."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from claimlab.instruments.diagnostics_text import Diagnostic
from claimlab.instruments.disassembly import Function
from claimlab.instruments.dwarf_types import TypeLayout
from claimlab.instruments.processes import Tally
from claimlab.project.outcome import Outcome
from claimlab.questions.claimed import SURE_TYPE, CodeLook, CompilerLook, LayoutLook, Looked, RunLook
from claimlab.questions.claimed_benchmarks import BenchLook
from claimlab.questions.codes import CodeSeen, placeless
from claimlab.questions.decided import CONTROL, DecidedSeen, told_of
from claimlab.questions.labs import ClaimLab
from claimlab.questions.layouts import LayoutSeen, Place, place_of
from claimlab.questions.programs import in_full, spelled
from claimlab.questions.runs import RunSeen, ends
from claimlab.verdicts.finding import Finding, decided, unclear, void
from claimlab.verdicts.judge import Control, Judge, Judging, See
from claimlab.verdicts.looked_benchmarks import of_benchmarks
from claimlab.verdicts.looked_related import related
from claimlab.verdicts.statistics import share

_PRINTED_CHARACTERS: Final = 200


def judge_of(lab: ClaimLab) -> Judge:
    """The judge of the claim."""
    looked = lab.looked
    assert looked is not None, "a claim that cannot be is no judge's"
    reading, decide, sees, control = _judging(looked, lab)

    return Judge(lab.claim.id, reading, decide, sees, (control,), looked.related_to)


def _judging(looked: Looked, lab: ClaimLab) -> Judging:
    match looked:
        case LayoutLook():
            return _layout(looked)
        case CodeLook():
            return _code(looked, lab.sources, lab.asked.package)
        case CompilerLook():
            return _compiler(looked, lab.sources, lab.asked.package)
        case RunLook():
            return _run(looked)
        case BenchLook():
            return of_benchmarks(looked)


# --- layouts ---


def _layout(look: LayoutLook) -> Judging:
    what = f"{look.field} of {look.layout}" if look.field else look.layout
    if look.exists is not None:
        reading = f"A program has {what}, by its DWARF." if look.exists else f"No program has {what}, by its DWARF."
        sees = _place_in(look.field) if look.field else _type_of
        if look.exists:
            absent: See = (lambda _: Place("claimlab")) if look.field else (lambda _: Sought(None))
            says = f"a {'field' if look.field else 'type'} that no program has"
            return reading, _exists(look), sees, Control(says, absent, Outcome.FAILS)
        sure: See = lambda seen: Sought(seen.others[SURE_TYPE])  # noqa: E731
        field: See = lambda seen: place_of("m", seen.others[SURE_TYPE], {})  # noqa: E731
        says = f"{'m of ' if look.field else ''}{SURE_TYPE}, which every program has"
        return reading, _exists(look), sees, Control(says, field if look.field else sure, Outcome.FAILS)
    if look.related:
        return related(look, what, _place_in(look.field))
    claimed, name = (look.size, "size") if look.offset is None else (look.offset, "offset")
    reading = f"The {name} of {what} is {claimed} bytes, by the DWARF of a program that has it."
    return reading, _number(look, what), _place_in(look.field), _other_place(look, claimed, name)


@dataclass(frozen=True)
class Sought:
    """A type that was looked for: if there is none, others that are called almost so."""

    type: TypeLayout | None
    near: tuple[str, ...] = ()


def _type_of(seen: LayoutSeen) -> Sought:
    return Sought(seen.type, seen.near)


def _place_in(field: str) -> See:
    """The place of the field; of the type itself without one. None where there is no such type."""

    def sees(seen: LayoutSeen) -> Place | None:
        if seen.type is None:
            return None
        return place_of(field, seen.type, seen.inside) if field else Place("", 0, seen.type.size, seen.type.name)

    return sees


def _exists(look: LayoutLook) -> Callable[[Any], Finding]:
    def decide(found: Sought | Place | None) -> Finding:
        if isinstance(found, Sought):
            name, there = found.type.name if found.type else "", found.type is not None and found.type.present
            shows = f"called almost so: {', '.join(found.near)}" if found.near and not there else ""
        else:
            name, there, shows = found.name if found else "", found is not None and found.offset is not None, ""
        return decided(there is look.exists, f"{name or look.layout} is {'there' if there else 'not there'}", shows)

    return decide


def _number(look: LayoutLook, what: str) -> Callable[[Any], Finding]:
    def decide(place: Place | None) -> Finding:
        if place is None:
            return void(f"there is no type {look.layout}")
        if place.offset is None or place.size is None:
            return void(f"{look.layout} has no field {place.name}")
        if look.offset is not None:
            return decided(place.offset == look.offset, f"{place.name} lies at {place.offset}")
        return decided(place.size == look.size, f"the size of {place.name or what} is {place.size} bytes")

    return decide


def _other_place(look: LayoutLook, claimed: int | None, name: str) -> Control:
    def sees(seen: LayoutSeen) -> Place | None:
        fields = seen.others[SURE_TYPE].fields
        return next(
            (Place(one.name, one.offset, one.size, one.type) for one in fields if getattr(one, name) != claimed), None
        )

    return Control(f"the first field of {SURE_TYPE} whose {name} is another", sees, Outcome.FAILS)


# --- machine code ---


def _code(look: CodeLook, files: Mapping[str, bytes], package: str) -> Judging:
    never = bool(look.never_calls or look.never_contains)
    callee, pattern = look.calls or look.never_calls, look.contains or look.never_contains
    callees = spelled(in_full(callee, files, package), files)
    says = f"calls {callee}, or jumps to it, directly" if callee else f"has an instruction that matches {pattern}"
    reading = f"{look.code} {says}." if not never else f"It is not so that {look.code} {says}."

    def decide(function: Function | None) -> Finding:
        if function is None or not function.present:
            return void(
                f"no program of this toolchain has a function {look.code}: it may be inlined wherever it is called"
            )
        lines = placeless(function)
        hits = function.targets() if callee else lines
        found = [one for one in hits if (one in callees if callee else re.search(pattern, one))]
        size = f"{len(function.instructions)} instructions of {function.name}"
        return decided(
            bool(found) is not never,
            f"{size}: {len(found)} {'such target' if callee else 'such'}",
            "\n".join(found[:5]),
        )

    control = Control(f"the function {look.other}", lambda seen: _other(seen, look.other), Outcome.FAILS)
    return reading, decide, lambda seen: seen.function, control


def _other(seen: CodeSeen, name: str) -> Function | None:
    return next((one for key, one in seen.others.items() if key == name or key.endswith(f".{name}")), None)


# --- what the compiler decides ---


def _compiler(look: CompilerLook, files: Mapping[str, bytes], package: str) -> Judging:
    place = f"line {look.line}" + (f" of {look.file}" if look.file else "")
    about = f" about {look.about}" if look.about else ""
    reading = f"The compiler {'does not say' if look.never else 'says'} \u201c{look.decides}\u201d{about} of {place}."

    def decide(said: Sequence[str]) -> Finding:
        found = [one for one in said if one.startswith(f"{look.decides}  ") and look.about in one]
        return decided(
            bool(found) is not look.never, f"{len(found)} of {len(said)} decisions there", "\n".join(said[:8])
        )

    def told(seen: DecidedSeen, wanted: Callable[[Diagnostic], bool]) -> list[str]:
        return told_of(seen, wanted, files, package)

    def sees(seen: DecidedSeen) -> Sequence[str]:
        return told(seen, lambda one: one.line == look.line and one.file != CONTROL and look.file in ("", one.file))

    def opposite(seen: DecidedSeen) -> Sequence[str]:
        if not look.never:
            return told(seen, lambda one: one.line == 1)
        lines = [one.line for one in seen.decisions if one.file == CONTROL and one.kind == look.decides]
        decided_there = told(seen, lambda one: one.file == CONTROL and one.line == min(lines, default=0))
        return [f"{one} {look.about}".rstrip() for one in decided_there]

    known = "a line of a file of claimlab's where it is decided" + (f", as if about {look.about}" if look.about else "")
    says = known if look.never else "the first line of a file, with no code"
    return reading, decide, sees, Control(says, opposite, Outcome.FAILS)


# --- runs ---


def _run(look: RunLook) -> Judging:
    wanted = [
        *([f"exits with {look.exit}"] if look.exit is not None else []),
        *([f"is killed by signal {look.signal}"] if look.signal is not None else []),
        *([f"still runs after {look.timeout:g} s"] if look.hangs else []),
        *([f"prints {look.prints!r}"] if look.prints is not None else []),
        *([f"says {look.message!r}"] if look.message else []),
    ]
    how = "Every run" if look.share == 1 else f"At least {look.share:.0%} of the runs"
    reading = f"{how} of the program {' and '.join(wanted)}."

    def fits(one: Any) -> bool:
        exits = look.exit is None or (one.exit_code == look.exit and not one.signal and not one.timed_out)
        killed = look.signal is None or one.signal == look.signal
        prints = look.prints is None or look.prints in one.kept
        return exits and killed and prints and (one.timed_out or not look.hangs) and look.message in one.message

    def decide(tally: Tally | None) -> Finding:
        if tally is None:
            return unclear("nothing has run")
        count = sum(one.count for one in tally.endings if fits(one))
        shown = "\n".join(
            f"{one.count} of {tally.runs}: {ends(one, look.timeout)}"
            + (f"; prints {one.printed[:_PRINTED_CHARACTERS]!r}" if one.printed else "")
            for one in tally.endings[:8]
        )
        says = f"{count} of {tally.runs} runs did as the claim says"
        if look.prints is not None and any(one.is_cut and look.prints not in one.kept for one in tally.endings):
            return unclear(f"{says}: of longer outputs only the beginning is kept, and it is not in that", shown)
        if look.share == 1:
            return decided(count == tally.runs, says, shown)
        found = share(count, tally.runs)
        if found.low < look.share <= found.high:
            return unclear(f"{says}: the share may be {found.low:.2f} to {found.high:.2f}", shown)
        return decided(found.low >= look.share, says, shown)

    def control(seen: RunSeen) -> Tally | None:
        return seen.control

    return (
        reading,
        decide,
        lambda seen: seen.tally,
        Control("a program of claimlab's that ends otherwise", control, Outcome.FAILS),
    )
