"""Runs inside gdb, beside it: lets it go on where it waits for a process that was killed while starting a thread.

gdb 13 to 17 do not know a thread that its process had just begun to start when SIGKILL came. Having seen the others
die they wait for the process as a whole (inf-ptrace.c: mourn_inferior; linux-nat.c: kill_wait_one_lwp), which ends for
the kernel only when its tracer has waited for each thread (kernel/exit.c: delay_group_leader): for ever.
"""

import os
import platform
import signal
import threading
import time

WAIT4 = {"x86_64": "61", "aarch64": "260"}.get(platform.machine(), "")
WALL = 0x40000000  # __WALL of wait4(2): threads too; Python has no name for it
EVERY_S = 0.1


def waited_for():
    """The process that gdb's own thread waits for, and for nothing else; 0 if it does something else."""
    with open("/proc/self/task/%d/syscall" % os.getpid(), encoding="utf-8") as opened:
        words = opened.read().split()
    if words[:1] != [WAIT4]:
        return 0
    pid = int(words[1], 16)
    return pid if pid < 1 << 31 else 0


def has_ended(task):
    """A zombie: the letter after the name, which may itself have brackets (proc_pid_stat(5))."""
    with open(task + "/stat", encoding="utf-8") as opened:
        return opened.read().rpartition(")")[2].split()[0] == "Z"


def reap(pid):
    """The threads of the dead process that have ended are waited for."""
    tasks = "/proc/%d/task" % pid
    if has_ended("/proc/%d" % pid):
        for thread in os.listdir(tasks):
            if int(thread) != pid and has_ended(tasks + "/" + thread):
                os.waitpid(int(thread), WALL | os.WNOHANG)


def keep_reaping():
    while True:
        time.sleep(EVERY_S)
        try:
            if pid := waited_for():
                reap(pid)
        except OSError:
            pass  # it has just gone; or it is not ours to look at, and then gdb is as it was


def start_reaping():
    """It is done in a thread of its own, which gets no signal.

    gdb's own thread sleeps until SIGCHLD wakes it (linux-nat.c: wait_for_signal), which another thread must not get.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # a thread begins with its maker's mask
    try:
        threading.Thread(target=keep_reaping, daemon=True).start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
