"""A checkout with two toolchains, and a chapter whose claims are data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.tiny_lab import Checkout, Started

NEW: Final = "1.27.3"
ON_LOCAL: Final = ("--engine", "local")
ON_DOCKER: Final = ("--engine", "docker")
Rows = Mapping[str, tuple[str, str, str]]
"""By id: the table, and what is to come out on the old release and on the new."""


def chapter_of(root: Path, started: Started, programs: Mapping[str, str], rows: Rows, old: str) -> Checkout:
    """The checkout at that path has these two releases, and a chapter with these claims and what they are about."""
    checkout = Checkout(root, started)
    checkout.pin(old, NEW)
    chapter = checkout.labs / "ch9_things"
    for name, text in programs.items():
        (chapter / name).parent.mkdir(parents=True, exist_ok=True)
        (chapter / name).write_text(text)
    (chapter / "claims.toml").write_text(_claims(rows), encoding="utf-8")
    return checkout


def _claims(rows: Rows) -> str:
    parts = ['[chapter]\nnumber = 9\ntitle = { en = "Things", zh = "事物" }\n']
    for name, (look, old, new) in rows.items():
        expected = f'[{{ go = "<1.25", outcome = "{old}" }}, {{ outcome = "{new}" }}]' if old != "broken" else '"holds"'
        says = f'id = "{name}"\nen = "The claim {name}."\nzh = "{name}。"'
        parts.append(f"[[claim]]\n{says}\nexpected = {expected}\nlook = {look}\n")
    return "\n".join(parts)
