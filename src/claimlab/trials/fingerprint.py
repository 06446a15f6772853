"""The hash of everything that can change an observation; it is the observation's address in the record."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from claimlab.project.files import digest
from claimlab.toolchains import flags
from claimlab.toolchains.needs import Needs
from claimlab.trials import unchanged
from claimlab.trials.distributions import Installed, distributions_behind
from claimlab.trials.foreseen import needs_in
from claimlab.trials.imports import (
    INSTRUMENTS,
    benches_behind,
    instruments_behind,
    names_imported_by,
    own_modules_behind,
)
from claimlab.trials.lab import LabFolder
from claimlab.trials.sources import files_below, files_of, sources_hash, texts

_ALWAYS: Final = (*benches_behind(), Path(flags.__file__))
"""What every trial depends on on this side of the bench, beside its instruments."""
unchanged.note([*_ALWAYS, *INSTRUMENTS.rglob("*.py")])


@dataclass(frozen=True)
class Behind:
    """What a lab's modules import, and what is behind that: it shapes observations on this side of the bench."""

    named: tuple[tuple[str, Path], ...]
    """Files of claimlab and of the project, by the names under which they are hashed."""
    distributions: Mapping[str, Installed]
    """See :func:`claimlab.trials.distributions.distributions_behind`."""

    @property
    def paths(self) -> list[Path]:
        """Where all of it was read."""
        installed = (path for one in self.distributions.values() for path in one.paths)
        return [*(path for _, path in self.named), *installed]

    def hash(self) -> str:
        return digest(*(part for name, path in self.named for part in (name, _content(path))))


def behind(lab: LabFolder, folder: Path = INSTRUMENTS, files: Mapping[str, bytes] | None = None) -> Behind:
    """The instruments that lab.py imports, what they import of each other, their scripts, and the benches; the modules
    of the project that lab.py imports, which may be instruments of its own; and what is installed that any of these
    import, but for the benches, which only carry bytes."""
    unchanged.note(lab.observers)
    used = texts(files_of(lab) if files is None else files)
    used += [_content(path).decode() for path in lab.observers]
    own = own_modules_behind(used, lab.project.root)
    unchanged.note(own)
    everywhere = [*used, *(path.read_text(encoding="utf-8", errors="replace") for path in own if path.suffix == ".py")]
    paths = [folder / f"{name}.py" for name in sorted(instruments_behind(everywhere, folder))]
    sources = [_content(path).decode() for path in paths]
    scripts = {script for source in sources for script in (folder / "inside").iterdir() if f'"{script.name}"' in source}
    named = [(path.name, path) for path in (*paths, *sorted(scripts), *lab.observers, *_ALWAYS)]
    named += [(path.relative_to(lab.project.root).as_posix(), path) for path in own]
    own_names = {path.relative_to(lab.project.root).parts[0].removesuffix(".py") for path in own}
    imported = {name for source in (*everywhere, *sources) for name in names_imported_by(source)}
    others = {name for name in imported if name.partition(".")[0] not in own_names}
    return Behind(tuple(named), distributions_behind(others))


@dataclass(frozen=True)
class Shared:
    """What is the same in all trials of a lab. It is read from the disk once."""

    lab: LabFolder

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What is hashed, and what the trials' benches have: see :func:`claimlab.trials.sources.files_of`."""
        if self.lab.kept is None:
            unchanged.note(path for path in files_below(self.lab.path) if path.suffix == ".py")
        return files_of(self.lab)

    @cached_property
    def sources(self) -> str:
        return sources_hash(self.lab, self.files)

    @cached_property
    def behind(self) -> Behind:
        return behind(self.lab, files=self.files)

    @cached_property
    def instruments(self) -> str:
        return self.behind.hash()

    @cached_property
    def needs(self) -> Needs:
        """What the lab's benches are to have compiled beforehand, as far as that is known without importing it."""
        if self.lab.needs is not None:
            return self.lab.needs
        modules = texts(self.files)
        own = own_modules_behind(modules, self.lab.project.root)
        used = [_content(path).decode("utf-8", "replace") for path in own if path.suffix == ".py"]
        return needs_in([*modules, *used])

    @cached_property
    def here(self) -> dict[str, str]:
        """What shapes the lab's observations on this side of the bench."""
        found = {f"distribution {name}": str(one) for name, one in self.behind.distributions.items()}
        return {"sources": self.sources, "instruments": self.instruments, "python": python_here(), **found}

    def read(self) -> "Shared":
        """All of it has been read: before anything of the lab is imported, if nobody did so earlier."""
        _ = self.here
        return self

    def changed(self) -> list[str]:
        """The files, as the project shows them, that are not what was hashed any more, whether they were changed, came,
        went, or were written to and are the same again: nobody knows what was imported in the meantime."""
        now, lab = files_of(self.lab), self.lab.path
        names = [name for name in {**self.files, **now} if self.files.get(name) != now.get(name)]
        modules = [lab / name for name in self.files if name.endswith(".py")]
        paths = [*(lab / name for name in names), *unchanged.touched([*modules, *self.behind.paths])]
        return [self.lab.project.shown(path) for path in dict.fromkeys(paths)]


def python_here() -> str:
    """Which Python this is."""
    return f"{platform.python_implementation()} {platform.python_version()}"


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()
