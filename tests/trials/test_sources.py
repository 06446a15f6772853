"""Which files of a lab take part in measuring, and what of them counts."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.edits import Edit, changes, edit
from tests.ours import OUR

from claimlab.project.errors import BadData
from claimlab.trials.imports import own_modules
from claimlab.trials.lab import LabFolder
from claimlab.trials.sources import files_of, sources_hash
from claimlab.verdicts.judges import judges_of
from claimlab.verdicts.kept_rulings import judging_hash

MakeLab = Callable[..., LabFolder]


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


LITTER = [
    *(".main.go.swp", ".main.go.swo", "main.go~", "main.go.~1~", "#main.go#", ".DS_Store", "._main.go", "4913", "5036"),
    *(".idea/workspace.xml", ".vscode/settings.json", ".git/HEAD", ".main.go.kate-swp", ".goutputstream-X1Y2Z3"),
    *("judges.py.bak", "main.go.orig", "main.go.rej", "main.go.save", "main.go___jb_tmp___", "Thumbs.db", "lab.pyc"),
    *("inner/.more.go.swp", "inner/more.go~", "inner/__pycache__/x.txt"),
]


@pytest.mark.parametrize("name", LITTER)
def test_what_an_editor_leaves_is_nobodys_file(make_lab: MakeLab, name: str) -> None:
    lab = make_lab()
    before = files_of(lab)
    edit(name)(lab.path)
    assert files_of(lab) == before


def test_an_editors_lock_that_leads_nowhere_is_nobodys_file(make_lab: MakeLab) -> None:
    """Emacs's (its manual, "Interlocking"); it also stands beside judges, whose sources are read as well."""
    lab = make_lab()
    before = files_of(lab), judging_hash(lab)
    for name in (".#main.go", ".#judges.py"):
        (lab.path / name).symlink_to("me@here.4711:1700000000")
    assert (files_of(lab), judging_hash(lab)) == before


KEPT = [
    *(
        "keys.txt",
        "memmove.s",
        "abi.h",
        "more.c",
        "plot.py",
        "go.mod",
        "go.sum",
        "LICENSE",
        "data.json",
        "a.out",
        "x86.s",
    ),
    *(
        "_cgo.go",
        "Makefile",
        "42.txt",
        "1/2.txt",
        "with space.txt",
        "c#.txt",
        "数据.txt",
        "core.7",
        "-flag.txt",
        "old.go",
    ),
]


@pytest.mark.parametrize("name", KEPT)
def test_whatever_somebody_keeps_beside_a_lab_takes_part(make_lab: MakeLab, name: str) -> None:
    lab = make_lab()
    edit(name)(lab.path)
    assert name in files_of(lab)
    assert changes(sources_of, lab.path, edit(name))


# Links


@pytest.fixture
def linked(make_lab: MakeLab, tmp_path: Path) -> LabFolder:
    """A lab with a module, a folder and a program that lie elsewhere."""
    lab, elsewhere = make_lab(), tmp_path / "elsewhere"
    for name in ("steps.py", "helpers/__init__.py", "helpers/deep/more.py", "program.go"):
        edit(name)(elsewhere)
    for name in ("steps.py", "helpers", "program.go"):
        (lab.path / name).symlink_to(elsewhere / name)
    return lab


@pytest.mark.parametrize("name", ["steps.py", "helpers/deep/more.py", "program.go"])
def test_what_a_link_leads_to_counts_by_its_content(linked: LabFolder, tmp_path: Path, name: str) -> None:
    before = sources_hash(linked)
    assert name in files_of(linked)
    edit(name)(tmp_path / "elsewhere")
    assert sources_hash(linked) != before


def test_links_count_as_copies_do(linked: LabFolder, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(linked.path, copy, symlinks=False)
    assert sources_hash(LabFolder(copy, linked.project)) == sources_hash(linked)


def test_a_linked_folder_in_a_package_of_the_project_counts_too(make_lab: MakeLab, tmp_path: Path) -> None:
    lab = make_lab(lab='"""Toy?"""\nimport toys_scale\nlab = Lab("toy")\n')
    edit("toys_scale/__init__.py")(lab.project.root)
    edit("reading.py")(tmp_path / "elsewhere")
    (lab.project.root / "toys_scale" / "inner").symlink_to(tmp_path / "elsewhere")
    assert lab.project.root / "toys_scale" / "inner" / "reading.py" in own_modules(lab)


def test_links_in_a_circle_are_refused_in_a_sentence(make_lab: MakeLab) -> None:
    lab = make_lab()
    (lab.path / "inner").mkdir()
    (lab.path / "inner" / "again").symlink_to(lab.path)
    with pytest.raises(BadData, match=r"inner/again: this link leads to a folder that it lies in: take it away"):
        files_of(lab)


def test_what_is_no_file_is_not_read(make_lab: MakeLab) -> None:
    lab = make_lab()
    before = files_of(lab)
    os.mkfifo(lab.path / "pipe.txt")
    (lab.path / "zeros.txt").symlink_to("/dev/zero")
    (lab.path / "nowhere.txt").symlink_to("nowhere")
    assert files_of(lab) == before


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
