"""The engine ``local``: a trial runs in a private folder of this machine. It bounds, but does not isolate."""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil

from claimlab.benches.bench import NO_LAB, OUTPUT_LIMIT_BYTES, Command, Completed, Journal, Step, go_environment
from claimlab.project.errors import LabBroken
from claimlab.toolchains.toolchain import Toolchain

MARK: Final = "CLAIMLAB_BENCH"
"""Stands in the environment of every process of a bench, with the run's name, so that a sweep finds them."""
LIMITS: Final = ("--core=0", "--nofile=4096", f"--fsize={1024**3}", "--cpu=600")
"""Options of prlimit(1). None on address space: the Go runtime and the race detector reserve far more than they use."""


class FolderBench:
    """A :class:`claimlab.benches.bench.Bench` in a folder, with this machine's gdb and binutils."""

    python = sys.executable

    def __init__(self, folder: Path, goroot: Path, toolchain: Toolchain, run_id: str, deadline: float) -> None:
        self.toolchain = toolchain
        self.journal = Journal()
        self.name = NO_LAB
        self.files: Mapping[str, bytes] = {}
        self.goroot = str(goroot)
        self.folder = folder
        self._deadline = deadline
        self._env = go_environment(toolchain, self.goroot, str(folder / ".gocache"), str(folder))
        self._env[MARK] = run_id

    def put(self, files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            path = self.folder / name
            if not path.resolve().is_relative_to(self.folder.resolve()):
                raise LabBroken(f"files could not be put on the bench: {name} lies outside it")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o755)

    def get(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise LabBroken(f"the bench has no file {name} ({error.strerror})") from None

    def run(
        self,
        argv: Sequence[str],
        *,
        step: Step,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> Completed:
        started = time.monotonic()
        # Files, not pipes: a pipe stays open as long as anything that the command started, and holds up who reads it;
        # and what is printed is bounded by --fsize, not by our memory.
        with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            process = subprocess.Popen(
                # prlimit(1) sets the limits in the child; a preexec_fn is not safe beside threads.
                ["prlimit", *LIMITS, *argv],
                cwd=self.folder,
                env={**self._env, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
            late = False
            try:
                process.wait(timeout=max(0.0, min(timeout_s, self._deadline - started)))
            except subprocess.TimeoutExpired:
                late = True
            finally:
                _kill_group(process.pid)
                process.wait()
            if late and time.monotonic() >= self._deadline:
                raise LabBroken("the bench's life ended under the command", shlex.join(argv))
            kept = []
            for output in (stdout, stderr):
                output.seek(0)
                kept.append(output.read(OUTPUT_LIMIT_BYTES))
        duration_s = time.monotonic() - started
        code = process.returncode if process.returncode >= 0 else 128 - process.returncode
        self.journal.commands.append(Command(step, tuple(argv), dict(env or {}), code, duration_s))
        done = Completed(tuple(argv), code, kept[0], kept[1], duration_s, late)
        if step != "housekeeping":
            self.journal.last = done
        return done


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


@contextmanager
def open_folder(
    goroot: Path, warm_cache: Path, toolchain: Toolchain, run_id: str, life_s: float
) -> Iterator[FolderBench]:
    """A fresh private folder whose build cache is links into the toolchain's prepared one.

    After `life_s` every command ends at once, so the trial is broken, not endless.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"claimlab-{run_id}-"))
    try:
        shutil.copytree(warm_cache, folder / ".gocache", copy_function=_link)
        (folder / ".gocache" / "trim.txt").unlink(missing_ok=True)
        (folder / ".gocache" / "trim.txt").write_text(f"{int(time.time())}", encoding="utf-8")
        yield FolderBench(folder, goroot, toolchain, run_id, time.monotonic() + life_s)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _link(source: str, target: str) -> str:
    """A link to what is named by its content; a copy of an index entry, which go overwrites where it lies
    (cmd/go/internal/cache: putIndexEntry opens without O_EXCL, hence through a link)."""
    if source.endswith("-a"):
        shutil.copyfile(source, target)
    else:
        Path(target).symlink_to(source)
    return target


def sweep(run_id: str) -> int:
    """No process of this run is left, nor a folder; the count of processes that were."""
    left = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK) == run_id:
                process.kill()
                left.append(process)
    psutil.wait_procs(left, timeout=5)
    for folder in Path(tempfile.gettempdir()).glob(f"claimlab-{run_id}-*"):
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)
