"""How gdb's sessions and stops are shown: what a person would have seen, then touches, counts and forced values."""

from collections.abc import Iterable, Mapping, Sequence

from docutils import nodes

from claimlab.instruments.gdb import Counted, Forced, Session, Stop, Touch
from claimlab.sphinx.elements import fold, listing, paragraph, tabs
from claimlab.sphinx.evidence.alike import Shown, clipped, in_tabs, rows_of, side_by_side

Placed = tuple[str, Stop]
"""A stop, and how it is called among others."""
Value = str | int | None


def sessions(seen: Mapping[str, Session]) -> list[nodes.Node]:
    """A tab for each toolchain: no two sessions are the same, if only for addresses."""
    return [tabs("toolchain", [(name, _session(session, len(seen))) for name, session in seen.items()])]


def _session(session: Session, sharers: int) -> list[nodes.Node]:
    return [
        paragraph(nodes.Text(f"gdb {session.gdb}")),
        listing(clipped(session.transcript, sharers), "text", "cl-transcript"),
        *_noted(_placed(session)),
    ]


def _placed(session: Session) -> list[Placed]:
    several = len(session.runs) > 1
    return [
        (f"{f'run {run_number}, ' if several else ''}stop {number}: {stop.at}", stop)
        for run_number, run in enumerate(session.runs, start=1)
        for number, stop in enumerate(run.stops, start=1)
    ]


def stops(seen: Mapping[str, Stop]) -> list[nodes.Node]:
    return in_tabs(seen, _stop)


def _stop(stop: Stop) -> list[nodes.Node]:
    where = "The function has returned" if stop.at == "return" else f"Stopped at {stop.at}"
    frames = [f"#{number} {frame.function} ({frame.file}:{frame.line})" for number, frame in enumerate(stop.frames)]
    content: list[nodes.Node] = [paragraph(nodes.Text(f"{where}, in {stop.function}.")), listing("\n".join(frames))]
    read = {**stop.arguments, **stop.values, **stop.strings}
    if read:
        content += rows_of("Values", ("Expression", "Value"), [(name, _value(value)) for name, value in read.items()])
    content += _noted([("", stop)], opened=True)
    if stop.registers:
        words = [f"{name}={value:#x}" for name, value in stop.registers.items()]
        lines = ["  ".join(words[start : start + 4]) for start in range(0, len(words), 4)]
        content.append(fold([nodes.Text("Registers")], [listing("\n".join(lines))]))
    return content


def _value(value: Value) -> str:
    if value is None:
        return "none"
    return f"{value} ({value:#x})" if isinstance(value, int) and abs(value) > 9 else str(value)


def _noted(placed: Sequence[Placed], *, opened: bool = False) -> list[nodes.Node]:
    """Folds with what happened on the way to the stops; nothing where nothing was asked for."""
    content: list[nodes.Node] = []
    if any(stop.touches or stop.cut or stop.unwatched for _, stop in placed):
        touches = sum(len(stop.touches) for _, stop in placed)
        content.append(fold([nodes.Text(f"Touches of watched words: {touches}")], _touches(placed), opened=opened))
    if any(stop.counted for _, stop in placed):
        hits = sum(one.hits for _, stop in placed for one in stop.counted)
        content.append(fold([nodes.Text(f"Counted executions: {hits}")], _counts(placed), opened=opened))
    forced = [(where, one) for where, stop in placed for one in stop.forced]
    if forced:
        content.append(fold([nodes.Text(f"Forced values: {len(forced)}")], _forced(forced), opened=opened))
    return content


def _touches(placed: Sequence[Placed]) -> list[nodes.Node]:
    rows = [_touch(where, touch) for where, stop in placed for touch in stop.touches]
    content: list[nodes.Node] = []
    if rows:
        head = ("Word", "Before", "After", "Instruction", "Function", "Place", "On the way to")
        content += rows_of("Touches of watched words", head, rows)
    for words, labels in (
        ("Touched so often that watching ended early", _labels(stop.cut for _, stop in placed)),
        ("Not watched, since this binary has no such word", _labels(stop.unwatched for _, stop in placed)),
    ):
        if labels:
            content.append(paragraph(nodes.Text(f"{words}: {', '.join(labels)}.")))
    return content


def _labels(found: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(label for labels in found for label in labels))


def _touch(where: str, touch: Touch) -> list[Shown]:
    after = "unchanged" if touch.after == touch.before else f"{touch.after:#x}"
    instruction = f"{touch.instruction_address:#x} {touch.instruction or 'a jump'}"
    # Assembly without DWARF has no function of its own there; the symbol that gdb unwinds by has.
    function = touch.function or next(iter(touch.callers), "")
    place = f"{touch.file}:{touch.line}" if touch.file else ""
    return [touch.label, f"{touch.before:#x}", after, instruction, function, place, where]


def _counts(placed: Sequence[Placed]) -> list[nodes.Node]:
    rows: list[Sequence[Shown]] = [
        (one.name, str(one.hits), _chains(one), where) for where, stop in placed for one in stop.counted if one.hits
    ]
    counted = [one for _, stop in placed for one in stop.counted]
    content: list[nodes.Node] = []
    if rows:
        head = ("Function", "Executions", "Called by", "On the way to")
        content += rows_of("Counted executions", head, rows)
    executed = {one.name for one in counted if one.hits}
    never = dict.fromkeys(one.name for one in counted if one.resolved and one.name not in executed)
    absent = dict.fromkeys(one.name for one in counted if not one.resolved)
    for words, names in (("Counted, but never executed", never), ("Not in the binary", absent)):
        if names:
            content.append(paragraph(nodes.Text(f"{words}: {', '.join(names)}.")))
    return content


def _chains(one: Counted) -> tuple[str, ...]:
    """By whom it was called, without its own name."""
    return tuple(f"{hits} × {chain.partition(' < ')[2] or 'no caller'}" for chain, hits in one.chains.items())


def _forced(forced: Sequence[tuple[str, Forced]]) -> list[nodes.Node]:
    rows = [(one.expression, _value(one.before), _value(one.after), where) for where, one in forced]
    return rows_of("Forced values", ("What", "Before", "After", "At"), rows)


def counts(seen: Mapping[str, Mapping[str, Counted]]) -> list[nodes.Node]:
    """Executions side by side, with the call chains they came by."""
    rows: dict[str, dict[str, Shown]] = {}
    for toolchain, counted in seen.items():
        for one in counted.values():
            shown = (str(one.hits), *_chains(one)) if one.resolved else ("not in the binary",)
            rows.setdefault(one.name, {})[toolchain] = shown
    return side_by_side("Counted executions", "Function", rows, list(seen))


def touched(seen: Mapping[str, Mapping[str, Touch]]) -> list[nodes.Node]:
    head = ("Word", "Before", "After", "Instruction", "Function", "Place")
    return in_tabs(
        seen,
        lambda found: rows_of("Touches", head, [_touch("", touch)[:-1] for touch in found.values()]),
    )
