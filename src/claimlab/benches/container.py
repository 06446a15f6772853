"""The engine ``docker``: a trial runs in a container that can reach nothing and leaves nothing behind."""

import contextlib
import io
import math
import shlex
import tarfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from claimlab.benches import crossing
from claimlab.benches.bench import (
    FILE_LIMIT_BYTES,
    NO_LAB,
    NOBODY,
    Bench,
    Completed,
    Journal,
    Step,
    go_environment,
    variables,
)
from claimlab.benches.execs import STDERR, STDOUT, Execs, lost_daemon
from claimlab.benches.report import ISOLATED, SAID_BYTES, Report, watched
from claimlab.project.errors import EnvironmentMissing, LabBroken
from claimlab.toolchains.toolchain import Toolchain

if TYPE_CHECKING:  # docker costs a quarter of a second to import; planning does without it
    from docker import DockerClient
    from docker.models.containers import Container

FOLDER: Final = "/work"
GOROOT: Final = "/usr/local/go"
WARM_CACHE: Final = "/opt/claimlab/gocache"
"""The standard library as the image built it; each bench reads it through symbolic links of its own."""
LABEL: Final = "claimlab.run"
_CROSSING: Final = Path(crossing.__file__).read_text(encoding="utf-8")
CROSSING_S: Final = 60.0
"""So long may files take from or to a bench."""


class ContainerBench:
    """A :class:`claimlab.benches.bench.Bench` in a running container."""

    python = "python3"
    goroot = GOROOT

    def __init__(self, client: "DockerClient", container: str, toolchain: Toolchain, deadline: float) -> None:
        self.toolchain = toolchain
        self.journal = Journal()
        self.name = NO_LAB
        self.files: Mapping[str, bytes] = {}
        self.beside: Mapping[str, Bench] = {}
        self._execs = Execs(client, container, deadline)
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
        with self._execs.started(argv, argv, CROSSING_S, folder=FOLDER, stdin=True) as running:
            running.give(packed.getvalue())
            said = _kept(running.output(), {STDOUT: SAID_BYTES, STDERR: SAID_BYTES})
            exit_code = running.exit_code()
        if exit_code != 0:
            words = said[STDERR].decode("utf-8", "replace")
            raise LabBroken(f"files could not be put on the bench: {sorted(files)}", shlex.join(argv), exit_code, words)

    def get(self, name: str) -> bytes:
        root, inside = (GOROOT, name.removeprefix(f"{GOROOT}/")) if name.startswith(f"{GOROOT}/") else (FOLDER, name)
        argv = ["python3", *ISOLATED, _CROSSING, root, inside, str(FILE_LIMIT_BYTES)]
        shown = ["read", name]
        with self._execs.started(argv, shown, CROSSING_S, folder=FOLDER) as running:
            said = _kept(running.output(), {STDOUT: FILE_LIMIT_BYTES, STDERR: SAID_BYTES})
            exit_code = running.exit_code()
        if exit_code != 0:
            reason = said[STDERR].decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise LabBroken(f"the bench has no file {name} that can be read: {reason}", exit_code=exit_code)
        return said[STDOUT]

    def run(
        self,
        argv: Sequence[str],
        *,
        step: Step,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> Completed:
        started = time.monotonic()
        # The API can neither time nor kill an exec, and tells no signal, so a script inside does.
        report, command = Report(), watched(self.python, timeout_s, [FOLDER, "/tmp"], argv)
        given = variables(self.toolchain, step, env)
        with self._execs.started(command, argv, timeout_s, folder=FOLDER, env={**self._env, **given}) as running:
            for source, chunk in running.output():
                report.take(source, chunk)
        if not report.ended:
            raise self._execs.why(argv, report.trouble or "without a word")
        done = report.completed(argv, time.monotonic() - started)
        self.journal.ran(done, step, given)
        report.refuse_limits(done)
        return done


def _kept(output: Iterable[tuple[int, bytes]], most_bytes: Mapping[int, int]) -> dict[int, bytes]:
    """Both streams, of which none may be longer than this."""
    kept = {STDOUT: bytearray(), STDERR: bytearray()}
    for source, chunk in output:
        kept[source] += chunk
        if len(kept[source]) > most_bytes[source]:
            raise LabBroken(f"more than {most_bytes[source]} bytes came from the bench")
    return {source: bytes(content) for source, content in kept.items()}


@contextmanager
def open_container(
    client: "DockerClient",
    image: str,
    toolchain: Toolchain,
    run_id: str,
    life_s: float,
    *,
    memory: str = "4g",
) -> Iterator[ContainerBench]:
    """A fresh container of `image`: no network, no capabilities, nothing writable but a bounded memory disk.

    It ends by itself after `life_s`, whatever becomes of us, and is removed with everything in it.
    """
    import docker.types  # see above

    deadline = time.monotonic() + life_s
    with _asked():
        container = client.containers.run(
            image,
            # The container's first process is out of reach of what runs in it (pid_namespaces(7)), so none of that ends
            # it; and without a hand on SIGCHLD, it buries what nobody else waits for (wait(2)).
            ["env", "--ignore-signal=CHLD", "sleep", str(math.ceil(life_s))],
            detach=True,
            auto_remove=True,
            labels={"claimlab": "bench", LABEL: run_id},
            network_mode="none",
            use_config_proxy=False,
            cap_drop=["ALL"],
            security_opt=["no-new-privileges:true"],
            user=f"{NOBODY}:{NOBODY}",
            read_only=True,
            tmpfs={FOLDER: "rw,exec,mode=1777,size=1g", "/tmp": "rw,exec,mode=1777,size=256m"},
            mem_limit=memory,
            memswap_limit=memory,
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
    except EnvironmentMissing:
        raise  # nobody is there who could remove it; it ends by itself
    except BaseException:
        _remove(container)
        raise
    else:
        _remove(container)


@contextmanager
def _asked() -> Iterator[None]:
    """The daemon has done what it was asked for; :class:`EnvironmentMissing` if it does not answer."""
    import docker.errors

    try:
        yield
    except docker.errors.APIError as error:  # an OSError too
        raise LabBroken(f"the Docker daemon could not do it: {error.explanation}") from None
    except OSError as error:
        raise lost_daemon(type(error).__name__) from None


def _remove(container: "Container") -> None:
    """It is gone as far as that is in our hands: where the daemon does not do it, it ends by itself."""
    import docker.errors

    with contextlib.suppress(docker.errors.APIError, OSError):
        container.remove(force=True)


def sweep(client: "DockerClient", run_id: str) -> int:
    """No container of this run is left; the count of those that were."""
    import docker.errors

    with _asked():
        left = client.api.containers(all=True, quiet=True, filters={"label": f"{LABEL}={run_id}"})
    for container in left:
        with contextlib.suppress(docker.errors.APIError, OSError):
            client.api.remove_container(container["Id"], force=True)
    return len(left)
