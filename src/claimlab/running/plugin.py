"""pytest glue: every lab × toolchain is an item; what all of them need is prepared once, before the first runs.

An entry point loads this module wherever claimlab is installed; outside of a project it does nothing. Options:
``--go``, ``--engine``, ``--fresh``, ``--no-trials``. What labs keep for their tests are items too, see
:mod:`claimlab.running.kept_items`.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from claimlab.benches.container import current_run
from claimlab.benches.engines import choose, sweep_all
from claimlab.project.errors import EXIT_ENVIRONMENT, BadData, EnvironmentMissing
from claimlab.project.project import Project, find, spelled
from claimlab.running.kept_items import collector_of, mark, marker_of
from claimlab.running.preparing import SAY, prepare_trials
from claimlab.toolchains.pins import pins_of
from claimlab.toolchains.toolchain import select
from claimlab.trials.lab import LabFolder
from claimlab.trials.laboratory import Laboratory, laboratory
from claimlab.trials.trial import Trial, breakage_of
from claimlab.verdicts.differing import told
from claimlab.verdicts.expectations import Difference, differences
from claimlab.verdicts.kept_rulings import KeptRulings
from claimlab.verdicts.ledger import refuse_strangers
from claimlab.verdicts.ruling import rule_all

_PROJECT: Final = pytest.StashKey[Project]()
_LABORATORY: Final = pytest.StashKey[Laboratory]()
_MEASURED: Final = pytest.StashKey[bool]()
"""This session had the engine prepare benches, so something may be left of them."""
_LOST: Final = "the environment lacks"
"""The property of a trial's report that says what was lost meanwhile: a worker cannot end the session itself."""


class Differs(Exception):
    """A trial's outcomes are not the expected ones."""

    def __init__(self, found: Iterable[Difference]) -> None:
        self.found = list(found)
        super().__init__("\n\n".join(told(self.found)))


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
        default="",
        metavar="ENGINE",
        help="where trials run: docker, local, auto or the project's own (default: what the project says)",
    )
    group.addoption("--plain", action="store_true", help="leave out the builds with an experiment")
    group.addoption("--fresh", action="store_true", help="measure again what is recorded")
    group.addoption("--no-trials", action="store_true", help="run the tests of labs alone: no bench is needed")


def pytest_configure(config: pytest.Config) -> None:
    try:
        project = find(config.rootpath) or find(config.invocation_params.dir)
    except BadData as error:
        raise pytest.UsageError(str(error)) from None
    if project is None:
        return  # nobody's project: there is nothing to collect
    config.stash[_PROJECT] = project
    config.addinivalue_line("markers", "lab(name): the trials of one lab")
    config.addinivalue_line("markers", "timing: trials that measure time and have the machine to themselves")
    try:
        for marker, words in _markers(project).items():
            config.addinivalue_line("markers", f"{marker}: {words}")
        current_run()  # before workers start, so that they inherit the name
        select(config.getoption("go"), pins_of(project).toolchains)
        choose(project, config.getoption("engine") or "local")  # a name that nobody knows is told of at once
    except (BadData, EnvironmentMissing) as error:
        raise pytest.UsageError(spelled(str(error), project.command)) from None


def _markers(project: Project) -> dict[str, str]:
    """For each article and each chapter one, with what it selects."""
    found = {}
    for article in project.articles:
        found[marker_of(article.name)] = f"the labs of the article {article.name}"
        for chapter in article.chapters:
            found[marker_of(f"chapter_{chapter.key}")] = f"the labs of chapter {chapter.key}"
    return found


def laboratory_of(config: pytest.Config) -> Laboratory:
    if _LABORATORY not in config.stash:
        config.stash[_LABORATORY] = laboratory(config.stash[_PROJECT], config.getoption("engine"))
    return config.stash[_LABORATORY]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if _PROJECT not in parent.config.stash:
        return None
    project = parent.config.stash[_PROJECT]
    if file_path.name != "lab.py":
        return collector_of(file_path, parent, project)
    if parent.config.getoption("no_trials"):
        return None
    folder = LabFolder(file_path.parent, project)
    return LabFile.from_parent(parent, path=file_path) if folder.is_found else None


class LabFile(pytest.File):
    """A lab.py: one item for each selected toolchain."""

    def collect(self) -> Iterator[pytest.Item]:
        ours = laboratory_of(self.config)
        folder = LabFolder(self.path.parent, ours.project)
        try:
            refuse_strangers(folder, KeptRulings(ours.record).questions(folder))
        except BadData as error:
            raise self.CollectError(spelled(str(error), ours.project.command)) from None
        toolchains = ours.toolchains(self.config.getoption("go"), plain=self.config.getoption("plain"))
        for trial in ours.trials(folder, toolchains):
            # As text: pytest 9.2 looks in ids it has read (--lf) for a name and, apart from it, what is in brackets.
            yield TrialItem.from_parent(self, name=trial.name, nodeid=f"{self.nodeid}::{trial.name}", trial=trial)


class TrialItem(pytest.Item):
    """One trial: measured unless recorded, then judged, then compared with the expectation."""

    def __init__(self, *, trial: Trial, **more: Any) -> None:
        super().__init__(**more)
        self.trial = trial
        mark(self, trial.lab)
        if trial.lab.declared.timing:
            self.add_marker("timing")
        self.add_marker(pytest.mark.timeout(0))  # a trial has limits of its own

    def runtest(self) -> None:
        record = laboratory_of(self.config).record
        observation = None if self.config.getoption("fresh") else self.trial.recorded(record)
        self.user_properties.append(("source", "record" if observation else "measured"))
        if observation is None:
            try:
                observation = self.trial.measure(record)
            except EnvironmentMissing as missing:
                self.user_properties.append((_LOST, spelled(str(missing), self.trial.lab.project.command)))
                raise
        rulings = rule_all(self.trial.lab, observation)
        self.user_properties += [(claim, str(ruling.outcome)) for claim, ruling in rulings.items()]
        article = self.trial.lab.article
        if found := differences(self.trial, rulings, article.claims if article else ()):
            raise Differs(found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Differs):
            return spelled(str(excinfo.value), self.trial.lab.project.command)
        replay = spelled(self.trial.replay, self.trial.lab.project.command)
        said = breakage_of(excinfo.value, self.trial.lab)
        return f"the lab is broken: {self.trial.name}\n{said}\n  replay: {replay}"

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
    """Hooks of the process that hands out the work, which is the only one where xdist is not."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.prepared = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        """The first worker has collected: what its trials need is made before any of them is handed out."""
        if not self.prepared:
            self.prepared = True
            prepare(self.config, trials_of(self.config, ids))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What a trial has lost, such as the daemon, the others have lost too; none of them is told of as broken."""
        if lost := dict(report.user_properties).get(_LOST):
            pytest.exit(str(lost), returncode=EXIT_ENVIRONMENT)

    def pytest_keyboard_interrupt(self) -> None:
        """Containers and processes are ended at once, so that the workers that wait for them end too."""
        sweep_all(self.config.stash[_PROJECT])


def pytest_sessionstart(session: pytest.Session) -> None:
    if _PROJECT in session.config.stash and not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Controller(session.config))


def trials_of(config: pytest.Config, ids: Iterable[str]) -> list[Trial]:
    """The trials that node ids such as ``labs/…/lab.py::gdb-panic[1.24.11]`` stand for."""
    ours = laboratory_of(config)
    toolchains = {toolchain.name: toolchain for toolchain in [*ours.pins.toolchains, ours.pins.bare]}
    found = []
    for node_id in ids:
        if match := re.fullmatch(r"((?:.*/)?lab\.py)::.*\[(.+)\]", node_id):
            folder = LabFolder((config.rootpath / match[1]).parent, ours.project)
            found.append(Trial(folder, toolchains[match[2]], ours.engine))
    return found


def prepare(config: pytest.Config, trials: list[Trial]) -> None:
    """The engine is ready for every trial that has to be measured; exit code 2 says what is missing."""
    if not trials:
        return
    terminal = config.pluginmanager.getplugin("terminalreporter")
    say = config.stash.get(SAY, None) or (lambda text: terminal.write_line(f"claimlab: {text}"))
    try:
        config.stash[_MEASURED] = prepare_trials(
            trials, laboratory_of(config).record, fresh=config.getoption("fresh"), say=say
        )
    except EnvironmentMissing as missing:
        pytest.exit(spelled(str(missing), config.stash[_PROJECT].command), returncode=EXIT_ENVIRONMENT)


# --- leaving nothing behind -----------------------------------------------------------------------------------


def pytest_unconfigure(config: pytest.Config) -> None:
    if _LABORATORY in config.stash:
        engine = config.stash[_LABORATORY].engine
        if not hasattr(config, "workerinput") and config.stash.get(_MEASURED, False):
            with contextlib.suppress(EnvironmentMissing):  # then what is left ends by itself
                engine.sweep()
        engine.close()
