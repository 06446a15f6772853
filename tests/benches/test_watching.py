"""How a process ended, by the script that watches it: on this machine, and as its report is read."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from subprocess import Popen, run

import pytest

from claimlab.benches import watching
from claimlab.benches.report import Report
from claimlab.project.errors import LabBroken

SCRIPT = Path(watching.__file__)
WATCH = """
import os, sys, types
watching = types.ModuleType("watching")
exec(open(sys.argv[1]).read(), watching.__dict__)
watching.guard()
taken = [bytearray(), bytearray()]
limit_s, most_bytes, take = float(sys.argv[2]), int(sys.argv[3]), lambda group, chunk: taken[group].extend(chunk)
done = watching.watch(sys.argv[4:], os.environ, limit_s, most_bytes, [[1], [2]], take)
print(done.started, os.waitstatus_to_exitcode(done.status), done.late, done.over, *map(bytes, taken))
"""


def watched(argv: Sequence[str], limit_s: float = 30, most_bytes: int = 1000) -> str:
    """Watched in a process of its own, since it takes over what its children leave behind."""
    command = [sys.executable, "-I", "-c", WATCH, str(SCRIPT), str(limit_s), str(most_bytes), *argv]
    return run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo out; echo err >&2; exit 3", r"True 3 False -1 b'out\n' b'err\n'"),
        ("kill -KILL $$", "True -9 False -1 b'' b''"),
        ("exit 137", "True 137 False -1 b'' b''"),
        ("exec >&- 2>&-; sleep 0.2; exit 4", "True 4 False -1 b'' b''"),
        ("trap '' TERM; kill -PIPE $$; exit 5", "True -13 False -1 b'' b''"),
    ],
)
def test_an_end_is_told_as_it_was(script: str, said: str) -> None:
    assert watched(["sh", "-c", script]) == said


def test_its_time_and_its_output_are_bounded() -> None:
    assert watched(["sleep", "100"], limit_s=0.3) == "True -9 True -1 b'' b''"
    assert watched(["sh", "-c", "exec yes >&2"]).startswith("True -9 False 1 b'' ")
    assert watched(["sh", "-c", "head -c 1000 /dev/zero"]).startswith("True 0 False -1 ")
    assert watched(["sh", "-c", "head -c 1001 /dev/zero"]).split()[2:4] == ["False", "0"]


def test_what_cannot_be_started_is_said_to_be() -> None:
    assert watched(["/nosuch"]) == r"False 127 False -1 b'' b'/nosuch: No such file or directory\n'"
    assert watched(["/"]).startswith("False 126 ")
    assert watched(["sh", "-c", "exit 127"]).startswith("True 127 ")


def test_what_it_left_behind_has_ended_too() -> None:
    began = time.monotonic()
    said = watched(["sh", "-c", "for i in 1 2 3; do setsid sh -c 'sleep 293 & sleep 293' & done; sleep 0.3; echo $$"])
    assert said.startswith("True 0 False -1 ")
    assert time.monotonic() - began < 30
    left = run(["pgrep", "-f", "^sleep 293$"], capture_output=True, check=False)
    assert left.stdout == b""


def test_in_a_place_with_other_processes_it_ends_none_but_its_own() -> None:
    with Popen(["sleep", "292.5"]) as beside:
        command = ["sh", "-c", "setsid sleep 292.5 & sleep 0.1; echo $!"]
        done = run([sys.executable, SCRIPT, "9", "99", "/", *command], capture_output=True, check=False)
        own = int(done.stdout[5:].split(b"\n")[0])
        assert not Path(f"/proc/{own}").exists()
        assert beside.poll() is None
        beside.kill()


# Control groups, as the kernel's documentation (admin-guide/cgroup-v1 and cgroup-v2.rst) and real machines have them

V1 = {
    "own": "9:pids:/docker/abc\n8:memory:/docker/abc\n1:cpu,cpuacct:/docker/abc\n0::/docker/abc\n",
    "memory/{}memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
    "pids/{}pids.events": "max 7\n",
}
V2 = {
    "own": "0::{}\n",
    "{}memory.events": "low 0\nhigh 0\nmax 5\noom 4\noom_kill 3\noom_group_kill 0\n",
    "{}pids.events": "max 7\n",
}


@pytest.mark.parametrize(
    ("files", "place", "own"),
    [(V1, "", ""), (V1, "docker/abc/", ""), (V2, "", "/"), (V2, "user.slice/", "/user.slice")],
    ids=["v1-in-a-container", "v1", "v2-in-a-container", "v2"],
)
def test_limits_are_counted_by_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], place: str, own: str
) -> None:
    for name, content in files.items():
        path = tmp_path / name.format(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.format(own))
    monkeypatch.setattr(watching, "CONTROL_GROUPS", str(tmp_path))
    monkeypatch.setattr(watching, "OWN_GROUPS", str(tmp_path / "own"))
    assert watching.limits_hit() == {"memory": 3, "processes": 7}


def test_where_the_kernel_does_not_count_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "CONTROL_GROUPS", str(tmp_path))
    assert watching.limits_hit() == {"memory": None, "processes": None}


# The report


def frame(kind: int, content: bytes) -> bytes:
    return bytes([kind]) + len(content).to_bytes(4, "big") + content


def ended(status: int, memory: str = "0", processes: str = "0", full: str = "", over: int = -1) -> bytes:
    said = f'{{"status": {status}, "late": false, "over": {over}, "full": [{full}], '
    return frame(0, f'{said}"memory": {memory}, "processes": {processes}}}'.encode())


def report(stream: bytes, piece: int = 3) -> Report:
    """It came in small pieces."""
    found = Report(1000)
    for start in range(0, len(stream), piece):
        found.take(1, stream[start : start + piece])
    return found


def test_a_report_is_read_in_whatever_pieces_it_comes() -> None:
    found = report(frame(1, b"out") + frame(2, b"err") + frame(1, ended(0)) + ended(9))
    assert found.ended
    done = found.completed(["x"], 1.0)
    assert (done.exit_code, done.signal, done.stdout, done.stderr) == (137, 9, b"out" + ended(0), b"err")
    found.refuse_limits(done)


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_report_that_is_cut_is_none(cut: int) -> None:
    assert not report((frame(1, ended(0)) + ended(0))[:-cut]).ended


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (ended(0, memory="1"), "its memory was used up"),
        (ended(0, processes="2"), "no more processes were given"),
        (ended(256, full='"/work"'), r"its disk is full \(/work\)"),
        (ended(9, over=1), "more than 16777216 bytes were printed on standard error"),
        (ended(24), "a process had used up its processor time"),
        (ended(25), "a file became larger than files may be"),
        (ended(9, memory="null"), "killed, and the kernel does not say whether for memory"),
    ],
)
def test_a_limit_that_was_met_is_said(last: bytes, words: str) -> None:
    found = report(last)
    with pytest.raises(LabBroken, match=words):
        found.refuse_limits(found.completed(["x"], 1.0))
