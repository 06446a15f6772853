"""Watches one process: what it prints, how long it takes, and how it ends by the kernel's word.

A script for benches, where there is no claimlab: it uses little of the standard library, since every command waits for
it to start. Given to ``python3 -I -S -c`` in a container it runs one command there (see :func:`main`); scripts that run
many processes have it beside them.
"""

from __future__ import annotations

import ctypes
import os
import select
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Mapping, Sequence
else:
    import _signal as signal  # what is round it imports enum, and takes half as long as Python itself to start

NOT_FOUND, NOT_EXECUTABLE = 127, 126
"""Exit codes, as a shell gives them."""
PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 4, 36
CONTROL_GROUPS, OWN_GROUPS = "/sys/fs/cgroup", "/proc/self/cgroup"
CHUNK_BYTES = 65536


def guard() -> None:
    """No process of the same user can read this one's memory, write to what it has open, or stop it but by SIGKILL or
    SIGSTOP; and what its children leave behind is its own (prctl(2), proc(5))."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals() - {signal.SIGCHLD})


class Watch:
    """How one process ended."""

    def __init__(self) -> None:
        self.status = -1
        """As wait(2) gives it."""
        self.started = True
        """There was such a program, and it could be executed."""
        self.late = False
        """It was killed, because its time was over."""
        self.over = -1
        """The group of output that is longer than it may be, which the process was killed for; or none."""


def watch(
    argv: Sequence[str],
    env: Mapping[str, str],
    limit_s: float,
    most_bytes: int,
    groups: Sequence[Sequence[int]],
    take: Callable[[int, bytes], object],
) -> Watch:
    """One process of `argv` has ended, and with it all that it started.

    Its output is taken as it comes: each of the groups is a pipe for these file descriptors of the process, and may
    carry so many bytes. Whatever else it prints goes nowhere.
    """
    found, wakes = Watch(), _wakes()
    readers, writers = {}, {}
    for group, descriptors in enumerate(groups):
        reader, writer = os.pipe()
        readers[reader] = group
        writers.update(dict.fromkeys(descriptors, writer))
    failed, fails = os.pipe()  # closed where the program begins
    child = os.fork()
    if child == 0:
        _become(argv, env, writers, fails)
    for writer in {fails, *writers.values()}:
        os.close(writer)
    room = dict.fromkeys(readers, most_bytes)
    poller = select.poll()
    for descriptor in (wakes, *readers):
        poller.register(descriptor, select.POLLIN)
    deadline = time.monotonic() + limit_s

    def handle(descriptor: int) -> None:
        chunk = os.read(descriptor, CHUNK_BYTES)
        if descriptor == wakes:
            return
        if not chunk:
            poller.unregister(descriptor)
        room[descriptor] -= len(chunk)
        if room[descriptor] < 0:
            found.over = readers[descriptor]
        elif chunk:
            take(readers[descriptor], chunk)

    ended = False
    while not ended:
        left_s = deadline - time.monotonic()
        if left_s <= 0 or found.over >= 0:
            found.late = found.over < 0
            os.kill(child, signal.SIGKILL)
            found.status = os.waitpid(child, 0)[1]
            break
        for descriptor, _ in poller.poll(left_s * 1000 + 1):
            handle(descriptor)
        ended = _collect(child, found)
    _end_the_rest(wakes)
    # What it had printed lies in the pipes now; one that somebody else still holds open has no end.
    while found.over < 0 and (ready := [one for one, _ in poller.poll(0) if one in readers]):
        for descriptor in ready:
            handle(descriptor)
    found.started = not os.read(failed, 1)
    for reader in (failed, *readers):
        os.close(reader)
    return found


_PIPE: list[int] = []


def _wakes() -> int:
    """What can be read from when a child has ended."""
    if not _PIPE:
        _PIPE[:] = os.pipe()
        for end in _PIPE:
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(_PIPE[1], warn_on_full_buffer=False)
    return _PIPE[0]


def _become(argv: Sequence[str], env: Mapping[str, str], writers: Mapping[int, int], fails: int) -> None:
    """This child is `argv`, with nothing of ours: no signal blocked or ignored, no file open but its three."""
    code = NOT_EXECUTABLE
    try:
        os.setsid()
        for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # by Python (Py_Initialize)
            signal.signal(ignored, signal.SIG_DFL)
        nowhere = os.open("/dev/null", os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(writers.get(descriptor, nowhere), descriptor)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.execvpe(argv[0], list(argv), dict(env))
    except OSError as error:
        code = NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
        os.write(2, f"{argv[0]}: {error.strerror}\n".encode())
        os.write(fails, b"!")
    finally:
        os._exit(code)


def _collect(child: int, found: Watch) -> bool:
    """Whether the child has ended. What it left behind and has ended too holds no process id any more."""
    ended = False
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        if pid == child:
            ended, found.status = True, status


def _end_the_rest(wakes: int, within_s: float = 10.0) -> None:
    """Nothing that the process started runs any more, in whatever group or session it is."""
    deadline = time.monotonic() + within_s
    poller = select.poll()
    poller.register(wakes, select.POLLIN)
    while time.monotonic() < deadline:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid:
            continue
        if _alone():
            os.kill(-1, signal.SIGKILL)  # at once, so that nothing can outrun it
        else:
            for one in _children():
                os.kill(one, signal.SIGKILL)
        if poller.poll(20):
            os.read(wakes, CHUNK_BYTES)


def _alone() -> bool:
    """A process that a container's engine started in it, so that all others there are ours to end but the first, which
    no signal from inside reaches (pid_namespaces(7))."""
    return os.getppid() == 0


def _children() -> list[int]:
    """Of this process, orphans of its children among them."""
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208  # pathlib is slow to import
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as stat:  # noqa: PTH123
                    fields = stat.read().rpartition(b")")[2].split()
            except OSError:
                continue
            if fields and int(fields[1]) == os.getpid():
                found.append(int(name))
    return found


def counted(controller: str, file: str, field: str) -> int | None:
    """What the kernel has counted of this process's control group; None where it does not say.

    Version 1 has a tree for each controller (memory.rst and pids.rst in the kernel's admin-guide/cgroup-v1), version 2
    one for all (admin-guide/cgroup-v2.rst). A container may see its own group where the tree begins.
    """
    groups = {}
    try:
        with open(OWN_GROUPS) as mine:  # noqa: PTH123
            for line in mine:
                _, controllers, path = line.rstrip("\n").split(":", 2)
                groups.update(dict.fromkeys(controllers.split(","), path))
    except OSError:
        return None
    root = f"{CONTROL_GROUPS}/{controller}" if controller in groups else CONTROL_GROUPS
    for place in (groups.get(controller, groups.get("", "")).rstrip("/"), ""):
        try:
            with open(f"{root}{place}/{file}") as counts:  # noqa: PTH123
                return next(int(line.split()[1]) for line in counts if line.split()[0] == field)
        except (OSError, StopIteration):
            continue
    return None


def limits_hit() -> dict[str, int | None]:
    """How often the kernel killed a process of this control group for its memory, and refused it one more process."""
    memory = counted("memory", "memory.oom_control", "oom_kill")
    return {
        "memory": counted("memory", "memory.events", "oom_kill") if memory is None else memory,
        "processes": counted("pids", "pids.events", "max"),
    }


def full(folders: Sequence[str]) -> list[str]:
    """Those of the folders on whose disk there is no room left."""
    found = []
    for folder in folders:
        seen = os.statvfs(folder)
        if seen.f_blocks and (seen.f_bavail == 0 or seen.f_favail == 0):
            found.append(folder)
    return found


def send(kind: bytes, content: bytes) -> None:
    """A frame stands on standard output: its kind, its length, its content."""
    frame = memoryview(kind + len(content).to_bytes(4, "big") + content)
    while frame:
        frame = frame[os.write(1, frame) :]


def main() -> None:
    """The command of ``argv[4:]`` has run for at most ``argv[1]`` seconds and printed at most ``argv[2]`` bytes on each
    of its two outputs, which are frames of kind 1 and 2; the last frame, of kind 0, is JSON and says how it ended, and
    which of the folders ``argv[3]`` are full."""
    limit_s, most_bytes, folders = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split(":")
    guard()
    before = limits_hit()
    done = watch(
        sys.argv[4:],
        os.environ,
        limit_s,
        most_bytes,
        [[1], [2]],
        lambda group, chunk: send(b"\1" if group == 0 else b"\2", chunk),
    )
    now = limits_hit()
    hit = [
        f'"{name}": null' if count is None or before[name] is None else f'"{name}": {count - (before[name] or 0)}'
        for name, count in now.items()
    ]
    filled = ", ".join(f'"{one}"' for one in full(folders))
    send(
        b"\0",
        (
            f'{{"status": {done.status}, "late": {str(done.late).lower()}, "over": {done.over}, '
            f'"full": [{filled}], {", ".join(hit)}}}'
        ).encode(),
    )


if __name__ == "__main__":
    main()
