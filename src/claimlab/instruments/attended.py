"""gdb for who sits at the terminal: at the place where :mod:`claimlab.instruments.gdb` would read and go on."""

import shlex
from collections.abc import Sequence
from typing import Final

from claimlab.benches.attending import attend
from claimlab.benches.bench import Bench
from claimlab.instruments.gdb import Run, environment
from claimlab.instruments.gdb_scripts import INSIDE
from claimlab.project.errors import LabBroken

_REAPING: Final = "gdb_reaping.py"


def leave_in_gdb(bench: Bench, binary: str, module: str, run: Run) -> None:
    """Whoever is at the terminal was in gdb, at the first step of the run, and has left it; :class:`LabBroken` if gdb
    was ended by something else.

    The binary's sources lie in ``<binary>.src``, and their names in DWARF begin with `module`.
    """
    bench.put({_REAPING: (INSIDE / _REAPING).read_bytes()})
    code = attend(bench, command(bench, binary, module, run), {})
    if code:
        raise LabBroken("gdb did not end by itself", exit_code=code)


def command(bench: Bench, binary: str, module: str, run: Run) -> list[str]:
    """What a person would type, so that they see it. See `inside/gdb_probe.py` for why the program is started so."""
    settings = [
        "set auto-load off",
        "set pagination off",
        "set confirm off",
        "set breakpoint pending off",
        "set disable-randomization off",
        "set print thread-events off",
    ]
    typed = [
        "python import os, sys; sys.path.insert(0, os.getcwd()); import gdb_reaping; gdb_reaping.start_reaping()",
        "handle SIGSEGV nostop noprint pass",
        f"set directories {bench.goroot}/src",
        f"set substitute-path {module} {binary}.src",
        f"file {binary}",
        f"source {bench.goroot}/src/runtime/runtime-gdb.py",
        f"set environment GOMAXPROCS {run.gomaxprocs}",
        *(f"set environment {name} = {value}" for name, value in environment(run, bench.toolchain).items()),
        *([f"set cwd {run.folder}"] if run.folder else []),
        f"set args {shlex.join(run.args)}",
        *(_break(name, run.steps[0].when) for name in run.steps[0].at),
        "run",
    ]
    return ["gdb", "-nx", "-nh", "-q", *_options("-iex", settings), *_options("-ex", typed)]


def _break(name: str, when: str) -> str:
    return f"break '{name}' if {when}" if when else f"break '{name}'"


def _options(option: str, commands: Sequence[str]) -> list[str]:
    return [word for one in commands for word in (option, one)]
