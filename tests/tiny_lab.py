"""A lab that takes a moment, a folder to run it in with pytest, and a copy of the checkout to run it in with invoke.

Everything runs in processes of its own that inherit nothing of the session they are started from, and that write to
a record of their own. A test file asks for the fixtures with ``pytest_plugins``.
(PYTEST_DONT_REWRITE: the test files import names from here before pytest sees this as a plugin.)
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest
from tests.bench_fixtures import NEWEST
from tests.chapter_text import NUMBERS, head
from tests.ours import OUR, ROOT, write_article, write_project

from claimlab.project.languages import Words

NOWHERE: Final = "unix:///nowhere/docker.sock"
"""A DOCKER_HOST where no daemon is."""
TINY_THINGS: Final = Words("Tiny things", "小东西")
CLAIM: Final = """
[[claim]]
id = "{id}"
section = "{section}"
en = "The number is even."
zh = "这个数是偶数。"
"""
LAB: Final = '''"""Is the {name} number even?"""

import msgspec

from claimlab.benches.bench import Bench
from claimlab.trials.lab import Lab


class Seen(msgspec.Struct):
    number: int


lab = Lab("{name}", timing={timing}, has_axis={has_axis})


@lab.observe
def observe(bench: Bench) -> Seen:
    done = bench.run(["sh", "-c", {script!r}], step="run", timeout_s=120)
    return Seen(int(done.or_broken("the number could not be printed").text()))
'''
JUDGES: Final = '''
from claimlab.verdicts.judge import Control
from claimlab.verdicts.judges import Judges
from claimlab.verdicts.finding import Finding, decided
from claimlab.project.outcome import Outcome

judges = Judges()


@judges.of("{id}", sees=lambda seen: seen.number, control=Control("an odd number", lambda seen: 3, Outcome.FAILS))
def number_is_even(number: int) -> Finding:
    """Even means divisible by two."""
    return decided(number % 2 == 0, f"the number is {{number}}")
'''


def write_lab(
    labs: Path,
    name: str = "tiny",
    *,
    script: str = "echo 42",
    expected: str | None = "holds",
    chapter: int = 9,
    timing: bool = False,
    has_axis: bool = True,
) -> Path:
    """A lab whose `script` prints a number, and its claim that the number is even: ``9.1-a`` in a chapter of 9."""
    write_article(labs)
    folder = labs / f"ch{chapter}_things" / name
    claims = folder.parent / "claims.toml"
    folder.mkdir(parents=True, exist_ok=True)
    known = claims.read_text() if claims.exists() else head(chapter, f"{chapter}.1", TINY_THINGS, NUMBERS)
    section = f"{chapter}.1"
    claim = f"{section}-{chr(ord('a') + known.count('[[claim]]'))}"
    row = CLAIM.format(id=claim, section=section) + (f'expected = "{expected}"\n' if expected else "")
    row += "" if has_axis else 'axis = "none"\n'
    claims.write_text(known + row)
    (folder / "lab.py").write_text(LAB.format(name=name, script=script, timing=timing, has_axis=has_axis))
    (folder / "judges.py").write_text(JUDGES.format(id=claim))
    return folder


def clean_environment(**more: str) -> dict[str, str]:
    """This session's environment without what it tells its own children: its run, its workers, its settings."""
    ours = ("CLAIMLAB_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"NO_COLOR": "1", "COLUMNS": "160"} | more


@dataclass
class Started:
    """Processes of one test; none outlives it."""

    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, command: Sequence[str | Path], cwd: Path, env: dict[str, str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            # Where pytest runs in the background of a shell, SIGINT is ignored, and children would inherit that.
            ["env", "--default-signal=INT,HUP,TERM", *command],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def finish(self, process: subprocess.Popen[str], within_s: float = 400) -> subprocess.CompletedProcess[str]:
        stdout, stderr = process.communicate(timeout=within_s)
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
                time.sleep(1)
                process.kill()
            process.communicate()


@dataclass
class LabsFolder:
    """A folder with labs of its own, outside any checkout: pytest finds the plugin there only by its name."""

    root: Path
    started: Started

    def __post_init__(self) -> None:
        write_project(self.root)

    @property
    def labs(self) -> Path:
        return self.root / "labs"

    @property
    def record(self) -> Path:
        return self.root / "record"

    def pytest(
        self, *arguments: str | Path, engine: str = "local", go: str = NEWEST, **env: str
    ) -> subprocess.CompletedProcess[str]:
        command = [
            *(sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--rootdir", self.root),
            *("-p", "claimlab.running.plugin", "--engine", engine, "--go", go, *(arguments or ["labs"])),
        ]
        settings = clean_environment(TMPDIR=str(self.root), **env)
        return self.started.finish(self.started.start(command, self.root, settings))

    def claimlab(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "claimlab.cli", "--search-root", str(self.root), *arguments]
        return self.started.finish(self.started.start(command, self.root, clean_environment(TMPDIR=str(self.root))))

    def properties(self, *arguments: str | Path) -> dict[str, str]:
        """What a run that must succeed writes of its only trial into its JUnit file."""
        report = self.root / "junit.xml"
        done = self.pytest("labs", "--junitxml", report, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        found = ElementTree.parse(report).iter("property")
        return {one.attrib["name"]: one.attrib["value"] for one in found}


@dataclass
class Checkout:
    """A copy of the project with one tiny lab and nothing recorded. Toolchains and caches are the project's own."""

    root: Path
    started: Started

    def __post_init__(self) -> None:
        self.root.mkdir()
        shutil.copytree(ROOT / "src", self.root / "src", symlinks=True)
        shutil.copytree(ROOT / "docker", self.root / "docker")
        for name in ("tasks.py", "conftest.py", "pyproject.toml", "requirements.lock"):
            shutil.copy2(ROOT / name, self.root)
        self._have_a_machine_of_its_own()
        self.state.mkdir()
        self.scratch.mkdir()
        write_project(
            self.root, ("labs/maps",), cache=str(self.state), command="./inv", toolchains="docker/toolchains.toml"
        )
        for name in ("toolchains", "warm"):
            (OUR.cache / name).mkdir(parents=True, exist_ok=True)
            (self.state / name).symlink_to(OUR.cache / name)
        if (OUR.cache / "tools-image.json").is_file():
            shutil.copy2(OUR.cache / "tools-image.json", self.state)
            shutil.copytree(OUR.cache / "images", self.state / "images")
        self.pin(NEWEST)

    def _have_a_machine_of_its_own(self) -> None:
        """Its trials wait for each other, and must not wait meanwhile for those of other tests that measure time."""
        (self.root / "processors").mkdir()
        module = self.root / "src" / "claimlab" / "benches" / "host.py"
        text = module.read_text()
        assert text.count('"/sys/devices/system/cpu"') == 1
        module.write_text(text.replace("/sys/devices/system/cpu", str(self.root / "processors")))

    @property
    def state(self) -> Path:
        return self.root / ".claimlab"

    @property
    def labs(self) -> Path:
        """The folder of its only article."""
        return self.root / "labs" / "maps"

    @property
    def record(self) -> Path:
        return self.root / "record"

    @property
    def scratch(self) -> Path:
        """Where its temporary files are."""
        return self.root / "tmp"

    def pin(self, *versions: str) -> None:
        """These releases are all that are pinned."""
        rows = (ROOT / "docker" / "toolchains.toml").read_text().splitlines()
        kept = [row for row in rows if any(f'"{version}"' in row for version in versions)]
        assert len(kept) == len(versions)
        (self.root / "docker" / "toolchains.toml").write_text("\n".join(["releases = [", *kept, "]\n"]))

    def environment(self, **more: str) -> dict[str, str]:
        return clean_environment(PYTHONPATH=str(self.root / "src"), TMPDIR=str(self.scratch), **more)

    def python(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        """A fresh interpreter in the copy has been started."""
        return self.started.start([sys.executable, *arguments], self.root, self.environment(**env))

    def start_inv(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        return self.python("-m", "claimlab.cli", "--search-root", str(self.root), *arguments, **env)

    def inv(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return self.started.finish(self.start_inv(*arguments, **env))


@pytest.fixture
def started() -> Iterator[Started]:
    found = Started()
    yield found
    found.end()


@pytest.fixture
def folder(tmp_path: Path, started: Started) -> LabsFolder:
    """An empty folder for labs."""
    root = tmp_path / "elsewhere"
    root.mkdir()
    return LabsFolder(root, started)


@pytest.fixture
def checkout(tmp_path: Path, started: Started) -> Checkout:
    return Checkout(tmp_path / "checkout", started)
