"""A trial's bench has the lab's own files, and they are the ones that the observation's address is made of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from tests.conftest import NoBenches

from claimlab.benches.bench import Bench
from claimlab.benches.folder import open_folder
from claimlab.project.errors import LabBroken
from claimlab.toolchains.toolchain import Toolchain
from claimlab.trials.fingerprint import Shared
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Record
from claimlab.trials.trial import Trial

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

    def __init__(self, empty: Path) -> None:
        super().__init__("desk")
        self.empty = empty

    @contextmanager
    def open(self, toolchain: Toolchain, life_s: float) -> Iterator[Bench]:
        with open_folder(self.empty, self.empty, toolchain, "test-trial", life_s) as bench:
            yield bench


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
    (tmp_path / "empty").mkdir()
    return Trial(lab, toolchains[0], Desks(tmp_path / "empty"), Shared(lab))


def seen_by(trial: Trial, tmp_path: Path) -> Seen:
    return msgspec.json.decode(trial.measure(Record(tmp_path / "record")).seen, type=Seen)


def test_the_bench_has_what_takes_part_in_measuring_and_the_labs_name(trial: Trial, tmp_path: Path) -> None:
    seen = seen_by(trial, tmp_path)
    assert seen.name == "what-is-there"
    assert seen.files == {"inner/more.go": "package inner\n", "lab.py": LAB, "main.go": "package main\n"}


def test_what_is_measured_is_what_was_hashed_though_it_is_edited_meanwhile(trial: Trial, tmp_path: Path) -> None:
    address = trial.address
    (trial.lab.path / "main.go").write_text("package edited\n")
    assert seen_by(trial, tmp_path).files["main.go"] == "package main\n"
    assert trial.address == address
    assert Trial(trial.lab, trial.toolchain, trial.engine).address != address


def test_what_is_hashed_is_what_was_measured_though_it_is_edited_meanwhile(trial: Trial, tmp_path: Path) -> None:
    """As with --fresh: nobody asks for the address before the bench is open."""
    before = Trial(trial.lab, trial.toolchain, trial.engine).address
    assert trial.shared is not None
    assert trial.shared.files["main.go"] == b"package main\n"
    (trial.lab.path / "main.go").write_text("package edited\n")
    assert seen_by(trial, tmp_path).files["main.go"] == "package main\n"
    assert trial.address == before


def test_a_trial_alone_reads_its_files_once_too(trial: Trial, tmp_path: Path) -> None:
    alone = Trial(trial.lab, trial.toolchain, trial.engine)
    address = alone.address
    (trial.lab.path / "main.go").write_text("package edited\n")
    assert seen_by(alone, tmp_path).files["main.go"] == "package main\n"
    assert alone.address == address


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
