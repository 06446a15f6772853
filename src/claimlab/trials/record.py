"""The record: one JSON file an observation, named by the hash of all that went into it."""

import contextlib
import errno
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from claimlab.benches.bench import Command
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.files import digest, read_regular, unfinished, write_whole

SCHEMA: Final = 1
_NO_FILE: Final = frozenset({errno.EINVAL, errno.EFBIG, errno.ELOOP})
"""What stands at an observation's place is a folder, a pipe, a device, a giant, or a link that leads nowhere."""
_PROBE_BYTES: Final = 64 * 1024
"""Of a small observation."""


Where = tuple[str, str, str]
"""A lab, a toolchain and an engine, by their names."""


class Beside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was done on the bench of another toolchain that the trial had too."""

    commands: list[Command]
    binaries: dict[str, str]
    """SHA-256 of each binary that was built there."""


class Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where an observation comes from, and how to make it again. What an older one did not say is left out of it still,
    so that its digest stays true."""

    measured_at: str
    """UTC, ISO 8601."""
    duration_s: float
    """Of the trial on its bench, without waiting for its turn on the machine."""
    go: str
    """The pinned release."""
    place: dict[str, str]
    """The engine's facts: gdb's version, the image's id."""
    host: dict[str, str]
    commands: list[Command]
    binaries: dict[str, str]
    """SHA-256 of each binary that was built."""
    replay: str
    """The command line that measures exactly this trial again."""
    says: dict[str, str] = {}
    """Which Go they are, in their own words: by ``go`` what the bench's toolchain says, by name each binary."""
    waited_s: float = 0.0
    """For the machine, before the trial began."""
    beside: dict[str, Beside] = {}
    """By toolchain."""


class Observation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one trial saw. No verdict is in it."""

    schema: Literal[1]
    lab: str
    toolchain: str
    engine: str
    inputs: dict[str, str]
    """The hashes that the address is made of."""
    provenance: Provenance
    digest: str
    """SHA-256 of all of this, `seen` without insignificant white space: a flipped bit is noticed, wherever it is."""
    seen: msgspec.Raw


class Breakage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a trial has no observation."""

    schema: Literal[1]
    lab: str
    toolchain: str
    engine: str
    error: str


def observation_of(
    lab: str, toolchain: str, engine: str, inputs: dict[str, str], provenance: Provenance, seen: Any
) -> Observation:
    """The envelope around what a lab saw. NaN is refused: JSON would silently make it null."""
    try:
        raw = msgspec.json.encode(seen, order="deterministic")
        survives = msgspec.json.decode(raw, type=type(seen)) == seen
    except (msgspec.DecodeError, TypeError):
        survives = False
    if not survives:
        raise ValueError(f"what {lab} saw does not survive JSON (NaN, or a type that has no JSON form)")
    found = Observation(SCHEMA, lab, toolchain, engine, inputs, provenance, "", msgspec.Raw(raw))
    return msgspec.structs.replace(found, digest=digest_of(found))


def address(inputs: dict[str, str]) -> str:
    """One hash of all inputs, independent of their order."""
    return digest(msgspec.json.encode(inputs, order="deterministic"))


def observation_in(content: bytes) -> Observation:
    """The observation that a file holds; ValueError says why it is none, or is not as it was filed."""
    try:
        found = msgspec.json.decode(content, type=Observation)
        is_whole = digest_of(found) == found.digest
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"it is no observation: {error}") from None
    if not is_whole:
        raise ValueError("it is not as it was filed: its digest is another")
    return found


def digest_of(observation: Observation) -> str:
    compact = msgspec.Raw(msgspec.json.format(bytes(observation.seen), indent=-1))
    return digest(msgspec.json.encode(msgspec.structs.replace(observation, digest="", seen=compact)))


@dataclass(frozen=True)
class Record:
    """The store. Safe with several processes: a file appears whole or not at all."""

    root: Path

    def path(self, lab: str, toolchain: str, engine: str, address: str) -> Path:
        return self.root.joinpath(lab, toolchain, f"{engine}-{address[:20]}.json")

    def content(self, lab: str, toolchain: str, engine: str, address: str) -> bytes | None:
        """The file at this address as it is, damaged or not."""
        path = self.path(lab, toolchain, engine, address)
        try:
            return read_regular(path)
        except FileNotFoundError:
            return b"" if path.is_symlink() else None
        except OSError as error:
            if error.errno in _NO_FILE:
                return b""
            raise EnvironmentMissing(
                f"{path} cannot be read: {error.strerror}.", "Make it readable, or take it away."
            ) from None

    def has(self, lab: str, toolchain: str, engine: str, address: str) -> bool:
        """Something stands at this address; nobody has looked at it."""
        return os.path.lexists(self.path(lab, toolchain, engine, address))

    def get(self, lab: str, toolchain: str, engine: str, address: str) -> Observation | None:
        """The observation at this address. A file that is damaged, or is of something else, is set aside and counts as
        absent: see :meth:`set_aside`."""
        content = self.content(lab, toolchain, engine, address)
        if content is None:
            return None
        found: Observation | None
        try:
            found = observation_in(content)
        except ValueError:
            found = None
        if found is None or not is_of(found, lab, toolchain, engine, address):
            path = self.path(lab, toolchain, engine, address)
            with contextlib.suppress(FileNotFoundError):  # another process was quicker
                path.rename(path.with_suffix(f".damaged-{time.time_ns():x}"))
            return None
        return found

    def set_aside(self, lab: str, toolchain: str, engine: str, address: str) -> list[Path]:
        """The files that stood at this address and are no observation of this trial."""
        path = self.path(lab, toolchain, engine, address)
        return sorted(_named(path.parent, f"{path.stem}.damaged-", ""))

    def put(self, observation: Observation, address: str) -> Path:
        path = self.path(observation.lab, observation.toolchain, observation.engine, address)
        write_whole(path, msgspec.json.format(msgspec.json.encode(observation), indent=1), durable=True)
        self._broken(path).unlink(missing_ok=True)
        return path

    def check(self) -> None:
        """Observations can be put into it; :class:`EnvironmentMissing` otherwise."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            probe = self.root / f"{unfinished(self.root)}probe-{os.getpid()}"
            write_whole(probe, bytes(_PROBE_BYTES))
            probe.unlink()
        except OSError as error:
            raise EnvironmentMissing(
                f"The record {self.root} cannot be written to: {error.strerror}.",
                "Make it writable and its disk not full, or name another one: record in claimlab.toml.",
            ) from None

    def breakage(self, lab: str, toolchain: str, engine: str, address: str) -> Breakage | None:
        """Why the last try at this address gave no observation."""
        try:
            content = read_regular(self._broken(self.path(lab, toolchain, engine, address)))
            return msgspec.json.decode(content, type=Breakage)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None

    def put_breakage(self, breakage: Breakage, address: str) -> None:
        path = self.path(breakage.lab, breakage.toolchain, breakage.engine, address)
        write_whole(self._broken(path), msgspec.json.encode(breakage))

    def observations(self, lab: str, toolchain: str, engine: str) -> list[Path]:
        """The files that say they are observations of this trial, of whatever inputs."""
        return _named(self.path(lab, toolchain, engine, "").parent, f"{engine}-", ".json")

    def has_other(self, lab: str, toolchain: str, engine: str) -> bool:
        """There is an observation of this trial, but of other inputs: it is stale."""
        return bool(self.observations(lab, toolchain, engine))

    def _broken(self, path: Path) -> Path:
        return path.with_suffix(".broken")


def _named(folder: Path, first: str, last: str) -> list[Path]:
    """The files in the folder whose names begin and end so: asked for every trial, and quicker than a pattern."""
    try:
        with os.scandir(folder) as entries:
            return [Path(one) for one in entries if one.name.startswith(first) and one.name.endswith(last)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def is_of(found: Observation, lab: str, toolchain: str, engine: str, where: str) -> bool:
    """The observation is the one that its place in the record says it is. Files can be copied; it is the inputs that
    say what was measured."""
    return (found.lab, found.toolchain, found.engine, address(found.inputs)) == (lab, toolchain, engine, where)
