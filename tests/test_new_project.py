"""A project of one's own, from nothing but the wheel: every part of this is real."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from tests.bench_fixtures import NEWEST
from tests.ours import OUR, ROOT
from tests.stranger import AS_ROOT, NOBODY, OLDER, Stranger

from claimlab.benches.docker_engine import DockerEngine
from claimlab.cli.new_project import draft, write

pytest_plugins = ["tests.bench_fixtures", "tests.stranger"]
pytestmark = pytest.mark.gdb  # the local engine needs it

FLIP = re.compile(
    r"^timer-has-room +version-dependent +✔✘ +holds on 1\.21, fails on 1\.27; not asked: 1\.22 – 1\.26$", re.MULTILINE
)
EXPECTED = "2 trials on engine local, 2 outcomes: all as expected"
ARTICLE = "articles/my-checks.html"
CLAIM = "claims/timer-has-room.html"


@pytest.fixture(scope="module")
def project(stranger: Stranger) -> Path:
    """What `claimlab new` made in the empty folder, with two toolchains."""
    printed = stranger.type("claimlab new my-checks", stranger.empty)
    made = stranger.empty / "my-checks"
    assert list(stranger.empty.iterdir()) == [made]
    files = {str(path.relative_to(stranger.empty)) for path in made.rglob("*") if path.is_file()}
    assert set(re.findall(r"^(my-checks/.*?)  ", printed, re.MULTILINE)) == files
    assert "\n  cd my-checks\n  claimlab lab.timer-channel " in printed
    stranger.lend_toolchains(made)
    return made


def test_a_stranger_has_the_wheel_and_no_checkout(stranger: Stranger) -> None:
    where = stranger.type("python3 -c 'import claimlab; print(claimlab.__file__)'", stranger.empty)
    assert Path(where.strip()).is_relative_to(stranger.environment)
    if AS_ROOT:
        assert stranger.type(f"id -u; ls -A '{ROOT}'", stranger.empty).split() == [NOBODY]


def test_pydoc_tells_a_stranger_of_every_public_name(stranger: Stranger) -> None:
    """The README says that it does; names are loaded where they are first used."""
    code = "import pydoc, claimlab; print([n for n in claimlab.__all__ if not pydoc.render_doc(f'claimlab.{n}')])"
    assert stranger.run(["python3", "-c", code], stranger.empty).stdout == "[]\n"
    assert "The declaration in a" in stranger.type("python3 -m pydoc claimlab.Lab", stranger.empty)


def test_a_folder_where_one_may_not_write_is_refused(stranger: Stranger) -> None:
    done = stranger.run(["claimlab", "new", "my-checks"], Path("/"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("my-checks cannot be made in /: Permission denied. Change to a folder that is yours")


def test_it_measures_tests_and_shows_at_once(stranger: Stranger, project: Path) -> None:
    measured = stranger.type("claimlab lab.timer-channel --engine local", project)
    assert FLIP.search(measured), measured
    assert EXPECTED in measured
    assert "2 passed" in stranger.type("pytest -n 2", project)
    for again in ("claimlab lab.all", "invoke lab.timer-channel"):
        assert EXPECTED in stranger.type(again, project)
    (row,) = json.loads(stranger.type("claimlab verdicts --json", project))
    assert (row["id"], row["verdict"], row["lab"]) == ("timer-has-room", "version-dependent", "timer-channel")
    assert row["outcomes"] == {OLDER: "holds", NEWEST: "fails"}
    first = Path(stranger.type("claimlab docs --strict --engine local", project).splitlines()[-1])
    assert first == project / "docs" / "_build" / "html" / "index.html"
    for page, text in ((ARTICLE, "My checks"), (CLAIM, "the channel&#39;s capacity is 0"), ("index.html", ARTICLE)):
        assert text in (first.parent / page).read_text(), page


@pytest.mark.docker
def test_it_measures_in_containers_too(stranger: Stranger, docker_engine: DockerEngine) -> None:
    """As root, where we are root: the daemon's socket is closed to others. The images are those of the checkout."""
    made = write(draft(stranger.place, "in-containers"))
    project = stranger.place / "in-containers"
    assert "claimlab.toml" in made
    shutil.copytree(OUR.cache / "images", project / ".claimlab" / "images")
    shutil.copy(OUR.cache / "tools-image.json", project / ".claimlab")
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    command = ["claimlab", "lab.timer-channel", "--engine", "docker", "--go", NEWEST]
    done = stranger.run(command, project, {"DOCKER_HOST": host}, stays_root=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 trial on engine docker, 1 outcome: all as expected" in done.stdout
    assert "fails" in done.stdout


def test_what_is_expected_can_be_wrong(stranger: Stranger, project: Path) -> None:
    claims = project / "labs" / "my-checks" / "claims.toml"
    right = claims.read_text()
    claims.write_text(right.replace("<1.23", "<1.21"))
    done = stranger.run(["claimlab", "lab.timer-channel"], project)
    tested = stranger.run(["pytest", "-n", "2"], project)
    claims.write_text(right)
    assert (done.returncode, tested.returncode) == (1, 1)
    assert f"timer-has-room on Go {OLDER}: expected fails, measured holds" in done.stdout
    assert "1 failed, 1 passed" in tested.stdout


def test_the_commands_of_its_readme_do_what_they_say(stranger: Stranger, project: Path) -> None:
    """Literally, in an environment of the project's own; but packages are lent instead of fetched."""
    lent = {
        "PYTHONPATH": str(stranger.packages),
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_IGNORE_INSTALLED": "1",
        "PIP_NO_COMPILE": "1",
    }
    commands = re.findall(r"^\$ (python3 .*)$", (project / "README.md").read_text(), re.MULTILINE)
    assert [command.split(" .venv/bin/")[-1] for command in commands] == ["claimlab lab.all", "pytest -n auto"]
    assert EXPECTED in stranger.type(commands[0], project, lent)
    stranger.lend_programs(project / ".venv")
    assert "2 passed" in stranger.type(commands[1], project, lent)
    where = stranger.type(".venv/bin/python -c 'import claimlab; print(claimlab.__file__)'", project, lent)
    assert Path(where.strip()).is_relative_to(project / ".venv")


def test_its_ci_types_what_is_tested_here(project: Path) -> None:
    jobs = yaml.safe_load((project / ".github" / "workflows" / "ci.yml").read_text())["jobs"]
    typed = [step["run"] for step in jobs["claims"]["steps"] if "run" in step]
    assert typed == ["pip install -r requirements.txt", "claimlab lab.all", "pytest -n auto", "claimlab docs --strict"]
    (shown,) = [step["with"]["path"] for step in jobs["claims"]["steps"] if "pages" in step.get("uses", "")]
    assert shown == "docs/_build/html"
    assert jobs["publish"]["needs"] == "claims"


def test_what_would_be_committed_names_no_place_of_this_machine(stranger: Stranger, project: Path) -> None:
    ignored = re.findall(r"^/(.*)/$", (project / ".gitignore").read_text(), re.MULTILINE)
    kept = [path for path in project.rglob("*") if path.is_file()]
    kept = [path for path in kept if not str(path.relative_to(project)).startswith(tuple(f"{one}/" for one in ignored))]
    texts = {path.name: path.read_text() for path in kept if path.suffix not in {".whl", ".pyc"}}
    assert {"claimlab.toml", "lab.py", "ci.yml", "README.md"} < set(texts)
    assert [name for name, text in texts.items() if str(stranger.place) in text or str(ROOT) in text] == []
