"""What bounds a trial in a folder of this machine where no namespace can be made, and that nothing is left of it.

What holds in namespaces stands in test_rooms.py, what both engines promise in test_bench.py.
"""

import hashlib
import os
import resource
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest
from tests.bench_fixtures import HELLO, OpenFolder, eventually, shell, words
from tests.ours import ROOT
from tests.processes import is_gone

from claimlab.benches.bench import OUTPUT_LIMIT_BYTES, Bench
from claimlab.benches.folder import FolderBench, sweep
from claimlab.benches.place import MARK
from claimlab.instruments.gobuild import build
from claimlab.project.errors import LabBroken
from claimlab.toolchains.flags import FLAG_SETS

pytest_plugins = ["tests.bench_fixtures"]
pytestmark = pytest.mark.gdb


def pid_from(path: Path) -> int:
    """The process whose number a script writes there."""
    assert eventually(lambda: path.is_file() and path.read_text().endswith("\n"))
    return int(path.read_text())


# Bounds


def test_a_timeout_kills_the_whole_process_group(open_own_folder: OpenFolder) -> None:
    with open_own_folder() as bench:
        done = shell(bench, "(sleep 300 & echo $! > grandchild; wait) & wait", timeout_s=1)
        assert done.timed_out
        assert eventually(lambda: is_gone(pid_from(bench.folder / "grandchild")))


def test_what_a_command_left_in_the_background_ends_with_it(open_own_folder: OpenFolder) -> None:
    with open_own_folder() as bench:
        done = shell(bench, "sleep 300 > /dev/null 2>&1 & echo $!")
        assert not done.timed_out
        assert eventually(lambda: is_gone(int(done.stdout)))


@pytest.mark.parametrize(("option", "hard", "soft"), [("c", "0", "0"), ("n", "4096", "4096"), ("t", "630", "600")])
def test_limits_are_set(folder_bench: Bench, option: str, hard: str, soft: str) -> None:
    assert words(folder_bench, f"ulimit -H -{option}; ulimit -S -{option}") == [hard, soft]


def test_the_size_of_a_file_is_bounded(folder_bench: Bench) -> None:
    assert shell(folder_bench, "truncate -s 1G fits").exit_code == 0
    with pytest.raises(LabBroken, match="a file became larger than files may be"):
        folder_bench.run(["truncate", "-s", "1025M", "too-large"], step="run")
    assert words(folder_bench, "stat -c %s too-large") == ["0"]


@pytest.mark.parametrize("stream", [1, 2])
def test_our_own_memory_does_not_grow_with_what_a_program_prints(open_own_folder: OpenFolder, stream: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open_own_folder() as bench, pytest.raises(LabBroken, match="bytes were printed on standard"):
        shell(bench, f"cat /dev/zero >&{stream}")
    grown_bytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown_bytes < 10 * OUTPUT_LIMIT_BYTES


def test_the_folder_is_private(open_own_folder: OpenFolder) -> None:
    with open_own_folder() as bench:
        assert stat.S_IMODE(bench.folder.stat().st_mode) == 0o700
        assert words(bench, "pwd") == [str(bench.folder)]


def test_after_its_life_every_command_breaks_the_lab_at_once(open_own_folder: OpenFolder) -> None:
    with open_own_folder(life_s=0) as bench:
        started = time.monotonic()
        with pytest.raises(LabBroken):
            shell(bench, "sleep 300")
        assert time.monotonic() - started < 30


# The shared build cache


def tree_hash(folder: Path) -> str:
    """Over names and contents of all files below the folder."""
    hashed = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        hashed.update(f"{path.relative_to(folder)}\0".encode())
        if path.is_file():
            hashed.update(hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()


def test_builds_do_not_write_through_to_the_shared_cache(open_own_folder: OpenFolder, own_warm_cache: Path) -> None:
    before = tree_hash(own_warm_cache)
    with open_own_folder(cache=own_warm_cache) as bench:
        for flags in FLAG_SETS:
            build(bench, HELLO, flags=flags)
        assert int(words(bench, "find .gocache -type f | wc -l")[0]) > 1
    assert tree_hash(own_warm_cache) == before


def test_compiling_a_library_package_anew_does_not_write_through_to_the_shared_cache(
    open_own_folder: OpenFolder, own_warm_cache: Path
) -> None:
    """go writes an entry that it has already in place: opened without O_EXCL, through any link
    (cmd/go/internal/cache: putIndexEntry)."""
    before = tree_hash(own_warm_cache)
    with open_own_folder(cache=own_warm_cache) as bench:
        options, env = FLAG_SETS["plain"]
        bench.run(["go", "build", "-a", *options, "internal/goarch"], step="build", env=env).or_broken("no build")
    assert tree_hash(own_warm_cache) == before


# Its end


def test_nothing_is_left_of_a_folder(open_own_folder: OpenFolder) -> None:
    with open_own_folder() as bench:
        bench.put({"a/b": b""})
        shell(bench, "mkdir -p locked/in && touch locked/in/file && chmod -R a-w locked")
    assert not bench.folder.exists()


@pytest.mark.parametrize("trouble", [LabBroken("broken"), KeyboardInterrupt(), ZeroDivisionError()])
def test_nothing_is_left_of_a_folder_after_trouble(open_own_folder: OpenFolder, trouble: BaseException) -> None:
    opened: list[FolderBench] = []
    with pytest.raises(type(trouble)), open_own_folder() as bench:
        opened.append(bench)
        raise trouble
    assert not opened[0].folder.exists()


def test_a_daemon_with_an_empty_environment_ends_with_the_command_that_started_it(open_own_folder: OpenFolder) -> None:
    with open_own_folder() as bench:
        script = "env -i setsid --fork sh -c 'echo $$ > daemon; exec sleep 300' > /dev/null 2>&1"
        shell(bench, f"{script}; while [ ! -s daemon ]; do sleep 0.02; done").or_broken("no daemon began")
        assert is_gone(pid_from(bench.folder / "daemon"))


def test_what_ends_its_own_watcher_is_no_answer_and_is_found_by_its_control_group(open_own_folder: OpenFolder) -> None:
    with open_own_folder() as bench:
        if not bench._place.group.folders:
            pytest.skip("no control group can be made here")
        begins = "env -i setsid sh -c 'echo $$ > escaped; exec sleep 300' > /dev/null 2>&1 &"
        with pytest.raises(LabBroken, match="nobody told how the command ended"):
            shell(bench, f"{begins} while [ ! -s escaped ]; do sleep 0.02; done; kill -KILL $PPID; sleep 1")
        assert is_gone(pid_from(bench.folder / "escaped"))


KILLED: Final = """
import sys
from pathlib import Path
from claimlab.benches.folder import open_folder
from claimlab.benches.namespace import Isolation
from tests.bench_fixtures import NEWEST, pinned
empty, run = Path(sys.argv[1]), sys.argv[2]
with open_folder(empty, [empty], pinned(NEWEST), run, 300, within=Isolation("none")) as bench:
    print(bench.folder, flush=True)
    bench.run(["sh", "-c", "echo $$ > began; exec sleep 300"], step="run", timeout_s=300)
"""


def test_a_sweep_ends_what_its_run_has_left_and_nothing_else(tmp_path: Path, run_id: str) -> None:
    """Left of runs that were killed, and could clean nothing up."""
    left = []
    for run in (run_id, f"other-{run_id}"):
        env = {**os.environ, "PYTHONPATH": f"{ROOT}/src:{ROOT}"}
        argv = [sys.executable, "-c", KILLED, str(tmp_path), run]
        with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            folder = Path(process.stdout.readline().strip())
            left.append((folder, pid_from(folder / "began")))
            process.kill()
    (my_folder, my_process), (their_folder, their_process) = left
    assert not is_gone(my_process)
    assert sweep(run_id) >= 1
    assert is_gone(my_process)
    assert not my_folder.exists()
    assert not is_gone(their_process)
    assert their_folder.is_dir()
    assert sweep(f"other-{run_id}") >= 1
    assert sweep(run_id) == 0


def test_every_process_carries_its_runs_mark(open_own_folder: OpenFolder, run_id: str) -> None:
    with open_own_folder() as bench:
        assert words(bench, f"env | grep ^{MARK}=") == [f"{MARK}={run_id}"]
    assert MARK not in os.environ
