"""A name tells whether the process that it is of is still there."""

import os
import subprocess
import sys

import pytest
from tests.bench_fixtures import eventually
from tests.ours import ROOT

from claimlab.project.runs import current_run, is_dead, is_over, name_of

PLACE = "-".join(name_of(os.getpid()).split("-")[:2])


def test_a_process_lives_until_it_ends() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    name = name_of(process.pid)
    assert not is_dead(name)
    assert not is_over(name)
    process.kill()
    assert eventually(lambda: is_dead(name), 10)  # a zombie does nothing any more
    process.communicate()
    assert is_dead(name)
    assert is_over(name)


def test_another_process_that_has_the_number_now_is_not_taken_for_it() -> None:
    place, space, pid, began = name_of(os.getpid()).split("-")
    assert is_dead(f"{place}-{space}-{pid}-{int(began) - 1}")


@pytest.mark.parametrize(
    "name",
    ["", "test-1-2", "4026531836-1234-abc", "x" * 40, f"0{PLACE[1:]}x-1-1", "00000000-1-99999999-1", f"{PLACE}-1-x"],
)
def test_a_name_from_elsewhere_tells_nothing(name: str) -> None:
    """Of another machine that uses the same daemon, or of another container."""
    assert not is_dead(name)


def test_what_lies_on_this_machine_is_over_when_it_was_started_again() -> None:
    assert is_over("00000000-1-1-1")
    assert not is_over(f"{PLACE.split('-')[0]}-1-1-1")  # a container's: its processes are not seen here


def test_a_process_of_another_user_is_seen_to_live() -> None:
    assert not is_dead(name_of(1))


def test_workers_have_the_name_of_their_run() -> None:
    code = "from claimlab.project.runs import current_run; print(current_run())"
    env = os.environ | {"PYTHONPATH": str(ROOT / "src"), "CLAIMLAB_RUN": current_run()}
    said = subprocess.check_output([sys.executable, "-c", code], env=env, text=True)
    assert said.strip() == current_run()
