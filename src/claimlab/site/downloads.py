"""The files that pages offer: the record of each trial, whole, and the sources of each lab.

They lie beside the pages, so that links to them also work from a disk.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from claimlab.site.data import SiteData
from claimlab.trials.lab import LabFolder
from claimlab.trials.sources import files_below, modules_of
from claimlab.trials.trial import Trial

FOLDERS: Final = ("record", "sources")


@dataclass(frozen=True, slots=True)
class Offered:
    """The links to the files, as a page writes them."""

    root: str
    """From the page to the folder that holds the files: empty, or ending with a slash."""

    def record(self, trial: Trial) -> str:
        return self.root + _record(trial)

    def source(self, lab: LabFolder, path: Path) -> str:
        return self.root + _source(lab, path)


def offered_to(docname: str, files: str) -> Offered:
    """`files` is the folder of the files, relative to that of the pages."""
    return Offered("../" * docname.count("/") + (f"{files}/" if files != "." else ""))


def _record(trial: Trial) -> str:
    axis = "" if trial.toolchain.bare else f"-{trial.toolchain.name}"
    return f"record/{trial.lab.name}{axis}.json"


def _source(lab: LabFolder, path: Path) -> str:
    return f"sources/{lab.name}/{path.relative_to(lab.path).as_posix()}"


def sources(lab: LabFolder) -> list[Path]:
    """What was measured with, and judged by: the programs first."""
    programs = [path for path in files_below(lab.path) if path.suffix == ".go"]
    return programs + [path for name in ("lab", "judges") for path in modules_of(lab) if path.name.startswith(name)]


def hand_out(site: SiteData, folder: Path) -> None:
    """The folder has each file that a page offers, as it is now, and no other."""
    wanted: set[Path] = set()
    for name, path in _offered(site):
        target = folder / name
        wanted.add(target)
        # A file of the record is never written twice, so it may be the same file; a source may be edited in place.
        if not (name.startswith("record/") and _is_linked(path, target)):
            _copy(path, target)
    for name in FOLDERS:
        for left in [path for path in (folder / name).rglob("*") if path.is_file() and path not in wanted]:
            left.unlink(missing_ok=True)  # the build of the other language may be quicker


def _offered(site: SiteData) -> Iterator[tuple[str, Path]]:
    for lab in site.ledger.labs:
        yield from ((_source(lab, path), path) for path in sources(lab))
        for trial in site.ledger.trials(lab):
            path = site.file(trial)
            if path.is_file():
                yield _record(trial), path


def _is_linked(path: Path, target: Path) -> bool:
    """The target is now the very same file; False where the file system cannot do that."""
    with contextlib.suppress(FileNotFoundError):
        if target.samefile(path):
            return True
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.unlink(missing_ok=True)
        target.hardlink_to(path)
    except FileExistsError:  # the build of the other language was quicker
        return True
    except OSError:
        return False
    return True


def _copy(path: Path, target: Path) -> None:
    """The target has the same content and time; it is written only if it had another."""
    now = path.stat()
    with contextlib.suppress(FileNotFoundError):
        then = target.stat()
        if (then.st_size, then.st_mtime_ns) == (now.st_size, now.st_mtime_ns):
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    os.utime(target, ns=(now.st_atime_ns, now.st_mtime_ns))
