"""The lock that gives the machine away whole, across processes, and the facts of the host."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from select import select

import pytest
from tests.ours import ROOT

from claimlab.benches.host import LOCK, alone, cpu_model, host_facts, share

Start = Callable[..., subprocess.Popen[str]]

HOLDER = """
import sys, time
from pathlib import Path
from claimlab.benches import host as machine

folder, name, mode, rounds = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
(folder / f"{name}.ready").touch()
for _ in range(rounds):
    with getattr(machine, mode)(folder / "lock"):
        entered = time.monotonic_ns()
        (folder / f"{name}.in").touch()
        while rounds == 1 and not (folder / f"{name}.leave").exists():
            time.sleep(0.002)
        time.sleep(0.002)
        print(mode, entered, time.monotonic_ns(), flush=True)
"""
LIMIT_S = 60.0


class Rig:
    """Processes that take the lock of one folder, and leave it when told to."""

    def __init__(self, folder: Path, start: Start) -> None:
        self.folder, self.start = folder, start
        (folder / "lock").mkdir()
        self.processes: dict[str, subprocess.Popen[str]] = {}

    def enter(self, name: str, mode: str, rounds: int = 1) -> None:
        self.processes[name] = self.start(HOLDER, self.folder, name, mode, rounds)
        self.wait(name, "ready")

    def is_in(self, name: str) -> bool:
        return (self.folder / f"{name}.in").exists()

    def wait(self, name: str, mark: str = "in") -> None:
        deadline = time.monotonic() + LIMIT_S
        while not (self.folder / f"{name}.{mark}").exists():
            assert self.processes[name].poll() is None, self.processes[name].communicate()[1]
            assert time.monotonic() < deadline, f"{name} did not get so far: {mark}"
            time.sleep(0.005)

    def leave(self, name: str) -> None:
        (self.folder / f"{name}.leave").touch()
        self.intervals(name)

    def intervals(self, name: str) -> list[tuple[str, int, int]]:
        """When it was in, in nanoseconds of the machine's one monotonic clock."""
        out, err = self.processes[name].communicate(timeout=LIMIT_S)
        assert self.processes[name].returncode == 0, err
        return [(mode, int(start), int(end)) for mode, start, end in map(str.split, out.splitlines())]


@pytest.fixture
def rig(tmp_path: Path, start_python: Start) -> Rig:
    return Rig(tmp_path, start_python)


def test_those_who_share_are_in_together(rig: Rig) -> None:
    for name in ("one", "two", "three"):
        rig.enter(name, "share")
    for name in ("one", "two", "three"):
        rig.wait(name)
    for name in ("one", "two", "three"):
        rig.leave(name)


@pytest.mark.parametrize(("first", "second"), [("share", "alone"), ("alone", "share"), ("alone", "alone")])
def test_who_is_alone_waits_and_is_waited_for(rig: Rig, first: str, second: str) -> None:
    rig.enter("first", first)
    rig.wait("first")
    rig.enter("second", second)
    time.sleep(0.5)
    assert not rig.is_in("second")
    rig.leave("first")
    rig.wait("second")
    rig.leave("second")


def test_who_is_alone_waits_for_everyone_who_shares(rig: Rig) -> None:
    for name in ("one", "two"):
        rig.enter(name, "share")
        rig.wait(name)
    rig.enter("alone", "alone")
    rig.leave("one")
    time.sleep(0.5)
    assert not rig.is_in("alone")
    rig.leave("two")
    rig.wait("alone")
    rig.leave("alone")


def test_nobody_is_ever_in_beside_who_is_alone(rig: Rig) -> None:
    """Many short turns of both kinds, by their own clocks."""
    modes = {"a": "alone", "b": "alone", "s": "share", "t": "share"}
    for name, mode in modes.items():
        rig.enter(name, mode, rounds=15)
    turns = [turn for name in modes for turn in rig.intervals(name)]
    assert len(turns) == 15 * len(modes)
    clashes = [
        (one, other)
        for index, one in enumerate(turns)
        for other in turns[index + 1 :]
        if "alone" in (one[0], other[0]) and one[1] < other[2] and other[1] < one[2]
    ]
    assert clashes == []


@pytest.mark.parametrize("mode", ["share", "alone"])
def test_who_is_killed_lets_go(rig: Rig, mode: str) -> None:
    rig.enter("killed", mode)
    rig.wait("killed")
    rig.processes["killed"].send_signal(signal.SIGKILL)
    rig.processes["killed"].wait(LIMIT_S)
    rig.enter("next", "alone")
    rig.wait("next")
    rig.leave("next")


@pytest.mark.parametrize("first", [share, alone])
@pytest.mark.parametrize("second", [share, alone])
def test_turns_of_one_process_follow_each_other(
    tmp_path: Path, first: Callable[..., object], second: Callable[..., object]
) -> None:
    """A worker runs labs of both kinds one after the other; an error in one gives the lock back."""
    lock = tmp_path / "lock"
    lock.mkdir()
    with pytest.raises(ZeroDivisionError), first(lock):  # type: ignore[attr-defined]
        raise ZeroDivisionError
    with second(lock):  # type: ignore[attr-defined]
        pass


REAL = """
import sys
from claimlab.benches import host

with getattr(host, sys.argv[1])():
    print("in", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def start_real() -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Starts a process that wants the machine, shared or alone; ended with the test."""
    with ExitStack() as ended:

        def started(*command: str, tmpdir: Path, cwd: str | None = None) -> "subprocess.Popen[bytes]":
            env = {"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(tmpdir)}
            process = subprocess.Popen(
                command, cwd=cwd, env=os.environ | env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            ended.callback(process.communicate)
            ended.callback(process.kill)
            return process

        yield started


def test_the_lock_of_the_machine_is_one_for_every_user_and_folder_of_temporary_files(
    start_real: Callable[..., "subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    """Somebody else, with another TMPDIR, waits for us."""
    nobody = as_nobody()
    ours = start_real(sys.executable, "-c", REAL, "share", tmpdir=tmp_path)
    assert ours.stdout is not None
    assert ours.stdout.readline() == b"in\n"  # before the other begins: who is alone would keep us out
    theirs = start_real(*nobody, sys.executable, "-c", REAL, "alone", tmpdir=Path("/var/tmp"), cwd="/")
    assert theirs.stdout is not None
    assert select([theirs.stdout], [], [], 3) == ([], [], [])
    assert theirs.poll() is None


def as_nobody() -> list[str]:
    """What runs a command as another user than root; nothing where this is none."""
    if os.geteuid() != 0:
        return []
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    readable = subprocess.run([*nobody, sys.executable, "-c", "import psutil"], check=False, capture_output=True)
    if readable.returncode != 0 or not (ROOT / "src").stat().st_mode & 0o005:
        pytest.skip("nobody but root can read this checkout")
    return nobody


def test_what_is_locked_cannot_be_deleted() -> None:
    """A lock file can: who holds it and who makes a new one would both be in."""
    assert LOCK.is_dir()
    assert LOCK.stat().st_uid == 0
    with pytest.raises(OSError, match=r"Operation not permitted|Permission denied|Read-only|not empty"):
        LOCK.rmdir()


def test_who_waits_to_be_alone_is_not_kept_waiting_by_those_who_come_later(rig: Rig) -> None:
    rig.enter("first", "share")
    rig.wait("first")
    rig.enter("alone", "alone")
    time.sleep(0.5)
    rig.enter("late", "share")
    time.sleep(0.5)
    assert not rig.is_in("late")
    rig.leave("first")
    rig.wait("alone")
    assert not rig.is_in("late")
    rig.leave("alone")
    rig.wait("late")
    rig.leave("late")


def test_facts_of_the_host() -> None:
    facts = host_facts()
    assert set(facts) == {"kernel", "machine", "cpu", "cores"}
    assert all(facts.values())
    assert facts["kernel"] == os.uname().release
    assert facts["machine"] == os.uname().machine
    assert int(facts["cores"]) == len(os.sched_getaffinity(0))


def test_the_processor_has_the_name_that_the_kernel_gives() -> None:
    told = Path("/proc/cpuinfo").read_text()
    assert cpu_model() in told or cpu_model().startswith("implementer ")
    assert "None" not in cpu_model()
