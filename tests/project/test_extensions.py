"""What a project and installed packages add to claimlab: found by name, or joined into one map."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.ours import write_project

from claimlab.project import extensions
from claimlab.project.errors import BadData
from claimlab.project.project import FILE, Project

OWN = '''
"""What a project of its own adds."""

from pathlib import PurePath


def make_bench(project):
    return f"a bench of {project.title}"


class Shelf:
    made = "from the shelf"


shown = {int: "as a number", PurePath: "as a path"}
others = {str: "as a text"}
nothing = None
'''
INSTALLED = """
shown = {int: "as somebody else's number", float: "as somebody else's fraction"}
engine = "somebody else's engine"
origin = "somebody else's origin"
"""
ENTRY_POINTS = """
[claimlab.engines]
farm = toys_installed:engine
bench = toys_installed:engine

[claimlab.origins]
attic = toys_installed:origin

[claimlab.presenters]
numbers = toys_installed:shown
"""


@pytest.fixture(autouse=True)
def paths_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a test stays where modules are looked for."""
    monkeypatch.setattr(sys, "path", sys.path[:])
    for name in ("toys_own", "toys_installed", "toys_broken"):
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    """A project with a module of its own, and these extensions."""

    def make(**added: Any) -> Project:
        project = write_project(tmp_path / "project", (), extensions=added)
        (project.root / "toys_own.py").write_text(OWN)
        return project

    return make


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with entry points, as pip leaves it."""
    place = tmp_path / "site-packages"
    about = place / "toys_installed-1.0.dist-info"
    about.mkdir(parents=True)
    (place / "toys_installed.py").write_text(INSTALLED)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: toys-installed\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(place)


# By name


def test_a_projects_own_extensions_are_found_by_name(make_project: Callable[..., Project]) -> None:
    project = make_project(engines={"bench": "toys_own:make_bench"}, origins={"shelf": "toys_own:Shelf.made"})
    assert extensions.named(project, "engines", "bench")(project) == "a bench of Toys"
    assert extensions.named(project, "origins", "shelf") == "from the shelf"
    assert extensions.named(project, "engines", "shelf") is None
    assert (extensions.names(project, "engines"), extensions.names(project, "origins")) == (["bench"], ["shelf"])


def test_nothing_is_added_by_itself(make_project: Callable[..., Project]) -> None:
    project = make_project()
    assert extensions.named(project, "engines", "bench") is None
    assert extensions.names(project, "engines") == extensions.names(project, "origins") == []
    assert extensions.mapped(project, "presenters") == extensions.mapped(project, "pictures") == {}


@pytest.mark.usefixtures("installed")
def test_those_of_an_installed_package_are_found_by_name(make_project: Callable[..., Project]) -> None:
    project = make_project(engines={"own": "toys_own:make_bench"})
    assert extensions.named(project, "engines", "farm") == "somebody else's engine"
    assert extensions.named(project, "origins", "attic") == "somebody else's origin"
    assert extensions.names(project, "engines") == ["bench", "farm", "own"]


@pytest.mark.usefixtures("installed")
def test_a_projects_own_comes_before_an_installed_one_of_that_name(make_project: Callable[..., Project]) -> None:
    project = make_project(engines={"bench": "toys_own:make_bench"})
    assert extensions.named(project, "engines", "bench")(project) == "a bench of Toys"
    assert extensions.names(project, "engines") == ["bench", "farm"]


# Joined


def test_maps_are_joined_and_the_last_one_counts(make_project: Callable[..., Project]) -> None:
    found = extensions.mapped(make_project(presenters=["toys_own:shown", "toys_own:others"]), "presenters")
    assert {kind.__name__: shown for kind, shown in found.items()} == {
        "int": "as a number",
        "PurePath": "as a path",
        "str": "as a text",
    }


@pytest.mark.usefixtures("installed")
def test_a_projects_own_entries_count_before_those_of_packages(make_project: Callable[..., Project]) -> None:
    project = make_project(presenters=["toys_own:shown"])
    found = extensions.mapped(project, "presenters")
    assert (found[int], found[float]) == ("as a number", "as somebody else's fraction")
    assert extensions.mapped(project, "pictures") == {}


# Importing


def test_a_module_of_the_project_hides_nothing_that_is_installed(make_project: Callable[..., Project]) -> None:
    project = make_project(engines={"bench": "tomlkit:made_up"})
    (project.root / "tomlkit.py").write_text("made_up = 3\n")
    with pytest.raises(BadData, match=r"tomlkit:made_up cannot be loaded.*no attribute 'made_up'"):
        extensions.named(project, "engines", "bench")


def test_the_projects_folder_is_looked_in_once(make_project: Callable[..., Project]) -> None:
    project = make_project()
    for _ in range(2):
        extensions.make_importable(project)
    assert sys.path[-1] == str(project.root)
    assert sys.path.count(str(project.root)) == 1


# What is wrong


BROKEN = {
    "no such module": ("toys_lost:engine", "No module named 'toys_lost'"),
    "no such name": ("toys_own:lost", "lost"),
    "a name below what has none": ("toys_own:Shelf.lost", "lost"),
    "no name": ("toys_own", "has to be given as module:name"),
    "a path": ("engines/toys.py:engine", "has to be given as module:name"),
    "no Python": ("toys_broken:engine", r"toys_broken\.py, line 1"),
}


@pytest.mark.parametrize(("value", "reason"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_loaded_names_its_setting(make_project: Callable[..., Project], value: str, reason: str) -> None:
    project = make_project(engines={"bench": value}, presenters=[value])
    (project.root / "toys_broken.py").write_text("def engine(\n")
    for kind, ask in (
        ("engines", lambda: extensions.named(project, "engines", "bench")),
        ("presenters", lambda: extensions.mapped(project, "presenters")),
    ):
        named = rf"^{re.escape(str(project.root / FILE))}: extensions\.{kind}: '?{re.escape(value)}'? .*{reason}"
        with pytest.raises(BadData, match=named):
            ask()


def test_what_is_no_map_names_its_setting(make_project: Callable[..., Project]) -> None:
    project = make_project(pictures=["toys_own:nothing"])
    with pytest.raises(BadData, match=r"extensions\.pictures: toys_own:nothing is no map from types: it is None"):
        extensions.mapped(project, "pictures")


def test_naming_what_there_is_imports_nothing(make_project: Callable[..., Project]) -> None:
    assert extensions.names(make_project(engines={"bench": "toys_lost:engine"}), "engines") == ["bench"]
