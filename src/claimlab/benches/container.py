"""The engine ``docker``: a trial runs in a container that can reach nothing and leaves nothing behind."""

import contextlib
import io
import math
import shlex
import socket
import struct
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from claimlab.benches.bench import NO_LAB, OUTPUT_LIMIT_BYTES, Command, Completed, Journal, Step, go_environment
from claimlab.project.errors import LabBroken
from claimlab.toolchains.toolchain import Toolchain

if TYPE_CHECKING:  # docker costs a quarter of a second to import; planning does without it
    from docker import DockerClient

FOLDER: Final = "/work"
GOROOT: Final = "/usr/local/go"
WARM_CACHE: Final = "/opt/claimlab/gocache"
"""The standard library as the image built it; each bench reads it through symbolic links of its own."""
LABEL: Final = "claimlab.run"
NOBODY: Final = 65534
_KILLED: Final = 137
_STDOUT: Final = 1
_STDERR: Final = 2
_FRAME_HEAD: Final = struct.Struct(">BxxxL")
"""Stream number and length before each piece of output (Docker Engine API, ContainerAttach: stream format)."""


class ContainerBench:
    """A :class:`claimlab.benches.bench.Bench` in a running container."""

    python = "python3"
    goroot = GOROOT

    def __init__(self, client: "DockerClient", container: str, toolchain: Toolchain, deadline: float) -> None:
        self.toolchain = toolchain
        self.journal = Journal()
        self.name = NO_LAB
        self.files: Mapping[str, bytes] = {}
        self._api: Any = client.api  # its type stubs know the stream of an exec only in part
        self._container = container
        self._deadline = deadline
        self._env = go_environment(toolchain, GOROOT, f"{FOLDER}/.gocache", FOLDER)

    def put(self, files: Mapping[str, bytes]) -> None:
        # A tar through an exec's stdin: the archive calls of the API refuse a container with a read-only root.
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for name, content in files.items():
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = len(content), 0o755
                archive.addfile(entry, io.BytesIO(content))
        argv = ["tar", "--extract", "--no-same-owner"]
        with self._alive(argv):
            created = self._api.exec_create(self._container, argv, stdin=True, workdir=FOLDER)
            with self._started(created["Id"]) as stream:
                connection: socket.socket = getattr(stream, "_sock", stream)
                connection.sendall(packed.getvalue())
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
            exit_code = self._api.exec_inspect(created["Id"])["ExitCode"]
        if exit_code != 0:
            raise LabBroken(f"files could not be put on the bench: {sorted(files)}", " ".join(argv), exit_code)

    def get(self, name: str) -> bytes:
        done = self._run(["cat", name], "housekeeping", {}, 60.0, kept_bytes=None)
        return done.or_broken(f"the bench has no file {name}").stdout

    def run(
        self,
        argv: Sequence[str],
        *,
        step: Step,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> Completed:
        return self._run(argv, step, env or {}, timeout_s, kept_bytes=OUTPUT_LIMIT_BYTES)

    def _run(
        self, argv: Sequence[str], step: Step, env: Mapping[str, str], timeout_s: float, *, kept_bytes: int | None
    ) -> Completed:
        started = time.monotonic()
        # The API can neither time nor kill an exec, so the limit is inside; the container's own life bounds it all.
        limited = ["timeout", "--signal=KILL", str(math.ceil(timeout_s)), *argv]
        kept = {_STDOUT: bytearray(), _STDERR: bytearray()}
        with self._alive(argv):
            created = self._api.exec_create(self._container, limited, environment={**self._env, **env}, workdir=FOLDER)
            with self._started(created["Id"]) as stream:
                for source, chunk in _frames(stream._response.raw._fp.fp):
                    room = None if kept_bytes is None else kept_bytes - len(kept[source])
                    kept[source] += chunk[:room]
            exit_code = self._api.exec_inspect(created["Id"])["ExitCode"]
        duration_s = time.monotonic() - started
        # A container that ends kills what runs in it: then the exit code is none of the command's own.
        if exit_code is None or (exit_code != 0 and time.monotonic() >= self._deadline):
            raise LabBroken("the container's life ended under the command", shlex.join(argv), exit_code)
        self.journal.commands.append(Command(step, tuple(argv), dict(env), exit_code, duration_s))
        late = exit_code == _KILLED and duration_s >= timeout_s
        said = bytes(kept[_STDOUT]), bytes(kept[_STDERR])
        done = Completed(tuple(argv), exit_code, *said, duration_s, late)
        if step != "housekeeping":
            self.journal.last = done
        return done

    @contextmanager
    def _alive(self, argv: Sequence[str]) -> Iterator[None]:
        """The container was there all the while; the lab is broken otherwise."""
        import docker.errors

        try:
            yield
        except docker.errors.APIError as error:
            raise LabBroken(f"the container is gone ({error.explanation})", shlex.join(argv)) from None
        except OSError as error:
            raise LabBroken(f"the container went away ({error})", shlex.join(argv)) from None

    @contextmanager
    def _started(self, exec_id: str) -> Iterator[Any]:
        """The exec's stream. docker-py leaves the response under it open; closing that closes the stream too."""
        stream = self._api.exec_start(exec_id, socket=True)
        try:
            yield stream
        finally:
            stream._response.close()


def _frames(reader: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The pieces of output, read through the HTTP response's own buffer.

    docker-py's reader takes the socket from under that buffer, and loses what came in one packet with the
    response's head (docker-py issue 3332): a command then seems to have printed nothing.
    """
    while len(head := reader.read(_FRAME_HEAD.size)) == _FRAME_HEAD.size:
        source, size = _FRAME_HEAD.unpack(head)
        yield source, reader.read(size)


@contextmanager
def open_container(
    client: "DockerClient", image: str, toolchain: Toolchain, run_id: str, life_s: float
) -> Iterator[ContainerBench]:
    """A fresh container of `image`: no network, no capabilities, nothing writable but a bounded memory disk.

    It ends by itself after `life_s`, whatever becomes of us, and is removed with everything in it.
    """
    import docker.errors  # see above
    import docker.types

    deadline = time.monotonic() + life_s
    container = client.containers.run(
        image,
        ["sleep", str(math.ceil(life_s))],
        detach=True,
        auto_remove=True,
        init=True,
        labels={"claimlab": "bench", LABEL: run_id},
        network_mode="none",
        use_config_proxy=False,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges:true"],
        user=f"{NOBODY}:{NOBODY}",
        read_only=True,
        tmpfs={FOLDER: "rw,exec,mode=1777,size=1g", "/tmp": "rw,exec,mode=1777,size=256m"},
        mem_limit="4g",
        memswap_limit="4g",
        pids_limit=1024,
        ulimits=[
            docker.types.Ulimit(name="core", soft=0, hard=0),
            docker.types.Ulimit(name="nofile", soft=4096, hard=4096),
        ],
    )
    try:
        bench = ContainerBench(client, str(container.id), toolchain, deadline)
        # `date` keeps go from trimming entries older than five days, which would recompile the standard library
        # (cmd/go/internal/cache: Trim reads trim.txt).
        farm = f"cp -rs {WARM_CACHE} .gocache && rm -f .gocache/trim.txt && date +%s > .gocache/trim.txt"
        bench.run(["sh", "-c", farm], step="housekeeping").or_broken("the image has no warm build cache")
        yield bench
    finally:
        with contextlib.suppress(docker.errors.NotFound, docker.errors.APIError):
            container.remove(force=True)


def sweep(client: "DockerClient", run_id: str) -> int:
    """No container of this run is left; the count of those that were."""
    import docker.errors

    left = client.api.containers(all=True, quiet=True, filters={"label": f"{LABEL}={run_id}"})
    for container in left:
        with contextlib.suppress(docker.errors.NotFound, docker.errors.APIError):
            client.api.remove_container(container["Id"], force=True)
    return len(left)
