"""What several test files share: small pins, a lab in its own folder, and an engine that runs nothing."""

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.ours import ROOT, pins_with, write_project

from claimlab.benches.bench import Bench
from claimlab.benches.engine import Engine, EngineName, Say
from claimlab.toolchains.needs import PLAIN, Needs, Wanted
from claimlab.toolchains.toolchain import Release, Toolchain
from claimlab.trials.lab import LabFolder

REQUIRED = frozenset(os.environ.get("CLAIMLAB_REQUIRE", "").split(",")) - {""}
"""Markers whose tests must not be skipped here; .ci/run names all of them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("kills", "tests/running/test_kills.py")
    group.addoption("--kills", type=int, default=3, help="how many, of each kind and on each engine")
    group.addoption("--kills-log", default="", help="a file for what came of them")
    group.addoption("--kills-seed", type=int, default=0, help="makes them come at the same moments again")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    needed = sorted(REQUIRED & {mark.name for mark in item.iter_markers()})
    if report.skipped and needed:
        report.outcome = "failed"
        report.longrepr = f"{', '.join(needed)} is required here, but the test was skipped: {report.longrepr}"
    return report


_LAB = '''"""Is the toy's number even?

More of it.
"""

import msgspec

from claimlab.benches.bench import Bench
from claimlab.trials.lab import Lab


class Seen(msgspec.Struct):
    number: int


lab = Lab("toy")


@lab.observe
def observe(bench: Bench) -> Seen:
    return Seen(2)
'''

_CHAPTER = '[chapter]\ntitle = { en = "Toys", zh = "玩具" }\n'
_JUDGES = '''
from claimlab.verdicts.judge import Control
from claimlab.verdicts.judges import Judges
from claimlab.verdicts.finding import Finding, decided
from claimlab.project.outcome import Outcome

from .lab import Seen

judges = Judges()


@judges.of("9-a", sees=lambda seen: seen, control=Control("an odd number", lambda _: Seen(3), Outcome.FAILS))
def number_is_even(seen: Seen) -> Finding:
    """The number is even.

    Nothing else counts.
    """
    return decided(seen.number % 2 == 0, f"the number is {seen.number}")
'''


class NoBenches:
    """An engine for what only reads the record: whoever opens a bench has gone wrong."""

    name: EngineName = "local"

    def __init__(self, place: str) -> None:
        self.place = place

    def identity(self, release: Release) -> str:
        return self.place and f"{self.place} {release.version}"

    def facts(self, toolchain: Toolchain, needs: Needs = PLAIN) -> dict[str, str]:
        return {"place": self.identity(toolchain.release)}

    def check(self) -> None:
        raise AssertionError("an engine was checked")

    def prepare(self, wanted: Iterable[Wanted], say: Say) -> None:
        raise AssertionError("an engine was prepared")

    def lacks(self, wanted: Iterable[Wanted]) -> list[Release]:
        return []

    def open(self, toolchain: Toolchain, life_s: float, needs: Needs = PLAIN) -> AbstractContextManager[Bench]:
        raise AssertionError("a bench was opened")

    def sweep(self) -> int:
        raise AssertionError("an engine was swept")

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def make_engine() -> Callable[..., Engine]:
    """An engine whose place has the given name; with an empty one it is not prepared yet."""

    def make(place: str = "desk") -> Engine:
        return NoBenches(place)

    return make


@pytest.fixture
def make_lab(tmp_path: Path) -> Callable[..., LabFolder]:
    """A lab folder below tmp_path; without arguments it is ``labs/ch9_toys/toy``. Its chapter has no claims yet."""

    def make(lab: str = _LAB, judges: str = _JUDGES, where: str = "labs/ch9_toys/toy", **files: str) -> LabFolder:
        folder = tmp_path / where
        project = write_project(tmp_path)
        folder.mkdir(parents=True)
        for name, text in {"lab.py": lab, "judges.py": judges, "main.go": "package main\n", **files}.items():
            (folder / name).write_text(text)
        if not (claims := folder.parent / "claims.toml").is_file():
            claims.write_text(_CHAPTER)
        return LabFolder(folder, project)

    return make


@pytest.fixture
def toolchains() -> list[Toolchain]:
    """1.23.9, 1.24.11, 1.24.11+noswissmap."""
    wheels = dict.fromkeys(("linux_x86_64", "linux_aarch64"), "0" * 64)
    return pins_with(Release("1.23.9", wheels), Release("1.24.11", wheels, ("noswissmap",))).toolchains


@pytest.fixture
def start_python() -> Iterable[Callable[..., subprocess.Popen[str]]]:
    """Starts a fresh interpreter on a piece of code that may import claimlab; none outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: object, **env: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
