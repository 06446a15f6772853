"""How outcomes look in a terminal."""

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.text import Text

from claimlab.project.outcome import Outcome

SIGNS: Final = {
    Outcome.HOLDS: ("✔", "green"),
    Outcome.FAILS: ("✘", "red"),
    Outcome.VOID: ("∅", "blue"),
    Outcome.UNCLEAR: ("?", "yellow"),
    Outcome.BROKEN: ("!", "magenta"),
    Outcome.MISSING: ("·", "dim"),
}
_PLAIN: Final = {
    Outcome.HOLDS: "y",
    Outcome.FAILS: "n",
    Outcome.VOID: "0",
    Outcome.UNCLEAR: "?",
    Outcome.BROKEN: "!",
    Outcome.MISSING: ".",
}
"""For terminals that cannot show those."""
_NAMED: Final = 6
"""Claims of a line; of more it says how many there are of each outcome."""


def sign(outcome: Outcome, console: Console) -> str:
    """One that the terminal can show: an escape in its place would say nothing, and a question mark would be wrong."""
    try:
        "".join(sign for sign, _ in SIGNS.values()).encode(console.encoding)
    except UnicodeEncodeError:
        return _PLAIN[outcome]
    return SIGNS[outcome][0]


def legend(console: Console) -> str:
    return "  ".join(f"{sign(outcome, console)} {outcome}" for outcome in SIGNS)


def signs(outcomes: Iterable[Outcome | None], console: Console) -> Text:
    """One after the other, each in its colour; a blank for None."""
    return Text.assemble(*((sign(one, console), SIGNS[one][1]) if one else " " for one in outcomes))


def in_short(found: dict[str, Outcome], console: Console) -> Text:
    """Outcomes by claim, in a line's space: ``2.1-a ✔  2.1-b ✘``, or ``✔ 12  ✘ 3``."""
    if len(found) > _NAMED:
        counts = [(one, list(found.values()).count(one)) for one in SIGNS]
        pairs = [Text.assemble(signs([one], console), f" {count}") for one, count in counts if count]
    else:
        pairs = [Text.assemble(f"{claim} ", signs([one], console)) for claim, one in found.items()]
    return Text("  ").join(pairs)
