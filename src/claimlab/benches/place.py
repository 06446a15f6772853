"""Where a bench of the local engine is: its folder, and what stands around its commands."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from claimlab.benches import cgroup
from claimlab.benches.bench import NOBODY, go_environment
from claimlab.benches.namespace import CONTROL_GROUPS, FOLDER, SYSTEM, Isolation, Room, Sizes, open_room
from claimlab.toolchains.toolchain import Toolchain

MARK: Final = "CLAIMLAB_BENCH"
"""Stands in the environment of every process of a bench, with the run's name, so that a sweep finds them."""
LIMITS: Final = ("--core=0", "--nofile=4096", f"--fsize={1024**3}", "--cpu=600:630")
"""Options of prlimit(1). None on address space: the Go runtime and the race detector reserve far more than they use.
Where the hard limit of processor time is the soft one too, the kernel sends SIGKILL, which says nothing."""
GIB: Final = 1024**3
_END_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one bench: those of a container."""

    memory_bytes: int = 4 * GIB
    processes: int = 1024
    sizes: Sizes = field(default_factory=Sizes)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bench's commands run."""

    folder: Path
    """As we reach it."""
    root: str
    """The same, by a file descriptor, so that nothing can come in its place."""
    env: Mapping[str, str]
    """Of every command."""
    group: cgroup.Group
    bounds: Bounds
    room: Room | None = None

    @property
    def owner(self) -> int:
        """Whom the files belong to."""
        return NOBODY if self.room and os.geteuid() == 0 else os.geteuid()

    @property
    def disks(self) -> list[str]:
        """Where a command may write, as it sees them."""
        return [FOLDER, "/tmp"] if self.room else [str(self.folder)]

    def before(self) -> list[str]:
        """What stands before a command."""
        limited = [*self.group.joined(), "prlimit", *LIMITS]
        if self.room is None:
            return limited
        # Within a user namespace only what runs there counts (Linux 5.14), and the command's watcher does too.
        many = [] if self.group.folders else ["prlimit", f"--nproc={self.bounds.processes}"]
        return [*limited, *self.room.entered(), *many]

    def too_much_memory(self) -> str:
        """Words if its processes have more than they may, as far as that has to be watched; else empty."""
        if self.room is None or self.group.folders or not self.room.uses_more_than(self.bounds.memory_bytes):
            return ""
        return f"its processes used more than {self.bounds.memory_bytes / GIB:g} GiB of memory"

    def end(self, process: "subprocess.Popen[bytes]") -> None:
        """Nothing of a command is left whose own watcher has not seen to that."""
        if self.room is not None:
            self.room.end_all(self.env)
        else:
            self.group.end_all()
        with contextlib.suppress(psutil.NoSuchProcess):
            for one in psutil.Process(process.pid).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    one.kill()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def open_place(
    goroot: Path, warm: Sequence[Path], toolchain: Toolchain, run_id: str, within: Isolation, bounds: Bounds
) -> Iterator[Place]:
    """A fresh place with an empty folder; it goes with the context, and all that runs and lies there."""
    with ExitStack() as stack:
        group = stack.enter_context(cgroup.open_group(run_id, bounds.memory_bytes, bounds.processes))
        if within.kind == "none":
            room = None
            folder = Path(tempfile.mkdtemp(prefix=f"claimlab-{run_id}-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            env = _environment(toolchain, goroot, str(folder), run_id)
        else:
            env = _environment(toolchain, goroot, FOLDER, run_id)
            shown = {**_shown(goroot, *warm), **group.shown(CONTROL_GROUPS)}
            room = stack.enter_context(open_room(within.kind, shown, env, run_id, bounds.sizes))
            folder = Path(room.folder)
        root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        stack.callback(os.close, root)
        yield Place(folder, f"/proc/self/fd/{root}", env, group, bounds, room)


def end_processes(are_ours: Callable[[Mapping[str, str]], bool]) -> int:
    """No process with such variables in its environment is left, as far as this user may see and end it; the count of
    those that were."""
    left = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if are_ours(process.environ()):
                process.kill()
                left.append(process)
    psutil.wait_procs(left, timeout=_END_S)
    return len(left)


def _environment(toolchain: Toolchain, goroot: Path, folder: str, run_id: str) -> dict[str, str]:
    return {**go_environment(toolchain, str(goroot), f"{folder}/.gocache", folder), MARK: run_id}


def python() -> Path:
    """The interpreter itself, not a virtual environment's link to it."""
    return Path(getattr(sys, "_base_executable", "") or sys.executable).resolve()


def _shown(*places: Path) -> dict[str, str]:
    """What a room shows beside the system, at the paths by which it is known here."""
    shown = {str(place.absolute()): str(place.resolve()) for place in places}
    home = Path(sys.base_prefix).resolve()
    if not any(home.is_relative_to(place) for place in SYSTEM):
        shown[str(home)] = str(home)
    return shown
