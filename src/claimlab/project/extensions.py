"""What a project, or a package installed beside claimlab, adds to it: found by name, imported when it is needed.

A project names them in its ``claimlab.toml`` under ``[extensions]``; a package has entry points in the group
``claimlab.engines``, ``claimlab.origins``, ``claimlab.presenters`` or ``claimlab.pictures``.
"""

import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from claimlab.project.errors import BadData
from claimlab.project.project import FILE, Project

Named = Literal["engines", "origins"]
Mapped = Literal["presenters", "pictures"]


def make_importable(project: Project) -> None:
    """Modules in the project's folder can be imported; nothing that is installed is hidden by them."""
    if str(project.root) not in sys.path:
        sys.path.append(str(project.root))


def named(project: Project, kind: Named, name: str) -> Any:
    """The extension of that name; None if there is none."""
    given: dict[str, str] = getattr(project.settings.extensions, kind)
    if name in given:
        return _load(project, kind, given[name])
    found = entry_points(group=f"claimlab.{kind}", name=name)
    return next(iter(found)).load() if found else None


def names(project: Project, kind: Named) -> list[str]:
    """Of all extensions of that kind."""
    installed = {entry.name for entry in entry_points(group=f"claimlab.{kind}")}
    return sorted(installed | set(getattr(project.settings.extensions, kind)))


def mapped(project: Project, kind: Mapped) -> dict[type, Any]:
    """All maps of that kind joined; a project's own entries count before those of packages."""
    found: dict[type, Any] = {}
    for entry in entry_points(group=f"claimlab.{kind}"):
        found |= entry.load()
    for value in getattr(project.settings.extensions, kind):
        own = _load(project, kind, value)
        if not isinstance(own, Mapping):
            raise BadData(str(project.root / FILE), f"extensions.{kind}: {value} is no map from types: {own!r}")
        found |= own
    return found


def _load(project: Project, kind: str, value: str) -> Any:
    make_importable(project)
    try:
        return EntryPoint(value, value, f"claimlab.{kind}").load()
    except (ImportError, AttributeError, ValueError) as error:
        raise BadData(str(project.root / FILE), f"extensions.{kind}: {value} cannot be loaded: {error}") from error
