"""pytest glue: every lab × toolchain is an item; what all of them need is prepared once, before the first runs.

The repository's conftest.py loads this module. Options: ``--go``, ``--engine``, ``--fresh``.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from claimlab.benches.container import current_run
from claimlab.benches.engine import Engine
from claimlab.benches.engines import choose, sweep_all
from claimlab.project.claim import load_chapter
from claimlab.project.errors import EXIT_ENVIRONMENT, EnvironmentMissing
from claimlab.running.preparing import SAY, prepare_trials
from claimlab.toolchains.toolchain import all_toolchains, bare, select
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Record
from claimlab.trials.trial import Trial, trials_on
from claimlab.verdicts.expectations import Difference, differences
from claimlab.verdicts.ruling import rule_all

_ENGINE: Final = pytest.StashKey[Engine]()
_MEASURED: Final = pytest.StashKey[bool]()
"""This session had the engine prepare benches, so something may be left of them."""


class Differs(Exception):
    """A trial's outcomes are not the expected ones."""

    def __init__(self, found: Iterable[Difference]) -> None:
        self.found = list(found)
        super().__init__("\n\n".join(map(str, self.found)))


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("claimlab", "labs of claimlab")
    group.addoption(
        "--go",
        action="append",
        default=[],
        metavar="RELEASE",
        help="only these toolchains: 1.24.11, 1.24 (with variants), 1.24.11+noswissmap, +noswissmap; repeatable",
    )
    group.addoption(
        "--engine",
        default=os.environ.get("CLAIMLAB_ENGINE", "auto"),
        choices=["auto", "docker", "local"],
        help="where trials run (default: docker where a daemon answers, else local)",
    )
    group.addoption("--fresh", action="store_true", help="measure again what is recorded")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "lab(name): the trials of one lab")
    config.addinivalue_line("markers", "timing: trials that measure time and have the machine to themselves")
    for number in range(1, 10):
        config.addinivalue_line("markers", f"chapter_{number}: the labs of chapter {number}")
    current_run()  # before workers start, so that they inherit the name
    try:
        select(config.getoption("go"), all_toolchains())
    except EnvironmentMissing as missing:
        raise pytest.UsageError(str(missing)) from None


def engine_of(config: pytest.Config) -> Engine:
    if _ENGINE not in config.stash:
        config.stash[_ENGINE] = choose(config.getoption("engine"))
    return config.stash[_ENGINE]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name == "lab.py" and (file_path.parent.parent / "claims.toml").is_file():
        return LabFile.from_parent(parent, path=file_path)
    return None


class LabFile(pytest.File):
    """A lab.py: one item for each selected toolchain."""

    def collect(self) -> Iterator[pytest.Item]:
        toolchains = select(self.config.getoption("go"), all_toolchains())
        for trial in trials_on(LabFolder(self.path.parent), toolchains, engine_of(self.config)):
            # As text: pytest 9.2 looks in ids it has read (--lf) for a name and, apart from it, what is in brackets.
            yield TrialItem.from_parent(self, name=trial.name, nodeid=f"{self.nodeid}::{trial.name}", trial=trial)


class TrialItem(pytest.Item):
    """One trial: measured unless recorded, then judged, then compared with the expectation."""

    def __init__(self, *, trial: Trial, **more: Any) -> None:
        super().__init__(**more)
        self.trial = trial
        self.chapter = load_chapter(trial.lab.chapter_folder / "claims.toml")
        self.add_marker(pytest.mark.lab(trial.lab.name))
        self.add_marker(f"chapter_{self.chapter.number}")
        if trial.lab.declared.timing:
            self.add_marker("timing")
        self.add_marker(pytest.mark.timeout(0))  # a trial has limits of its own

    def runtest(self) -> None:
        record = Record()
        observation = None if self.config.getoption("fresh") else self.trial.recorded(record)
        self.user_properties.append(("source", "record" if observation else "measured"))
        if observation is None:
            observation = self.trial.measure(record)
        rulings = rule_all(self.trial.lab, observation)
        self.user_properties += [(claim, str(ruling.outcome)) for claim, ruling in rulings.items()]
        if found := differences(self.trial, rulings, self.chapter.claims()):
            raise Differs(found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Differs):
            return str(excinfo.value)
        first = f"the lab is broken: {self.trial.name}\n{excinfo.value}\n  replay: {self.trial.replay}"
        return f"{first}\n\n{super().repr_failure(excinfo, 'short')}"

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Trials that need the machine to themselves come last: each makes the other workers wait."""
    items.sort(key=lambda item: isinstance(item, TrialItem) and item.trial.lab.declared.timing)


# --- preparing, once for all workers --------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Without xdist: the collecting process prepares."""
    has_workers = session.config.pluginmanager.hasplugin("dsession")
    if not hasattr(session.config, "workerinput") and not has_workers and not session.config.option.collectonly:
        prepare(session.config, [item.trial for item in session.items if isinstance(item, TrialItem)])


class Controller:
    """Hooks of the process that hands out the work; registered only where xdist is."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.prepared = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        """The first worker has collected: what its trials need is made before any of them is handed out."""
        if not self.prepared:
            self.prepared = True
            prepare(self.config, trials_of(self.config, ids))


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Controller(session.config))


def trials_of(config: pytest.Config, ids: Iterable[str]) -> list[Trial]:
    """The trials that node ids such as ``labs/…/lab.py::gdb-panic[1.24.11]`` stand for."""
    toolchains = {toolchain.name: toolchain for toolchain in [*all_toolchains(), bare()]}
    found = []
    for node_id in ids:
        if match := re.fullmatch(r"((?:.*/)?lab\.py)::.*\[(.+)\]", node_id):
            folder = LabFolder((config.rootpath / match[1]).parent)
            found.append(Trial(folder, toolchains[match[2]], engine_of(config)))
    return found


def prepare(config: pytest.Config, trials: list[Trial]) -> None:
    """The engine is ready for every trial that has to be measured; exit code 2 says what is missing."""
    if not trials:
        return
    terminal = config.pluginmanager.getplugin("terminalreporter")
    say = config.stash.get(SAY, None) or (lambda text: terminal.write_line(f"claimlab: {text}"))
    try:
        config.stash[_MEASURED] = prepare_trials(trials, fresh=config.getoption("fresh"), say=say)
    except EnvironmentMissing as missing:
        pytest.exit(str(missing), returncode=EXIT_ENVIRONMENT)


# --- leaving nothing behind -----------------------------------------------------------------------------------


def pytest_keyboard_interrupt(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Containers and processes are ended at once, so that the workers that wait for them end too."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        sweep_all()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _ENGINE in config.stash:
        engine = config.stash[_ENGINE]
        if not hasattr(config, "workerinput") and config.stash.get(_MEASURED, False):
            engine.sweep()
        engine.close()
