"""Edits of files, and whether they make another hash."""

import shutil
from collections.abc import Callable
from pathlib import Path

Edit = Callable[[Path], object]


def edit(name: str) -> Edit:
    """One more line at the end of the file, which is made if it is not there."""

    def append(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + "\n# edited\n")

    return append


def changes(hash_of: Callable[[Path], str], folder: Path, change: Edit) -> bool:
    """The change makes another hash. It is made on a copy; the copy without it has the same hash."""
    copies = [folder.with_name(f"{folder.name}-{name}") for name in ("same", "changed")]
    for copy in copies:
        shutil.copytree(folder, copy)
    change(copies[1])
    before, same, after = (hash_of(path) for path in (folder, *copies))
    assert before == same, "the hash depends on where the folder stands"
    return before != after


def replaced(name: str, *pairs: tuple[str, str]) -> Edit:
    """Each of these texts, which the file has, by the other."""

    def edit_text(folder: Path) -> None:
        path = folder / name
        for old, other in pairs:
            text = path.read_text()
            assert old in text
            path.write_text(text.replace(old, other))

    return edit_text
