"""What the benches of questions, and of a whole project, are to have compiled beforehand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ours import OUR, write_project

from claimlab.benches.engine import Engine
from claimlab.questions.allocs import Allocs
from claimlab.questions.asked import keep
from claimlab.questions.benchmarks import Benchmarks
from claimlab.questions.codes import Code
from claimlab.questions.contests import Contest
from claimlab.questions.kinds import Asked
from claimlab.questions.laboratory import Laboratory
from claimlab.questions.layouts import Layout
from claimlab.questions.runs import Run
from claimlab.toolchains.needs import PLAIN
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder

MAIN = {"main.go": b'package main\n\n// flags="race"\nfunc main() {}\n', "race.py": b'build(flags="race")\n'}
QUESTIONS: list[tuple[Asked, set[str]]] = [
    (Run(runs=1, gomaxprocs=1), set()),
    (Run(runs=1, gomaxprocs=1, race=True), {"race"}),
    (Allocs(benchmark="BenchmarkGet"), {"testing"}),
    (Benchmarks(toolchains=("1.27.3",), base="1.27.3"), {"testing"}),
    (Contest(benchmark="BenchmarkGet"), {"testing"}),
    (Layout(type="runtime.g"), set()),
    (Layout(type="runtime.g", arch="arm64"), {"arm64"}),
    (Layout(type="runtime.g", arch="386"), set()),
    (Code(function="main.main", arch="arm64"), {"arm64"}),
]


@pytest.mark.parametrize(("question", "needs"), QUESTIONS)
def test_a_question_knows_what_it_needs_and_its_sources_are_not_read_for_it(
    question: Asked, needs: set[str], tmp_path: Path
) -> None:
    kept = keep(write_project(tmp_path, (), cache="cache"), question, MAIN)
    assert Shared(kept).needs == question.needs == PLAIN | needs


@pytest.mark.parametrize(
    ("package", "files"), [("", {"own.go": b"package own\n"}), ("a", {"a/own.go": b"package own\n"})]
)
def test_a_package_that_is_no_program_needs_what_tests_stand_on(
    package: str, files: dict[str, bytes], tmp_path: Path
) -> None:
    question = Layout(type="T", package=package)
    assert question.needs == PLAIN
    assert keep(write_project(tmp_path, (), cache="cache"), question, files).needs == PLAIN | {"testing"}


def test_a_project_needs_what_any_of_its_labs_does(
    make_engine: Callable[..., Engine], make_lab: Callable[..., LabFolder]
) -> None:
    assert Laboratory(OUR, make_engine()).needs == {"plain", "testing", "race", "arm64", "objdump"}
    project = make_lab(flags='build(flags="race")').project
    make_lab(lab='lab = Lab(nosuch="x")\nbuild(flags="arm64")\n', where="labs/ch9_toys/faulty")
    assert Laboratory(project, make_engine()).needs == PLAIN
    make_lab(lab='"""A toy."""\nlab = Lab("second")\nbuild(flags="race")\n', where="labs/ch9_toys/second")
    assert Laboratory(project, make_engine()).needs == PLAIN | {"race"}


def test_a_project_without_labs_needs_the_plain_library(make_engine: Callable[..., Engine], tmp_path: Path) -> None:
    assert Laboratory(write_project(tmp_path, ()), make_engine()).needs == PLAIN
