"""A command on a bench at somebody's terminal: what they type reaches it, Ctrl-C too, and what it prints they see.

No trial comes here, so that nothing of it is an input of one: what the benches keep to themselves is read from outside.
"""

import contextlib
import errno
import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, BinaryIO, Final, Protocol

from claimlab.benches.bench import Bench
from claimlab.benches.container import FOLDER, ContainerBench
from claimlab.benches.execs import lost_daemon
from claimlab.benches.folder import FolderBench
from claimlab.project.errors import LabBroken, Refused

_CHUNK_BYTES: Final = 65536
_END_S: Final = 5.0
"""So long may what was printed last take to the terminal."""
Size = tuple[int, int]
"""Lines and columns of a terminal."""


class Line(Protocol):
    """Both directions between a terminal and a command that has a terminal of its own."""

    def read(self) -> bytes:
        """What it has printed, once there is something; empty at the end."""

    def write(self, typed: bytes) -> None:
        """It is as if that had been typed at its terminal, where Ctrl-C is a signal."""

    def resize(self, size: Size) -> None:
        """Its terminal has this size."""

    def end(self) -> None:
        """Nothing more is printed, and whoever reads is told so."""


def attend(bench: Bench, argv: Sequence[str], env: Mapping[str, str]) -> int:
    """Whoever is at our terminal was with the command on the bench, and it has ended; its exit code, as a shell has it.

    Our terminal passes every key on, and is afterwards as it was.
    """
    env = {**env, "TERM": os.environ.get("TERM", "dumb")}
    if isinstance(bench, ContainerBench):
        return _in_container(bench, argv, env)
    if isinstance(bench, FolderBench):
        return _in_folder(bench, argv, env)
    raise Refused(
        "The benches of this engine cannot be visited.", "Take one of claimlab's own: --engine docker or --engine local"
    )


# --- in a container ---


class _Stream:
    """An exec's connection: with a terminal what is printed comes as it is (Docker Engine API, ContainerAttach)."""

    def __init__(self, api: Any, name: str, stream: Any) -> None:
        self._api, self._name = api, name
        self._reader: Any = stream._response.raw._fp.fp  # see claimlab.benches.execs.Exec
        self._socket: Any = getattr(stream, "_sock", stream)
        self._socket.settimeout(None)

    def read(self) -> bytes:
        found: bytes = self._reader.read1(_CHUNK_BYTES)
        return found

    def write(self, typed: bytes) -> None:
        self._socket.sendall(typed)

    def resize(self, size: Size) -> None:
        lines, columns = size
        self._api.exec_resize(self._name, height=lines, width=columns)

    def end(self) -> None:
        # Who reads holds the reader's lock, and closing it would wait for that for ever.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


def _in_container(bench: ContainerBench, argv: Sequence[str], env: Mapping[str, str]) -> int:
    import docker.errors  # a quarter of a second

    api, container = bench._execs._api, bench._execs._container
    try:
        made = api.exec_create(
            container, list(argv), stdin=True, tty=True, environment={**bench._env, **env}, workdir=FOLDER
        )
        stream = api.exec_start(made["Id"], tty=True, socket=True)
        with contextlib.closing(stream._response):
            _relay(_Stream(api, made["Id"], stream))
        code: int | None = api.exec_inspect(made["Id"])["ExitCode"]
    except docker.errors.APIError as error:  # an OSError too
        raise LabBroken(f"the container is gone, or the daemon refuses: {error.explanation}") from None
    except OSError as error:
        raise lost_daemon(type(error).__name__) from None
    if code is None:
        raise LabBroken("the container is gone: it was killed, stopped or removed from outside")
    return code


# --- in a folder ---


class _Pty:
    """Our end of a pseudoterminal (pty(7))."""

    def __init__(self, ours: int, end: Callable[[], None]) -> None:
        self._ours, self.end = ours, end

    def read(self) -> bytes:
        try:
            return os.read(self._ours, _CHUNK_BYTES)
        except OSError as error:
            if error.errno == errno.EIO:  # nobody has the other end open any more
                return b""
            raise

    def write(self, typed: bytes) -> None:
        os.write(self._ours, typed)

    def resize(self, size: Size) -> None:
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))


def _in_folder(bench: FolderBench, argv: Sequence[str], env: Mapping[str, str]) -> int:
    place = bench._place
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as end:
        try:
            process = subprocess.Popen(
                # The terminal becomes that of a session of its own, whose keys are its signals (setsid(1)).
                [*place.before(), "setsid", "--ctty", "--wait", *argv],
                cwd="/" if place.room else bench.folder,
                env={**place.env, **env},
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                start_new_session=True,
            )
        finally:
            os.close(theirs)
        with process:
            try:
                _relay(_Pty(end.fileno(), lambda: place.end(process)))
                return process.wait()
            finally:
                place.end(process)


# --- our terminal ---


def _relay(line: Line) -> None:
    """Whatever was typed and printed has been passed on, until the command's terminal was closed, or ours was."""
    keys, screen = sys.stdin.fileno(), sys.stdout.fileno()
    over, ends = os.pipe()
    with os.fdopen(over, "rb") as printed_all, os.fdopen(ends, "wb") as ending:
        printing = threading.Thread(target=_print, args=(line, screen, ending), daemon=True)
        with _raw(keys), _resizing(line, screen):
            printing.start()
            is_over = False
            try:
                is_over = _type(line, keys, printed_all)
            finally:
                if not is_over:
                    line.end()
                printing.join(_END_S)
        if not is_over:
            raise LabBroken("the terminal was closed")


def _type(line: Line, keys: int, printed_all: BinaryIO) -> bool:
    """What is typed is passed on until the command has ended; False if the terminal has."""
    ending = printed_all.fileno()
    while ending not in select.select([keys, ending], [], [])[0]:
        typed = b""
        with contextlib.suppress(OSError):  # it hung up
            typed = os.read(keys, _CHUNK_BYTES)
        if not typed:
            return False
        line.write(typed)
    return True


def _print(line: Line, screen: int, ending: BinaryIO) -> None:
    """What comes is on the screen, and at its end this is said."""
    with contextlib.suppress(OSError, ValueError), contextlib.closing(ending):
        while printed := line.read():
            rest = memoryview(printed)
            while rest:
                rest = rest[os.write(screen, rest) :]


@contextmanager
def _raw(keys: int) -> Iterator[None]:
    """Every key is a byte that is read, none a signal to us."""
    before = termios.tcgetattr(keys)
    tty.setraw(keys)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(keys, termios.TCSADRAIN, before)


@contextmanager
def _resizing(line: Line, screen: int) -> Iterator[None]:
    """The command's terminal is as large as ours, and follows it."""

    def follow(number: int = 0, frame: FrameType | None = None) -> None:
        columns, lines = os.get_terminal_size(screen)
        with contextlib.suppress(OSError):  # it has just ended
            line.resize((lines, columns))

    before = signal.signal(signal.SIGWINCH, follow)
    try:
        follow()
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)
