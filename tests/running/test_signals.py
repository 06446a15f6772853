"""Whatever asks a command to end: it is as if Ctrl-C had been pressed, and its exit code says what it was."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from tests.bench_fixtures import EITHER, NEWEST, eventually, left_of
from tests.processes import running, those
from tests.tiny_lab import Checkout, write_lab

from claimlab.benches.engine import Engine
from claimlab.project.runs import name_of, run_in
from claimlab.running.signals import Asked, Ended, exit_code

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
Send = Callable[[int], None]


def assert_ended(process: subprocess.Popen[str], engine: Engine, checkout: Checkout, run: str, code: int) -> None:
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == code, stdout + stderr
    assert f"interrupted: 1 of 2 trials were finished and are recorded (quick[{NEWEST}])" in stderr
    assert "Traceback" not in stderr
    assert eventually(lambda: left_of(run, engine, checkout.scratch) == [], 10), left_of(run, engine, checkout.scratch)
    assert not list(checkout.record.rglob("*.broken"))


def begun(checkout: Checkout, engine: Engine) -> tuple[subprocess.Popen[str], str]:
    """A command of which one trial is recorded and another takes long, with the run's name."""
    write_lab(checkout.labs, "quick")
    write_lab(checkout.labs, "tiny", script=f"{sleep_of(checkout)}; echo 42")
    process = checkout.start_inv("lab.all", "--engine", engine.name, "--workers", "2")
    run = name_of(process.pid)
    assert eventually(lambda: bool(list(checkout.record.rglob("*.json"))) and bool(sleepers(checkout)), 120)
    return process, run


def sleep_of(checkout: Checkout) -> str:
    """A command that takes long and is told from the sleep of anybody else."""
    return f"sleep 100.{int.from_bytes(checkout.root.parent.name.encode()[-2:])}{os.getpid()}"


def sleepers(checkout: Checkout) -> list[int]:
    return [one.pid for one in running(sleep_of(checkout).split())]


@pytest.mark.parametrize("to", ["main", "group"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
def test_a_signal_ends_a_command_in_good_order(
    checkout: Checkout, either_engine: Engine, number: signal.Signals, to: str
) -> None:
    process, run = begun(checkout, either_engine)
    (os.kill if to == "main" else os.killpg)(process.pid, number)
    assert_ended(process, either_engine, checkout, run, 128 + number)


@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
def test_asking_twice_disturbs_nothing(checkout: Checkout, either_engine: Engine) -> None:
    process, run = begun(checkout, either_engine)
    for _ in range(2):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.2)
    assert_ended(process, either_engine, checkout, run, 130)


def test_who_asks_a_third_time_gets_the_end_at_once() -> None:
    code = """
import os, signal, time
from claimlab.running import signals
signals.interrupt_by(signals.Asked())
for _ in range(3):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.1)
    except signals.Ended as ended:
        print(ended.exit_code, flush=True)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (143, "143\n")


def test_what_is_ignored_stays_so(checkout: Checkout) -> None:
    """nohup(1) starts commands so, and a shell its jobs in the background."""
    write_lab(checkout.labs, script="sleep 2; echo 42")
    command = [sys.executable, "-m", "claimlab.cli", "--search-root", str(checkout.root), "lab.tiny"]
    ignoring = ["env", "--ignore-signal=HUP", *command, "--engine", "local"]
    process = checkout.started.start(ignoring, checkout.root, checkout.environment())
    assert eventually(lambda: bool(list(checkout.scratch.glob("claimlab-*"))), 60)
    os.killpg(process.pid, signal.SIGHUP)
    done = checkout.started.finish(process)
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("local_engine")
@pytest.mark.gdb
def test_a_closed_terminal_ends_a_command_in_good_order(checkout: Checkout, local_engine: Engine) -> None:
    """The terminal's other end is closed: the kernel sends SIGHUP, and nothing can be written there any more."""
    write_lab(checkout.labs, "tiny", script=f"{sleep_of(checkout)}; echo 42")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "claimlab.cli", "--search-root", str(checkout.root)]
    process = subprocess.Popen(
        ["env", "--default-signal=HUP", "setsid", "--ctty", "--wait", *command, "lab.tiny", "--engine", "local"],
        cwd=checkout.root,
        env=checkout.environment(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        assert eventually(lambda: bool(sleepers(checkout)), 120)
        (folder,) = checkout.scratch.iterdir()
        run = run_in(folder.name)
        os.close(ours)
        assert eventually(lambda: left_of(run, local_engine, checkout.scratch) == [] and not sleepers(checkout), 30)
        assert eventually(lambda: process.poll() is not None, 30)
        assert process.returncode == exit_code(signal.SIGHUP)
    finally:
        process.kill()
        process.wait()
    assert not list(checkout.record.rglob("*.broken"))


@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
def test_a_worker_that_is_killed_is_told_of(checkout: Checkout, either_engine: Engine) -> None:
    """Its trial is broken, with that reason, and no other is."""
    write_lab(checkout.labs, "before")
    write_lab(checkout.labs, "tiny", script=f"{sleep_of(checkout)}; echo 42")
    write_lab(checkout.labs, "timed", timing=True)  # the last of all
    process = checkout.start_inv("lab.all", "--engine", either_engine.name, "--workers", "1")
    run = name_of(process.pid)
    assert eventually(lambda: bool(sleepers(checkout)), 120)
    (worker,) = those(psutil.Process(process.pid).children(), lambda one: one.name().startswith("python"))
    worker.kill()
    done = checkout.started.finish(process)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the process that measured it was killed or crashed" in done.stderr
    assert "the process that measured it was killed or crashed" in done.stdout
    assert "not measured" not in done.stdout
    assert left_of(run, either_engine, checkout.scratch) == []
    assert sorted(path.parts[-3] for path in checkout.record.rglob("*.json")) == ["before", "timed"]


def test_only_the_first_signal_raises() -> None:
    asked = Asked()
    with pytest.raises(Ended) as raised:
        asked(signal.SIGTERM, None)
    assert (raised.value.exit_code, asked.exit_code) == (143, 143)
    asked(signal.SIGINT, None)
    assert (asked.exit_code, asked.times) == (143, 2)


def test_outside_of_trials_an_interrupted_command_says_so_too(checkout: Checkout) -> None:
    """Here one that reads what it is given before it does anything."""
    write_lab(checkout.labs)
    fifo = Path(checkout.labs / "ch9_things" / "tiny" / "judges.py")
    fifo.write_text("import time\ntime.sleep(60)\n")
    process = checkout.start_inv("verdicts")
    time.sleep(3)
    process.send_signal(signal.SIGTERM)
    done = checkout.started.finish(process, 30)
    assert (done.returncode, done.stderr) == (143, "interrupted\n")


def test_what_takes_long_to_import_is_imported_when_signals_are_heard() -> None:
    """Else Ctrl-C in the first half second would be a traceback."""
    code = "import sys; import claimlab.cli.__main__; print(sorted({'invoke', 'msgspec', 'rich'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "[]\n")
