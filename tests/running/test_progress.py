"""Progress of trials: plain lines without a terminal, a live table on one."""

import os
import re
import select
import subprocess
import sys
import time
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from rich.console import Console
from tests.bench_fixtures import NEWEST
from tests.tiny_lab import Checkout, write_lab

from claimlab.running.display import End
from claimlab.running.progress import Progress

pytest_plugins = ["tests.bench_fixtures", "tests.ordinary", "tests.tiny_lab"]
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
"""What hides a terminal's cursor and shows it again (DECTCEM)."""
SEQUENCE = re.compile(r"\x1b\[[?\d;]*[A-Za-z]")
LABS = "labs/ch9_things"


def report(name: str, outcome: str, when: str = "call", longrepr: str | None = None) -> pytest.TestReport:
    location = (f"{LABS}/lab.py", 0, name)
    return pytest.TestReport(f"{LABS}/lab.py::{name}", location, {}, outcome, longrepr, when)  # type: ignore[arg-type]


@pytest.fixture
def plain() -> Progress:
    return Progress(Console(file=StringIO(), width=200), total=2)


def lines(progress: Progress) -> list[str]:
    file = progress.display.console.file
    assert isinstance(file, StringIO)
    return file.getvalue().splitlines()


# Without a terminal


def test_each_trial_is_one_line_with_its_count(plain: Progress) -> None:
    for name, outcome in (("tiny[1.24.11]", "passed"), ("tiny[1.27.3]", "failed")):
        plain.pytest_runtest_logstart(f"{LABS}/lab.py::{name}", None)
        plain.pytest_runtest_logreport(report(name, "passed", "setup"))
        plain.pytest_runtest_logreport(
            report(name, outcome, longrepr="9-a on Go: expected" if outcome == "failed" else None)
        )
        plain.pytest_runtest_logreport(report(name, "passed", "teardown"))
    first, second = lines(plain)
    assert re.fullmatch(r"✔ tiny\[1\.24\.11\]  \d\.\d s  as expected  \(1 of 2\)", first)
    assert re.fullmatch(r"✘ tiny\[1\.27\.3\]  \d\.\d s  differs: 9-a  \(2 of 2\)", second)
    assert [(name, end.differs) for name, end in plain.display.finished.items()] == [
        ("tiny[1.24.11]", ""),
        ("tiny[1.27.3]", "9-a on Go: expected"),
    ]


def ruled(name: str, **outcomes: str) -> pytest.TestReport:
    made = report(name, "passed")
    made.user_properties = [
        ("source", "measured"),
        *((claim.replace("_", "-"), one) for claim, one in outcomes.items()),
    ]
    return made


def test_the_outcomes_of_a_trial_are_told_when_it_is_over(plain: Progress) -> None:
    plain.pytest_runtest_logreport(ruled("tiny[1.24.11]", a="holds", b="fails", c="void"))
    plain.pytest_runtest_logreport(ruled("tiny[1.27.3]", **dict.fromkeys("abcdef", "holds"), g="unclear"))
    first, second = lines(plain)
    assert "s  a ✔  b ✘  c ∅  as expected  (1 of 2)" in first
    assert "s  ✔ 6  ? 1  as expected  (2 of 2)" in second


def test_a_terminal_that_knows_no_ticks_is_told_in_letters() -> None:
    written = BytesIO()
    file = TextIOWrapper(written, encoding="ascii", errors="strict")
    progress = Progress(Console(file=file, width=200), total=1)
    progress.pytest_runtest_logreport(ruled("tiny[1.24.11]", a="holds", b="fails"))
    file.flush()
    assert re.fullmatch(
        r"y tiny\[1\.24\.11\]  \d\.\d s  a y  b n  as expected  \(1 of 1\)\n", written.getvalue().decode()
    )


def test_what_is_left_is_told_once_there_is_a_pace() -> None:
    progress = Progress(Console(file=StringIO(), width=200), total=40)
    for number in range(6):
        name = f"tiny[{number}]"
        progress.pytest_runtest_logstart(f"{LABS}/lab.py::{name}", None)
        time.sleep(0.05)
        progress.pytest_runtest_logreport(report(name, "passed"))
    told = lines(progress)
    assert [line for line in told[:4] if "left" in line] == []
    (left,) = re.findall(r"\(6 of 40, about (\d+) s left\)", told[5])
    assert 1 <= int(left) <= 10  # 34 of at least 0.05 s


def test_a_trial_that_fails_before_its_call_is_told(plain: Progress) -> None:
    plain.pytest_runtest_logreport(report("tiny[1.27.3]", "failed", "setup", "the lab is broken:\nno such thing"))
    (line,) = lines(plain)
    assert line.endswith("broken: no such thing  (1 of 2)")
    assert plain.display.lacking(["tiny[1.27.3]"]) == {"tiny[1.27.3]": "the lab is broken:\nno such thing"}


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine")
def test_without_a_terminal_nothing_but_plain_lines_is_written(checkout: Checkout) -> None:
    write_lab(checkout.labs)
    done = checkout.inv("lab.tiny", "--engine", "local", TERM="xterm-256color")
    assert re.search(
        rf"^✔ tiny\[{re.escape(NEWEST)}\]  \d+\.\d s  9\.1-a ✔  as expected  \(1 of 1\)$", done.stderr, re.MULTILINE
    )
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr


# On a terminal


class Terminal:
    """Labs run on a terminal of its own, which has been pressed keys on and read from."""

    def __init__(self, checkout: Checkout, *arguments: str) -> None:
        self.text = ""
        self._master, slave = os.openpty()
        env = checkout.environment(TERM="xterm-256color")
        del env["NO_COLOR"]
        self.process = subprocess.Popen(
            [
                *("env", "--default-signal=INT,HUP,TERM", "setsid", "--ctty"),
                *(sys.executable, "-m", "claimlab.cli", "--search-root", str(checkout.root), *arguments),
            ],
            cwd=checkout.root,
            env=env,
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)

    def press(self, key: bytes) -> None:
        os.write(self._master, key)

    def read_until(self, words: str | None, within_s: float = 200) -> None:
        """These words have been shown, or with none, all has been."""
        deadline = time.monotonic() + within_s
        while words is None or words not in self.text:
            ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{words} was not shown in time: {self.text!r}"
            try:
                self.text += os.read(self._master, 65536).decode("utf-8", "replace")
            except OSError:  # Linux says EIO where nobody has the other side open any more
                assert words is None, f"{words} was never shown: {self.text!r}"
                return

    def close(self) -> int:
        self.read_until(None)
        os.close(self._master)
        return self.process.wait(30)


def assert_cursor_is_restored(text: str) -> None:
    assert HIDE in text
    assert text.rindex(SHOW) > text.rindex(HIDE)


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine", "trials_in_the_open")
def test_on_a_terminal_a_live_table_shows_what_runs(checkout: Checkout) -> None:
    gate = checkout.root / "gate"
    write_lab(checkout.labs, script=f"until test -f {gate}; do sleep 0.1; done; echo 42")
    terminal = Terminal(checkout, "lab.tiny", "--engine", "local")
    terminal.read_until("1 running")
    gate.touch()
    assert terminal.close() == 0
    shown = SEQUENCE.sub("", terminal.text)
    assert re.search(rf"⏳ +tiny\[{re.escape(NEWEST)}\] +\d s", shown)
    assert "0 of 1 trials done, 1 running, 0 waiting" in shown
    assert shown.count("as expected  (1 of 1)") == 1
    assert "9.1-a" in shown.partition("as expected  (1 of 1)")[2]
    assert_cursor_is_restored(terminal.text)


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine")
def test_ctrl_c_restores_the_terminal(checkout: Checkout) -> None:
    write_lab(checkout.labs, script="sleep 100; echo 42")
    terminal = Terminal(checkout, "lab.tiny", "--engine", "local")
    terminal.read_until("1 running")
    time.sleep(1)
    started = time.monotonic()
    terminal.press(b"\x03")
    assert terminal.close() == 130
    assert time.monotonic() - started < 60
    assert "interrupted: 0 of 1 trials were finished" in terminal.text
    assert_cursor_is_restored(terminal.text)


def test_what_broke_is_not_said_to_be_recorded(plain: Progress) -> None:
    plain.display.ended("tiny[1.24.11]", End())
    plain.display.ended("tiny[1.27.3]", End("the lab is broken: tiny[1.27.3]", seen=False))
    assert plain.display.so_far() == (
        "1 of 2 trials were finished and are recorded (tiny[1.24.11]); 1 broke; nothing is left running. "
        "The same command goes on from here."
    )
