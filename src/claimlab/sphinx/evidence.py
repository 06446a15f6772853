"""What instruments saw, made readable: a presenter for each type that an observation may contain."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from docutils import nodes

from claimlab.instruments.gdb import Session
from claimlab.instruments.processes import Ending, Tally
from claimlab.sphinx.elements import cell, fold, listing, paragraph, table, tabs

Present = Callable[[Mapping[str, Any]], list[nodes.Node]]
"""From what each toolchain showed, by toolchain name, to a part of a page."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One thing that an instrument saw, on every toolchain that has it."""

    kind: type
    name: str
    """From the names of the fields that lead to it."""
    seen: dict[str, Any]
    """By toolchain name."""


def exhibits(seen_by_toolchain: Mapping[str, Any]) -> list[Exhibit]:
    """Everything in the observations that has a presenter, in the order of their fields."""
    found: dict[tuple[type, str], dict[str, Any]] = {}
    for toolchain, seen in seen_by_toolchain.items():
        for path, thing in _walk(seen, ()):
            found.setdefault((type(thing), _name(path)), {})[toolchain] = thing
    return [Exhibit(kind, name, seen) for (kind, name), seen in found.items()]


def _walk(thing: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if type(thing) in PRESENTERS:
        yield path, thing
    elif isinstance(thing, msgspec.Struct):
        for field in thing.__struct_fields__:
            yield from _walk(getattr(thing, field), (*path, field))
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _walk(value, (*path, str(key)))
    elif isinstance(thing, Sequence) and not isinstance(thing, str | bytes):
        for number, value in enumerate(thing, start=1):
            yield from _walk(value, (*path, str(number)))


def _name(path: Sequence[str]) -> str:
    words = " · ".join(part.replace("_", " ") for part in path) or "observation"
    return words[0].upper() + words[1:]


def _transcripts(sessions: Mapping[str, Session]) -> list[nodes.Node]:
    shown = [
        (
            name,
            [
                paragraph(nodes.Text(f"gdb {session.gdb}")),
                listing(session.transcript, "text", "cl-transcript"),
            ],
        )
        for name, session in sessions.items()
    ]
    return [tabs("toolchain", shown)]


def _endings(tallies: Mapping[str, Tally]) -> list[nodes.Node]:
    commands = sorted({_command(tally) for tally in tallies.values()})
    head = [cell(nodes.Text(word)) for word in ("Toolchain", "Runs", "Ended so", "Exit code", "Message")]
    rows: list[list[nodes.entry]] = []
    for name, tally in tallies.items():
        runs = [cell(nodes.Text(name)), cell(nodes.Text(str(tally.runs)), classes=["cl-figure"])]
        endings = [_ending(one) for one in tally.endings] or [[cell(), cell(), cell()]]
        rows += [[one.deepcopy() for one in runs] + ending for ending in endings]
    newest = list(tallies)[-1]
    samples: list[nodes.Node] = []
    for ending in tallies[newest].endings:
        if ending.sample:
            samples += [paragraph(nodes.Text(_in_words(ending))), listing(ending.sample)]
    content: list[nodes.Node] = [listing("\n".join(commands), "console")]
    content.append(table("How the processes ended", head, rows, "cl-tally"))
    if samples:
        content.append(fold([nodes.Text(f"Standard error of the first process of each kind, on {newest}")], samples))
    return content


def _ending(ending: Ending) -> list[nodes.entry]:
    return [
        cell(nodes.Text(str(ending.count)), classes=["cl-figure"]),
        cell(nodes.Text(str(ending.exit_code)), classes=["cl-figure"]),
        cell(nodes.Text(_in_words(ending))),
    ]


def _in_words(ending: Ending) -> str:
    words = ["killed: it took too long"] if ending.timed_out else []
    if ending.message:
        words.append(ending.message)
    if ending.marks:
        words.append(f"shows {', '.join(ending.marks)}")
    return "; ".join(words) or ("ended well" if ending.exit_code == 0 else "no message")


def _command(tally: Tally) -> str:
    return " ".join(["$", *(f"{name}={value}" for name, value in tally.env.items()), *tally.argv])


@dataclass(frozen=True, slots=True)
class Presenter:
    title: str
    present: Present


PRESENTERS: Final[Mapping[type, Presenter]] = {
    Session: Presenter("What gdb saw", _transcripts),
    Tally: Presenter("How fresh processes ended", _endings),
}
