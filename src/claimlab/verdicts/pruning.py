"""What of a record no trial needs any more, with what was concluded from it."""

import contextlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from claimlab.questions.standing import Kind, Standings
from claimlab.trials.record import Record, Where
from claimlab.trials.verifying import Filed, What, files_in
from claimlab.verdicts.kept_rulings import KeptRulings


@dataclass(frozen=True, slots=True)
class Needless:
    """A file that can go."""

    path: Path
    size_bytes: int
    because: str


@dataclass(frozen=True, slots=True)
class Pruning:
    """What can go, and what is kept although nobody knows whether it is needed."""

    needless: list[Needless]
    unknown: list[Needless]


def pruning(record: Record, standings: Standings) -> Pruning:
    """Of all that the record holds. What answers a question of the project is needed, on whatever toolchain, engine,
    host and architecture it was measured; of what is damaged nobody knows."""
    needless: list[Needless] = []
    unknown: list[Needless] = []
    needed: set[Where] = set()
    for one in files_in(record):
        kind, because = _kind_of(one, standings)
        if kind is Kind.STALE:
            needless.append(Needless(one.path, one.size_bytes, because))
        elif kind is Kind.UNKNOWN:
            unknown.append(Needless(one.path, one.size_bytes, because))
        if kind is not Kind.STALE and one.what is What.OBSERVATION:
            needed.add(one.where)
    needless += _concluded(KeptRulings(record).root, needed, standings)
    return Pruning(needless, unknown)


def _kind_of(filed: Filed, standings: Standings) -> tuple[Kind, str]:
    if filed.what in (What.SET_ASIDE, What.UNFINISHED):
        return Kind.STALE, str(filed.what)
    if filed.what in (What.DAMAGED, What.STRANGER):
        return Kind.UNKNOWN, filed.because or str(filed.what)
    # Of a breakage only the address is known: it says nothing any more if its lab is gone.
    standing = standings.of(filed.where, filed.inputs) if filed.inputs else standings.of_lab(filed.where[0])
    return standing.kind, ", ".join(standing.because)


def _concluded(rulings: Path, needed: set[Where], standings: Standings) -> Iterator[Needless]:
    """Rulings on observations that nobody needs, and all that was concluded of a lab that is gone."""
    for path in sorted(rulings.glob("*/*.json")):
        toolchain, _, rest = path.stem.partition(" ")
        engine = rest.partition(" ")[0]
        lab = path.parent.name
        is_ruling = bool(engine) and (lab, toolchain, engine) not in needed
        if is_ruling or standings.of_lab(lab).kind is Kind.STALE:
            with contextlib.suppress(FileNotFoundError):
                yield Needless(path, path.stat().st_size, "concluded from what is not needed")


def remove(needless: Iterable[Needless]) -> None:
    """The files are gone, and folders that had nothing else."""
    for one in needless:
        if one.path.is_dir() and not one.path.is_symlink():
            shutil.rmtree(one.path)
        else:
            one.path.unlink(missing_ok=True)
        for folder in list(one.path.parents)[:2]:
            with contextlib.suppress(OSError):  # it is not empty, or gone already
                folder.rmdir()
