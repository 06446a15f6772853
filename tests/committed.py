"""The files of the project that are committed, or will be."""

import fnmatch
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.ours import ROOT


def committed_files() -> list[Path]:
    """Every file below the root that .gitignore does not name; it has no patterns but those read here."""
    patterns = [line.strip() for line in (ROOT / ".gitignore").read_text().splitlines()]
    patterns = [line for line in patterns if line and not line.startswith("#")]

    def is_ignored(path: Path) -> bool:
        relative = f"/{path.relative_to(ROOT)}"
        return path.name == ".git" or any(
            fnmatch.fnmatch(relative if pattern.startswith("/") else path.name, pattern.rstrip("/"))
            for pattern in patterns
        )

    def below(folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            if is_ignored(path):
                continue
            if path.is_dir():
                yield from below(path)
            else:
                yield path

    return list(below(ROOT))


def committed_texts() -> dict[str, str]:
    texts = {}
    for path in committed_files():
        content = path.read_bytes()
        if b"\0" not in content:
            texts[str(path.relative_to(ROOT))] = content.decode()
    return texts


TEXTS: Final = committed_texts()
"""By path from the root; what is no text is left out."""
