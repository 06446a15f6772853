"""A room: private namespaces of Linux in which the commands of one bench run.

The system is read-only, and of it only what programs need is there; the folder, /tmp and /dev/shm are memory disks of
the room's own; there is no network but a loopback of its own; its processes, System V IPC, host name and sockets are
its own too. Nothing runs with capabilities, nor as root. The room ends, with all that runs and lies in it, when its
first process does, and that ends when whoever opened it is gone, however that went.

Bubblewrap makes it where it is installed, else unshare(1) with :mod:`claimlab.benches.room_maker`; nsenter(1)
brings the commands into it. An ordinary user needs the right to make user namespaces; root needs none.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from claimlab.benches.bench import NOBODY
from claimlab.project.errors import LabBroken
from claimlab.project.runs import current_run

FOLDER: Final = "/bench"
"""Who runs what root starts."""
SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/sys")
STORES: Final = ("/nix/store", "/gnu/store")
"""Where programs lie on systems that have no /usr to speak of."""
DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty")
CONTROL_GROUPS: Final = "/sys/fs/cgroup"
MIB: Final = 1024**2

Kind = Literal["bubblewrap", "unshare", "none"]


@dataclass(frozen=True, slots=True)
class Isolation:
    """How trials are kept apart from this machine, for this user."""

    kind: Kind
    version: str = ""
    lacking: str = ""
    """Why it is not the kind before it."""

    def __str__(self) -> str:
        return f"{self.kind} {self.version}".rstrip()


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of the room's memory disks: those that a container has."""

    folder_bytes: int = 1024 * MIB
    tmp_bytes: int = 256 * MIB
    shm_bytes: int = 64 * MIB


@dataclass(frozen=True, slots=True)
class Room:
    """An open room."""

    pid: int
    """Of its first process, as we count."""
    keeper: "subprocess.Popen[bytes]"

    @property
    def folder(self) -> str:
        """The folder, as it is reached from outside."""
        return f"/proc/{self.pid}/root{FOLDER}"

    def entered(self) -> list[str]:
        """What stands before a command that is to run inside."""
        enter = ["nsenter", f"--target={self.pid}", "--mount", "--pid", "--net", "--ipc", "--uts", "--wd"]
        command = ["setsid", "setpriv", "--no-new-privs"]  # what it sends to its process group does not reach nsenter
        if os.geteuid() == 0:
            user = [
                f"--reuid={NOBODY}",
                f"--regid={NOBODY}",
                "--clear-groups",
                "--bounding-set=-all",
                "--inh-caps=-all",
            ]
            return [*enter, *command, *user]
        # Whoever made a user namespace has all capabilities in it until the next program (user_namespaces(7)).
        return [*enter, "--user", "--preserve-credentials", *command]

    def is_there(self) -> bool:
        return self.keeper.poll() is None

    def others(self) -> list[str]:
        """The numbers, as the room counts, of all its processes but the first."""
        with contextlib.suppress(OSError):
            names = [path.name for path in Path(f"/proc/{self.pid}/root/proc").iterdir()]
            return [name for name in names if name.isdigit() and name != "1"]
        return []

    def uses_more_than(self, limit_bytes: int) -> bool:
        """Its processes have more memory for themselves.

        What they have is counted quickly first, where pages that parent and child share after a fork count twice, and
        exactly (smaps_rollup, which walks all pages) only if that is too much.
        """
        resident = sum(self._pages(one) for one in self.others()) * os.sysconf("SC_PAGE_SIZE")
        return resident > limit_bytes and sum(self._share(one) for one in self.others()) > limit_bytes

    def _pages(self, process: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            _, resident, shared, *_ = (
                Path(f"/proc/{self.pid}/root/proc/{process}/statm").read_text(encoding="utf-8").split()
            )
            return int(resident) - int(shared)
        return 0

    def _share(self, process: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            told = Path(f"/proc/{self.pid}/root/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
            return next(1024 * int(line.split()[1]) for line in told if line.startswith("Pss_Anon:"))
        return 0

    def end_all(self, env: Mapping[str, str]) -> None:
        """Nothing runs in it but its first process.

        One kill(2) of all reaches all: a fork that is under way is given up when a signal waits (copy_process).
        """
        for _ in range(3):
            argv = [*self.entered(), "sh", "-c", "kill -KILL -1"]
            subprocess.run(argv, env=env, capture_output=True, stdin=subprocess.DEVNULL, check=False)
            if not self.is_there() or not self.others():
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.keeper.wait(0.05)


@contextmanager
def open_room(
    kind: Kind, shown: Mapping[str, str], env: Mapping[str, str], run_id: str, sizes: Sizes | None = None
) -> Iterator[Room]:
    """A fresh room in which `shown` can be read: what lies here at the keys' values lies there at the keys."""
    steps = _steps(shown, sizes or Sizes())
    with tempfile.TemporaryDirectory(prefix=f"claimlab-{run_id}-") as root, tempfile.TemporaryFile() as complaints:
        reading, writing = os.pipe()
        make = _bubblewrap(steps, writing) if kind == "bubblewrap" else _unshare(steps, root)
        try:
            keeper = subprocess.Popen(
                make,
                env={**env, "PATH": f"{env['PATH']}:/usr/sbin:/sbin"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                pass_fds=[writing],
                start_new_session=True,
            )
        finally:
            os.close(writing)
        assert keeper.stdin is not None and keeper.stdout is not None
        try:
            said = keeper.stdout.readline().strip()
            with os.fdopen(reading, "rb") as facts:
                told = facts.read() if kind == "bubblewrap" and said else b""
            if not said:
                keeper.wait(10)
                complaints.seek(0)
                why = complaints.read(2000).decode("utf-8", "replace").strip().splitlines()
                raise LabBroken(f"no namespace can be made: {why[-1] if why else 'no reason was given'}")
            yield Room(json.loads(told)["child-pid"] if told else int(said), keeper)
        finally:
            keeper.stdin.close()
            keeper.stdout.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                keeper.wait(10)
            keeper.kill()
            keeper.wait()


def _steps(shown: Mapping[str, str], sizes: Sizes) -> list[tuple[str, ...]]:
    """What the room is made of, in order: links, memory disks, devices, folders, and parts of this machine."""
    there = [place for place in (*SYSTEM, *STORES) if Path(place).is_dir()]
    links = {place: str(Path(place).readlink()) for place in there if Path(place).is_symlink()}
    disks = [
        ("/dev", 64 * 1024, "755"),
        ("/dev/shm", sizes.shm_bytes, "1777"),
        ("/tmp", sizes.tmp_bytes, "1777"),
        (FOLDER, sizes.folder_bytes, "1777"),
        # The control groups of this machine are not the bench's.
        *([(CONTROL_GROUPS, 64 * 1024, "755")] if Path(CONTROL_GROUPS).is_dir() else []),
    ]
    streams = {f"/dev/std{name}": f"/proc/self/fd/{number}" for number, name in enumerate(("in", "out", "err"))}
    return [
        *(("show", place, place) for place in there if place not in links),
        *(("disk", place, str(size), mode) for place, size, mode in disks),
        *(("link", target, link) for link, target in {**links, "/dev/fd": "/proc/self/fd", **streams}.items()),
        *(("device", device) for device in DEVICES),
        # Folders that a bind makes on its way are root's alone in some releases of bubblewrap.
        *(("folder", str(one)) for place in shown for one in reversed(Path(place).parents[:-1])),
        *(("show", source, place) for place, source in shown.items()),
    ]


_WAIT: Final = "echo ready; exec env --ignore-signal=CHLD cat"
"""As the room's first process: the kernel takes away what ends as its child. It ends with its standard input."""
_CLOSED: Final = "echo 0 > /proc/sys/user/max_user_namespaces; "
"""No room in the room: its disks would have no bound."""


def _bubblewrap(steps: list[tuple[str, ...]], info: int) -> list[str]:
    argv = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--hostname", "claimlab"]
    argv += ["--as-pid-1", "--info-fd", str(info)]
    wait = _WAIT
    if os.geteuid() == 0:
        argv += ["--cap-drop", "ALL"]
    else:
        # The first process keeps its capabilities, so that none of the others, which have none, may trace it.
        argv += ["--unshare-user", "--cap-add", "ALL"]
        wait = _CLOSED + _WAIT
    for step in steps:
        match step:
            case ("show", source, place):
                argv += ["--ro-bind", source, place]
            case ("disk", place, size, mode):
                argv += ["--perms", mode, "--size", size, "--tmpfs", place]
            case ("link", target, link):
                argv += ["--symlink", target, link]
            case ("folder", place):
                argv += ["--perms", "755", "--dir", place]
            case ("device", device):
                argv += ["--dev-bind", device, device]
    read_only = [word for place in _read_only() for word in ("--remount-ro", place)]
    return [*argv, "--proc", "/proc", *read_only, "--chdir", FOLDER, "sh", "-c", wait]


def _read_only() -> list[str]:
    """Disks that are so when the room is made."""
    return ["/dev", *([CONTROL_GROUPS] if Path(CONTROL_GROUPS).is_dir() else []), "/"]


def _unshare(steps: list[tuple[str, ...]], root: str) -> list[str]:
    is_root = os.geteuid() == 0
    plan = {"root": root, "folder": FOLDER, "closed": not is_root, "steps": steps, "read_only": _read_only()}
    user = [] if is_root else ["--user", "--map-current-user", "--keep-caps"]
    argv = ["unshare", *user, "--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child"]
    maker = str(Path(__file__).with_name("room_maker.py"))
    return [*argv, sys.executable, "-I", "-S", maker, json.dumps(plan)]


PROGRAMS: Final[dict[Kind, str]] = {"bubblewrap": "bwrap", "unshare": "unshare"}
_ENVIRONMENT: Final = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
_ENTERING: Final = ("nsenter", "setpriv", "setsid", "prlimit")


def find_isolation(*kinds: Kind) -> Isolation:
    """The first kind (of these) that works here for this user: a room was made, and a command has run in it."""
    if sys.platform != "linux":
        return Isolation("none", "", "Namespaces are Linux's.")
    lacking: list[str] = []
    for kind, program in PROGRAMS.items():
        if kinds and kind not in kinds:
            continue
        if missing := [one for one in (program, *_ENTERING) if shutil.which(one) is None]:
            lacking.append(f"{', '.join(missing)} is not installed")
        elif why := _trouble(kind):
            lacking.append(why.removeprefix(f"{program}: "))
            lacking[-1] = f"{program}: {lacking[-1]}"
        else:
            out = subprocess.run([program, "--version"], capture_output=True, encoding="utf-8", check=True).stdout
            return Isolation(kind, out.split()[-1], "; ".join(lacking))
    return Isolation("none", "", "; ".join(lacking))


def _trouble(kind: Kind) -> str:
    """Why no command can run in a room of that kind; empty if one can."""
    try:
        with open_room(kind, {}, _ENVIRONMENT, current_run()) as room:
            done = subprocess.run(
                [*room.entered(), "true"], env=_ENVIRONMENT, capture_output=True, encoding="utf-8", check=False
            )
            return (done.stderr.strip() or "a command failed in the namespace") if done.returncode else ""
    except (LabBroken, OSError) as error:
        return str(error)


isolation: Final = cache(find_isolation)
