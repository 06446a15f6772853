"""What a trial in a container cannot do, and that nothing is left of it.

What both engines promise stands in test_engine.py.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.bench_fixtures import NEWEST, OpenContainer, eventually, pinned, shell, words

from claimlab.benches.bench import NOBODY, Bench
from claimlab.benches.container import FOLDER, GOROOT, LABEL, WARM_CACHE, sweep
from claimlab.benches.docker_engine import DockerEngine
from claimlab.project.errors import LabBroken

if TYPE_CHECKING:
    from docker import DockerClient
from claimlab.project.runs import current_run

pytest_plugins = ["tests.bench_fixtures"]
pytestmark = pytest.mark.docker


def containers_of(client: "DockerClient", run_id: str) -> set[str]:
    """Names of a run's containers, in whatever state."""
    found = client.api.containers(all=True, filters={"label": f"{LABEL}={run_id}"})
    return {str(container["Id"]) for container in found}


def process_status(bench: Bench, field: str) -> list[str]:
    """A line of /proc/self/status (proc(5))."""
    return words(bench, f"grep -w ^{field}: /proc/self/status")[1:]


# What it cannot do


def test_there_is_no_network(container_bench: Bench) -> None:
    assert words(container_bench, "ls /sys/class/net") == ["lo"]


def test_it_runs_as_nobody(container_bench: Bench) -> None:
    assert process_status(container_bench, "Uid") == [str(NOBODY)] * 4
    assert process_status(container_bench, "Gid") == [str(NOBODY)] * 4


@pytest.mark.parametrize("name", ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
def test_it_has_no_capability(container_bench: Bench, name: str) -> None:
    assert int(process_status(container_bench, name)[0], 16) == 0


def test_it_can_gain_no_privileges(container_bench: Bench) -> None:
    assert process_status(container_bench, "NoNewPrivs") == ["1"]


def test_system_calls_are_filtered(container_bench: Bench) -> None:
    assert process_status(container_bench, "Seccomp") == ["2"]


@pytest.mark.parametrize("folder", ["", "/etc", "/usr/bin", f"{GOROOT}/src/fmt", WARM_CACHE, "/opt/claimlab"])
def test_the_image_cannot_be_written(container_bench: Bench, folder: str) -> None:
    done = shell(container_bench, f"touch {folder}/x")
    assert done.exit_code == 1
    assert b"Read-only file system" in done.stderr


def test_only_its_folder_and_tmp_can_be_written(container_bench: Bench) -> None:
    done = shell(container_bench, "find / -xdev -writable ! -type l ! -path '/proc/*' 2>/dev/null")
    assert sorted(done.text().split()) == ["/tmp", FOLDER]


@pytest.mark.parametrize(("folder", "size_mib"), [(FOLDER, 1024), ("/tmp", 256)])
def test_the_disk_is_bounded(container_bench: Bench, folder: str, size_mib: int) -> None:
    done = shell(container_bench, f"dd if=/dev/zero of={folder}/big bs=1M count={size_mib + 1}; rm {folder}/big")
    assert b"No space left on device" in done.stderr


def test_putting_more_than_fits_breaks_the_lab_by_name(open_own_container: OpenContainer) -> None:
    with open_own_container() as bench:
        with pytest.raises(LabBroken, match="its disk is full"):
            shell(bench, "dd if=/dev/zero of=full bs=1M count=1100")
        with pytest.raises(LabBroken, match="straw"):
            bench.put({"straw": bytes(2 << 20)})


# Huge pages where the kernel gives them, because a million page faults take seconds.
TAKE_5_GIB = """
import mmap
memory = mmap.mmap(-1, 5 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
try:
    memory.madvise(mmap.MADV_HUGEPAGE)
except OSError:
    pass
piece = bytes(8 << 20)
for start in range(0, 5 << 30, len(piece)):
    memory[start : start + len(piece)] = piece
print("has it")
"""


def test_memory_is_bounded(open_own_container: OpenContainer) -> None:
    with open_own_container(life_s=400) as bench:
        with pytest.raises(LabBroken, match="memory was used up") as broken:
            bench.run(["python3", "-c", TAKE_5_GIB], step="run", timeout_s=300)
        assert (broken.value.exit_code, broken.value.tail) == (137, "")
        assert shell(bench, "echo alive").stdout == b"alive\n"


FORK_UNTIL_REFUSED = """
import errno, os, signal
children = []
try:
    while len(children) < 1200:
        child = os.fork()
        if child == 0:
            signal.pause()
        children.append(child)
except OSError as error:
    print(len(children), errno.errorcode[error.errno])
for child in children:
    os.kill(child, signal.SIGKILL)
"""


def test_the_number_of_processes_is_bounded(open_own_container: OpenContainer) -> None:
    with open_own_container() as bench, pytest.raises(LabBroken, match="no more processes were given") as broken:
        bench.run(["python3", "-c", FORK_UNTIL_REFUSED], step="run")
    count, error = broken.value.tail.split()
    assert error == "EAGAIN"
    assert 1000 < int(count) < 1024


@pytest.mark.parametrize(("option", "limit"), [("c", "0"), ("n", "4096")])
def test_core_files_and_open_files_are_bounded(container_bench: Bench, option: str, limit: str) -> None:
    assert words(container_bench, f"ulimit -H -{option}; ulimit -S -{option}") == [limit, limit]


def test_a_command_killed_for_its_time_leaves_no_process(open_own_container: OpenContainer) -> None:
    with open_own_container(life_s=77) as bench:
        shell(bench, "sleep 301 & sleep 302 & wait", timeout_s=1)
        commands = words(bench, "cat /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep -x '[0-9]*'")
    assert "77" in commands
    assert not {"301", "302"} & set(commands)


@contextmanager
def slow_to_read() -> Iterator[None]:
    """Another thread keeps the interpreter to itself for a fifth of a second at a time."""
    done = threading.Event()

    def spin() -> None:
        while not done.is_set():
            pass

    interval = sys.getswitchinterval()
    thread = threading.Thread(target=spin)
    sys.setswitchinterval(0.2)
    thread.start()
    try:
        yield
    finally:
        done.set()
        sys.setswitchinterval(interval)
        thread.join()


def test_no_output_is_lost_where_it_has_come_before_we_read(container_bench: Bench) -> None:
    """It then lies in the same packet as the head of the daemon's answer (docker-py issue 3332)."""
    with slow_to_read():
        printed = [shell(container_bench, f"echo {number}; echo {number} >&2") for number in range(4)]
    assert [(one.stdout, one.stderr) for one in printed] == [(b"%d\n" % number,) * 2 for number in range(4)]


# Its end


def test_a_container_carries_its_runs_name(docker_engine: DockerEngine) -> None:
    with docker_engine.open(pinned(NEWEST), 60) as bench:
        name = words(bench, "hostname || cat /etc/hostname")[0]
        labels = docker_engine.client.containers.get(name).labels
    assert labels["claimlab"] == "bench"
    assert labels[LABEL] == current_run()


def test_nothing_is_left_of_a_container(
    open_own_container: OpenContainer, docker_engine: DockerEngine, run_id: str
) -> None:
    volumes = len(docker_engine.client.volumes.list())
    with open_own_container() as bench:
        shell(bench, "sleep 100 &")
        assert len(containers_of(docker_engine.client, run_id)) == 1
    assert eventually(lambda: not containers_of(docker_engine.client, run_id))
    assert len(docker_engine.client.volumes.list()) <= volumes


@pytest.mark.parametrize("trouble", [LabBroken("broken"), KeyboardInterrupt(), ZeroDivisionError()])
def test_nothing_is_left_of_a_container_after_trouble(
    open_own_container: OpenContainer, docker_engine: DockerEngine, run_id: str, trouble: BaseException
) -> None:
    with pytest.raises(type(trouble)), open_own_container():
        raise trouble
    assert eventually(lambda: not containers_of(docker_engine.client, run_id))


def test_a_containers_life_ends_by_itself(
    open_own_container: OpenContainer, docker_engine: DockerEngine, run_id: str
) -> None:
    with open_own_container(life_s=4):  # of which opening it takes some
        assert eventually(lambda: not containers_of(docker_engine.client, run_id))


def test_a_command_under_way_when_life_ends_breaks_the_lab(open_own_container: OpenContainer) -> None:
    """Its exit code, 137, would pass for something the lab saw."""
    with open_own_container(life_s=4) as bench, pytest.raises(LabBroken):
        shell(bench, "sleep 300")


@pytest.mark.parametrize("what", ["run", "put", "get"])
def test_whatever_is_asked_of_a_container_that_is_gone_breaks_the_lab(
    open_own_container: OpenContainer, docker_engine: DockerEngine, run_id: str, what: str
) -> None:
    with open_own_container() as bench:
        sweep(docker_engine.client, run_id)
        with pytest.raises(LabBroken):
            if what == "run":
                shell(bench, "true")
            elif what == "put":
                bench.put({"a": b""})
            else:
                bench.get("a")


def test_a_sweep_removes_the_containers_of_its_run_only(
    open_own_container: OpenContainer, docker_engine: DockerEngine, run_id: str
) -> None:
    client, other = docker_engine.client, f"other-{run_id}"
    with open_own_container(), open_own_container(), open_own_container(run=other) as bench:
        assert sweep(client, run_id) == 2
        assert not containers_of(client, run_id)
        assert len(containers_of(client, other)) == 1
        assert shell(bench, "echo alive").stdout == b"alive\n"
        assert sweep(client, run_id) == 0
