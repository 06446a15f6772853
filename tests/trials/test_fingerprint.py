"""What does and what does not change the address of an observation."""

import shutil
import subprocess
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from tests.edits import changes, edit
from tests.ours import ROOT

from claimlab.trials import imports
from claimlab.trials.fingerprint import behind
from claimlab.trials.imports import instruments_of
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import address

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
    assert changes(lambda folder: behind(lab, folder).hash(), instruments, edit(name)) is changed


def test_an_instrument_that_a_helper_beside_the_lab_imports_counts(make_lab: MakeLab, instruments: Path) -> None:
    lab = make_lab(
        lab='"""Toy?"""\nfrom .steps import look\nlab = Lab("toy")\n',
        **{"steps.py": "from claimlab.instruments.gauge import SCRIPT\n\n\ndef look() -> None: ...\n"},
    )
    assert changes(lambda folder: behind(lab, folder).hash(), instruments, edit("gauge.py"))


def test_an_instrument_that_only_the_judges_import_does_not_count(make_lab: MakeLab, instruments: Path) -> None:
    lab = make_lab(judges="from claimlab.instruments import gauge\n")
    assert not changes(lambda folder: behind(lab, folder).hash(), instruments, edit("gauge.py"))


@pytest.mark.parametrize("spelling", ["from claimlab import Lab, heap", "from claimlab import HeapCounts, Lab"])
def test_instruments_are_found_behind_public_names(make_lab: MakeLab, spelling: str) -> None:
    lab = make_lab(lab=f'"""Toy?"""\n{spelling}\nlab = Lab("toy")\n')
    assert instruments_of(lab) == {"answers", "heap", "processes"}


HASH = """
import sys
from pathlib import Path
from claimlab.project.project import load
from claimlab.trials.fingerprint import behind
from claimlab.trials.lab import LabFolder

print(behind(LabFolder(Path(sys.argv[1]), load(Path(sys.argv[2])))).hash())
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


def test_what_runs_inside_a_bench_is_named_by_the_instrument_that_puts_it_there() -> None:
    """A name that is put together from parts would not be found, and the script would be in nobody's address."""
    sources = [path.read_text() for path in imports.INSTRUMENTS.glob("*.py")]
    scripts = [path.name for path in (imports.INSTRUMENTS / "inside").iterdir() if path.is_file()]
    assert scripts
    assert [name for name in scripts if not any(f'"{name}"' in source for source in sources)] == []


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
