"""The files that pages offer: the record of each trial, whole and compressed, and the sources of each lab.

They lie beside the pages, so that links to them also work from a disk.
"""

import contextlib
import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from claimlab.site.data import SiteData
from claimlab.trials.lab import LabFolder
from claimlab.trials.sources import files_below, modules_of
from claimlab.trials.trial import Trial

RECORDS: Final = "record"
FOLDERS: Final = (RECORDS, "sources")


@dataclass(frozen=True, slots=True)
class Offered:
    """The links to the files, as a page writes them."""

    root: str
    """From the page to the folder that holds the files: empty, or ending with a slash."""
    records: bool = True
    """Trials' records are among them."""

    def record(self, trial: Trial) -> str:
        """Nothing where none is offered."""
        return self.root + _record(trial) if self.records else ""

    def source(self, lab: LabFolder, path: Path) -> str:
        return self.root + _source(lab, path)


def offered_to(docname: str, files: str, *, records: bool = True) -> Offered:
    """`files` is the folder of the files, relative to that of the pages."""
    return Offered("../" * docname.count("/") + (f"{files}/" if files != "." else ""), records)


def _record(trial: Trial) -> str:
    axis = "" if trial.toolchain.bare else f"-{trial.toolchain.name}"
    return f"{RECORDS}/{trial.lab.name}{axis}.json.gz"


def _source(lab: LabFolder, path: Path) -> str:
    return f"sources/{lab.name}/{path.relative_to(lab.path).as_posix()}"


def sources(lab: LabFolder) -> list[Path]:
    """What was measured with, and judged by: the programs first."""
    programs = [path for path in files_below(lab.path) if path.suffix == ".go"]
    return programs + [path for name in ("lab", "judges") for path in modules_of(lab) if path.name.startswith(name)]


def hand_out(site: SiteData, folder: Path, *, records: bool = True) -> None:
    """The folder has each file that a page offers, as it is now, and no other."""
    wanted: set[Path] = set()
    for name, path in _offered(site, records):
        target = folder / name
        wanted.add(target)
        _copy(path, target)
    for name in FOLDERS:
        for left in [path for path in (folder / name).rglob("*") if path.is_file() and path not in wanted]:
            left.unlink(missing_ok=True)  # the build of the other language may be quicker


def _offered(site: SiteData, records: bool) -> Iterator[tuple[str, Path]]:
    for lab in site.ledger.labs:
        yield from ((_source(lab, path), path) for path in sources(lab))
        for trial in site.ledger.trials(lab) if records else ():
            path = site.file(trial)
            if path.is_file():
                yield _record(trial), path


def _copy(path: Path, target: Path) -> None:
    """The target has the same content and time, compressed if its name says so; it is written only if it had another.

    The build of another language may write it too, and writes the same bytes.
    """
    now = path.stat()
    with contextlib.suppress(FileNotFoundError):
        if target.stat().st_mtime_ns == now.st_mtime_ns:
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    content = path.read_bytes()
    target.write_bytes(gzip.compress(content, mtime=0) if target.suffix == ".gz" else content)
    os.utime(target, ns=(now.st_atime_ns, now.st_mtime_ns))
