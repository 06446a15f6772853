"""Modules of labs and projects are imported from their sources, never from what Python compiled before.

Python takes a compiled module for current if its source has the size and the time of change, in whole seconds, that it
had then (the reference of the import system, "Cached bytecode invalidation"). An edit within that second that leaves
the size as it is would be hashed, and what it replaced would run.
"""

import sys
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from pathlib import Path
from typing import Any, Final, NoReturn

_FOLDERS: Final[dict[str, bool]] = {}
"""Of labs and projects; true where all that lies below is theirs, whether or not it is a package."""


class _FromSource(SourceFileLoader):
    def path_stats(self, path: Any) -> NoReturn:
        """Without these no compiled module is looked for, and none is written (importlib.abc.SourceLoader)."""
        raise OSError


def from_source(folder: Path, *, below: bool) -> None:
    """Modules in this folder come from their sources; so do those in its packages, and all `below` it if that is so."""
    if str(folder) not in _FOLDERS:
        _FOLDERS[str(folder)] = below
        sys.path_importer_cache.pop(str(folder), None)
        if _finder not in sys.path_hooks:
            sys.path_hooks.insert(0, _finder)


def _finder(place: str) -> FileFinder:
    path = Path(place)
    known = next((one for one in (path, *path.parents) if str(one) in _FOLDERS), None)
    if known is None or not (known == path or _FOLDERS[str(known)] or _is_in_a_package(path, known)):
        raise ImportError("no folder of a lab or a project", path=place)
    return FileFinder(place, (ExtensionFileLoader, EXTENSION_SUFFIXES), (_FromSource, [".py"]))


def _is_in_a_package(path: Path, root: Path) -> bool:
    """Of the project itself: environments for Python lie in its folder too."""
    return (root / path.relative_to(root).parts[0] / "__init__.py").is_file()
