"""A command under the script that watches it, and what that says of it, piece by piece."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from claimlab.benches import watching
from claimlab.benches.bench import OUTPUT_LIMIT_BYTES, Completed, refuse_limits
from claimlab.benches.execs import STDOUT
from claimlab.project.errors import LabBroken

ISOLATED: Final = ("-I", "-S", "-c")
"""Options of the Python that runs our scripts: nothing that a program may have left beside it takes part."""
SAID_BYTES: Final = 65536
"""Of what our own scripts and tools may say of themselves."""
_WATCHING: Final = Path(watching.__file__).read_text(encoding="utf-8")
_HEAD_BYTES: Final = 5
_ENDED: Final = 0
_STREAMS: Final = ("standard output", "standard error")
_SIGKILL: Final = 9


class _Ended(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    status: int
    late: bool
    over: int
    memory: int | None
    processes: int | None
    full: list[str]


def watched(python: str, limit_s: float, disks: Sequence[str], argv: Sequence[str]) -> list[str]:
    """The command line with which the script carries out a command for so long; `disks` is where that may write."""
    return [python, *ISOLATED, _WATCHING, str(limit_s), str(OUTPUT_LIMIT_BYTES), ":".join(disks), *argv]


class Report:
    """The frames of :mod:`claimlab.benches.watching`: what a command prints, and at last how it ended.

    The command itself has no way to write one: what it prints stands inside of frames.
    """

    def __init__(self, trouble_bytes: int = SAID_BYTES) -> None:
        self._waiting = bytearray()
        self._kept = {1: bytearray(), 2: bytearray()}
        self._trouble = bytearray()
        self._trouble_bytes = trouble_bytes
        self._end: _Ended | None = None

    def take(self, source: int, chunk: bytes) -> None:
        """One piece of the script's own output."""
        if source != STDOUT:
            self._trouble += chunk[: self._trouble_bytes - len(self._trouble)]
            return
        self._waiting += chunk
        while len(self._waiting) >= _HEAD_BYTES:
            kind, size = self._waiting[0], int.from_bytes(self._waiting[1:_HEAD_BYTES], "big")
            if len(self._waiting) < _HEAD_BYTES + size:
                break
            content = bytes(self._waiting[_HEAD_BYTES : _HEAD_BYTES + size])
            del self._waiting[: _HEAD_BYTES + size]
            if kind == _ENDED:
                self._end = msgspec.json.decode(content, type=_Ended)
            else:
                self._kept[kind] += content
        if sum(map(len, (self._waiting, *self._kept.values()))) > 3 * OUTPUT_LIMIT_BYTES:
            raise LabBroken("more came from the bench than any command may print")

    @property
    def ended(self) -> bool:
        return self._end is not None

    @property
    def trouble(self) -> str:
        """What the script says of itself, in one line."""
        return self._trouble.decode("utf-8", "replace").strip().rpartition("\n")[2]

    def completed(self, argv: Sequence[str], duration_s: float) -> Completed:
        assert self._end is not None
        code = os.waitstatus_to_exitcode(self._end.status)
        said = bytes(self._kept[1]), bytes(self._kept[2])
        exit_code, signal = (code, 0) if code >= 0 else (128 - code, -code)
        return Completed(tuple(argv), exit_code, *said, duration_s, self._end.late, signal)

    def refuse_limits(self, done: Completed) -> None:
        """The command met no limit of the bench but that of time; :class:`LabBroken` says which otherwise."""
        end = self._end
        assert end is not None
        unknown = end.memory is None and done.signal == _SIGKILL and not end.late
        hit = {
            "its memory was used up, and the kernel killed a process for that": bool(end.memory),
            "no more processes were given": bool(end.processes),
            f"its disk is full ({', '.join(end.full)})": bool(end.full),
            f"more than {OUTPUT_LIMIT_BYTES} bytes were printed on {_STREAMS[end.over]}": end.over >= 0,
            "a process was killed, and the kernel does not say whether for memory": unknown,
        }
        refuse_limits(done, [words for words, is_so in hit.items() if is_so])
