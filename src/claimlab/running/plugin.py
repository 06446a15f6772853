"""pytest glue: every lab × toolchain is an item, which makes ready what it needs, unless it is recorded.

An entry point loads this module wherever claimlab is installed; outside of a project it does nothing. Options:
``--go``, ``--engine``, ``--fresh``, ``--no-trials``. What labs keep for their tests are items too, see
:mod:`claimlab.running.kept_items`.
"""

import contextlib
import math
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from claimlab.benches.engines import choose
from claimlab.project.errors import BadData, ClaimlabError, EnvironmentMissing
from claimlab.project.project import Project, find, spelled
from claimlab.project.runs import current_run
from claimlab.project.visible import visible
from claimlab.questions.labs import lab_of
from claimlab.running import signals
from claimlab.running.controller import AHEAD, LABORATORY, MISSING, PROJECT, Controller, laboratory_of, prepare
from claimlab.running.display import lab_broken
from claimlab.running.kept_items import UnusableLab, collector_of, mark, marker_of
from claimlab.running.preparing import SAID, SOURCE, in_turn
from claimlab.running.readiness import Readiness
from claimlab.toolchains.unpinned import resolve
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Observation, Record
from claimlab.trials.trial import Trial, breakage_of
from claimlab.verdicts.differing import told
from claimlab.verdicts.expectations import Difference, differences
from claimlab.verdicts.kept_rulings import KeptRulings
from claimlab.verdicts.ruling import rule_all
from claimlab.verdicts.survey import refuse_strangers

READY: Final = pytest.StashKey[Readiness]()


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
    group.addoption("--unpinned", action="store_true", help="--go may name a release that is not pinned: 1.25.1")
    group.addoption("--plain", action="store_true", help="leave out variants of releases")
    group.addoption("--fresh", action="store_true", help="measure again what is recorded")
    group.addoption("--no-trials", action="store_true", help="run the tests of labs alone: no bench is needed")


def pytest_configure(config: pytest.Config) -> None:
    try:
        project = find(config.rootpath) or find(config.invocation_params.dir)
    except BadData as error:
        raise pytest.UsageError(str(error)) from None
    if project is None:
        return  # nobody's project: there is nothing to collect
    config.stash[PROJECT] = project
    config.addinivalue_line("markers", "lab(name): the trials of one lab")
    config.addinivalue_line("markers", "timing: trials that measure time and have the machine to themselves")
    try:
        for marker, words in _markers(project).items():
            config.addinivalue_line("markers", f"{marker}: {words}")
        current_run()  # before workers start, so that they inherit the name
        resolve(config.option.go, project, lambda _: None, unpinned_too=config.option.unpinned)
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


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if PROJECT not in parent.config.stash:
        return None
    project = parent.config.stash[PROJECT]
    folder = lab_of(file_path, project)
    if folder.entry != file_path:
        return collector_of(file_path, parent, project)
    if parent.config.getoption("no_trials"):
        return None
    return LabFile.from_parent(parent, path=file_path) if folder.is_found else None


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """A lab.py that is named to pytest is no module of tests: it is imported where it is measured, and not before."""
    if module_path.name != "lab.py" or PROJECT not in parent.config.stash:
        return None
    folder = LabFolder(module_path.parent, parent.config.stash[PROJECT])
    return _NoTests.from_parent(parent, path=module_path) if folder.is_found else None


class _NoTests(pytest.Module):
    def collect(self) -> list[pytest.Item]:
        return []


class LabFile(pytest.File):
    """A lab.py, or a kept question: one item for each selected toolchain."""

    def collect(self) -> Iterator[pytest.Item]:
        ours = laboratory_of(self.config)
        folder = lab_of(self.path, ours.project)
        options = self.config.option
        toolchains = ours.toolchains(options.go, plain=options.plain, unpinned=options.unpinned)
        try:
            trials = ours.trials(folder, toolchains)  # hashed before anything of the lab is imported
            refuse_strangers(folder, KeptRulings(ours.record).questions(folder))
        except (BadData, OSError, UnicodeDecodeError) as error:
            # No error of the collection: that would end the session, and no other lab's trials would run.
            yield UnusableLab.from_parent(self, name=f"{folder.name} cannot be used", lab=folder, why=str(error))
            return
        for trial in trials:
            # As text: pytest 9.2 looks in ids it has read (--lf) for a name and, apart from it, what is in brackets.
            yield TrialItem.from_parent(self, name=trial.name, nodeid=f"{self._file}::{trial.name}", trial=trial)

    @property
    def _file(self) -> str:
        """Where it lies. pytest has no id for what is outside its root folder, as questions are in a shared cache."""
        return self.nodeid if self.path.is_relative_to(self.config.rootpath) else self.path.as_posix()


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
        source = "record" if observation else "measured"
        if observation is None:
            observation = self._measured(record)
        self.user_properties.append((SOURCE, source))
        rulings = rule_all(self.trial, observation)  # judges across releases wait until all trials are over
        self.user_properties += [(claim, str(ruling.outcome)) for claim, ruling in rulings.items()]
        article = self.trial.lab.article
        if found := differences(self.trial, rulings, article.claims if article else ()):
            raise Differs(found)

    def _measured(self, record: Record) -> Observation:
        ready = self.config.stash.setdefault(READY, Readiness())
        with self._ending(EnvironmentMissing, BadData):
            ready.make(self.trial, self._say)
        with ready.doubted(self.trial), self._ending(EnvironmentMissing):
            return self.trial.measure(record)

    @contextlib.contextmanager
    def _ending(self, *kinds: type[ClaimlabError]) -> Iterator[None]:
        """Such trouble ends the session: the environment lacks something."""
        try:
            yield
        except kinds as missing:
            self.user_properties.append((MISSING, visible(spelled(str(missing), self.trial.lab.project.command))))
            raise

    def _say(self, text: str) -> None:
        """The words reach the process that shows them."""
        about = [(SAID, f"{text}, for {self.trial.name}")]
        said = pytest.TestReport(self.nodeid, self.location, {}, "passed", None, "setup", user_properties=about)
        self.ihook.pytest_runtest_logreport(report=said)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Differs):
            return visible(spelled(str(excinfo.value), self.trial.lab.project.command))
        return lab_broken(self.trial, breakage_of(excinfo.value, self.trial.lab))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is no trial comes first. Workers begin in several places of the list."""
    trials = in_turn([item for item in items if isinstance(item, TrialItem)], lambda item: item.trial)
    items[:] = [*(item for item in items if not isinstance(item, TrialItem)), *trials]


# --- preparing what all share, once for all workers ----------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Without xdist: the collecting process prepares."""
    has_workers = session.config.pluginmanager.hasplugin("dsession")
    if not hasattr(session.config, "workerinput") and not has_workers and not session.config.option.collectonly:
        prepare(session.config, [item.trial for item in session.items if isinstance(item, TrialItem)])


def pytest_sessionstart(session: pytest.Session) -> None:
    if PROJECT not in session.config.stash:
        return
    if hasattr(session.config, "workerinput"):
        signals.end_with_parent()
        signals.interrupt_by(signals.Asked(patience=math.inf))  # its controller sees to its end
    else:
        session.config.pluginmanager.register(Controller(session.config))
        unheeded = [one for one in signals.ALL if signal.getsignal(one) is signal.SIG_DFL]
        signals.interrupt_by(signals.Asked(), unheeded)


# --- leaving nothing behind -----------------------------------------------------------------------------------


def pytest_unconfigure(config: pytest.Config) -> None:
    if LABORATORY in config.stash:
        engine = config.stash[LABORATORY].engine
        # What answers no more cannot be swept, and why it does not has been told.
        with contextlib.suppress(EnvironmentMissing, OSError):
            if ahead := config.stash.get(AHEAD, None):  # a worker has none
                ahead.end()
                engine.sweep()
        engine.close()
