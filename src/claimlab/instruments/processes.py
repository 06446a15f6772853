"""Runs programs as fresh processes: one with its output, or many, counting how they end.

A count over many processes is the only honest way to speak of a racy effect.
"""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from claimlab.benches import watching
from claimlab.benches.bench import Bench, Completed, with_godebug
from claimlab.instruments.answers import decoded
from claimlab.project.errors import LabBroken

_SCRIPT: Final = Path(__file__).parent / "inside" / "run_many.py"
_WATCHING: Final = Path(watching.__file__)
_SHOWN_BYTES: Final = 300
_SHOWN_LINES: Final = 15
Answer = TypeVar("Answer")


class Ran(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One process that has ended."""

    argv: list[str]
    env: dict[str, str]
    exit_code: int
    """As a shell gives it: 128 + the signal's number for a killed process."""
    timed_out: bool
    stdout: str
    stderr: str
    signal: int | None = None
    """The one that ended it, as the kernel says; 0 if it exited by itself, whatever its exit code. None: not noted."""

    def or_broken(self, what: str) -> "Ran":
        """This process, if it ended with exit code 0; a lab that needs it is broken otherwise."""
        if self.exit_code == 0:
            return self
        limit = " (killed: it took too long)" if self.timed_out else ""
        raise LabBroken(f"{what}{limit}", shlex.join(self.argv), self.exit_code, self.stderr or self.stdout)


_PRINTED_CHARACTERS: Final = 20_000
"""So many are kept of what a process printed."""


class Ending(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One way for a process to end, and how many ended so."""

    count: int
    exit_code: int
    """As a shell gives it: 128 + the signal's number for a killed process."""
    timed_out: bool
    message: str
    """The first line of standard error that begins with ``fatal error:`` or ``panic:``, else empty."""
    marks: list[str]
    """Which of the strings looked for stood in standard error."""
    sample: str
    """Standard error of the first such process, cut after 40 lines, and each of these after 1000 characters."""
    signal: int | None = None
    """The one that ended it, as the kernel says; 0 if it exited by itself, whatever its exit code. None: not noted."""
    printed: str = ""
    """What it wrote to standard output, if that was asked for: another output is another ending. Of more than 20,000
    characters these, how many more there were, and a hash of all."""

    @property
    def kept(self) -> str:
        """The beginning of what it printed, all of it unless :attr:`is_cut`."""
        return self.printed[:_PRINTED_CHARACTERS]

    @property
    def is_cut(self) -> bool:
        """It printed more than was kept."""
        return len(self.printed) > _PRINTED_CHARACTERS


class Tally(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How `runs` fresh processes of one command ended."""

    argv: list[str]
    env: dict[str, str]
    runs: int
    endings: list[Ending]

    def count(self, message: str = "", *, mark: str = "", exit_code: int | None = None) -> int:
        """Processes whose message contains `message`, that showed `mark`, and ended with `exit_code`."""
        return sum(
            ending.count
            for ending in self.endings
            if message in ending.message
            and (not mark or mark in ending.marks)
            and (exit_code is None or ending.exit_code == exit_code)
        )

    def died(self) -> int:
        """Processes that came to an end of their own doing with another exit code than 0.

        Those that were stopped for taking too long are none; and where one met another limit there is no tally.
        """
        return sum(ending.count for ending in self.endings if ending.exit_code != 0 and not ending.timed_out)


def once(
    bench: Bench,
    argv: Sequence[str],
    *,
    gomaxprocs: int,
    env: Mapping[str, str] | None = None,
    timeout_s: float = 60.0,
) -> Ran:
    """One process of `argv` has ended; its exit code is a fact, not an error."""
    settings = {"GOMAXPROCS": str(gomaxprocs), **(env or {})}
    done = bench.run(argv, step="run", env=settings, timeout_s=timeout_s)
    seen = with_godebug(bench.toolchain, settings)
    errors = done.stderr.decode("utf-8", "replace")
    return Ran(list(argv), seen, done.exit_code, done.timed_out, done.text(), errors, done.signal)


def answer(
    bench: Bench,
    argv: Sequence[str],
    type: type[Answer],
    *,
    gomaxprocs: int | None,
    env: Mapping[str, str] | None = None,
    lines: bool = False,
    timeout_s: float = 60.0,
) -> Answer:
    """What one process of `argv` has written to standard output as JSON, in this type.

    With `lines` the type is a list, and each line is JSON of one of its items.
    :class:`LabBroken` with what the process said, if it failed or if that is no such answer. None instead of a number
    of processors for Go code is for programs that are not in Go.
    """
    settings = ({} if gomaxprocs is None else {"GOMAXPROCS": str(gomaxprocs)}) | dict(env or {})
    done = bench.run(argv, step="run", env=settings, timeout_s=timeout_s)
    if done.exit_code:
        what = "it took too long and was killed" if done.timed_out else "the program failed"
        raise _no_answer(what, done)
    text = b"[" + b",".join(done.stdout.splitlines()) + b"]" if lines else done.stdout
    try:
        return decoded(text, type, "what the program printed")
    except LabBroken as error:
        raise _no_answer(error.what, done) from None


def _no_answer(what: str, done: Completed) -> LabBroken:
    said = done.stderr.decode("utf-8", "replace").splitlines()[-_SHOWN_LINES:]
    begins = done.stdout[:_SHOWN_BYTES].decode("utf-8", "replace")
    more = f" and {len(done.stdout) - _SHOWN_BYTES} bytes more" if len(done.stdout) > _SHOWN_BYTES else ""
    shown = [f"standard output: {begins!r}{more}", "standard error:" if said else "standard error: nothing", *said]
    return LabBroken(what, shlex.join(done.argv), done.exit_code, "\n".join(shown))


def tally(
    bench: Bench,
    argv: Sequence[str],
    *,
    runs: int,
    gomaxprocs: int,
    env: Mapping[str, str] | None = None,
    marks: Sequence[str] = (),
    printed: bool = False,
    timeout_s: float = 20.0,
) -> Tally:
    """`runs` fresh processes of `argv` have ended, each within `timeout_s`, one after the other.

    What one of them started ends with it. :class:`LabBroken` if one met a limit of the bench other than this time.
    """
    settings = {"GOMAXPROCS": str(gomaxprocs), **with_godebug(bench.toolchain, env or {})}
    order = {
        "argv": list(argv),
        "runs": runs,
        "env": settings,
        "marks": list(marks),
        "timeout_s": timeout_s,
        "printed": printed,
        "printed_characters": _PRINTED_CHARACTERS,
    }
    bench.put({path.name: path.read_bytes() for path in (_SCRIPT, _WATCHING)})
    command = [bench.python, "-I", "run_many.py", msgspec.json.encode(order).decode()]
    done = bench.run(command, step="run", timeout_s=runs * timeout_s + 30).or_broken("the runs could not be counted")
    endings = decoded(done.stdout, list[Ending], "the count of endings")
    return Tally(list(argv), settings, runs, endings)
