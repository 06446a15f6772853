"""Commands in a running container over the daemon's API, where every wait has an end.

The daemon, the container, and what runs in it can each be lost or stand still. Which of them it was decides what
becomes of the trial: without its container it is broken; without the daemon nothing can be said of it, nor go on.
"""

import contextlib
import shlex
import socket
import struct
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from claimlab.project.errors import EnvironmentMissing, LabBroken

if TYPE_CHECKING:  # docker costs a quarter of a second to import; planning does without it
    from docker import DockerClient

STDOUT: Final = 1
STDERR: Final = 2
ANSWER_S: Final = 120
"""So long may the daemon take for an answer, and a container to tell that a command's time is over."""
_PING_S: Final = 20.0
_SETTLE_S: Final = 2.0
"""So long may a container that is being killed still count as running."""
_FRAME_HEAD: Final = struct.Struct(">BxxxL")
"""Stream number and length before each piece of output (Docker Engine API, ContainerAttach: stream format)."""


def no_daemon(why: str) -> EnvironmentMissing:
    return EnvironmentMissing(
        f"The Docker daemon does not answer ({why}).",
        "Start it (claimlab engine.up does, as root on Debian), or use --engine local.",
    )


def lost_daemon(why: str) -> EnvironmentMissing:
    return EnvironmentMissing(
        f"The Docker daemon does not answer any more ({why}).",
        "See that it runs (claimlab engine.up starts it, as root on Debian), and give the same command again: "
        "what was finished is recorded.",
    )


class Execs:
    """Commands in one container. The client's timeout is how long the daemon may take for an answer."""

    def __init__(self, client: "DockerClient", container: str, deadline: float) -> None:
        self._api: Any = client.api  # its type stubs know the stream of an exec only in part
        self._container = container
        self._deadline = deadline
        self._lost: LabBroken | None = None

    @contextmanager
    def started(
        self,
        argv: Sequence[str],
        shown: Sequence[str],
        limit_s: float,
        *,
        folder: str,
        env: Mapping[str, str] | None = None,
        stdin: bool = False,
    ) -> Iterator["Exec"]:
        """The command runs. `shown` is what an error names in its place.

        Whatever goes wrong with the daemon or the container meanwhile is :class:`EnvironmentMissing` or
        :class:`LabBroken`; after the latter the container is not used again.
        """
        import docker.errors

        if self._lost:
            raise self._lost
        try:
            made = self._api.exec_create(
                self._container, list(argv), stdin=stdin, environment=dict(env or {}), workdir=folder
            )
            # docker-py leaves the response under the stream open; closing that closes the stream too.
            stream = self._api.exec_start(made["Id"], socket=True)
            with contextlib.closing(stream._response):
                yield Exec(self._api, made["Id"], stream, time.monotonic() + limit_s + self._api.timeout)
        except docker.errors.APIError as error:  # an OSError too
            raise self.why(shown, f"the daemon refuses: {error.explanation}") from None
        except OSError as error:
            raise self.why(shown, str(error) or type(error).__name__) from None

    def why(self, shown: Sequence[str], seen: str) -> LabBroken:
        """Why nobody has said how the command ended; :class:`EnvironmentMissing` if it is the daemon that is lost."""
        self._lost = LabBroken(self._reason(seen), shlex.join(shown))
        return self._lost

    def _reason(self, seen: str) -> str:
        state = self._state()
        settled = time.monotonic() + _SETTLE_S
        while state.get("Running") and not state.get("Paused") and time.monotonic() < settled:
            time.sleep(0.1)
            state = self._state()
        if time.monotonic() >= self._deadline:
            return "the container's life ended under the command"
        if state.get("Paused"):
            return "the container was paused under the command"
        if not state.get("Running"):
            return "the container is gone: it was killed, stopped or removed from outside"
        if state.get("OOMKilled"):
            return "the memory of the container was used up, and what watches the command was killed for it"
        return f"nobody told how the command ended: what watches it was killed or stopped on the bench ({seen})"

    def _state(self) -> dict[str, Any]:
        """Of the container, as the daemon tells it; empty if there is none."""
        try:
            reply = self._api.get(
                f"{self._api.base_url}/containers/{self._container}/json", timeout=min(_PING_S, self._api.timeout)
            )
            return dict(reply.json()["State"]) if reply.ok else {}
        except (OSError, ValueError, KeyError) as error:
            raise lost_daemon(type(error).__name__) from None


class Exec:
    """A command under way, and what it prints."""

    def __init__(self, api: Any, name: str, stream: Any, deadline: float) -> None:
        self._api, self._name = api, name
        # Read through the HTTP response's own buffer: docker-py's reader takes the socket from under it, and loses
        # what came in one packet with the response's head (docker-py issue 3332).
        self._reader: BinaryIO = stream._response.raw._fp.fp
        self._socket: socket.socket = getattr(stream, "_sock", stream)
        self._deadline = deadline

    def give(self, content: bytes) -> None:
        """The command has this on its standard input, and no more."""
        self._wait()
        self._socket.sendall(content)
        self._socket.shutdown(socket.SHUT_WR)

    def output(self) -> Iterator[tuple[int, bytes]]:
        """Pieces of standard output and error, until both have ended."""
        while len(head := self._read(_FRAME_HEAD.size)) == _FRAME_HEAD.size:
            source, size = _FRAME_HEAD.unpack(head)
            yield source, self._read(size)

    def exit_code(self) -> int | None:
        """After the end of its output; None if the container ended first."""
        return self._api.exec_inspect(self._name)["ExitCode"]  # type: ignore[no-any-return]

    def _read(self, size: int) -> bytes:
        self._wait()
        return self._reader.read(size)

    def _wait(self) -> None:
        """The next read or write takes no longer than there is time."""
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("no end in sight")
        self._socket.settimeout(left_s)
