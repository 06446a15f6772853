"""What a program on a bench of the local engine sees, reaches and can do where there are namespaces.

Each test is a program that tries it, in a real room of each kind; the last runs all of them as an ordinary user.
"""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest
from tests.bench_fixtures import HELLO, shell, words
from tests.ordinary import AS_ROOT, GOROOT_AND_CACHES, as_ordinary_user
from tests.ours import ROOT
from tests.rooms import OpenRoom, python

from claimlab.benches.folder import FolderBench
from claimlab.instruments.gdb import Run, Step, session
from claimlab.instruments.gobuild import build
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures", "tests.ordinary", "tests.rooms"]
pytestmark = pytest.mark.gdb


# What is seen


def test_files_of_this_machine_are_not_seen(bench: FolderBench, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    for place in (secret, ROOT / "pyproject.toml", Path("/var/lib"), Path("/run"), Path("/home")):
        assert place.exists()
        assert words(bench, f"[ -e '{place}' ] && echo seen || echo hidden") == ["hidden"]


def test_of_a_home_folder_only_what_python_and_go_need_is_seen(bench: FolderBench) -> None:
    seen = words(bench, "find /root /home -type f 2>/dev/null | head -10000")
    needed = (str(Path(sys.base_prefix).resolve()), bench.goroot)
    assert [one for one in seen if not one.startswith(needed)] == []


def test_nobodys_processes_are_seen_nor_reached(bench: FolderBench) -> None:
    sleeper = subprocess.Popen(["sleep", "300"], user=65534 if AS_ROOT else None)
    try:
        seen = words(bench, "ls /proc | grep -x '[0-9]*'")
        assert len(seen) < 8
        shell(bench, f"kill -KILL {sleeper.pid}")
        with pytest.raises(LabBroken):  # its watcher is within reach
            shell(bench, "kill -KILL -1; sleep 5")
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_this_machines_network_is_out_of_reach_and_the_benchs_own_works(bench: FolderBench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as abstract:
        name = f"\0claimlab-{os.getpid()}-{time.time_ns()}"
        abstract.bind(name)
        abstract.listen()
        port = tcp.getsockname()[1]
        socket.create_connection(("127.0.0.1", port)).close()
        program = f"""
import socket
for family, address in ((socket.AF_INET, ("127.0.0.1", {port})), (socket.AF_UNIX, {name!r})):
    try:
        socket.socket(family).connect(address)
        print("reached")
    except ConnectionRefusedError:
        print("refused")
with socket.create_server(("127.0.0.1", {port})):
    socket.create_connection(("127.0.0.1", {port}))
    print("own")
"""
        assert python(bench, program).split() == ["refused", "refused", "own"]
    assert words(bench, "tail -n +3 /proc/net/dev | cut -d: -f1") == ["lo"]


def test_its_shared_memory_semaphores_and_name_are_its_own(bench: FolderBench) -> None:
    made = subprocess.run(["ipcmk", "-Q"], capture_output=True, text=True, check=True).stdout.split()[-1]
    try:
        assert words(bench, "tail -n +2 /proc/sysvipc/msg | wc -l; hostname") == ["0", "claimlab"]
    finally:
        subprocess.run(["ipcrm", "-q", made], check=True)


def test_nothing_runs_with_capabilities_or_as_root(bench: FolderBench) -> None:
    status = shell(bench, "cat /proc/self/status").text().splitlines()
    told = dict(line.split(":\t", 1) for line in status)
    assert {int(told[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert told["NoNewPrivs"] == "1"
    assert "0" not in told["Uid"].split()
    assert "0" not in told["Gid"].split()


def test_the_rooms_first_process_cannot_be_traced(bench: FolderBench) -> None:
    assert python(
        bench,
        "import ctypes; libc = ctypes.CDLL(None, use_errno=True); print(libc.ptrace(16, 1, 0, 0), ctypes.get_errno())",
    ).split() == ["-1", "1"]  # PTRACE_ATTACH, EPERM


def test_there_is_no_room_in_a_room_that_an_ordinary_user_made(bench: FolderBench) -> None:
    """Root needs no user namespace for its rooms, and the limit in them is the machine's."""
    limit = int(Path("/proc/sys/user/max_user_namespaces").read_text())
    assert (shell(bench, "unshare --user true").exit_code == 0) is (AS_ROOT and limit > 0)


# What is written


@pytest.mark.parametrize("place", ["/usr", "/etc", "/", "/dev", "/sys/fs/cgroup", "/opt"])
def test_the_system_is_read_only(bench: FolderBench, place: str) -> None:
    assert shell(bench, f"touch {place}/claimlab-was-here").exit_code != 0
    assert not Path(place, "claimlab-was-here").exists()


def test_goroot_and_the_shared_cache_cannot_be_written(
    bench: FolderBench, goroot_and_caches: tuple[Path, list[Path]]
) -> None:
    goroot, (cache, *_) = goroot_and_caches
    entry = next(one for one in cache.glob("*/*-d"))
    source = goroot / "src" / "fmt" / "print.go"
    before = entry.read_bytes(), source.read_bytes()
    link = f".gocache/{entry.relative_to(cache)}"
    assert words(bench, f"readlink {link}") == [str(entry.absolute())]
    for command in (
        f"echo x >> {link}",
        f"chmod u+w {source}; echo x >> {source}",
        f"touch {cache}/new",
        f"mv {source} {source}.old",
        f"rm -f {entry.absolute()}",
    ):
        assert shell(bench, command).exit_code != 0
    assert (entry.read_bytes(), source.read_bytes()) == before


def test_two_benches_share_nothing(open_room_bench: OpenRoom) -> None:
    with open_room_bench() as one, open_room_bench() as other:
        for bench in (one, other):
            assert words(bench, "ls /bench /tmp /dev/shm") == ["/bench:", "/dev/shm:", "/tmp:"]
            shell(bench, "touch /bench/mine /tmp/mine /dev/shm/mine")
        shell(one, "rm /bench/mine")
        assert words(other, "ls /bench") == ["mine"]


# What works


def test_gdb_stops_and_reads(bench: FolderBench) -> None:
    binary = build(bench, HELLO, name="hello")
    seen = session(bench, binary, [Run([], 1, [Step(["main.main"])])])
    assert [stop.function for stop in seen.runs[0].stops] == ["main.main"]


def test_addresses_are_not_randomised_under_gdb(bench: FolderBench) -> None:
    script = "gdb -batch -ex 'break main' -ex run -ex 'info proc mappings' /usr/bin/env 2>&1 | grep -i randomi; true"
    assert shell(bench, script).stdout == b""
    assert words(bench, "setarch -R cat /proc/self/personality") == ["00040000"]


RACE: Final = {
    "main.go": b"package main\n\nfunc main() {\n\tx := 0\n\tdone := make(chan bool)\n"
    b"\tgo func() { x++; done <- true }()\n\tx++\n\t<-done\n\tprintln(x)\n}\n"
}
CGO: Final = {
    "main.go": b'package main\n\n// int seven(void) { return 7; }\nimport "C"\n\nfunc main() { println(C.seven()) }\n'
}


def test_the_race_detector_works(bench: FolderBench) -> None:
    binary = build(bench, RACE, flags="race", name="racy")
    done = bench.run([f"./{binary.name}"], step="run")
    assert b"WARNING: DATA RACE" in done.stderr
    assert done.exit_code == 66


def test_cgo_works(bench: FolderBench) -> None:
    bench.put({f"c/{name}": text for name, text in CGO.items()} | {"c/go.mod": b"module c\n\ngo 1.21\n"})
    bench.run(
        ["go", "build", "-C", "c", "-o", "../seven", "."], step="build", env={"CGO_ENABLED": "1"}, timeout_s=180
    ).or_broken("cgo does not work")
    assert bench.run(["./seven"], step="run").stderr == b"7\n"


# For anybody


BOUNDS: Final = str(Path(__file__).with_name("test_room_bounds.py"))


@pytest.mark.skipif(not AS_ROOT, reason="who runs this is an ordinary user already")
def test_all_this_holds_for_an_ordinary_user(goroot_and_caches: tuple[Path, list[Path]]) -> None:
    done = as_ordinary_user(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-rs", __file__, BOUNDS],
        {GOROOT_AND_CACHES: os.pathsep.join(map(str, (goroot_and_caches[0], *goroot_and_caches[1])))},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout
    assert "no room can be made" not in done.stdout
