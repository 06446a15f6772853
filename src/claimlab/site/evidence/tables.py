"""Tables of evidence: toolchains as columns, where neighbours that say the same share a cell, or one row a thing."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from markupsafe import Markup

from claimlab.site.evidence.alike import alike, in_short
from claimlab.site.evidence.room import MOST_ROWS, Place, clipped, cut, fitting
from claimlab.site.html import cell, heading, listing, row, table

Shown = str | tuple[str, ...]
"""What a cell says: a line, several lines, or (a string with line breaks) a listing."""
NOTHING: Final = "–"
PATH: Final = " · "
"""Between the names that lead to a value."""
CELL: Final = 25
"""Characters that make a cell."""
LISTING: Final = 1200
"""Characters of a listing in a cell."""


def side_by_side(
    label: str,
    corner: str,
    rows: Mapping[str, Mapping[str, Shown]],
    toolchains: Sequence[str],
    place: Place,
    *,
    figures: bool = False,
) -> Markup:
    """A table with a column for each group of toolchains, where neighbours that say the same share a cell.

    Not so for `figures`, which are equal by chance. Rows of a common path stand together below it.
    """
    weights = (_weight(name, [cells.get(name, "") for name in toolchains]) for name, cells in rows.items())
    most = max(1, min(MOST_ROWS, fitting(weights, place.room)))
    kept, more = cut(list(rows.items()), most, place)
    groups = alike({name: [cells.get(name, "") for _row, cells in kept] for name in toolchains})
    head = [corner, *(in_short(group.names) for group in groups)]
    body, above = [], ""
    for number, (name, _cells) in enumerate(kept):
        path, _sign, last = name.rpartition(PATH)
        if path != above:
            above = path
            body += [heading(path, len(head))] if path else []
        shown = [group.thing[number] for group in groups]
        runs = [(one, 1) for one in shown] if figures else [(one, len(list(same))) for one, same in groupby(shown)]
        body.append(row(last, [says(one, columns) for one, columns in runs]))
    return table(label, head, body, "cl-figures" if figures else "") + more


def rows_of(
    label: str, head: Sequence[str], rows: Iterable[Sequence[Shown]], place: Place, classes: str = ""
) -> Markup:
    """A table of words whose first column names the rows."""
    every = list(rows)
    most = max(1, min(MOST_ROWS, fitting((_weight("", cells) for cells in every), place.room)))
    kept, more = cut(every, most, place)
    body = [row(str(first), map(says, rest)) for first, *rest in kept]
    return table(label, head, body, classes) + more


def says(shown: Shown, columns: int = 1) -> Markup:
    """A cell with these words."""
    if isinstance(shown, str) and "\n" in shown:
        return cell(listing(clipped(shown, LISTING)), columns)
    return cell(shown or NOTHING, columns)


def _weight(name: str, cells: Sequence[Shown]) -> int:
    """About how many characters a row has."""
    return CELL + len(name) + sum(CELL + min(LISTING, len(str(shown))) for shown, _same in groupby(cells))
