"""Every file of a record, looked at: what each is, and whether it is as it was filed."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from claimlab.project.files import read_regular
from claimlab.project.runs import is_over, run_in
from claimlab.trials.record import Breakage, Observation, Record, Where, address, observation_in

_NAMED: Final = re.compile(r"(?P<engine>.+)-[0-9a-f]{20}\.(?P<kind>json|broken|damaged-[0-9a-f]+)")
_UNFINISHED: Final = ".claimlab-"
_DEPTH: Final = 2
"""The folders that a file lies in: its lab's, and in that its toolchain's."""


class What(StrEnum):
    """What a file of a record is."""

    OBSERVATION = "observation"
    BREAKAGE = "breakage"
    DAMAGED = "damaged"
    """It should be one of these, and is not as it was filed, or is of another trial than its name says."""
    SET_ASIDE = "set aside"
    """It stood in an observation's place and was none."""
    UNFINISHED = "unfinished"
    """A run began to write it, and was killed."""
    STRANGER = "no file of the record"


@dataclass(frozen=True, slots=True)
class Filed:
    """A file of a record."""

    path: Path
    what: What
    size_bytes: int
    where: Where = ("", "", "")
    because: str = ""
    """Of what is damaged."""
    inputs: dict[str, str] | None = None
    """Of an observation."""


def files_in(record: Record) -> Iterator[Filed]:
    """Every file of the record, each read whole, but for what another run is just writing; OSError if a folder cannot
    be read."""
    for folder, folders, names in os.walk(record.root, onerror=_refuse):
        depth = len(Path(folder).relative_to(record.root).parts)
        no_folders = [name for name in folders if depth == _DEPTH or (Path(folder) / name).is_symlink()]
        folders[:] = sorted(set(folders).difference(no_folders))
        for name in sorted([*names, *no_folders]):
            path = Path(folder) / name
            try:
                size_bytes = path.lstat().st_size
            except FileNotFoundError:
                continue
            if name.startswith(_UNFINISHED):
                if is_over(run_in(name)):
                    yield Filed(path, What.UNFINISHED, size_bytes)
            else:
                yield _filed(record, path, size_bytes)


def _refuse(error: OSError) -> None:
    """A folder that is not there has no files; of one that cannot be read nobody may say so."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _filed(record: Record, path: Path, size_bytes: int) -> Filed:
    match, parts = _NAMED.fullmatch(path.name), path.relative_to(record.root).parts
    if match is None or len(parts) != _DEPTH + 1:
        return Filed(path, What.STRANGER, size_bytes)
    where = (parts[0], parts[1], match["engine"])
    if match["kind"].startswith("damaged"):
        return Filed(path, What.SET_ASIDE, size_bytes, where)
    try:
        content = read_regular(path)
        if match["kind"] == "broken":
            _refuse_unless_of(msgspec.json.decode(content, type=Breakage), where)
            return Filed(path, What.BREAKAGE, size_bytes, where)
        found = observation_in(content)
        _refuse_unless_of(found, where)
        if record.path(*where, address(found.inputs)) != path:
            raise ValueError("its inputs have another address than its name says")
    except OSError as error:
        return Filed(path, What.DAMAGED, size_bytes, where, f"it cannot be read: {error.strerror or error}")
    except (ValueError, msgspec.DecodeError, RecursionError) as error:
        return Filed(path, What.DAMAGED, size_bytes, where, str(error))
    return Filed(path, What.OBSERVATION, size_bytes, where, "", found.inputs)


def _refuse_unless_of(found: Observation | Breakage, where: Where) -> None:
    if (found.lab, found.toolchain, found.engine) != where:
        raise ValueError(f"it is of {found.lab} on {found.toolchain} with the engine {found.engine}")
