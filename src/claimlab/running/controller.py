"""The process that hands out the work: it prepares what all workers share, and sees to it that nothing is left."""

import contextlib
import os
import re
import signal
from collections.abc import Iterable
from typing import Any, Final

import pytest

from claimlab.benches.engine import Say
from claimlab.benches.engines import sweep_all
from claimlab.project.errors import EXIT_ENVIRONMENT, BadData, EnvironmentMissing
from claimlab.project.project import Project, spelled
from claimlab.project.visible import visible
from claimlab.questions.laboratory import Laboratory, laboratory
from claimlab.questions.labs import lab_of
from claimlab.running.ahead import FetchAhead
from claimlab.running.display import BROKEN
from claimlab.running.preparing import SAID, SAY, prepare_trials
from claimlab.trials.fingerprint import Shared
from claimlab.trials.trial import BESIDE, Trial

PROJECT: Final = pytest.StashKey[Project]()
LABORATORY: Final = pytest.StashKey[Laboratory]()
AHEAD: Final = pytest.StashKey[FetchAhead | None]()
"""This session had the engine prepare benches, so something may be left of them."""
MISSING: Final = "environment"
"""The property of a report that says what the environment lacked in the midst of a trial."""
_CRASHED: Final = (
    "the process that measured it was killed or crashed; a lack of memory stands in the kernel's log (dmesg)"
)


class Controller:
    """Hooks of the process that hands out the work, which is the only one where xdist is not."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.prepared = False
        self.workers: dict[str, int] = {}
        """The processes by the workers' names."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        """The first worker has collected: what its trials need is made before any of them is handed out."""
        if not self.prepared:
            self.prepared = True
            prepare(self.config, trials_of(self.config, ids))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodeready(self, node: Any) -> None:
        self.workers[node.gateway.id] = node.gateway._rinfo().pid  # xdist itself asks for it so, and nothing else can

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.workers.pop(node.gateway.id, None)

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: pytest.TestReport) -> None:
        """A worker that vanished in the midst of a trial is why that has no observation."""
        for trial in trials_of(self.config, [crashitem]):
            trial.file_breakage(laboratory_of(self.config).record, _CRASHED)
            report.longrepr = f"{BROKEN}: {trial.name}\n{_CRASHED}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What a trial says while it makes ready what it needs is shown. The session ends when it finds that the
        environment lacks something: it would be so for all others."""
        if words := dict(report.user_properties).get(SAID):
            say_of(self.config)(str(words))
        if words := dict(report.user_properties).get(MISSING):
            pytest.exit(str(words), returncode=EXIT_ENVIRONMENT)

    def pytest_keyboard_interrupt(self) -> None:
        """Containers and processes are ended at once, so that the workers that wait for them end too.

        The workers are told first: to a worker that does not know, a container that is gone is a broken lab.
        """
        for worker in self.workers.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGINT)
        sweep_all(self.config.stash[PROJECT])


def laboratory_of(config: pytest.Config) -> Laboratory:
    if LABORATORY not in config.stash:
        config.stash[LABORATORY] = laboratory(config.stash[PROJECT], config.getoption("engine"))
    return config.stash[LABORATORY]


def trials_of(config: pytest.Config, ids: Iterable[str]) -> list[Trial]:
    """The trials that node ids such as ``labs/…/lab.py::gdb-panic[1.24.11]`` stand for."""
    ours = laboratory_of(config)
    chosen = ours.toolchains(config.option.go, unpinned=config.option.unpinned)
    toolchains = {toolchain.name: toolchain for toolchain in [*ours.pins.toolchains, *chosen, ours.pins.bare]}
    found = []
    shared: dict[str, Shared] = {}
    for node_id in ids:
        if match := re.fullmatch(r"((?:.*/)?lab\.py|.*\.json)::[^ ]*\[(.+)\]", node_id):
            if match[1] not in shared:
                shared[match[1]] = Shared(lab_of(config.rootpath / match[1], ours.project))
            of_lab = shared[match[1]]
            name, _, beside = match[2].partition(BESIDE)
            others = tuple(toolchains[one] for one in beside.split(", ") if one)
            found.append(Trial(of_lab.lab, toolchains[name], ours.engine, of_lab, others))
    return found


def say_of(config: pytest.Config) -> Say:
    """What shows words about preparing."""
    terminal, capture = map(config.pluginmanager.getplugin, ("terminalreporter", "capturemanager"))

    def show(text: str) -> None:
        with capture.global_and_fixture_disabled():  # in the midst of a trial that this process measures
            terminal.write_line(f"claimlab: {text}")

    return config.stash.get(SAY, None) or show


def prepare(config: pytest.Config, trials: list[Trial]) -> None:
    """The engine can make ready whatever has to be measured; exit code 2 says what is missing."""
    if not trials:
        return
    try:
        config.stash[AHEAD] = prepare_trials(
            trials, laboratory_of(config).record, fresh=config.getoption("fresh"), say=say_of(config)
        )
    except (EnvironmentMissing, BadData) as missing:
        pytest.exit(visible(spelled(str(missing), config.stash[PROJECT].command)), returncode=EXIT_ENVIRONMENT)
