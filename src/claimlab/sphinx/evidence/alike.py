"""Toolchains side by side: those that showed the same stand together, so that what differs is seen at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, groupby
from typing import Any, Final, Generic, TypeVar

import msgspec
from docutils import nodes

from claimlab.sphinx.elements import Scroll, cell, listing, paragraph, table, tabs
from claimlab.toolchain import NO_AXIS, all_toolchains

Thing = TypeVar("Thing")
Shown = str | tuple[str, ...]
"""What a cell says: a line, several lines, or (a string with line breaks) a listing."""
NOTHING: Final = "–"
LONGEST_RUN: Final = 3
"""Neighbours that are named one by one; of more only the ends are."""
LONGEST_UNBROKEN: Final = 48
MOST_LINES, LONGEST_LINE, MOST_ROWS = 1000, 2000, 300
PATH: Final = " · "
"""Between the names that lead to a value."""
MOST_TEXT, CELL, CELLS_WITH_LISTINGS = 200_000, 25, 20
"""Characters of listings in one exhibit, shared by all toolchains; half of it in one table, with what makes a cell."""


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
    content: Callable[[Thing], Iterable[nodes.Node]],
    key: Callable[[Thing], Any] = lambda thing: thing,
    same: str = "The same on",
) -> list[nodes.Node]:
    """A tab for each group of toolchains that showed the same, the newest in front; no tabs if all did."""
    groups = alike(seen, key)
    parts: list[tuple[str, list[nodes.Node]]] = []
    for group in groups:
        lead = [paragraph(nodes.Text(f"{same} {', '.join(map(_in_words, group.names))}."))]
        parts.append((in_short(group.names), [*(lead if len(group.names) > 1 else []), *content(group.thing)]))
    newest = list(seen)[-1]
    if len(parts) == 1:
        name, shown = parts[0]
        return [paragraph(nodes.Text(f"{same if len(seen) > 1 else 'On'} {name}.")), *shown[len(seen) > 1 :]]
    front = next(number for number, group in enumerate(groups) if newest in group.names)
    return [tabs("toolchain", parts, selected=front)]


def in_short(names: Sequence[str]) -> str:
    """The toolchains in few words: ``1.21.13 – 1.24.11, 1.27.3``, with every pinned one between the ends of a run."""
    order = _order()
    if len(order) > 1 and set(names) == set(order):
        return f"all {len(order)} toolchains"
    # Neighbours have the same difference between their place here and their place among all.
    places = [(order.index(name) if name in order else -2 * number, name) for number, name in enumerate(names)]
    runs = [[name for _, (_, name) in run] for _, run in groupby(enumerate(places), lambda at: at[0] - at[1][0])]
    return ", ".join(
        f"{run[0]} – {run[-1]}" if len(run) > LONGEST_RUN else ", ".join(map(_in_words, run)) for run in runs
    )


@cache
def _order() -> list[str]:
    return [toolchain.name for toolchain in all_toolchains()]


def _in_words(name: str) -> str:
    return "without Go" if name == NO_AXIS else name


def side_by_side(
    label: str,
    corner: str,
    rows: Mapping[str, Mapping[str, Shown]],
    toolchains: Sequence[str],
    *,
    figures: bool = False,
) -> list[nodes.Node]:
    """A table with a column for each group of toolchains, where neighbours that say the same share a cell.

    Not so for `figures`, which are equal by chance. Rows of a common path stand together below it.
    """
    weights = [
        CELL + sum(CELL + len(str(shown)) for shown, _ in groupby(row.get(name, "") for name in toolchains))
        for row in rows.values()
    ]
    kept, more = cut(list(rows.items()), min(MOST_ROWS, _fitting(weights, MOST_TEXT // 2)))
    groups = alike({name: [row.get(name, "") for _, row in kept] for name in toolchains})
    head = [cell(nodes.Text(corner)), *(cell(nodes.Text(in_short(group.names))) for group in groups)]
    body, above = [], ""
    for number, (name, _) in enumerate(kept):
        path, _, last = name.rpartition(PATH)
        if path != above:
            above = path
            body += [[cell(nodes.Text(path), classes=["cl-path"], morecols=len(groups))]] if path else []
        shown = [group.thing[number] for group in groups]
        runs = [(one, 1) for one in shown] if figures else [(one, len(list(same))) for one, same in groupby(shown)]
        body.append([cell(nodes.Text(last)), *(_wide(says(one or NOTHING), columns) for one, columns in runs)])
    return [tall(table(label, head, body, "cl-exact", *(["cl-figures"] if figures else []))), *more]


def _wide(entry: nodes.entry, columns: int) -> nodes.entry:
    if columns > 1:
        entry["morecols"] = columns - 1
    return entry


def says(shown: Shown) -> nodes.entry:
    """A cell with these words."""
    if isinstance(shown, str) and "\n" in shown:
        return cell(listing(clipped(shown, CELLS_WITH_LISTINGS)))
    lines = [clipped(line) for line in ((shown,) if isinstance(shown, str) else shown)]
    # Short lines do not break: an instruction or a place reads badly in pieces.
    classes = ["cl-long"] if any(len(line) > LONGEST_UNBROKEN for line in lines) else []
    return cell(*(paragraph(nodes.Text(line)) for line in lines), classes=classes)


def rows_of(label: str, head: Sequence[str], rows: Iterable[Sequence[Shown]], *classes: str) -> list[nodes.Node]:
    """A table of words whose first column names the rows, in a box that scrolls if it is long."""
    kept, more = cut(list(rows))
    heads = [cell(nodes.Text(word)) for word in head]
    body = [[says(shown or NOTHING) for shown in row] for row in kept]
    return [tall(table(label, heads, body, "cl-exact", *classes)), *more]


def tall(box: Scroll) -> Scroll:
    """A box that scrolls up and down too if what it holds is long."""
    box["classes"].append("cl-tall")
    return box


def cut(things: list[Thing], most: int = MOST_ROWS) -> tuple[list[Thing], list[nodes.Node]]:
    """At most so many of them, and a sentence that says how many are not shown."""
    missing = len(things) - most
    note = f"{missing} more are in the record, but not shown here."
    return things[:most], [paragraph(nodes.Text(note))] if missing > 0 else []


def clipped(text: str, sharers: int = 1) -> str:
    """The text with its middle left out if it is long; what is missing is said where it stood.

    `sharers` are the texts on a page that are like this one: there is only so much room for all of them.
    """
    lines = [
        line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} … {len(line) - LONGEST_LINE} more characters"
        for line in text.splitlines()
    ]
    room = MOST_TEXT // sharers
    if len(lines) <= MOST_LINES and sum(map(len, lines)) <= room:
        return "\n".join(lines)
    # Most of it is from the beginning; how it ends is wanted too.
    weights = [len(line) + 1 for line in lines]
    first = min(_fitting(weights, room * 2 // 3), MOST_LINES * 2 // 3)
    last = min(_fitting(weights[:first:-1], room // 3), MOST_LINES // 3)
    return "\n".join(
        [*lines[:first], f"… {len(lines) - first - last} lines are left out here …", *lines[len(lines) - last :]]
    )


def _fitting(weights: Sequence[int], room: int) -> int:
    """How many of them have room, from the first on."""
    return sum(end <= room for end in accumulate(weights))
