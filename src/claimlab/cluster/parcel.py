"""What a worker needs of a project to measure some of its trials: one value that travels, known by its hash."""

import hashlib
import shutil
import time
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from claimlab.project.errors import BadData, Refused
from claimlab.project.files import write_whole
from claimlab.project.project import Project, Settings
from claimlab.questions.asked import ENTRY, FOLDER, AskedLab
from claimlab.trials.fingerprint import Shared
from claimlab.trials.imports import modules_behind
from claimlab.trials.trial import Trial

KEPT_S: Final = 7 * 24 * 3600.0
_PARCELS: Final = "parcels"
_COMPLETE: Final = "complete"
"""The file that is written last where a parcel is unpacked."""


class Parcel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Files of a project, by their names in its folder, and questions, by the names of their folders."""

    settings: Settings
    files: dict[str, bytes]
    questions: dict[str, bytes]


def packed(trials: Iterable[Trial]) -> bytes:
    """What the trials are measured with: files of labs, modules of the project that they or its engines and origins
    import, and questions. Equal contents give equal bytes.

    :class:`Refused` if any of it lies outside of the project's folder.
    """
    labs = {trial.lab.path: trial for trial in trials}
    (project, *_) = {trial.lab.project for trial in labs.values()}
    added = project.settings.extensions
    paths = set(modules_behind(project, [*added.engines.values(), *added.origins.values()]))
    files: dict[str, bytes] = {}
    questions: dict[str, bytes] = {}
    for trial in labs.values():
        shared = trial.shared or Shared(trial.lab)
        if isinstance(trial.lab, AskedLab):
            questions[trial.lab.path.name] = trial.lab.entry.read_bytes()
        else:
            files |= {_name(trial.lab.path / name, project): content for name, content in shared.files.items()}
        paths |= {path for name, path in shared.behind.named if project.root / name == path}
    files |= {_name(path, project): path.read_bytes() for path in paths}
    settings = msgspec.structs.replace(project.settings, cache="", record="", toolchains="")
    parcel = Parcel(settings, dict(sorted(files.items())), dict(sorted(questions.items())))
    return zlib.compress(msgspec.msgpack.encode(parcel, order="deterministic"))


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _name(path: Path, project: Project) -> str:
    if not path.is_relative_to(project.root):
        raise Refused(
            f"{path} lies outside of the project's folder, and cannot be given to other hosts.",
            f"Move it below {project.root}, or measure without --cluster.",
        )
    return path.relative_to(project.root).as_posix()


def unpacked(content: bytes, cache: Path) -> Path:
    """The folder in the cache where the parcel lies now; its name is the parcel's hash."""
    root = folder_of(hash_of(content), cache)
    if (root / _COMPLETE).is_file():
        return root
    try:
        parcel = msgspec.msgpack.decode(zlib.decompress(content), type=Parcel)
    except (zlib.error, msgspec.DecodeError) as error:
        raise BadData("the parcel", f"it is none, or was damaged on its way: {error}") from None
    for name, text in parcel.files.items():
        write_whole(root / "project" / _safe(name), text)
    for name, text in parcel.questions.items():
        write_whole(cache / FOLDER / _safe(name) / ENTRY, text)
    write_whole(root / _COMPLETE, msgspec.json.encode(parcel.settings))
    return root


def project_in(root: Path, cache: Path) -> Project:
    """The project of an unpacked parcel, with this worker's cache."""
    settings = msgspec.json.decode((root / _COMPLETE).read_bytes(), type=Settings)
    (root / _COMPLETE).touch()  # it is in use
    (root / "project").mkdir(exist_ok=True)
    project = Project((root / "project").resolve(), settings)
    return replace(project, settings=msgspec.structs.replace(settings, cache=str(cache), record=str(root / "record")))


def remove_unused(cache: Path) -> None:
    """Parcels that no process has taken up for :data:`KEPT_S` are gone; whoever wants one again sends it again."""
    for complete in (cache / _PARCELS).glob(f"*/{_COMPLETE}"):
        if complete.stat().st_mtime < time.time() - KEPT_S:
            shutil.rmtree(complete.parent, ignore_errors=True)


def is_here(parcel: str, cache: Path) -> bool:
    return (folder_of(parcel, cache) / _COMPLETE).is_file()


def folder_of(parcel: str, cache: Path) -> Path:
    """Where a parcel of this hash lies, or would."""
    return cache / _PARCELS / parcel[:32]


def _safe(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise BadData("the parcel", f"it has a file that would lie outside of its folder: {name}")
    return name
