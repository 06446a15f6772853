"""How long claimlab's main jobs take, each beside what it is to stay under: figures of one run on this machine.

A machine that others use is slow for claimlab and for everybody else, so each figure stands beside what this machine
takes meanwhile to compile the plain library once, or beside the seconds of the commands themselves.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec
import psutil

from claimlab.benches import images
from claimlab.benches.docker_engine import DockerEngine
from claimlab.project.errors import EnvironmentMissing
from claimlab.project.project import Project
from claimlab.project.runs import current_run
from claimlab.questions.laboratory import Laboratory
from claimlab.toolchains.needs import warm_script
from claimlab.toolchains.origins import ensure
from claimlab.toolchains.pins import pins_of
from claimlab.trials.record import Observation, Provenance

LAB: Final = "lab.gdb-panic"
_SIGNS: Final = tuple("✔✘?!")
_EVERY_S: Final = 0.2
"""So often is memory looked at."""


class Row(msgspec.Struct, frozen=True):
    """One measured figure."""

    row: str
    what: str
    measured: float
    unit: str
    at_most: float
    beside: str = ""
    """What else this run saw, for who reads the figure."""

    @property
    def is_kept(self) -> bool:
        return self.measured <= self.at_most

    def told(self) -> str:
        sign = "within" if self.is_kept else "OVER"
        figure = f"{self.measured:.2f} {self.unit}".rstrip()
        return f"{self.what}: {figure}, {sign} {self.at_most:g}" + (f"  ({self.beside})" if self.beside else "")


@dataclass(frozen=True)
class Rows:
    """The rows of one project; each is measured when it is asked for."""

    project: Project
    say: Callable[[str], None]
    go: Sequence[str] = ()
    """The matrix has these toolchains only."""

    def named(self, name: str) -> Iterable[Row]:
        return ROWS[name](self)

    def _fresh_local(self) -> Iterator[Row]:
        """A clone of what is committed, with nothing cached."""
        with self._clone() as clone:
            first_s, whole_s = self._timed(clone, LAB, "--engine", "local")
        beside = self._compiling()
        yield Row("fresh-local", "fresh clone, local engine: the first verdict", first_s, "s", 75, beside)
        yield Row("fresh-local", "fresh clone, local engine: the whole command", whole_s, "s", 180, beside)

    def _fresh_docker(self) -> Iterator[Row]:
        """The daemon has no image of claimlab's: they are taken away first."""
        for what, limit_s, go in (("one release", 60.0, ("--go", "1.27")), ("every toolchain", 270.0, ())):
            engine = DockerEngine(self.project)
            engine.check()
            self.say("taking claimlab's images away")
            images.clean(engine.client, self.project, everything=True)
            engine.close()
            with self._clone() as clone:
                _timed_s(clone, "--version")
                _, whole_s = self._timed(clone, LAB, "--engine", "docker", *go)
            yield Row("fresh-docker", f"Docker without images: {what}", whole_s, "s", limit_s, self._compiling())

    def _matrix(self) -> Iterator[Row]:
        """Everything is measured again; images are ready."""
        engine = DockerEngine(self.project)
        ours = Laboratory(self.project, engine)
        self.say("making images ready")
        chosen = [word for name in self.go for word in ("--go", name)]
        _timed_s(self.project.root, "images.build", *chosen)
        began, watched = time.time(), _Memory()
        with watched:
            whole_s = _timed_s(self.project.root, "lab.all", "--engine", "docker", "--fresh", *chosen, may_differ=True)
        timing = {lab.name for lab in ours.labs if lab.declared.timing}
        alone_s = shared_s = 0.0
        for path in ours.record.root.glob("*/*/docker-*.json"):
            if path.stat().st_mtime >= began:
                found = msgspec.json.decode(path.read_bytes(), type=Observation)
                spent_s = _commands_s(found.provenance)
                alone_s, shared_s = (
                    (alone_s + spent_s, shared_s) if found.lab in timing else (alone_s, shared_s + spent_s)
                )
        cores = len(os.sched_getaffinity(0))
        least_s = alone_s + shared_s / cores
        beside = f"{whole_s:.0f} s; commands: {shared_s:.0f} s on {cores} processors, {alone_s:.0f} s alone"
        where = f"Go {', '.join(self.go)}" if self.go else "every toolchain"
        yield Row("matrix", f"every lab on {where}, in limits", whole_s / least_s, "", 1.2, beside)
        yield Row("matrix", "resident memory of claimlab's processes", watched.most_bytes / 1024**2, "MiB", 1024)

    def _recorded(self) -> Iterator[Row]:
        for command in (("lab.all",), ("verdicts",)):
            _timed_s(self.project.root, *command, may_differ=True)
            took_s = sorted(_timed_s(self.project.root, *command, may_differ=True) for _ in range(5))
            yield Row("recorded", f"{command[0]}, everything recorded", took_s[2], "s", 0.7, "the median of five")

    def _pages(self) -> Iterator[Row]:
        from claimlab.site.downloads import RECORDS  # Sphinx comes with it, and other commands read this module too

        site = self.project.site
        shutil.rmtree(site.parent, ignore_errors=True)
        took_s = _timed_s(self.project.root, "docs", "--no-run")
        yield Row("pages", "pages of both languages, from nothing", took_s, "s", 7)
        sizes = {path.relative_to(site): path.stat().st_size for path in site.rglob("*") if path.is_file()}
        heaviest = max((path for path in sizes if path.suffix == ".html"), key=lambda path: sizes[path])
        yield Row("pages", "the heaviest page", sizes[heaviest] / 1000, "kB", 300, str(heaviest))
        without = sum(size for path, size in sizes.items() if path.parts[0] != RECORDS)
        yield Row("pages", "the site without records", without / 1e6, "MB", 30, f"{len(sizes)} files with them")

    @contextmanager
    def _clone(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix=f"claimlab-{current_run()}-speed-") as folder:
            clone = Path(folder) / "claimlab"
            done = subprocess.run(
                ["git", "clone", "--quiet", str(self.project.root), str(clone)],
                capture_output=True, text=True, check=False, encoding="utf-8", errors="replace",
            )  # fmt: skip
            if done.returncode != 0:
                raise EnvironmentMissing(f"git cannot clone {self.project.root}: {done.stderr.strip()}", "See to it.")
            yield clone

    def _timed(self, clone: Path, *command: str) -> tuple[float, float]:
        """Seconds to the first verdict on the screen, and to the end."""
        self.say(f"in a fresh clone: {' '.join(command)}")
        began, first_s = time.monotonic(), 0.0
        with subprocess.Popen(
            [clone / "inv", *command], cwd=clone, env=_nothing_cached(clone), text=True, encoding="utf-8",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            assert process.stderr is not None
            last = ""
            for line in process.stderr:
                last = line
                if not first_s and line.startswith(_SIGNS):
                    first_s = time.monotonic() - began
        if process.returncode not in (0, 1):
            raise EnvironmentMissing(f"{' '.join(command)} failed in a fresh clone: {last.strip()}", "See to it.")
        return first_s, time.monotonic() - began

    def _compiling(self) -> str:
        """What this machine takes just now to compile the plain library of the newest release."""
        release = pins_of(self.project).toolchains[-1].release
        goroot = ensure(release, self.project, self.say)
        with tempfile.TemporaryDirectory(prefix=f"claimlab-{current_run()}-speed-") as folder:
            env = {"GOROOT": str(goroot), "GOCACHE": f"{folder}/cache", "HOME": folder, "PATH": "/usr/bin:/bin"}
            began = time.monotonic()
            subprocess.run(["sh", "-c", warm_script("", "plain")], env=env, check=True, stdout=subprocess.DEVNULL)
            return f"the plain library of Go {release.name} compiles in {time.monotonic() - began:.1f} s meanwhile"


ROWS: Final[Mapping[str, Callable[[Rows], Iterable[Row]]]] = MappingProxyType(
    {
        "fresh-local": Rows._fresh_local,
        "fresh-docker": Rows._fresh_docker,
        "matrix": Rows._matrix,
        "recorded": Rows._recorded,
        "pages": Rows._pages,
    }
)


@dataclass
class _Memory:
    """While it is entered: the most that this process's descendants had resident at once, in bytes.

    With the docker engine those are claimlab's own processes, and none of a lab's.
    """

    most_bytes: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> None:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._over.wait(_EVERY_S):
            self.most_bytes = max(self.most_bytes, sum(map(_resident, me.children(recursive=True))))


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _commands_s(provenance: Provenance) -> float:
    """What a trial's own commands took: to build, to run, and under gdb."""
    commands = [*provenance.commands, *(one for other in provenance.beside.values() for one in other.commands)]
    return sum(one.duration_s for one in commands if one.step != "housekeeping")


def claimlab(root: Path, *command: str, may_differ: bool = False) -> subprocess.CompletedProcess[str]:
    """The command has ended well in the project there, or, if it may, with outcomes that are not as expected."""
    done = subprocess.run(
        [sys.executable, "-m", "claimlab.cli", "--search-root", str(root), *command],
        cwd=root, capture_output=True, text=True, check=False, encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode not in ((0, 1) if may_differ else (0,)):
        raise EnvironmentMissing(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}", "See to it.")
    return done


def _timed_s(root: Path, *command: str, may_differ: bool = False) -> float:
    began = time.monotonic()
    claimlab(root, *command, may_differ=may_differ)
    return time.monotonic() - began


def _nothing_cached(clone: Path) -> dict[str, str]:
    """An environment in which nothing is found that another checkout, or another day, has fetched."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CLAIMLAB_", "XDG_", "PYTHON"))}
    return kept | {"PIP_NO_CACHE_DIR": "1", "UV_NO_CACHE": "1", "XDG_CACHE_HOME": str(clone.parent / "cache")}


def over(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not row.is_kept]
