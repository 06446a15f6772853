"""Trials are measured in parallel: a pytest-xdist session over just these trials, inside this process."""

import os
from collections.abc import Sequence

import pytest
from rich.console import Console

from claimlab.benches.container import current_run
from claimlab.benches.engines import sweep_all
from claimlab.benches.local_engine import LocalEngine
from claimlab.project.errors import EXIT_ENVIRONMENT, EXIT_INTERRUPTED, Stopped
from claimlab.project.project import Project
from claimlab.running.progress import Progress
from claimlab.trials.trial import Trial


def measure(project: Project, trials: Sequence[Trial], *, fresh: bool, workers: int, console: Console) -> None:
    """Every trial was tried; its observation, or the reason why there is none, is in the record.

    Raises :class:`Stopped` if the session ended early: the environment lacks something, or Ctrl-C.
    """
    engine = trials[0].engine
    engine.check()
    if isinstance(engine, LocalEngine) and engine.caveat():
        console.print(engine.caveat(), style="yellow", soft_wrap=True)
    current_run()
    progress = Progress(console, len(trials))
    count = min(workers or project.settings.limits.workers or len(os.sched_getaffinity(0)), len(trials))
    code = pytest.main(
        [
            *(f"{trial.lab.path / 'lab.py'}::{trial.name}" for trial in trials),
            *("-c", os.devnull, "--rootdir", str(project.root), "-p", "claimlab.running.plugin"),
            *("-p", "no:cacheprovider", "-p", "no:terminalreporter"),
            *("-n", str(count), "--dist", "worksteal", "--engine", engine.name),
            *(["--fresh"] if fresh else []),
        ],
        plugins=[progress],
    )
    if progress.stopped:
        raise Stopped(EXIT_ENVIRONMENT, progress.stopped)
    if code == pytest.ExitCode.INTERRUPTED:
        sweep_all(project)
        finished = sorted(progress.finished)
        done = ", ".join(finished[:6]) + (", …" if len(finished) > 6 else "") or "none"
        raise Stopped(
            EXIT_INTERRUPTED,
            f"interrupted: {len(progress.finished)} of {len(trials)} trials were finished and are recorded ({done}); "
            "nothing is left running. The same command goes on from here.",
        )
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise Stopped(EXIT_ENVIRONMENT, f"pytest could not run the trials (its exit code: {int(code)}).")
