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
from claimlab.cli import speed, speed_rows
from claimlab.cli.speaking import as_typed, or_exit, print_json, project_of, say
from claimlab.project.errors import EXIT_DIFFERS, EnvironmentMissing, Refused


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


@task(
    positional=["row"],
    iterable=["row", "go"],
    help={
        "row": f"{', '.join(speed_rows.ROWS)} or script; repeatable (default: recorded and script)",
        "lab": "the lab that is measured against a plain script",
        "go": "the matrix of this toolchain only, such as 1.27; repeatable",
        "json": "print data: a list with one object a figure",
    },
)
@or_exit
def bench(c: Context, row: list[str], go: list[str], lab: str = "gdb-panic", json: bool = False) -> None:
    """Measure how long claimlab's main jobs take, each beside its limit. One run, on this machine as it is.

    script: a lab against a plain shell script that does the same steps one after the other. fresh-local, fresh-docker:
    a clone of what is committed, with nothing cached; the latter takes claimlab's images away, everybody's. matrix:
    every lab on every toolchain, as a multiple of what its commands take, and the memory of claimlab's processes.
    recorded, pages: from a full record.

    claimlab bench
    claimlab bench --row matrix --row pages --json
    claimlab bench --row matrix --go 1.27
    claimlab bench --row script --lab map-race

    Exit codes: 0 every figure is within its limit, 1 one is over it, 2 the environment is missing something.
    """
    wanted = row or ["recorded", "script"]
    if strangers := [one for one in wanted if one not in (*speed_rows.ROWS, "script")]:
        raise Refused(f"There is no row {strangers[0]}.", f"Rows: {', '.join(speed_rows.ROWS)}, script.")
    rows = speed_rows.Rows(project_of(c), say, go)
    found: list[speed_rows.Row] = []
    for name in wanted:
        for one in speed.run(project_of(c), lab, say) if name == "script" else rows.named(name):
            found.append(one)
            if not json:
                print(one.told())
    if json:
        print_json(found)
    if speed_rows.over(found):
        raise Exit(code=EXIT_DIFFERS)


def _run(c: Context, command: list[str]) -> None:
    code = subprocess.run(command, cwd=project_of(c).root, check=False).returncode
    if code:
        raise Exit(f"failed: {' '.join(command[1:5])} …", code)
