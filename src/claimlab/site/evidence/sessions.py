"""How gdb's sessions and stops are shown: each stop on all toolchains side by side, then what a person would have seen.

Addresses differ wherever a program runs, and say nothing by themselves: toolchains that differ in no more are alike.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from claimlab.instruments.gdb import Counted, Forced, Session, Stop, Touch
from claimlab.project.languages import N_
from claimlab.site.evidence.alike import SAME_BUT, in_tabs
from claimlab.site.evidence.room import Place, clipped
from claimlab.site.evidence.tables import PATH, Shown, rows_of, side_by_side
from claimlab.site.html import fold, joined, listing, paragraph
from claimlab.site.reader import say

Placed = tuple[str, Stop]
"""A stop, and how it is called among others."""
Value = str | int | None
DEEPEST: Final = 6
"""Frames of a call stack in one cell."""
_ADDRESSES: Final = range(1 << 32, 1 << 47)
"""Where Go's heap and a program's stacks lie on 64-bit Linux; what is smaller may be a number."""
_NUMBERS: Final = re.compile(r"0x[0-9a-f]+|:\d+|line \d+")


def sessions(seen: Mapping[str, Session], place: Place) -> Markup:
    """The stops side by side; below, for each group of toolchains, the transcript and what else was noted."""
    placed = {name: _placed(session) for name, session in seen.items()}
    table = _side_by_side(placed, place.part(0.4))
    return table + in_tabs(seen, _session, place.part(0.6 if table else 1), _essence, SAME_BUT)


def _essence(session: Session) -> list[Any]:
    """What there is in a session apart from addresses and line numbers."""
    stops = [stop for run in session.runs for stop in run.stops]
    touched = [(touch.label, _masked(touch.instruction), touch.function) for stop in stops for touch in stop.touches]
    counted = [(one.name, one.hits, one.chains) for stop in stops for one in stop.counted]
    forced = [(one.expression, _masked(str(one.after))) for stop in stops for one in stop.forced]
    return [_masked(session.transcript), touched, counted, forced]


def _masked(text: str) -> str:
    return _NUMBERS.sub("", text)


def _session(session: Session, place: Place) -> Markup:
    noted = _noted(_placed(session), place.part(0.4))
    text = clipped(session.transcript, int(place.room * (0.6 if noted else 1)))
    return paragraph(f"gdb {session.gdb.removeprefix('GNU gdb ')}") + listing(text, say("gdb's transcript")) + noted


def _placed(session: Session) -> list[Placed]:
    several = len(session.runs) > 1
    return [
        (_run(run_number if several else 0, run.args, say("stop {number}", number=number)), stop)
        for run_number, run in enumerate(session.runs, start=1)
        for number, stop in enumerate(run.stops, start=1)
    ]


def _run(number: int, args: Sequence[str], stop: str) -> str:
    if not number:
        return stop
    return say("run {number} ({arguments}), {stop}", number=number, arguments=" ".join(args), stop=stop)


def stops(seen: Mapping[str, Stop], place: Place) -> Markup:
    placed: dict[str, list[Placed]] = {name: [("", stop)] for name, stop in seen.items()}
    return _side_by_side(placed, place.part(0.5)) + in_tabs(seen, _stop, place.part(0.5), _stop_essence, SAME_BUT)


def _stop_essence(stop: Stop) -> list[Any]:
    return [stop.at, [(frame.function, frame.file) for frame in stop.frames]]


def _stop(stop: Stop, place: Place) -> Markup:
    frames = [f"#{number} {frame.function} ({frame.file}:{frame.line})" for number, frame in enumerate(stop.frames)]
    content = listing(clipped("\n".join(frames), place.room)) + _noted([("", stop)], place, opened=True)
    if stop.registers:
        content += place.elsewhere(say("Registers in the record: {number}.", number=len(stop.registers)))
    return content


def _side_by_side(placed: Mapping[str, Sequence[Placed]], place: Place) -> Markup:
    """Where each stop was, and all that was read and counted there."""
    rows: dict[str, dict[str, Shown]] = {}
    for toolchain, found in placed.items():
        for where, stop in found:
            for name, value in _readings(stop):
                rows.setdefault(f"{where}{PATH}{name}" if where else name, {})[toolchain] = value
    return side_by_side(say("Stops"), say("At the stop"), rows, list(placed), place) if rows else Markup("")


def _readings(stop: Stop) -> Iterable[tuple[str, Shown]]:
    functions = [frame.function or "?" for frame in stop.frames] or [stop.function]
    more = [say("and {number} more", number=len(functions) - DEEPEST)] if len(functions) > DEEPEST else []
    yield say("stack"), (*functions[:DEEPEST], *more)
    for name, value in {**stop.arguments, **stop.values, **stop.strings}.items():
        yield name, _read(value)
    for one in stop.counted:
        if one.hits:
            yield say("executions of {function}", function=one.name), str(one.hits)


def _read(value: Value) -> str:
    if isinstance(value, int) and value in _ADDRESSES:
        return say("an address")
    return _value(value)


def _value(value: Value) -> str:
    if value is None:
        return say("none")
    return f"{value} ({value:#x})" if isinstance(value, int) and abs(value) > 9 else str(value)


def _noted(placed: Sequence[Placed], place: Place, *, opened: bool = False) -> Markup:
    """Folds with what happened on the way to the stops; nothing where nothing was asked for."""
    touches = sum(len(stop.touches) for _where, stop in placed)
    hits = sum(one.hits for _where, stop in placed for one in stop.counted)
    forced = [(where, one) for where, stop in placed for one in stop.forced]
    found: list[tuple[str, Markup]] = []
    if any(stop.touches or stop.cut or stop.unwatched for _where, stop in placed):
        words = say("Touches of watched words: {number}", number=touches)
        found.append((words, _touches(placed, place)))
    if any(stop.counted for _where, stop in placed):
        found.append((say("Counted executions: {number}", number=hits), _counts(placed, place)))
    if forced:
        found.append((say("Forced values: {number}", number=len(forced)), _forced(forced, place)))
    return joined(fold(words, content, opened=opened) for words, content in found)


def _touches(placed: Sequence[Placed], place: Place) -> Markup:
    rows = [[*_touch(touch), where] for where, stop in placed for touch in stop.touches]
    content = Markup("")
    if rows:
        content += rows_of(say("Touches of watched words"), [*_touch_head(), say("On the way to")], rows, place)
    for words, labels in (
        (N_("Touched so often that watching ended early: {names}."), _labels(stop.cut for _where, stop in placed)),
        (
            N_("Not watched, since this binary lacks them: {names}."),
            _labels(stop.unwatched for _where, stop in placed),
        ),
    ):
        if labels:
            content += paragraph(say(words, names=", ".join(labels)))
    return content


def _labels(found: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(label for labels in found for label in labels))


def _touch_head() -> list[str]:
    return [say("Word"), say("Before"), say("After"), say("Instruction"), say("Function"), say("Place")]


def _touch(touch: Touch) -> list[Shown]:
    jump = say("a jump")
    after = say("unchanged") if touch.after == touch.before else f"{touch.after:#x}"
    instruction = f"{touch.instruction_address:#x} {touch.instruction or jump}"
    # Assembly without DWARF has no function of its own there; the symbol that gdb unwinds by has.
    function = touch.function or next(iter(touch.callers), "")
    place = f"{touch.file}:{touch.line}" if touch.file else ""
    return [touch.label, f"{touch.before:#x}", after, instruction, function, place]


def _counts(placed: Sequence[Placed], place: Place) -> Markup:
    rows: list[Sequence[Shown]] = [
        (one.name, str(one.hits), _chains(one), where) for where, stop in placed for one in stop.counted if one.hits
    ]
    counted = [one for _where, stop in placed for one in stop.counted]
    content = Markup("")
    if rows:
        head = [say("Function"), say("Executions"), say("Called by"), say("On the way to")]
        content += rows_of(say("Counted executions"), head, rows, place)
    executed = {one.name for one in counted if one.hits}
    never = dict.fromkeys(one.name for one in counted if one.resolved and one.name not in executed)
    absent = dict.fromkeys(one.name for one in counted if not one.resolved)
    for words, names in (
        (N_("Counted, but never executed: {names}."), never),
        (N_("Not in the binary: {names}."), absent),
    ):
        if names:
            content += paragraph(say(words, names=", ".join(names)))
    return content


def _chains(one: Counted) -> tuple[str, ...]:
    """By whom it was called, without its own name."""
    nobody = say("no caller")
    return tuple(f"{hits} × {chain.partition(' < ')[2] or nobody}" for chain, hits in one.chains.items())


def _forced(forced: Sequence[tuple[str, Forced]], place: Place) -> Markup:
    rows = [(one.expression, _value(one.before), _value(one.after), where) for where, one in forced]
    return rows_of(
        say("Forced values"), [say("Expression"), say("Before"), say("After"), say("At the stop")], rows, place
    )


def counts(seen: Mapping[str, Mapping[str, Counted]], place: Place) -> Markup:
    """Executions side by side, with the call chains they came by."""
    rows: dict[str, dict[str, Shown]] = {}
    for toolchain, counted in seen.items():
        for one in counted.values():
            shown = (str(one.hits), *_chains(one)) if one.resolved else (say("not in the binary"),)
            rows.setdefault(one.name, {})[toolchain] = shown
    return side_by_side(say("Counted executions"), say("Function"), rows, list(seen), place)


def touched(seen: Mapping[str, Mapping[str, Touch]], place: Place) -> Markup:
    return in_tabs(
        {name: list(found.values()) for name, found in seen.items()},
        lambda found, where: rows_of(say("Touches"), _touch_head(), map(_touch, found), where),
        place,
    )
