"""Toolchains side by side: those that showed the same stand together, so that what differs is seen at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Generic, TypeVar

import msgspec
from markupsafe import Markup

from claimlab.project.languages import N_
from claimlab.site.asked import asked
from claimlab.site.evidence.room import Place
from claimlab.site.html import paragraph, tabs
from claimlab.site.reader import say
from claimlab.toolchains.toolchain import NO_AXIS

Thing = TypeVar("Thing")
LONGEST_RUN: Final = 3
"""Neighbours that are named one by one; of more only the ends are."""
LEAST_ROOM: Final = 4000
"""Characters of a tab."""
SAME: Final = N_("The same on {names}.")
SAME_BUT: Final = N_("The same, but for addresses and line numbers, on {names}.")


@dataclass(frozen=True, slots=True)
class Alike(Generic[Thing]):
    """Toolchains that showed the same."""

    names: list[str]
    thing: Thing
    """From the newest of them."""


def alike(seen: Mapping[str, Thing], key: Callable[[Thing], Any] = lambda thing: thing) -> list[Alike[Thing]]:
    """The groups of toolchains whose `key` (anything that JSON can hold) is the same."""
    found: dict[bytes, Alike[Thing]] = {}
    for name, thing in seen.items():
        same = msgspec.json.encode(key(thing))
        known = found.get(same)
        found[same] = Alike([*known.names, name] if known else [name], thing)
    return list(found.values())


def in_tabs(
    seen: Mapping[str, Thing],
    content: Callable[[Thing, Place], Markup],
    place: Place,
    key: Callable[[Thing], Any] = lambda thing: thing,
    same: str = SAME,
    least: int = LEAST_ROOM,
) -> Markup:
    """A tab for each group of toolchains that showed the same, the newest in front; no tabs if all did.

    Where there is no room for all of them, the newest and the oldest are shown, then the newer ones. A tab with less
    room than `least` would say too little.
    """
    groups = alike(seen, key)
    newest = next(number for number, group in enumerate(groups) if list(seen)[-1] in group.names)
    if len(groups) == 1:
        words = same if len(seen) > 1 else N_("On {names}.")
        return _lead(words, groups[0].names) + content(groups[0].thing, place)
    wanted = list(dict.fromkeys([newest, 0, *reversed(range(len(groups)))]))
    shown = sorted(wanted[: max(2, place.room // least)])
    parts = []
    for number in shown:
        group = groups[number]
        lead = _lead(same, group.names) if len(group.names) > 1 else Markup("")
        inside = content(group.thing, place.part(1 / len(shown)).under(str(number)))
        parts.append((in_short(group.names), lead + inside))
    others = [name for number, group in enumerate(groups) if number not in shown for name in group.names]
    return tabs(place.anchor, parts, shown.index(newest)) + _missing(others, place)


def _lead(words: str, names: Sequence[str]) -> Markup:
    return paragraph(say(words, names=in_short(names)), classes="cl-lead")


def _missing(names: Sequence[str], place: Place) -> Markup:
    """What the other toolchains showed is in the record."""
    if not names:
        return Markup("")
    return place.elsewhere(say("What {names} showed is in the record.", names=in_short(names)))


def in_short(names: Sequence[str]) -> str:
    """The toolchains in few words: ``1.21.13 – 1.24.11, 1.27.3``, with every pinned one between the ends of a run."""
    order = [toolchain.name for toolchain in asked()]
    if len(order) > 1 and set(names) == set(order):
        return say("all {count} toolchains", count=len(order))
    # Neighbours have the same difference between their place here and their place among all.
    places = [(order.index(name) if name in order else -2 * number, name) for number, name in enumerate(names)]
    runs = [
        [name for _at, (_place, name) in run] for _key, run in groupby(enumerate(places), lambda at: at[0] - at[1][0])
    ]
    comma = say(", ")
    return comma.join(
        f"{run[0]} – {run[-1]}" if len(run) > LONGEST_RUN else comma.join(map(_in_words, run)) for run in runs
    )


def _in_words(name: str) -> str:
    return say("without Go") if name == NO_AXIS else name
