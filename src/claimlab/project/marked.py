"""Sentences marked as claims in an author's own text, whatever the text is written in."""

import re
from dataclasses import dataclass
from typing import Final

ROLE: Final = "claimlab:says"
NO_PROSE: Final = frozenset(
    {
        "code",
        "code-block",
        "code-cell",
        "csv-table",
        "highlight",
        "image",
        "include",
        "literalinclude",
        "math",
        "mermaid",
        "parsed-literal",
        "raw",
        "sourcecode",
        "toctree",
    }
)
"""Directives whose content is no text of the author's."""
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
GIVEN: Final = re.compile(r"(?P<says>.*?)\s*<(?P<id>[^<>]*)>", re.DOTALL)
"""What a role is given: a sentence, or a title, and a target."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence that is marked as a claim."""

    id: str
    says: str
    line: int
    """Of the page."""


@dataclass(frozen=True, slots=True)
class Prose:
    """What a page has for claimlab."""

    title: str
    """Its first heading; empty if it has none."""
    marked: tuple[Marked, ...]


def marked_as(text: str, line: int) -> Marked:
    """What a role was given, ``A sentence. <its-id>``; ValueError says what is wrong with it."""
    match = GIVEN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"line {line}: {text!r} has no id: it ends with one in angle brackets, `A sentence. <its-id>`")
    return marked(match["id"].strip(), match["says"], line)


def marked(claim: str, says: str, line: int) -> Marked:
    """The sentence with its id; ValueError if it is none, or the id cannot be one."""
    if not _ID.fullmatch(claim):
        raise ValueError(f"line {line}: {claim!r} is no id of a claim: letters, digits, dots and hyphens")
    if not says.strip():
        raise ValueError(f"line {line}: the claim {claim} says nothing")
    return Marked(claim, " ".join(says.split()), line)
