"""Observations in one file that travels: a manifest, and the files of the record as they are.

It is a tar archive, compressed with gzip, of plain files (POSIX ustar). The same observations give the same bytes. What
is read may come from strangers: names are made and never taken from the archive, and every size is bounded. The hashes
show damage; whether to believe who made it is another question.
"""

import gzip
import hashlib
import io
import re
import tarfile
import tempfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

import msgspec

from claimlab.benches.recipe import Tools
from claimlab.project.errors import Refused
from claimlab.project.files import STATE_LIMIT_BYTES, unfinished
from claimlab.trials.record import Observation, Record, Where, address, is_of, observation_in

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
LIMIT_BYTES: Final = 4 * 1024**3
"""Of an archive, unpacked."""
MANIFEST_LIMIT_BYTES: Final = 8 * 1024**2
"""Some 13 000 observations. Empty lists and objects take thirty times their text once they are read."""
_BLOCK: Final = tarfile.BLOCKSIZE
_UNREADABLE: Final = (
    *(EOFError, zlib.error, gzip.BadGzipFile, tarfile.HeaderError),
    *(msgspec.DecodeError, RecursionError),
)
_NAME: Final = re.compile(r"[\w-][\w.+,=-]{0,99}")
_SHA256: Final = re.compile("[0-9a-f]{64}")
_AHEAD: Final = timedelta(days=1)
"""So far another machine's clock may be ahead."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An observation in the archive."""

    file: str
    sha256: str
    size_bytes: int
    lab: str
    toolchain: str
    engine: str
    address: str
    digest: str
    measured_at: str

    @property
    def where(self) -> Where:
        return self.lab, self.toolchain, self.engine

    @property
    def name(self) -> str:
        return f"{self.lab}[{self.toolchain}], engine {self.engine}"


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is in the archive, and what it was made with."""

    format: Literal[1]
    claimlab: str
    """The version that wrote the archive."""
    python: list[str]
    """On which the observations were made."""
    places: dict[str, list[dict[str, str]]]
    """By engine, the facts of the places in which they were made."""
    hosts: list[dict[str, str]]
    tools: Tools | None
    """The image that the docker engine's benches stood on when the archive was written, if that is known."""
    observations: list[Entry]
    """In the order of their files' names."""


class _Head(msgspec.Struct, frozen=True):
    """What a manifest of any format says."""

    format: int | str


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of the record that goes into an archive."""

    entry: Entry
    path: Path
    observation: Observation
    """Without what was seen."""


def packed(record: Record, observation: Observation, content: bytes) -> Packed:
    """What the archive says of an observation whose file has that content."""
    where = (observation.lab, observation.toolchain, observation.engine)
    stands_at = address(observation.inputs)
    path = record.path(*where, stands_at)
    entry = Entry(
        path.relative_to(record.root).as_posix(),
        hashlib.sha256(content).hexdigest(),
        len(content),
        *where,
        stands_at,
        observation.digest,
        observation.provenance.measured_at,
    )
    if why := _unfit(entry):
        raise Refused(f"{entry.name} cannot go into an archive: {why}.", "See claimlab record.verify.")
    return Packed(entry, path, msgspec.structs.replace(observation, seen=msgspec.Raw(b"")))


def write(target: Path, files: Sequence[Packed], version: str, tools: Tools | None) -> Manifest:
    """The archive is there, whole; whatever stood in its place is not."""
    files = sorted(files, key=lambda one: one.entry.file)
    origins = [one.observation.provenance for one in files]
    places: dict[str, list[dict[str, str]]] = {}
    for one in files:
        places.setdefault(one.entry.engine, []).append(one.observation.provenance.place)
    manifest = Manifest(
        FORMAT,
        version,
        sorted({one.observation.inputs.get("python", "") for one in files}),
        {engine: _distinct(facts) for engine, facts in sorted(places.items())},
        _distinct([origin.host for origin in origins]),
        tools,
        [one.entry for one in files],
    )
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=unfinished(target.parent), delete=False) as scratch:
        try:
            # Without the file's name and the time, which gzip would put there.
            with gzip.GzipFile("", "wb", fileobj=scratch, mtime=0) as zipped:
                _pack(zipped, manifest, files)
            Path(scratch.name).chmod(0o644)
            Path(scratch.name).replace(target)
        except BaseException:
            Path(scratch.name).unlink()
            raise
    return manifest


def _pack(zipped: gzip.GzipFile, manifest: Manifest, files: Sequence[Packed]) -> None:
    with tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT, encoding="utf-8") as archive:
        said = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        if len(said) > MANIFEST_LIMIT_BYTES:
            raise Refused(f"{len(files)} observations are too many for one archive.", "Export some: --lab, --article.")
        _add(archive, MANIFEST, said)
        for one in files:
            content = one.path.read_bytes()
            if hashlib.sha256(content).hexdigest() != one.entry.sha256:
                raise Refused(f"{one.path} changed while it was packed.", "Try again.")
            _add(archive, one.entry.file, content)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o644
    archive.addfile(entry, io.BytesIO(content))


def _distinct(facts: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    known = {msgspec.json.encode(one, order="deterministic"): one for one in facts}
    return [known[key] for key in sorted(known)]


# --- reading what may come from strangers ---------------------------------------------------------------------


@dataclass(frozen=True)
class Archive:
    """An archive whose manifest can be believed as far as it goes."""

    path: Path
    manifest: Manifest

    def observations(self) -> Iterator[tuple[Entry, Observation]]:
        """All of them, each verified; :class:`Refused` at the first that is not what the manifest says, or at the end
        if there is more than that."""
        with _refusing(self.path), closing(_members(self.path)) as members:
            if _manifest_in(members) != self.manifest:
                raise ValueError("somebody has changed it meanwhile")
            for entry in self.manifest.observations:
                name, content = next(members, ("", b""))
                yield entry, _verified(entry, name, content)
            for name, _ in members:
                raise ValueError(f"its manifest does not name {name}")


def read(path: Path) -> Archive:
    """The archive, of which only the manifest has been read; :class:`Refused` if that says what cannot be, or if it
    cannot be read several times."""
    if path.exists() and not path.is_file():
        raise Refused(f"{path} is no file.", "Save the archive to one first: it is read more than once.")
    with _refusing(path), closing(_members(path)) as members:
        return Archive(path, _manifest_in(members))


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, *_UNREADABLE) as error:
        raise Refused(
            f"{path} is no archive that can be believed: {error}.", "Nothing of it was taken. Ask for it again."
        ) from None


def _members(path: Path) -> Generator[tuple[str, bytes], None, None]:
    """The names and contents of the archive's files. Links, devices and headers that change others are refused, and so
    is whatever is too large, before it is unpacked."""
    unpacked_bytes = 0
    with gzip.open(path) as zipped:
        while any(block := zipped.read(_BLOCK)):
            header = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
            if header.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
                raise ValueError(f"{header.name} is no plain file")
            unpacked_bytes += header.size
            limit_bytes = STATE_LIMIT_BYTES if unpacked_bytes > header.size else MANIFEST_LIMIT_BYTES
            if not 0 <= header.size <= limit_bytes or unpacked_bytes > LIMIT_BYTES:
                raise ValueError(f"{header.name} makes it too large: {header.size} bytes")
            content = zipped.read(header.size)
            zipped.read(-header.size % _BLOCK)
            if len(content) < header.size:
                raise ValueError(f"it ends in the midst of {header.name}")
            yield header.name, content
        # What gzip knows of the whole is checked only at the end; tar fills its last record with zeros.
        if any(rest := zipped.read(tarfile.RECORDSIZE + 1)) or len(rest) > tarfile.RECORDSIZE:
            raise ValueError("something follows its end")


def _manifest_in(members: Iterator[tuple[str, bytes]]) -> Manifest:
    name, content = next(members, ("", b""))
    if name != MANIFEST:
        raise ValueError(f"it does not begin with {MANIFEST}")
    said = msgspec.json.decode(content, type=_Head).format
    if said != FORMAT:
        raise ValueError(f"its format is {said!r}, and this claimlab reads {FORMAT}")
    manifest = msgspec.json.decode(content, type=Manifest)
    names = [entry.file for entry in manifest.observations]
    if names != sorted(set(names)):
        raise ValueError("its manifest names a file twice, or not in order")
    for entry in manifest.observations:
        if why := _unfit(entry):
            raise ValueError(f"its manifest says what cannot be of {entry.name}: {why}")
    if manifest.tools and not (_SHA256.fullmatch(manifest.tools.recipe) and _SHA256.fullmatch(manifest.tools.identity)):
        raise ValueError("its manifest names a tools image by something that is no hash")
    return manifest


def _unfit(entry: Entry) -> str:
    """Why there can be no such observation in a record; empty if there can."""
    if not all(_NAME.fullmatch(name) for name in entry.where) or not _fits(entry.file):
        return "a name that no folder has, or that is too long"
    if not all(_SHA256.fullmatch(one) for one in (entry.address, entry.digest, entry.sha256)):
        return "a hash that is none"
    if Record(Path()).path(entry.lab, entry.toolchain, entry.engine, entry.address).as_posix() != entry.file:
        return f"it would stand in another place than {entry.file}"
    if not 0 < entry.size_bytes <= STATE_LIMIT_BYTES:
        return f"a size of {entry.size_bytes} bytes"
    try:
        measured_at = datetime.fromisoformat(entry.measured_at)
        is_spelled_so = measured_at.astimezone(UTC).isoformat(timespec="seconds") == entry.measured_at
    except (ValueError, OverflowError):
        is_spelled_so = False
    if not is_spelled_so:
        return f"{entry.measured_at!r} is no time in UTC"
    return "it is of the future" if measured_at > datetime.now(UTC) + _AHEAD else ""


def _fits(name: str) -> bool:
    """POSIX ustar has room for it: 100 bytes after some slash, and 155 before."""
    try:
        return bool(tarfile.TarInfo(name).tobuf(tarfile.USTAR_FORMAT, "utf-8"))
    except ValueError:
        return False


def _verified(entry: Entry, name: str, content: bytes) -> Observation:
    """The observation in a member, which is what the manifest says of it and what it says of itself."""
    if name != entry.file:
        raise ValueError(f"it has {name or 'nothing'} where its manifest has {entry.file}")
    if (len(content), hashlib.sha256(content).hexdigest()) != (entry.size_bytes, entry.sha256):
        raise ValueError(f"{name} is not what its manifest says: its SHA-256 is another")
    try:
        found = observation_in(content)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    if not is_of(found, entry.lab, entry.toolchain, entry.engine, entry.address):
        raise ValueError(f"{name} is of another trial, or of other inputs, than its manifest says")
    if (found.digest, found.provenance.measured_at) != (entry.digest, entry.measured_at):
        raise ValueError(f"{name} has another digest or time than its manifest says")
    return found
