"""A program of its own, as the first process in new namespaces: it makes the room that bubblewrap would make.

Run as ``unshare … python -I -S room_maker.py PLAN``: see :mod:`claimlab.benches.namespace`, which writes the plan.
It says its number as the host counts, then waits until its standard input ends; the room goes with it.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys

# linux/mount.h and linux/if.h
NOSUID, NODEV, NOEXEC, BIND, RECURSIVE = 2, 4, 8, 4096, 16384
AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_RDONLY, MOUNT_SETATTR = -100, 0x8000, 1, 442
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
MNT_DETACH = 2

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    words = (source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode())
    _checked(_libc.mount(*words), f"mount {target}")


def make_read_only(target: str, flags: int) -> None:
    """With what is mounted below if the flags say so; mount(2) alone does not reach that (mount_setattr(2))."""
    attributes = struct.pack("QQQQ", MOUNT_ATTR_RDONLY, 0, 0, 0)
    words = (ctypes.c_long(MOUNT_SETATTR), AT_FDCWD, target.encode(), flags, attributes, len(attributes))
    _checked(_libc.syscall(*words), f"mount_setattr {target}")


def loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


def disk(target: str, size_bytes: int, mode: int) -> None:
    os.makedirs(target, exist_ok=True)
    mount("tmpfs", target, "tmpfs", NOSUID | NODEV, f"size={size_bytes},mode={mode:o}")


def step(root: str, kind: str, *words: str) -> None:
    """One more part of the room is there."""
    if kind == "show":
        os.makedirs(root + words[1], exist_ok=True)
        mount(words[0], root + words[1], "", BIND | RECURSIVE)
        make_read_only(root + words[1], AT_RECURSIVE)
    elif kind == "disk":
        disk(root + words[0], int(words[1]), int(words[2], 8))
    elif kind == "folder":
        os.makedirs(root + words[0], exist_ok=True)
    elif kind == "link":
        os.symlink(words[0], root + words[1])
    else:
        with open(root + words[0], "wb"):
            pass
        mount(words[0], root + words[0], "", BIND)


def make(root: str, steps: list[list[str]], read_only: list[str]) -> None:
    """The room stands below `root`, and is our root."""
    disk(root, 1024**2, 0o755)
    for one in steps:
        step(root, *one)
    os.makedirs(f"{root}/proc")
    mount("proc", f"{root}/proc", "proc", NOSUID | NODEV | NOEXEC)
    for place in read_only:
        make_read_only(root + place, 0)
    os.chdir(root)
    # The old root lies on top of the new one for a moment (pivot_root(2)).
    subprocess.run(["pivot_root", ".", "."], check=True)
    _checked(_libc.umount2(b".", MNT_DETACH), "umount")


def main() -> None:
    plan = json.loads(sys.argv[1])
    number = os.readlink("/proc/self")
    os.umask(0o022)
    socket.sethostname("claimlab")
    loopback_up()
    make(plan["root"], plan["steps"], plan["read_only"])
    os.chdir(plan["folder"])
    if plan["closed"]:  # no room in the room: its disks would have no bound
        with contextlib.suppress(OSError), open("/proc/sys/user/max_user_namespaces", "w", encoding="utf-8") as limit:
            limit.write("0")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel takes away what ends as our child
    print(number, flush=True)
    os.execvp("cat", ["cat"])


if __name__ == "__main__":
    main()
