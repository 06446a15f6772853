"""test, check, doctor, bench: looking after claimlab itself."""

import shutil
import subprocess
import sys
from json import dumps

from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from claimlab.benches.docker_engine import DockerEngine
from claimlab.benches.local_engine import LocalEngine
from claimlab.cli import speed
from claimlab.cli.speaking import as_typed, or_exit, project_of, say
from claimlab.project.errors import EnvironmentMissing


@task(help={"pytest": "more arguments for pytest, such as '-k record -x'"})
@or_exit
def test(c: Context, pytest: str = "") -> None:
    """Check style and types, then run the tests, in parallel, those of labs too. What was skipped is listed at the end.

    claimlab test
    claimlab test --pytest '-k verdict -x'
    """
    if not pytest:
        check(c)
    where = ["tests", *project_of(c).settings.articles, "--no-trials"]
    options = ["-n", "auto", "--dist", "worksteal", "--durations", "25", "--durations-min", "10"]
    _run(c, [sys.executable, "-m", "pytest", *options, *where, *pytest.split()])


@task
@or_exit
def check(c: Context) -> None:
    """Check style (ruff) and types (mypy, strict).

    claimlab check
    """
    _run(c, [sys.executable, "-m", "ruff", "check", "--quiet", "."])
    _run(c, [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."])
    _run(c, [sys.executable, "-m", "mypy"])


@task(help={"json": "print data: an object"})
@or_exit
def doctor(c: Context, json: bool = False) -> None:
    """Say what this machine has of what claimlab can use, and what to do about the rest.

    The local engine's trials are isolated by bubblewrap or by unshare, or they are not: that is said too.

    claimlab doctor
    claimlab doctor --json | jq .engines.local.isolation
    """
    project = project_of(c)
    found: dict[str, dict[str, str]] = {}
    local = LocalEngine(project)
    for engine in (DockerEngine(project), local):
        try:
            engine.check()
            found[engine.name] = {"state": "ready"}
        except EnvironmentMissing as missing:
            found[engine.name] = {"state": "missing", "lacking": missing.what, "remedy": as_typed(c, missing.remedy)}
    found["local"] = local.standing() | found["local"]
    chromium = shutil.which("chromium")
    if json:
        print(dumps({"engines": found, "chromium": chromium}, indent=2))
        return
    for name, told in found.items():
        print(f"engine {name}: {_told(told)}")
    print(f"chromium (tests of the pages): {chromium or 'missing. Run: apt-get install chromium'}")


def _told(engine: dict[str, str]) -> str:
    words = f"{engine['lacking']} {engine['remedy']}" if engine["state"] == "missing" else "ready"
    if engine["state"] == "missing" or "isolation" not in engine:
        return words
    kind = engine["isolation"]
    words += ", trials are not isolated" if kind == "none" else f", trials are isolated by {kind}"
    return words + (f" ({engine['lacking']}). {engine['remedy']}" if engine["lacking"] else "")


@task(help={"lab": "the lab to measure"})
@or_exit
def bench(c: Context, lab: str = "gdb-panic") -> None:
    """Measure claimlab against a plain shell script that does the same steps one after the other (minutes).

    Prints ratios from one run. It needs the docker engine.

    claimlab bench
    claimlab bench --lab map-race
    """
    speed.run(project_of(c), lab, say)


def _run(c: Context, command: list[str]) -> None:
    code = subprocess.run(command, cwd=project_of(c).root, check=False).returncode
    if code:
        raise Exit(f"failed: {' '.join(command[1:5])} …", code)
