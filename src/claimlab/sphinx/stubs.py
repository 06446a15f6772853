"""The source of a page for every chapter and every lab, so that a new lab needs no other file."""

from pathlib import Path
from typing import Final

from claimlab.sphinx.desk import Desk

MADE: Final = "<!-- Made by claimlab at every build; edits are lost. -->"


def write_stubs(desk: Desk, srcdir: Path) -> None:
    """`chapters/` and `labs/` hold exactly one page for each; files made by hand are left alone."""
    wanted = {srcdir / "labs" / f"{lab.name}.md": _stub(lab.name, "lab", lab.name) for lab in desk.ledger.labs}
    for chapter in desk.ledger.chapters:
        title = f"Chapter {chapter.number}: {chapter.title.en}"
        wanted[srcdir / "chapters" / f"{chapter.number}.md"] = _stub(title, "chapter", str(chapter.number))
    for path, content in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        # An unchanged page must keep its time, or every build would read all pages again.
        if not path.is_file() or path.read_text() != content:
            path.write_text(content)
    for folder in ("chapters", "labs"):
        for path in set((srcdir / folder).glob("*.md")) - wanted.keys():
            if path.read_text().startswith(MADE):
                path.unlink()


def _stub(title: str, directive: str, argument: str) -> str:
    return f"{MADE}\n# {title}\n\n```{{claimlab:{directive}}} {argument}\n```\n"
