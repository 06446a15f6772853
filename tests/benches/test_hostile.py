"""Hostile and clumsy programs: each is contained, its reason is said, the host's memory is bounded, and a trial beside
it feels nothing.

The engine local contains them where it can make namespaces; without, these programs are not for it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.bench_fixtures import EITHER, NEWEST, OpenContainer, pinned, shell, words
from tests.hostile import DAEMONS, FORGE, FORK_BOMB, TAKE_MEMORY, Neighbour, forget_peak, neighbour, peak_bytes
from tests.ordinary import AS_ROOT
from tests.ours import OUR
from tests.tiny_lab import LabsFolder, write_lab

from claimlab.benches.bench import FILE_LIMIT_BYTES, Bench
from claimlab.benches.engine import Engine
from claimlab.benches.engines import choose
from claimlab.benches.folder import open_folder
from claimlab.benches.namespace import isolation
from claimlab.benches.place import Bounds
from claimlab.instruments import processes
from claimlab.project.errors import LabBroken

pytest_plugins = ["tests.bench_fixtures", "tests.ordinary", "tests.tiny_lab"]
pytestmark = pytest.mark.parametrize("either_engine", EITHER, indirect=True)

MIB = 1 << 20
HOST_MIB = 200
"""What a bench may cost this side of it: the largest file, a buffer that grows beside its copy, and some room."""


@pytest.fixture(scope="module", autouse=True)
def beside(either_engine: Engine) -> Iterator[Neighbour]:
    """Through a client of its own, as in another worker."""
    if either_engine.name == "local" and isolation().kind == "none":
        pytest.skip("no namespace can be made here: apt-get install bubblewrap util-linux")
    engine = choose(OUR, either_engine.name)
    try:
        with neighbour(engine) as living:
            yield living
    finally:
        engine.close()


@pytest.fixture
def bench(either_bench: Bench) -> Bench:
    """The one that these tests share; what the last one left lies there no more."""
    shell(either_bench, "rm -rf /tmp/*; find . -mindepth 1 -maxdepth 1 ! -name .gocache -exec rm -rf {} +")
    return either_bench


@pytest.fixture
def host_memory(request: pytest.FixtureRequest) -> Iterator[None]:
    """This process has not held much more than before."""
    before = forget_peak()
    yield
    grown = (peak_bytes() - before) / MIB
    request.node.user_properties.append(("peak_mib", round(grown, 1)))  # for --junitxml
    assert grown < HOST_MIB


def alive(bench: Bench) -> bool:
    """The bench serves as before, and has no processes but its own."""
    shown = words(bench, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '; echo; echo alive")
    return shown[-1] == "alive" and "294" not in shown


# What takes all there is


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["python3", "-c", FORK_BOMB], "no more processes were given"),
        (["dd", "if=/dev/zero", "of=big", "bs=1M"], r"disk is full \(/(work|bench)\)"),
        (["dd", "if=/dev/zero", "of=/tmp/big", "bs=1M"], r"disk is full \(/tmp\)"),
        (["yes"], "more than 16777216 bytes were printed on standard output"),
        (["sh", "-c", "yes & yes >&2"], "more than 16777216 bytes were printed on standard (output|error)"),
        (["sh", "-c", "head -c 17M /dev/zero; echo needle"], "more than 16777216 bytes"),
        (["head", "-c", "3G", "/dev/zero"], "more than 16777216 bytes"),
    ],
    ids=["forks", "disk", "tmp", "output", "both-outputs", "needle", "3-gigabytes"],
)
def test_what_takes_all_there_is_is_no_answer(bench: Bench, host_memory: None, argv: list[str], reason: str) -> None:
    with pytest.raises(LabBroken, match=f"a limit of the bench was met: .*{reason}"):
        processes.once(bench, argv, gomaxprocs=1, timeout_s=3 if FORK_BOMB in argv else 60)
    shell(bench, "rm -f big /tmp/big")
    assert alive(bench)


@pytest.fixture
def narrow_bench(either_engine: Engine, request: pytest.FixtureRequest, run_id: str) -> Iterator[Bench]:
    """It has so little memory that using it up takes a moment."""
    if either_engine.name == "docker":
        open_own_container: OpenContainer = request.getfixturevalue("open_own_container")
        with open_own_container(memory="200m") as opened:
            yield opened
        return
    prepared: tuple[Path, list[Path]] = request.getfixturevalue("goroot_and_caches")
    with open_folder(*prepared, pinned(NEWEST), run_id, 120, bounds=Bounds(200 * MIB)) as narrow:
        if not narrow._place.group.folders:
            pytest.skip("no control group can be made here")
        yield narrow


@pytest.mark.parametrize("argv", [["python3", "-c"], ["sh", "-c", 'python3 -c "$0"; echo survived']])
def test_what_takes_all_memory_is_no_answer(narrow_bench: Bench, argv: list[str]) -> None:
    """Nor is what survived a child that did."""
    with pytest.raises(LabBroken, match="its memory was used up, and the kernel killed a process for that"):
        processes.once(narrow_bench, [*argv, TAKE_MEMORY], gomaxprocs=1)
    assert alive(narrow_bench)


def test_one_process_of_many_that_took_all_memory_is_told_of(narrow_bench: Bench) -> None:
    script = 'echo x >> counted; [ $(wc -l < counted) = 2 ] || exit 0; exec python3 -c "$0"'
    with pytest.raises(LabBroken, match="memory was used up") as broken:
        processes.tally(narrow_bench, ["sh", "-c", script, TAKE_MEMORY], runs=4, gomaxprocs=1)
    assert "process 2 of 4 was killed, or one that it started, because the memory was used up" in broken.value.tail


# What outlives the command, or ends what is not its own


def test_nothing_outlives_its_command(bench: Bench) -> None:
    ran = processes.once(bench, ["python3", "-c", DAEMONS], gomaxprocs=1)
    assert (ran.exit_code, ran.stdout) == (0, "left\n")
    assert alive(bench)


def test_the_benchs_first_process_cannot_be_ended(bench: Bench) -> None:
    done = shell(bench, "kill -KILL 1; kill -STOP 1; echo still here")
    assert (done.exit_code, done.text()) == (0, "still here\n")
    assert alive(bench)


def test_ending_every_process_is_no_answer(either_engine: Engine) -> None:
    with (
        either_engine.open(pinned(NEWEST), 60) as bench,
        pytest.raises(LabBroken, match="nobody told how the command ended"),
    ):
        shell(bench, "kill -KILL -1; echo not reached; sleep 1")


def test_a_crash_leaves_no_core(bench: Bench) -> None:
    ran = processes.once(bench, ["python3", "-c", "import os; os.abort()"], gomaxprocs=1)
    assert (ran.exit_code, ran.signal) == (134, 6)
    assert words(bench, "ls -A") == [".gocache"]


# What it leaves in place of an answer


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("ln -s /dev/zero answer", "it is a symbolic link"),
        ("ln -s /etc/passwd answer", "it is a symbolic link"),
        ("ln -s answer answer", "it is a symbolic link"),
        ("mkfifo answer", "it is a pipe"),
        ("mkdir answer", "it is a folder"),
        ("python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"answer\")'", "it is a socket"),
        ("truncate -s 1000M answer", "it is 1048576000 bytes long, and 67108864 may leave a bench"),
        (f"truncate -s {FILE_LIMIT_BYTES + 1} answer", "it is 67108865 bytes long"),
        ("echo secret > answer; chmod 0 answer", "Permission denied"),
    ],
)
def test_what_is_no_file_of_its_own_never_crosses(
    bench: Bench, host_memory: None, script: str, reason: str, either_engine: Engine
) -> None:
    shell(bench, script).or_broken("the answer could not be made")
    if reason == "Permission denied" and either_engine.name == "local" and AS_ROOT:
        assert bench.get("answer") == b"secret\n", "root reads what the bench's own user may not"
        return
    with pytest.raises(LabBroken, match=f"no file answer that can be read: {re.escape(reason)}"):
        bench.get("answer")
    assert alive(bench)


@pytest.mark.parametrize("name", ["d/zero", "d/../d/zero", "../etc/passwd", "/etc/passwd", "", ".", "./kept", "kept/x"])
def test_no_way_over_a_link_or_out_of_the_bench_leads_anywhere(bench: Bench, name: str) -> None:
    shell(bench, "ln -s /dev d; echo x > kept").or_broken("the links could not be made")
    with pytest.raises(LabBroken, match="no file"):
        bench.get(name)
    assert bench.get("kept") == b"x\n"


def test_the_largest_file_that_may_cross_does(bench: Bench, host_memory: None) -> None:
    shell(bench, f"truncate -s {FILE_LIMIT_BYTES} answer")
    assert len(bench.get("answer")) == FILE_LIMIT_BYTES


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("head -c 10M /dev/zero | tr '\\0' '['", "nested too deep|got `array`"),
        ("echo '[1, 2, NaN]'", r"a number is not finite - at `\$\[2\]`"),
        ("printf '[\"\\377\"]'", r"a string is not UTF-8 - at `\$\[0\]`"),
        ("echo '[1, {}]'", r"Expected `int \| str`, got `object` - at `\$\[1\]`"),
        ("printf '[1, 2'", "truncated"),
    ],
)
def test_a_crooked_answer_is_said_to_be_one(bench: Bench, script: str, reason: str) -> None:
    with pytest.raises(LabBroken, match=reason):
        processes.answer(bench, ["sh", "-c", script], list[int | str], gomaxprocs=1)


# What forges


def test_the_report_of_a_command_cannot_be_forged(bench: Bench) -> None:
    ran = processes.once(bench, ["python3", "-c", FORGE], gomaxprocs=1)
    assert ran.exit_code == 9
    assert ran.stdout.count("refused\n") == 3
    assert '"status": 0' in ran.stdout


def test_a_tally_cannot_be_forged_by_what_a_program_left_behind(bench: Bench) -> None:
    """Scripts in the place of ours, modules that they import, and a compiled one."""
    leave = "for f in run_many watching json signal types os; do echo 'print(\"[]\"); exit(0)' > $f.py; done"
    shell(bench, f"{leave}; mkdir -p __pycache__; cp json.py __pycache__/watching.cpython-311.pyc; chmod 444 *.py")
    (one,) = processes.tally(bench, ["sh", "-c", "exit 6"], runs=2, gomaxprocs=1).endings
    assert (one.count, one.exit_code) == (2, 6)
    shell(bench, "rm -f run_many.py watching.py; mkfifo run_many.py; ln -s /dev/zero watching.py")
    (one,) = processes.tally(bench, ["sh", "-c", "exit 7"], runs=2, gomaxprocs=1).endings
    assert (one.count, one.exit_code) == (2, 7)


# As labs


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("head -c 17M /dev/zero; echo 42", "more than 16777216 bytes were printed on standard output"),
        ("dd if=/dev/zero of=big bs=1M; echo 42", "its disk is full (/"),
        ("kill -KILL $PPID; echo 42; sleep 1", "nobody told how the command ended"),
    ],
)
def test_a_hostile_lab_is_broken_with_its_reason(
    either_engine: Engine, folder: LabsFolder, script: str, reason: str
) -> None:
    write_lab(folder.labs, script=script)
    done = folder.pytest(engine=either_engine.name)
    assert done.returncode == 1
    assert "the lab is broken: tiny" in done.stdout
    assert reason in done.stdout
