"""test, check, doctor, bench: looking after claimlab itself."""

import shutil
import subprocess
import sys

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from claimlab.benches.docker_engine import DockerEngine
from claimlab.benches.local_engine import LocalEngine
from claimlab.cli import speed as benchmark
from claimlab.cli.speaking import or_exit, say
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.places import ROOT


@task(help={"pytest": "more arguments for pytest, such as '-k record -x'"})
@or_exit
def test(c: Context, pytest: str = "") -> None:
    """Check style and types, then run the tests, in parallel. What had to be skipped is listed at the end.

    ./inv test
    ./inv test --pytest '-k verdict -x'
    """
    if not pytest:
        check(c)
    _run([sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal", "tests", *pytest.split()])


@task
@or_exit
def check(c: Context) -> None:
    """Check style (ruff) and types (mypy, strict).

    ./inv check
    """
    _run([sys.executable, "-m", "ruff", "check", "--quiet", "."])
    _run([sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."])
    _run([sys.executable, "-m", "mypy"])


@task
@or_exit
def doctor(c: Context) -> None:
    """Say what this machine has of what claimlab can use, and what to do about the rest.

    ./inv doctor
    """
    for engine in (DockerEngine(), LocalEngine()):
        try:
            engine.check()
            print(f"engine {engine.name}: ready")
        except EnvironmentMissing as missing:
            print(f"engine {engine.name}: {missing}")
    chromium = shutil.which("chromium")
    print(f"chromium (tests of the pages): {chromium or 'missing. Run: apt-get install chromium'}")


@task(help={"lab": "the lab to measure"})
@or_exit
def bench(c: Context, lab: str = "gdb-panic") -> None:
    """Measure claimlab against a plain shell script that does the same steps one after the other (minutes).

    Prints ratios from one run. It needs the docker engine.

    ./inv bench
    ./inv bench --lab map-race
    """
    benchmark.run(lab, say)


def _run(command: list[str]) -> None:
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code:
        raise Exit(f"failed: {' '.join(command[1:5])} …", code)
