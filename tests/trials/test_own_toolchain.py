"""Trials on a Go of one's own, on both engines: what they are recorded as, and when they are stale.

The Go is a small one; what prepares it and asks it is real.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.bench_fixtures import silent
from tests.ours import OUR, write_project
from tests.small_toolchain import TIP, small_goroot

from claimlab.benches.docker_engine import DockerEngine
from claimlab.benches.engine import Engine
from claimlab.benches.local_engine import LocalEngine
from claimlab.benches.recipe import Notes
from claimlab.project.errors import LabBroken
from claimlab.project.project import Project
from claimlab.toolchains.own import add_folder
from claimlab.toolchains.pins import pins_of
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Observation, Record
from claimlab.trials.trial import Trial

pytest_plugins = ["tests.bench_fixtures"]
LAB = '''"""Which Go is it?"""

from claimlab.benches.bench import Bench
from claimlab.trials.lab import Lab

lab = Lab()


@lab.observe
def observe(bench: Bench) -> dict[str, str]:
    stack = bench.get(f"{bench.goroot}/src/runtime/stack.go").decode()
    return {"stack": stack.split()[-1], "language": bench.toolchain.language}
'''


@pytest.fixture
def goroot(tmp_path: Path) -> Path:
    return small_goroot(tmp_path / "go", TIP)


@pytest.fixture
def project(tmp_path: Path, goroot: Path) -> Project:
    """It has that Go, in a cache of its own that knows the tools' image."""
    found = write_project(tmp_path / "mine", cache="cache")
    found.cache.mkdir()
    if (note := OUR.cache / "tools-image.json").is_file():
        shutil.copy(note, found.cache)
    folder = found.root / "labs" / "ch9_toys" / "toy"
    folder.mkdir(parents=True)
    (folder / "lab.py").write_text(LAB)
    add_folder(goroot, "tip", pins_of(found).releases, found)
    return found


def trial_of(project: Project, engine: Engine) -> Trial:
    """Planned now."""
    (tip,) = (tool for tool in pins_of(project).toolchains if tool.name == "tip")
    return Trial(LabFolder(project.root / "labs" / "ch9_toys" / "toy", project), tip, engine)


def read(observation: Observation) -> dict[str, str]:
    return msgspec.json.decode(observation.seen, type=dict[str, str])


def prepared(project: Project, make: Callable[[Project], Engine]) -> Engine:
    engine = make(project)
    engine.prepare(trial_of(project, engine).wanted, silent)
    return engine


@pytest.mark.parametrize(
    ("make", "there"),
    [
        pytest.param(LocalEngine, "local_engine", marks=pytest.mark.gdb),
        pytest.param(DockerEngine, "docker_engine", marks=pytest.mark.docker),
    ],
)
def test_a_go_of_ones_own_is_measured_and_its_trials_are_stale_when_it_changes(
    project: Project,
    goroot: Path,
    make: Callable[[Project], Engine],
    there: str,
    request: pytest.FixtureRequest,
) -> None:
    request.getfixturevalue(there)
    record = Record(project.record)
    engine = prepared(project, make)
    first = trial_of(project, engine)
    (goroot / "src/runtime/stack.go").write_text("package runtime\n\nconst stackMin = 4096\n")
    seen = first.measure(record)
    assert read(seen) == {"stack": "2048", "language": "1.28"}
    assert (seen.provenance.go, seen.provenance.says) == (TIP, {"go": TIP})
    assert (kept := first.recorded(record)) and kept.digest == seen.digest
    assert trial_of(project, engine).recorded(record) is None
    with pytest.raises(LabBroken, match="nothing is prepared for Go tip as it is now"):
        trial_of(project, engine).measure(record)
    prepared(project, make)
    again = trial_of(project, engine).measure(record)
    assert read(again) == {"stack": "4096", "language": "1.28"}
    if isinstance(engine, DockerEngine):
        for tag in Notes(project.cache).tags():
            if tag.startswith("claimlab/go:1.28.dev0-"):
                engine.client.api.remove_image(tag)
    engine.close()


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine")
def test_a_go_that_says_something_else_on_the_bench_is_refused(project: Project, goroot: Path) -> None:
    """As if it had been another one when it was asked."""
    engine = prepared(project, LocalEngine)
    trial = trial_of(project, engine)
    object.__setattr__(trial.toolchain.release, "said", TIP.replace("0123456789", "abcdef0123"))
    with pytest.raises(LabBroken, match=r"go says that it is go1\.28-devel_0123456789 .*, and the trial is of Go tip"):
        trial.measure(Record(project.record))
