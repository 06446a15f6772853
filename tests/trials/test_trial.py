"""A trial's bench has the lab's own files, and they are the ones that the observation's address is made of."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from tests.bench_fixtures import NEWEST, newest, pinned, silent
from tests.conftest import NoBenches
from tests.ours import OUR

from claimlab.benches.bench import Bench
from claimlab.benches.folder import open_folder
from claimlab.project.errors import LabBroken
from claimlab.toolchains.needs import PLAIN, Needs
from claimlab.toolchains.origins import ensure
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Record
from claimlab.trials.trial import Trial

pytest_plugins = ["tests.bench_fixtures"]

LAB = '''"""What does the bench have?"""

import msgspec

from claimlab.benches.bench import Bench
from claimlab.trials.lab import Lab

lab = Lab()


class Seen(msgspec.Struct):
    name: str
    files: dict[str, str]


@lab.observe
def observe(bench: Bench) -> Seen:
    return Seen(bench.name, {name: text.decode() for name, text in bench.files.items()})
'''


class Seen(msgspec.Struct):
    name: str
    files: dict[str, str]


class Desks(NoBenches):
    """Real folders, but with no toolchain in them."""

    def __init__(self, empty: Path, goroot: Path | None = None) -> None:
        super().__init__("desk")
        self.empty, self.goroot = empty, goroot or empty
        self.meanwhile: Callable[[], object] = lambda: None
        """Happens while a bench is open, when the lab has observed."""

    @contextmanager
    def open(self, toolchain: Toolchain, life_s: float, needs: Needs = PLAIN) -> Iterator[Bench]:
        with open_folder(self.goroot, [self.empty], toolchain, "test-trial", life_s) as bench:
            yield bench
            self.meanwhile()


@pytest.fixture
def lab(make_lab: Callable[..., LabFolder]) -> LabFolder:
    found = make_lab(lab=LAB, where="labs/ch9_toys/what_is_there")
    (found.path / "inner").mkdir()
    (found.path / "inner" / "more.go").write_text("package inner\n")
    (found.path / "tests").mkdir()
    (found.path / "tests" / "test_it.py").write_text("")
    return found


@pytest.fixture
def trial(lab: LabFolder, toolchains: list[Toolchain], tmp_path: Path) -> Trial:
    """Without an axis: no bench here has a Go that could say which it is."""
    (tmp_path / "empty").mkdir()
    return Trial(lab, Toolchain(toolchains[0].release, bare=True), Desks(tmp_path / "empty"), Shared(lab))


def seen_by(trial: Trial, tmp_path: Path) -> Seen:
    return msgspec.json.decode(trial.measure(Record(tmp_path / "record")).seen, type=Seen)


def test_the_bench_has_what_takes_part_in_measuring_and_the_labs_name(trial: Trial, tmp_path: Path) -> None:
    seen = seen_by(trial, tmp_path)
    assert seen.name == "what-is-there"
    assert seen.files == {"inner/more.go": "package inner\n", "lab.py": LAB, "main.go": "package main\n"}


EDITS: dict[str, Callable[[Path], object]] = {
    "main.go": lambda lab: (lab / "main.go").write_text("package edited\n"),
    "lab.py": lambda lab: (lab / "lab.py").write_text(LAB + "\n\nEDITED = 1\n"),
    "inner/more.go": lambda lab: (lab / "inner" / "more.go").unlink(),
    "more.txt": lambda lab: (lab / "more.txt").write_text("more\n"),
}


@pytest.mark.parametrize(("name", "change"), EDITS.items(), ids=EDITS)
@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_trial_whose_inputs_change_is_broken_and_files_nothing(
    trial: Trial, tmp_path: Path, name: str, change: Callable[[Path], object], when: str
) -> None:
    record, address = Record(tmp_path / "record"), trial.address
    if when == "before":
        change(trial.lab.path)
    else:
        assert isinstance(trial.engine, Desks)
        trial.engine.meanwhile = lambda: change(trial.lab.path)
    with pytest.raises(LabBroken, match=rf"{name} changed after it was read for this trial.*nothing is filed"):
        trial.measure(record)
    assert not list(record.root.rglob("*.json"))
    broken = record.breakage(trial.lab.name, trial.toolchain.name, trial.engine.name, address)
    assert broken is not None
    assert f"{name} changed after it was read" in broken.error
    assert Trial(LabFolder(trial.lab.path, trial.lab.project), trial.toolchain, trial.engine).address != address


def test_an_edit_that_does_not_take_part_breaks_nothing(trial: Trial, tmp_path: Path) -> None:
    assert isinstance(trial.engine, Desks)
    trial.engine.meanwhile = lambda: [
        (trial.lab.path / name).write_text("edited") for name in ("judges.py", ".main.go.swp", "main.go~", "4913")
    ]
    assert seen_by(trial, tmp_path).files["main.go"] == "package main\n"


def test_a_place_that_changes_breaks_the_trial(trial: Trial, tmp_path: Path) -> None:
    assert isinstance(trial.engine, Desks)
    trial.engine.meanwhile = lambda: setattr(trial.engine, "place", "table")
    with pytest.raises(LabBroken, match=r"the local engine's place for Go .* changed after it was read"):
        trial.measure(Record(tmp_path / "record"))


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine")
def test_the_toolchain_says_itself_that_it_is_the_trials(lab: LabFolder, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    desks = Desks(tmp_path / "empty", ensure(newest(), OUR, silent))
    right, other = pinned(NEWEST), pinned("1.26.6")
    record = Record(tmp_path / "record")
    assert Trial(lab, right, desks).measure(record).provenance.says == {"go": f"go{NEWEST}"}
    with pytest.raises(LabBroken, match=rf"go says that it is go{NEWEST}, and the trial is of Go 1\.26\.6"):
        Trial(lab, other, desks).measure(record)


ALONE = """
import time
from claimlab.benches.host import alone

with alone():
    print("alone", flush=True)
    time.sleep(1.5)
"""


def test_waiting_for_the_machine_is_no_part_of_how_long_it_took(
    trial: Trial, tmp_path: Path, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    process = start_python(ALONE)
    assert process.stdout is not None
    assert process.stdout.readline() == "alone\n"
    provenance = trial.measure(Record(tmp_path / "record")).provenance
    assert provenance.waited_s > 1
    assert provenance.duration_s < 1


def test_a_module_that_was_written_to_and_is_the_same_again_breaks_the_trial(trial: Trial, tmp_path: Path) -> None:
    """Nobody knows which of the two was imported."""
    assert trial.address
    path = trial.lab.path / "lab.py"
    path.write_text("import nothing\n")
    path.write_text(LAB)
    with pytest.raises(LabBroken, match=r"lab\.py changed after it was read"):
        trial.measure(Record(tmp_path / "record"))


IMPORT = """
import sys
from pathlib import Path
from claimlab.project.project import load
from claimlab.trials.lab import LabFolder

print(LabFolder(Path(sys.argv[1]), load(Path(sys.argv[2]))).module("lab").EDITION)
"""


@pytest.mark.parametrize("edited", ["labs/ch9_toys/toy/lab.py", "toys_gauge.py", "toys_scale/reading.py"])
def test_what_runs_is_what_the_source_says(
    make_lab: Callable[..., LabFolder], start_python: Callable[..., subprocess.Popen[str]], edited: str
) -> None:
    """Python looks at the size and the second of an edit only, and would run what it compiled before."""
    lab = make_lab(lab='"""Toy?"""\nfrom toys_gauge import EDITION as A\nfrom toys_scale.reading import EDITION as B\n')
    root = lab.project.root
    (root / "toys_scale").mkdir()
    for name in ("toys_gauge.py", "toys_scale/__init__.py", "toys_scale/reading.py"):
        (root / name).write_text('EDITION = "old"\n')
    with (lab.path / "lab.py").open("a") as source:
        source.write('EDITION = "old"\n\n' if edited.endswith("lab.py") else "EDITION = A + B\n")
    said = []
    for old, new in (("old", "old"), ("old", "new")):
        (root / edited).write_text((root / edited).read_text().replace(old, new))
        os.utime(root / edited, (1_700_000_000, 1_700_000_000))
        out, err = start_python(IMPORT, lab.path, root, PYTHONDONTWRITEBYTECODE="").communicate(timeout=60)
        assert not err
        said.append(out.strip())
    assert "new" not in said[0]
    assert "new" in said[1]


def test_a_lab_without_go_sources_is_told_where_they_belong(trial: Trial, tmp_path: Path) -> None:
    (trial.lab.path / "main.go").unlink()
    lab_py = trial.lab.path / "lab.py"
    lab_py.write_text(
        LAB.replace("return Seen(", "gobuild.build(bench)\n    return Seen(").replace(
            "from claimlab.trials.lab", "from claimlab.instruments import gobuild\nfrom claimlab.trials.lab"
        )
    )
    with pytest.raises(LabBroken, match="no Go sources in the lab's folder: put a"):
        seen_by(trial, tmp_path)
