"""What a project adds: docs/extend.md done step by step, and what is said where something added cannot be used."""

import hashlib
import io
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomlkit
from sphinx.errors import ExtensionError
from tests.bench_fixtures import silent
from tests.ours import OUR, write_project
from tests.tiny_lab import Started
from tests.told_project import follow
from tests.toy_project import Project

from claimlab.benches.engines import choose
from claimlab.project.project import load
from claimlab.site.drawing.kinds import KINDS, kinds_of
from claimlab.site.evidence import PRESENTERS, presenters_of
from claimlab.toolchains.origins import ensure
from claimlab.toolchains.pins import load_pins
from claimlab.toolchains.toolchain import PLATFORMS, this_platform
from claimlab.trials.imports import modules_behind, own_modules
from claimlab.trials.lab import find_labs

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab", "tests.toy_project"]

PAGE = OUR.docs / "extend.md"


@pytest.fixture
def told(tmp_path: Path, started: Started) -> Path:
    """The project of the page, after its last step."""
    follow(PAGE, tmp_path / "mine", started)
    return tmp_path / "mine"


@pytest.mark.gdb
def test_the_project_of_the_page_shows_draws_and_measures_its_own_way(told: Path) -> None:
    lab = (told / "docs" / "_build" / "html" / "labs" / "first-key.html").read_text()
    assert ">Lines that were printed<" in lab
    assert "1,000 times" in lab
    assert ">room<" in lab
    assert "3.14" in lab
    claim = (told / "docs" / "_build" / "html" / "claims" / "first-key.html").read_text()
    assert "The keys that the loops began with" in claim
    assert claim.count('class="cl-drawing ') == 2
    assert '<th scope="col">Part</th>' in claim
    _check_what_takes_part(told)
    _check_engine_and_origin(told)


def _check_what_takes_part(root: Path) -> None:
    """What shows and draws is not what measures."""
    project = load(root)
    (lab,) = find_labs(project)
    named = project.settings.extensions
    behind = [path.name for path in modules_behind(project, named.presenters + named.pictures)]
    assert behind == ["my_drawings.py", "my_evidence.py", "my_lines.py"]
    assert {path.name for path in own_modules(lab)} == {"my_drawings.py", "my_lines.py"}
    presenters, kinds = presenters_of(project, "fr"), kinds_of(project)
    ((own, presenter),) = [(kind, one) for kind, one in presenters.items() if kind not in PRESENTERS]
    assert (own.__name__, presenter.words) == ("Lines", "Les lignes imprimées")
    assert [kind.__name__ for kind in kinds if kind not in KINDS] == ["Strips"]


def _check_engine_and_origin(root: Path) -> None:
    project = load(root)
    assert choose(project, "desk").name == "desk"
    shelf = root / "shelf"
    shelf.mkdir()
    archive = shelf / f"go1.99.0.{this_platform()}.tar.gz"
    with tarfile.open(archive, "w:gz") as opened:
        opened.addfile(tarfile.TarInfo("go/bin/go"), io.BytesIO(b""))
    pinned = dict.fromkeys(PLATFORMS, hashlib.sha256(archive.read_bytes()).hexdigest())
    row = {"version": "1.99.0", "origin": "shelf", "at": "shelf", **pinned}
    (root / "toolchains.toml").write_text(tomlkit.dumps({"releases": [row]}))
    (release,) = load_pins(root / "toolchains.toml").releases
    (root / ".claimlab" / "toolchains").unlink()  # it is everybody's
    assert (ensure(release, project, silent) / "bin" / "go").is_file()


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Modules and paths of a test's own project are forgotten after it."""
    before = list(sys.path)
    yield
    sys.path[:] = before
    sys.modules.pop("my_things", None)


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("presenters", "THINGS = 3", "extensions.presenters: my_things:THINGS is no map from types: it is 3"),
        ("presenters", "THINGS = {int: 3}", "extensions.presenters: <class 'int'>: 3 is no Presenter"),
        ("pictures", "THINGS = {int: 3}", "extensions.pictures: <class 'int'>: 3 is no Kind"),
        ("pictures", "", "extensions.pictures: my_things:THINGS cannot be loaded"),
    ],
)
def test_what_cannot_be_used_stops_the_build_with_its_name(
    project: Project, kind: str, content: str, words: str
) -> None:
    (project.root / "my_things.py").write_text(content)
    write_project(project.root, extensions={kind: ["my_things:THINGS"]})
    with pytest.raises(ExtensionError, match=words):
        project.build()
