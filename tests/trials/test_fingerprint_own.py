"""A project's own instruments count for the address of what they saw, as claimlab's do."""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from claimlab.project.project import load
from claimlab.trials.fingerprint import behind
from claimlab.trials.lab import LabFolder

MakeLab = Callable[..., LabFolder]
LAB = '"""Toy?"""\n{}\nlab = Lab("toy")\n'
FILES = {
    "toys_gauge.py": "from toys_lever import lift\n\n\ndef weigh(): ...\n",
    "toys_lever.py": "def lift(): ...\n",
    "toys_ruler.py": "def measure(): ...\n",
    "toys_scale/__init__.py": "from .reading import read\n",
    "toys_scale/reading.py": "import toys_spring\n\n\ndef read(): ...\n",
    "toys_scale/data/table.txt": "import no_python, here\n",
    "toys_scale/data/table.bin": "\0",
    "toys_scale/inside.py": "print(1)\n",
    "toys_spring/__init__.py": "",
    "toys_notes/readme.py": "",
}


@pytest.fixture
def hash_of(make_lab: MakeLab) -> Callable[..., str]:
    """The hash of the instruments of a lab that imports so, in a copy of a project where one file was edited."""

    copies = itertools.count()

    def of(spelling: str, edited: str = "") -> str:
        lab = make_lab(where=f"{next(copies)}/labs/ch9_toys/toy", lab=LAB.format(spelling))
        root = lab.path.parents[2]
        shutil.copy(lab.project.root / "claimlab.toml", root)
        for name, text in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text + ("# edited\n" if name == edited else ""))
        return behind(LabFolder(lab.path, load(root))).hash()

    return of


IN_USE = {
    "from toys_gauge import weigh": {"toys_gauge.py", "toys_lever.py"},
    "import toys_gauge as gauge": {"toys_gauge.py", "toys_lever.py"},
    "def look():\n    import toys_ruler": {"toys_ruler.py"},
    "from toys_scale import read": {name for name in FILES if name.startswith(("toys_scale/", "toys_spring/"))},
    "import toys_scale.reading": {name for name in FILES if name.startswith(("toys_scale/", "toys_spring/"))},
    "from claimlab import heap": set(),
    "from .toys_gauge import weigh": set(),
}


@pytest.mark.parametrize(("spelling", "in_use"), IN_USE.items(), ids=IN_USE)
def test_the_projects_modules_that_a_lab_imports_change_the_hash(
    hash_of: Callable[..., str], spelling: str, in_use: set[str]
) -> None:
    """With a module counts what it imports, and with a package all that lies in it: also data, and its scripts."""
    before = hash_of(spelling)
    assert hash_of(spelling) == before, "the hash depends on where the project stands"
    assert {name for name in FILES if hash_of(spelling, name) != before} == in_use


def test_a_file_more_in_a_package_changes_the_hash(make_lab: MakeLab) -> None:
    lab = make_lab(lab=LAB.format("import toys_scale"))
    package = lab.project.root / "toys_scale"
    package.mkdir()
    (package / "__init__.py").touch()
    before = behind(lab).hash()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "reading.pyc").touch()
    assert behind(lab).hash() == before
    (package / "table.txt").touch()
    assert behind(lab).hash() != before


@pytest.mark.parametrize(("edited", "changed"), [("gauge", True), ("ruler", False)])
def test_instruments_of_claimlab_behind_the_projects_own_count(
    make_lab: MakeLab, tmp_path: Path, edited: str, changed: bool
) -> None:
    """What an instrument of the project's is made of can change what it sees."""
    lab = make_lab(lab=LAB.format("from toys_gauge import weigh"))
    (lab.project.root / "toys_gauge.py").write_text("from claimlab.instruments.gauge import weigh\n")
    hashes = []
    for name in ("", edited):
        folder = tmp_path / f"instruments-{name}"
        (folder / "inside").mkdir(parents=True)
        for one in ("gauge", "ruler"):
            (folder / f"{one}.py").write_text("# edited\n" if one == name else "")
        hashes.append(behind(lab, folder).hash())
    assert (hashes[0] != hashes[1]) is changed
