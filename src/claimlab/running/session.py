"""Trials are measured in parallel: a pytest-xdist session over just these trials, inside this process."""

import os
from collections.abc import Sequence
from dataclasses import replace

import pytest
from rich.console import Console

from claimlab.benches.engines import sweep_all
from claimlab.benches.local_engine import LocalEngine
from claimlab.project.errors import EXIT_ENVIRONMENT, Stopped
from claimlab.project.project import Project
from claimlab.project.runs import current_run
from claimlab.running import signals
from claimlab.running.progress import Progress
from claimlab.trials.record import Record
from claimlab.trials.trial import Trial


def measure(
    project: Project, trials: Sequence[Trial], *, fresh: bool, workers: int, console: Console, quiet: bool = False
) -> dict[str, str]:
    """Every trial was tried, and its observation is in the record; by name those that have none of this session, with
    the reason, whatever older observation there may be. With `quiet` nothing is said of those that went well.

    Raises :class:`Stopped` if the session ended early: the environment lacks something, or a signal asked for the end.
    """
    engine = trials[0].engine
    engine.check()
    if isinstance(engine, LocalEngine) and engine.caveat():
        console.print(engine.caveat(), style="yellow", soft_wrap=True)
    current_run()
    progress = Progress(console, len(trials), quiet=quiet)
    names = dict.fromkeys(one.name for trial in trials for one in (trial.toolchain, *trial.beside) if not one.bare)
    count = min(workers or project.settings.limits.workers or len(os.sched_getaffinity(0)), len(trials))
    code = _run(
        [
            *(f"{trial.lab.entry}::{trial.name}" for trial in trials),
            *("-c", os.devnull, "--rootdir", str(project.root), "-p", "claimlab.running.plugin"),
            *("-p", "no:cacheprovider", "-p", "no:terminalreporter", "-p", "no:tmpdir"),
            *("-n", str(count), "--dist", "worksteal", "--engine", engine.name),
            *(["--fresh"] if fresh else []),
            *(f"--go={name}" for name in names),
            "--unpinned",
        ],
        progress,
    )
    if progress.stopped:
        raise Stopped(EXIT_ENVIRONMENT, progress.stopped)
    if code == pytest.ExitCode.INTERRUPTED:
        sweep_all(project)
        # What a worker has filed counts, though its word of that came too late.
        filed = [] if fresh else [one.name for one in map(replace, trials) if one.recorded(Record(project.record))]
        raise Stopped(progress.interrupted, f"interrupted: {progress.display.so_far(also=filed)}")
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise Stopped(EXIT_ENVIRONMENT, f"pytest could not run the trials (its exit code: {int(code)}).")
    return progress.display.lacking(trial.name for trial in trials)


def _run(arguments: list[str], progress: Progress) -> int:
    """pytest's exit code. An interrupt before or after its session counts like one within."""
    try:
        return pytest.main(arguments, plugins=[progress])
    except KeyboardInterrupt as interrupt:
        progress.interrupted = signals.code_of(interrupt)
        return pytest.ExitCode.INTERRUPTED
