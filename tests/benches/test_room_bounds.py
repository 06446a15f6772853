"""What a hostile program on a bench of the local engine may use up, leave behind and hand over in namespaces.

Each test is a program that tries it, in a real room of each kind.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil
import pytest
from tests.bench_fixtures import eventually, shell, words
from tests.ours import ROOT
from tests.processes import processes_of, running
from tests.rooms import MIB, SMALL, OpenRoom, neighbour, others, python

from claimlab.benches.folder import FolderBench, sweep
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures", "tests.ordinary", "tests.rooms"]
pytestmark = pytest.mark.gdb


# What ends


def test_a_daemon_with_an_empty_environment_ends_with_the_command_that_started_it(bench: FolderBench) -> None:
    done = shell(bench, "env -i setsid setsid --fork sleep 301; echo begun")
    assert done.stdout == b"begun\n"
    assert others(bench) == []


def test_what_ends_its_own_watcher_ends_too_and_is_no_answer(bench: FolderBench) -> None:
    with pytest.raises(LabBroken, match="nobody told how the command ended"):
        shell(bench, "env -i setsid sleep 302 & sleep 0.2; kill -KILL -1; kill -KILL $PPID; sleep 300")
    assert others(bench) == []
    assert words(bench, "echo next") == ["next"]


DIES: Final = """
import sys, time
from pathlib import Path
from claimlab.benches.folder import open_folder
from claimlab.benches.namespace import Isolation
from tests.bench_fixtures import NEWEST, pinned
goroot, *caches, kind, run = sys.argv[1:]
with open_folder(Path(goroot), list(map(Path, caches)), pinned(NEWEST), run, 300, within=Isolation(kind)) as bench:
    print("open", flush=True)
    bench.run(["sh", "-c", "env -i setsid sleep 303.5 & sleep 303.5"], step="run", timeout_s=300)
"""


def test_nothing_is_left_when_whoever_opened_it_is_killed(
    bench: FolderBench,
    open_room_bench: OpenRoom,
    goroot_and_caches: tuple[Path, list[Path]],
    request: pytest.FixtureRequest,
) -> None:
    kind = request.node.callspec.params["open_room_bench"]
    run = f"dies-{os.getpid()}-{time.time_ns()}"
    env = {**os.environ, "PYTHONPATH": f"{ROOT}/src:{ROOT}"}
    argv = [sys.executable, "-c", DIES, *map(str, (goroot_and_caches[0], *goroot_and_caches[1])), kind, run]
    with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        assert eventually(lambda: len(running(["sleep", "303.5"])) == 2)
        process.kill()
    assert eventually(lambda: not running(["sleep", "303.5"]))

    assert eventually(lambda: not processes_of(run))
    sweep(run)
    groups = [one for one in Path("/sys/fs/cgroup").rglob(f"claimlab-{run}-*") if one.is_dir()]
    assert [*groups, *Path(tempfile.gettempdir()).glob(f"claimlab-{run}-*")] == []


# What is bounded


BOMB: Final = """
import os, time
while True:
    try:
        os.fork()
    except OSError:
        time.sleep(0.01)
"""
HOG: Final = """
import time
kept = []
for _ in range(600):
    kept.append(b"x" * 1024**2)
    time.sleep(0.002)
"""


def test_a_fork_bomb_stays_on_its_bench_and_ends(small: FolderBench, open_room_bench: OpenRoom) -> None:
    before = len(psutil.pids())
    with neighbour(open_room_bench):
        thread = threading.Thread(target=lambda: _broken_or_not(lambda: python(small, BOMB, timeout_s=3)))
        thread.start()
        most = 0
        while thread.is_alive():
            most = max(most, len(others(small)))
            time.sleep(0.05)
        thread.join()
    assert 50 < most <= SMALL.processes + 1
    assert others(small) == []
    assert words(small, "echo next") == ["next"]
    assert len(psutil.pids()) < before + 50


def _broken_or_not(work: Callable[[], object]) -> None:
    try:
        work()
    except LabBroken as broken:
        assert "no more processes" in str(broken)


def test_a_program_that_uses_too_much_memory_is_ended_and_no_answer(
    small: FolderBench, open_room_bench: OpenRoom
) -> None:
    with neighbour(open_room_bench), pytest.raises(LabBroken, match=r"memory (was used up|for themselves)|of memory"):
        python(small, HOG)
    assert others(small) == []
    assert words(small, "echo next") == ["next"]


@pytest.mark.parametrize(("place", "mib"), [("/bench", 64), ("/tmp", 16), ("/dev/shm", 16)])
def test_the_disks_are_bounded(small: FolderBench, place: str, mib: int) -> None:
    script = f"head -c 200M /dev/zero > {place}/much; stat -c %s {place}/much; rm {place}/much"
    size = int(words(small, script)[0])
    assert mib * MIB / 2 <= size <= mib * MIB  # on the first lies the build cache too


def test_a_full_disk_is_no_answer(small: FolderBench) -> None:
    with pytest.raises(LabBroken, match="disk is full"):
        shell(small, "head -c 200M /dev/zero > much")


@pytest.mark.parametrize("stream", [1, 2])
def test_a_flood_of_output_is_stopped_and_not_held(small: FolderBench, stream: int) -> None:
    before = psutil.Process().memory_info().rss
    started = time.monotonic()
    with pytest.raises(LabBroken, match="bytes were printed on"):
        shell(small, f"exec cat /dev/zero >&{stream}", timeout_s=120)
    assert time.monotonic() - started < 60
    assert psutil.Process().memory_info().rss - before < 160 * MIB


# What crosses


@pytest.mark.parametrize(
    ("script", "words_said"),
    [
        ("ln -s /dev/zero answer", "symbolic link"),
        ("ln -s /etc/passwd answer", "symbolic link"),
        ("mkfifo answer", "pipe"),
        ("truncate -s 900M answer", "bytes long"),
        ("mkdir answer", "folder"),
        ("true", "No such file"),
    ],
)
def test_only_a_regular_file_of_bounded_size_crosses(bench: FolderBench, script: str, words_said: str) -> None:
    shell(bench, f"rm -rf answer; {script}").or_broken("the trap was not laid")
    with pytest.raises(LabBroken, match=words_said):
        bench.get("answer")
    shell(bench, "rm -rf answer")


def test_no_folder_on_the_way_may_be_a_link(bench: FolderBench) -> None:
    shell(bench, "rm -rf way; ln -s /etc way").or_broken("the trap was not laid")
    with pytest.raises(LabBroken, match="symbolic link"):
        bench.get("way/passwd")
    with pytest.raises(LabBroken, match="could not be put"):
        bench.put({"way/claimlab-was-here": b""})
    shell(bench, "rm way")


@pytest.mark.parametrize("trap", ["ln -s /bench/elsewhere new", "mkfifo new", "touch new; chmod 0 new"])
def test_what_is_put_replaces_whatever_lies_there(bench: FolderBench, trap: str) -> None:
    shell(bench, f"rm -rf new elsewhere; {trap}").or_broken("the trap was not laid")
    bench.put({"new": b"content"})
    assert words(bench, "stat -c %F,%a new; cat new; ls elsewhere 2>&1 || true")[:2] == ["regular", "file,755"]
    assert bench.get("new") == b"content"
    assert not Path(bench.folder, "elsewhere").exists()
    shell(bench, "echo more >> new").or_broken("the program cannot write its own file")


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../outside"])
def test_nothing_outside_is_named(bench: FolderBench, name: str) -> None:
    with pytest.raises(LabBroken, match="outside"):
        bench.put({name: b""})
    with pytest.raises(LabBroken, match="outside"):
        bench.get(name)
