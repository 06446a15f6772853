"""What does and what does not change the address of an observation."""

import shutil
import subprocess
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from tests.edits import Edit, changes, edit
from tests.ours import OUR, ROOT

from claimlab.trials.fingerprint import instruments_hash
from claimlab.trials.imports import instruments_of
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import address
from claimlab.trials.sources import sources_hash
from claimlab.verdicts.judges import judges_of

MakeLab = Callable[..., LabFolder]

INSTRUMENTS = {
    "__init__.py": "",
    "gauge.py": 'from claimlab.instruments.scale import weigh\n\nSCRIPT = "gauge_inside.py"\n',
    "scale.py": 'import os\n\nSCRIPT = "scale_inside.py"\n\n\ndef weigh() -> None: ...\n',
    "ruler.py": 'SCRIPT = "ruler_inside.py"\n',
    "inside/gauge_inside.py": "print(1)\n",
    "inside/scale_inside.py": "print(2)\n",
    "inside/ruler_inside.py": "print(3)\n",
}


# The lab's own files


def sources_of(folder: Path) -> str:
    return sources_hash(LabFolder(folder, OUR))


@pytest.mark.parametrize(
    "change",
    [
        edit("lab.py"),
        edit("main.go"),
        edit("more.go"),
        edit("data/keys.txt"),
        edit("judgespeed.py"),
        edit("pictures.toml"),
        lambda folder: (folder / "main.go").rename(folder / "program.go"),
        lambda folder: (folder / "main.go").unlink(),
        lambda folder: (folder / "empty.go").touch(),
    ],
    ids=[
        "lab.py",
        "Go source",
        "another Go source",
        "data",
        "a name that begins so",
        "another ending",
        "a new name",
        "one file less",
        "an empty file",
    ],
)
def test_an_edit_that_can_change_what_is_seen_changes_the_hash(make_lab: MakeLab, change: Edit) -> None:
    assert changes(sources_of, make_lab().path, change)


@pytest.mark.parametrize(
    "name",
    [
        *("judges.py", "judges_parts.py", "pictures.py", "pictures_parts.py"),
        *("__pycache__/lab.cpython-311.pyc", "tests/test_toy.py", "tests/recorded/1.27.3.json", "data/tests/keys.txt"),
    ],
)
def test_an_edit_of_what_takes_no_part_in_measuring_does_not(make_lab: MakeLab, name: str) -> None:
    assert not changes(sources_of, make_lab().path, edit(name))


def test_loading_a_lab_does_not_change_its_hash(make_lab: MakeLab) -> None:
    folder = make_lab()
    before = sources_hash(folder)
    assert folder.lab.name == "toy"
    assert judges_of(folder)
    assert sources_hash(folder) == before


def test_moving_text_from_one_file_to_another_changes_the_hash(make_lab: MakeLab) -> None:
    one = make_lab(where="labs/ch9/one", **{"a.go": "package main\n// x\n", "b.go": ""})
    two = make_lab(where="labs/ch9/two", **{"a.go": "package main\n", "b.go": "// x\n"})
    assert sources_hash(one) != sources_hash(two)


# The instruments it uses


@pytest.fixture
def instruments(tmp_path: Path) -> Path:
    folder = tmp_path / "instruments"
    for name, text in INSTRUMENTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


IMPORTS = [
    "from claimlab.instruments import gauge",
    "from claimlab.instruments import gauge as measure",
    "from claimlab.instruments.gauge import SCRIPT",
    "import claimlab.instruments.gauge",
    "import claimlab.instruments.gauge as measure",
]


@pytest.mark.parametrize("spelling", IMPORTS)
@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("gauge.py", True),
        ("scale.py", True),
        ("inside/gauge_inside.py", True),
        ("inside/scale_inside.py", True),
        ("ruler.py", False),
        ("inside/ruler_inside.py", False),
        ("caliper.py", False),
    ],
)
def test_only_instruments_in_use_change_the_hash(
    make_lab: MakeLab, instruments: Path, spelling: str, name: str, changed: bool
) -> None:
    """gauge is imported by the lab, scale by gauge, ruler by nobody."""
    lab = make_lab(lab=f'"""Toy?"""\n{spelling}\nlab = Lab("toy")\n')
    assert changes(lambda folder: instruments_hash(lab, folder), instruments, edit(name)) is changed


def test_an_instrument_that_a_helper_beside_the_lab_imports_counts(make_lab: MakeLab, instruments: Path) -> None:
    lab = make_lab(
        lab='"""Toy?"""\nfrom .steps import look\nlab = Lab("toy")\n',
        **{"steps.py": "from claimlab.instruments.gauge import SCRIPT\n\n\ndef look() -> None: ...\n"},
    )
    assert changes(lambda folder: instruments_hash(lab, folder), instruments, edit("gauge.py"))


def test_an_instrument_that_only_the_judges_import_does_not_count(make_lab: MakeLab, instruments: Path) -> None:
    lab = make_lab(judges="from claimlab.instruments import gauge\n")
    assert not changes(lambda folder: instruments_hash(lab, folder), instruments, edit("gauge.py"))


@pytest.mark.parametrize("spelling", ["from claimlab import Lab, heap", "from claimlab import HeapCounts, Lab"])
def test_instruments_are_found_behind_public_names(make_lab: MakeLab, spelling: str) -> None:
    lab = make_lab(lab=f'"""Toy?"""\n{spelling}\nlab = Lab("toy")\n')
    assert instruments_of(lab) == {"heap", "processes"}


HASH = """
import sys
from pathlib import Path
from claimlab.project.project import load
from claimlab.trials.fingerprint import instruments_hash
from claimlab.trials.lab import LabFolder

print(instruments_hash(LabFolder(Path(sys.argv[1]), load(Path(sys.argv[2])))))
"""


def test_the_benches_always_count_and_what_judges_never_does(
    make_lab: MakeLab, tmp_path: Path, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    """On a copy of claimlab's own source, which each interpreter imports instead of ours."""
    lab = make_lab(lab='"""Toy?"""\nfrom claimlab.instruments.gdb import session\nlab = Lab("toy")\n')
    names = ["benches/bench.py", "benches/container.py", "benches/folder.py", "instruments/gdb.py"]
    names += ["instruments/gobuild.py", "instruments/inside/gdb_probe.py", "toolchains/flags.py"]
    ignored = [
        "instruments/processes.py",
        "instruments/inside/run_many.py",
        "verdicts/verdict.py",
        "verdicts/ledger.py",
    ]
    running = {}
    for name in ["", *names, *ignored]:
        source = tmp_path / f"src-{name.replace('/', '-')}"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
        if name:
            assert (source / "claimlab" / name).is_file()
            edit(name)(source / "claimlab")
        running[name] = start_python(HASH, lab.path, lab.project.root, PYTHONPATH=str(source))
    found = {}
    for name, process in running.items():
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        found[name] = out.strip()
    assert len(found[""]) == 64
    assert [name for name in names if found[name] == found[""]] == []
    assert [name for name in ignored if found[name] != found[""]] == []


# The address


def test_the_address_does_not_depend_on_the_order_of_the_inputs() -> None:
    inputs = {"sources": "a", "instruments": "b", "place": "c"}
    assert len({address(dict(order)) for order in permutations(inputs.items())}) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"sources": "a"},
        {"sources": "a", "place": "d"},
        {"sources": "c", "place": "a"},
        {"sources": "a", "places": "c"},
        {"sources": "a", "place": "c", "host cores": "2"},
        {"sources": "a", "place": ""},
    ],
)
def test_every_input_counts(other: dict[str, str]) -> None:
    assert address(other) != address({"sources": "a", "place": "c"})
