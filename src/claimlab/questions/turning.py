"""What answers are called where they turn from one release to the next: pure, for the terminal."""

import re
from collections.abc import Sequence
from textwrap import shorten
from typing import Final

from claimlab.questions.question import Row
from claimlab.questions.told import Told

_ROWS: Final = 6
"""More rows that differ are only counted."""
_CHARACTERS: Final = 100
_NTH: Final = ("another", "a third", "a fourth", "a fifth")

Naming = tuple[str, list[str]]
"""What a sentence is about, perhaps nothing, and what each of the answers is called in it."""


def namings(told: Sequence[Told]) -> list[Naming]:
    """A sentence for each row in which these different answers differ; one for the whole where rows cannot say it."""
    cells = [{row.label: row for row in one.rows if not row.counts} for one in told]
    labels = list(dict.fromkeys(label for rows in cells for label in rows))
    by_row = all(
        one.answer is not None and not one.answer.listing() and rows and all(rows)
        for one, rows in zip(told, cells, strict=True)
    )
    if not by_row:
        return [("", _apart([_whole(one.rows) for one in told]))]
    texts = {label: [_text(rows.get(label)) for rows in cells] for label in labels}
    differing = [(_line(label), found) for label, found in texts.items() if len(set(found)) > 1]
    if not differing:
        return [("", _apart([_whole(one.rows) for one in told]))]
    more = len(differing) - _ROWS
    rest = [(f"{more} rows more", [_nth(place, "one answer") for place in range(len(told))])] if more > 0 else []
    return [*differing[:_ROWS], *rest]


def _text(row: Row | None) -> str:
    return "none" if row is None or row.short == "-" else _line(row.short)


def _whole(rows: Sequence[Row]) -> str:
    return _line("; ".join(row.label if row.counts else f"{row.label} {row.text}".strip() for row in rows))


def _line(text: str) -> str:
    """In one line, not too long."""
    return shorten(re.sub(r"\s+\| ", " | ", text), _CHARACTERS, placeholder=" …")


def _apart(names: Sequence[str]) -> list[str]:
    """No two are the same: what is shown of an answer may be less than what differs."""
    found: list[str] = []
    for name in names:
        nth = _nth(names[: len(found)].count(name), "")
        found.append(f"{nth} ({name})" if nth else name)
    return found


def _nth(place: int, first: str) -> str:
    if place == 0:
        return first
    return _NTH[place - 1] if place <= len(_NTH) else f"number {place + 1}"
