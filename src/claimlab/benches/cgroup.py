"""Control groups: what bounds the memory and the number of a bench's processes, where this user may make them."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from claimlab.project.runs import is_over, run_in

NEEDED: Final = ("memory", "pids")
"""Controllers."""
PATIENCE_S: Final = 10.0
"""So long may processes take to end that are killed."""
JOIN: Final = (
    'while [ "$1" != -- ]; do echo 0 > "$1/cgroup.procs" || exit 125; shift; done; shift; unset PWD; exec "$@"'
)
"""A script for sh that moves itself into groups, then becomes the command (cgroups(7): 0 is who writes),
and leaves no trace of the shell in its environment."""


@dataclass(frozen=True, slots=True)
class Group:
    """A bench's own control group; without folders there is none, and nothing is bounded."""

    version: Literal["", "v1", "v2"] = ""
    folders: tuple[Path, ...] = ()

    def joined(self) -> list[str]:
        """What stands before a command that is to run in the group."""
        return ["sh", "-c", JOIN, "join", *map(str, self.folders), "--"] if self.folders else []

    def end_all(self) -> None:
        """Nothing runs in it, whatever it did to get away: nobody leaves a group without the right to."""
        deadline = time.monotonic() + PATIENCE_S
        while self.folders and time.monotonic() < deadline:
            processes = " ".join(_lines(str(self.folders[-1] / "cgroup.procs"))).split()
            if not processes:  # nor is there a group that another has removed
                return
            for one in processes:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(int(one), signal.SIGKILL)
            time.sleep(0.01)

    def shown(self, at: str) -> dict[str, str]:
        """Where its files are to be seen in a room: where a container has those of its own."""
        if self.version == "v1":
            return {f"{at}/{name}": str(one) for name, one in zip(NEEDED, self.folders, strict=True)}
        return {at: str(self.folders[0])} if self.folders else {}


@contextmanager
def open_group(run_id: str, memory_bytes: int, processes: int) -> Iterator[Group]:
    """A fresh group with these limits, in the nearest group around us that allows one; it goes with the context."""
    name = f"claimlab-{run_id}-{os.urandom(4).hex()}"
    group = _of_version_2(name, memory_bytes, processes) or _of_version_1(name, memory_bytes, processes) or Group()
    try:
        yield group
    finally:
        group.end_all()
        _remove(group.folders)


def sweep(run_id: str | None = None) -> None:
    """No group is left of that run, nor of one that is over; what still runs there, or is just ending, ends first."""
    for place in [*_places_2(), *(one for controller in NEEDED for one in _places_1(controller))]:
        for folder in place.glob("claimlab-*"):
            if (run_id and folder.name.startswith(f"claimlab-{run_id}-")) or is_over(run_in(folder.name)):
                Group(folders=(folder,)).end_all()
                _remove((folder,))


def _of_version_2(name: str, memory_bytes: int, processes: int) -> Group | None:
    """Only a group without processes of its own may bound those below it, so ours has to lie beside our own, or above
    (Documentation/admin-guide/cgroup-v2.rst: "No Internal Process Constraint"); and who moves a process needs the
    right to write in the group around both ("Delegation Containment")."""
    for place in _places_2():
        with contextlib.suppress(OSError):
            if not set(NEEDED) <= set((place / "cgroup.subtree_control").read_text(encoding="utf-8").split()):
                (place / "cgroup.subtree_control").write_text(" ".join(f"+{one}" for one in NEEDED), encoding="utf-8")
        group = Group("v2", (place / name,))
        limits = {"memory.max": memory_bytes, "pids.max": processes}
        if _made(group, [limits], {"memory.swap.max": 0}):
            return group
    return None


def _of_version_1(name: str, memory_bytes: int, processes: int) -> Group | None:
    for memory, pids in zip(*map(_places_1, NEEDED), strict=False):
        group = Group("v1", (memory / name, pids / name))
        limits = [{"memory.limit_in_bytes": memory_bytes}, {"pids.max": processes}]
        if _made(group, limits, {"memory.memsw.limit_in_bytes": memory_bytes}):
            return group
    return None


def _made(group: Group, limits: list[dict[str, int]], where_there_is_swap: dict[str, int]) -> bool:
    """The group is there with its limits, and a process of ours can join it; or there is nothing of it."""
    try:
        for folder, values in zip(group.folders, limits, strict=True):
            folder.mkdir()
            for file, value in values.items():
                (folder / file).write_text(str(value), encoding="utf-8")
        for file, value in where_there_is_swap.items():
            with contextlib.suppress(FileNotFoundError, PermissionError):
                (group.folders[0] / file).write_text(str(value), encoding="utf-8")
        if subprocess.run([*group.joined(), "true"], capture_output=True, check=False).returncode == 0:
            return True
    except OSError:
        pass
    _remove(group.folders)
    return False


def _remove(folders: tuple[Path, ...]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _places_2() -> list[Path]:
    own = next((line[3:] for line in _lines("/proc/self/cgroup") if line.startswith("0::")), "")
    return _upwards(own, "cgroup2", "") if own else []


def _places_1(controller: str) -> list[Path]:
    """The group of ours alone: those below it are bounded by what bounds us too."""
    for line in _lines("/proc/self/cgroup"):
        _, controllers, own = line.split(":", 2)
        if controller in controllers.split(","):
            return _upwards(own, "cgroup", controller)[:1]
    return []


def _upwards(own: str, kind: str, option: str) -> list[Path]:
    """Our group and those around it, as far as they can be seen here (proc_pid_mountinfo(5))."""
    for line in _lines("/proc/self/mountinfo"):
        fields, _, rest = line.partition(" - ")
        root, mounted = fields.split()[3:5]
        found, _, options = rest.split(maxsplit=2)
        if found == kind and (not option or option in options.split(",")) and PurePosixPath(own).is_relative_to(root):
            place = Path(mounted, PurePosixPath(own).relative_to(root))
            return [place, *(one for one in place.parents if one.is_relative_to(mounted))]
    return []


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
