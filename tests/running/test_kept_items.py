"""What labs keep for their tests, as pytest items of a project that is not this one."""

import re
from pathlib import Path

import pytest
from tests.bench_fixtures import NEWEST
from tests.kept_numbers import kept_numbers
from tests.tiny_lab import LabsFolder, write_lab

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]

OWN_TEST = """
from claimlab import Outcome, kept

from .edits import plus_one

LAB = kept(__file__)


def test_an_odd_number_is_not_even():
    assert LAB.ruling("9.1-a", plus_one(LAB.seen("1.24.11"))).outcome is Outcome.FAILS
"""
EDITS = """
from claimlab import change


def plus_one(seen):
    return change(seen, number=seen.number + 1)
"""
LAW = "every judge has been seen to say both"


def items(folder: LabsFolder, *arguments: str) -> list[str]:
    """The items that are collected, from their labs on."""
    done = folder.pytest("labs", "--collect-only", "-q", *arguments)
    assert done.returncode in (0, 5), done.stdout + done.stderr
    return re.findall(r"^labs/ch\d_things/(.+::.+)$", done.stdout, re.MULTILINE)


@pytest.fixture
def lab(folder: LabsFolder) -> Path:
    """A lab with a test of its own, which imports its neighbour, and two observations; beside it one without tests."""
    write_lab(folder.labs, "other", chapter=8)
    lab = write_lab(folder.labs)
    kept_numbers(lab, v1_23_9=4, v1_24_11=2)
    (lab / "tests" / "test_tiny.py").write_text(OWN_TEST)
    (lab / "tests" / "edits.py").write_text(EDITS)
    return lab


KEPT = [
    f"tiny/judges.py::tiny: {LAW}",
    "tiny/tests/observations/1.23.9.json::tiny: comes out as expected",
    "tiny/tests/observations/1.24.11.json::tiny: comes out as expected",
]
OWN = "tiny/tests/test_tiny.py::test_an_odd_number_is_not_even"
TRIALS = [f"other/lab.py::other[{NEWEST}]", f"tiny/lab.py::tiny[{NEWEST}]"]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ((), {*TRIALS, *KEPT, OWN}),
        (("--no-trials",), {*KEPT, OWN}),
        (("-m", "chapter_9 and lab"), {TRIALS[1], *KEPT}),
        (("-m", "chapter_8"), {TRIALS[0]}),
        (("-k", "tiny and judges"), {KEPT[0]}),
    ],
)
@pytest.mark.usefixtures("lab")
def test_a_lab_is_one_folder(folder: LabsFolder, arguments: tuple[str, ...], found: set[str]) -> None:
    assert set(items(folder, *arguments)) == found


WORKERS = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@WORKERS
@pytest.mark.usefixtures("lab")
def test_the_tests_of_labs_pass_without_any_bench(folder: LabsFolder, workers: tuple[str, ...]) -> None:
    done = folder.pytest("labs", "--no-trials", *workers, engine="docker", DOCKER_HOST="unix:///nowhere/docker.sock")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


@WORKERS
def test_a_judge_that_never_fails_is_told_with_what_to_do(
    folder: LabsFolder, lab: Path, workers: tuple[str, ...]
) -> None:
    judges = (lab / "judges.py").read_text()
    (lab / "judges.py").write_text(
        judges.replace("number % 2 == 0,", "True,").replace("Outcome.FAILS", "Outcome.HOLDS")
    )
    done = folder.pytest("labs", "--no-trials", *workers, "--deselect", f"labs/ch9_things/{OWN}")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 2 passed" in done.stdout
    assert "9.1-a: nobody has seen its judge say fails; it said holds." in done.stdout
    assert "Keep an observation in which it does: claimlab record.keep tiny --go RELEASE" in done.stdout
    assert "labs/ch9_things/tiny/tests/changed.py" in done.stdout
    assert "Traceback" not in done.stdout


def test_an_outcome_that_is_not_expected_fails_where_it_is_kept(folder: LabsFolder, lab: Path) -> None:
    kept_numbers(lab, v1_23_9=5)
    done = folder.pytest("labs", "--no-trials")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "9.1-a on Go 1.23.9, as it is kept: expected holds, judged fails" in done.stdout
    assert "1 failed, 3 passed" in done.stdout


def test_a_broken_judge_breaks_no_other_labs_items(folder: LabsFolder, lab: Path) -> None:
    (lab / "tests" / "test_tiny.py").unlink()
    kept_numbers(write_lab(folder.labs, "second"), v1_24_11=2)
    (lab / "judges.py").write_text("judges = nothing_of_that_name\n")
    done = folder.pytest("labs", "--no-trials")
    assert "3 failed, 2 passed" in done.stdout, done.stdout
    assert "judges.py: it raised NameError(" in done.stdout
    assert "(judges.py:1)" in done.stdout


@pytest.mark.usefixtures("local_engine", "lab")
def test_what_a_trial_recorded_can_be_kept(folder: LabsFolder) -> None:
    keep = ["record.keep", "other", "--engine", "local"]
    assert folder.pytest("labs/ch8_things").returncode == 0
    done = folder.claimlab(*keep)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Nothing is kept of other yet. Say which toolchains are to be: --go" in done.stderr
    kept = f"labs/ch8_things/other/tests/observations/{NEWEST}.json\n"
    for more in (("--go", NEWEST), ()):
        done = folder.claimlab(*keep, *more)
        assert (done.returncode, done.stdout) == (0, kept), done.stderr
    done = folder.claimlab(*keep, "--go", "1.23.9")
    assert done.returncode == 2
    assert "Measure it first: claimlab lab.other --go 1.23.9 --engine local" in done.stderr
    assert "2 passed" in folder.pytest("labs/ch8_things", "--no-trials").stdout


def test_a_lab_that_is_not_there_cannot_be_kept(folder: LabsFolder) -> None:
    done = folder.claimlab("record.keep", "nosuch")
    assert done.returncode == 2
    assert "There is no lab nosuch. claimlab --list shows all there are." in done.stderr
