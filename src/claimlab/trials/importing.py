"""Modules of labs and projects are imported from their sources, never from what Python compiled before.

Python takes a compiled module for current if its source has the size and the time of change, in whole seconds, that it
had then (the reference of the import system, "Cached bytecode invalidation"). An edit within that second that leaves
the size as it is would be hashed, and what it replaced would run.
"""

import sys
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from pathlib import Path
from typing import Any, Final, NoReturn

_FOLDERS: Final[set[str]] = set()
"""Of labs and projects."""


class _FromSource(SourceFileLoader):
    def path_stats(self, path: Any) -> NoReturn:
        """Without these no compiled module is looked for, and none is written (importlib.abc.SourceLoader)."""
        raise OSError


def from_source(folder: Path) -> None:
    """Modules in this folder, and in packages in it, come from their sources."""
    if str(folder) not in _FOLDERS:
        _FOLDERS.add(str(folder))
        sys.path_importer_cache.pop(str(folder), None)
        if _finder not in sys.path_hooks:
            sys.path_hooks.insert(0, _finder)


def _finder(place: str) -> FileFinder:
    path = Path(place)
    tops = [path, *path.parents]
    known = next((one for one in tops if str(one) in _FOLDERS), None)
    if known is None or (known != path and not (known / path.relative_to(known).parts[0] / "__init__.py").is_file()):
        raise ImportError("no folder of a lab or a project", path=place)
    return FileFinder(place, (ExtensionFileLoader, EXTENSION_SUFFIXES), (_FromSource, [".py"]))
