"""pytest glue: what a lab keeps for its tests is an item, and so is the law that its judges have said both.

Both hang on files of the lab: ``tests/observations/<toolchain>.json::… comes out as expected`` and, where there is a
folder ``tests``, ``judges.py::… every judge has been seen to say both``. They need no bench.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from claimlab.project.errors import BadData
from claimlab.project.project import Project, spelled
from claimlab.project.visible import visible
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.kept_observations import TESTS, Kept


class Unlike(Exception):
    """Judges are not as they have to be; the words say where, and what to do."""


def mark(item: pytest.Item, lab: LabFolder) -> None:
    """The item can be selected by its lab, its article and its chapter."""
    item.add_marker(pytest.mark.lab(lab.name))
    if lab.article:
        item.add_marker(marker_of(lab.article.name))
    if chapter := lab.chapter:
        item.add_marker(marker_of(f"chapter_{chapter.key}"))


def marker_of(name: str) -> str:
    """The name as an identifier, which ``-m`` wants."""
    return re.sub(r"\W", "_", name)


def collector_of(path: Path, parent: pytest.Collector, project: Project) -> pytest.Collector | None:
    """What collects the items that hang on this file, if any do."""
    made: type[KeptFile]
    if path.name == "judges.py" and (path.parent / TESTS).is_dir():
        made, folder = JudgesFile, path.parent
    elif path.suffix == ".json" and path.parts[-3:-1] == (TESTS, "observations"):
        made, folder = ObservationFile, path.parents[2]
    else:
        return None
    lab = LabFolder(folder, project)
    if not (folder / "lab.py").is_file() or not lab.is_found:
        return None
    collector: pytest.Collector = made.from_parent(parent, path=path, kept=Kept(lab))
    return collector


class KeptFile(pytest.File):
    """A file of a lab with one item."""

    says: str
    """What the item finds, after the lab's name."""

    def __init__(self, *, kept: Kept, **more: Any) -> None:
        super().__init__(**more)
        self.kept = kept

    def collect(self) -> Iterator[pytest.Item]:
        name = f"{self.kept.folder.name}: {self.says}"
        yield KeptItem.from_parent(self, name=name, kept=self.kept, find=self.find)

    def find(self) -> str:
        """What is not as it has to be."""
        raise NotImplementedError


class JudgesFile(KeptFile):
    """A judges.py whose lab has tests."""

    says = "every judge has been seen to say both"

    def find(self) -> str:
        return self.kept.one_sided()


class ObservationFile(KeptFile):
    """An observation that is kept."""

    says = "comes out as expected"

    def find(self) -> str:
        return self.kept.unexpected(self.path.stem)


class UnusableLab(pytest.Item):
    """Fails: there is a lab, and it cannot be used."""

    def __init__(self, *, lab: LabFolder, why: str, **more: Any) -> None:
        super().__init__(**more)
        self.lab, self.why = lab, why
        mark(self, lab)

    def runtest(self) -> None:
        raise Unlike(self.why)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return visible(f"{self.lab.name} is broken: {spelled(self.why, self.lab.project.command)}")

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


class KeptItem(pytest.Item):
    """Passes if nothing is found."""

    def __init__(self, *, kept: Kept, find: Callable[[], str], **more: Any) -> None:
        super().__init__(**more)
        self.kept, self.find = kept, find
        mark(self, kept.folder)

    def runtest(self) -> None:
        if found := self.find():
            raise Unlike(found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Unlike | BadData):
            return visible(spelled(str(excinfo.value), self.kept.folder.project.command))
        return super().repr_failure(excinfo, "short")

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name
