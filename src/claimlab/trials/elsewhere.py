"""Which of a trial's inputs say what was asked, and which where it was measured; and what was measured elsewhere."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from claimlab.project.files import read_regular
from claimlab.trials.record import Record, Where, address


def where(inputs: Mapping[str, str]) -> dict[str, str]:
    """The place that the engine made the trial's benches of, and the host's facts where they matter."""
    return {name: value for name, value in inputs.items() if _is_where(name)}


def asked(inputs: Mapping[str, str]) -> dict[str, str]:
    """All others: of two trials that have them in common, each answers the other's question."""
    return {name: value for name, value in inputs.items() if not _is_where(name)}


def asked_anywhere(inputs: Mapping[str, str]) -> dict[str, str]:
    """What is asked on another architecture too: of packages the version, for what is installed of it is another."""
    return {
        name: value.partition(" ")[0] if name.startswith("distribution ") else value
        for name, value in asked(inputs).items()
    }


def _is_where(name: str) -> bool:
    return name == "place" or name.startswith(("place of ", "host "))


class _Origin(msgspec.Struct, frozen=True):
    measured_at: str


class _Head(msgspec.Struct, frozen=True):
    """What a file of the record says of itself before anybody has verified it."""

    inputs: dict[str, str]
    provenance: _Origin


Asked = Callable[[Mapping[str, str]], Mapping[str, str]]
"""From an observation's inputs to its question: :func:`asked`, or :func:`asked_anywhere`."""


def newest(
    record: Record, where: Where, question: Mapping[str, str], asked_by: Asked = asked, but: str = ""
) -> str | None:
    """The address of the newest file that says it holds an observation of this question, `but` for the one at that
    address; None if none does. :meth:`Record.get` sets aside what turns out to hold something else."""
    own, found = record.path(*where, but), []
    for path in record.observations(*where):
        head = _head_of(path) if path != own else None
        if head is not None and asked_by(head.inputs) == question:
            stands_at = address(head.inputs)
            if record.path(*where, stands_at) == path:
                found.append((head.provenance.measured_at, stands_at))
    return max(found)[1] if found else None


def _head_of(path: Path) -> _Head | None:
    try:
        state = path.stat()
        return _read(path, state.st_size, state.st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=4096)
def _read(path: Path, _size: int, _changed_ns: int) -> _Head | None:
    """Many pages ask for the same. It is read again when its size or time is another."""
    try:
        return msgspec.json.decode(read_regular(path), type=_Head)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
