"""docs/write-a-lab.md, done step by step in a copy of the project, on either engine."""

import shlex
import shutil
import sys
from pathlib import Path

import pytest
from tests.bench_fixtures import EITHER, NEWEST, silent, wanted
from tests.ours import OUR, ROOT, TOOLCHAINS
from tests.tiny_lab import Checkout
from tests.tutorial import Command, File, difference, steps

from claimlab.benches.engine import Engine

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]

PAGE = OUR.docs / "write-a-lab.md"
OLDER = "1.23.9"


@pytest.fixture
def project(checkout: Checkout, either_engine: Engine) -> Checkout:
    """A copy of the project with its pages and no lab. Folders that are no containers get two releases only."""
    generated = shutil.ignore_patterns("_build", "articles", "chapters", "claims", "labs", "releases")
    shutil.copytree(OUR.docs, checkout.root / "docs", ignore=generated)
    launcher = checkout.root / "inv"
    command = [sys.executable, "-m", "claimlab.cli", "--search-root", str(checkout.root)]
    launcher.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    launcher.chmod(0o755)
    if either_engine.name == "docker":
        checkout.pin(*(tool.name for tool in TOOLCHAINS if not tool.variant))
    else:
        settings = checkout.root / "claimlab.toml"
        settings.write_text(f'engine = "local"\n{settings.read_text()}')
        checkout.pin(OLDER, NEWEST)
        either_engine.prepare([wanted(OLDER)], silent)
    return checkout


@pytest.mark.parametrize("either_engine", EITHER, indirect=True)
def test_every_step_of_the_page_does_what_it_says(project: Checkout, either_engine: Engine) -> None:
    for step in steps(PAGE):
        where = f"{PAGE.name}, line {step.line}"
        if isinstance(step, File):
            (project.root / step.name).parent.mkdir(parents=True, exist_ok=True)
            (project.root / step.name).write_text(step.content)
        elif not step.needs_docker or either_engine.name == "docker":
            if step.text.startswith("rm "):
                _check_style(project)
                _check_pages(project.root / "docs" / "_build" / "html")
            done = project.started.start(["sh", "-c", f"{step.text} 2>&1"], project.root, project.environment())
            printed = project.started.finish(done).stdout
            if found := difference(step.prints, printed):
                pytest.fail(f"{where}: $ {step.text}\n{found}", pytrace=False)
    assert list(project.labs.iterdir()) == [project.labs / "article.toml"]


def _check_style(project: Checkout) -> None:
    """What the page makes its readers write passes the project's own checks."""
    for command in ("ruff check labs", "ruff format --check labs", "mypy labs"):
        done = project.started.finish(project.python("-m", *command.split()))
        assert done.returncode == 0, done.stdout + done.stderr


def _check_pages(site: Path) -> None:
    claim = (site / "claims" / "9.1-a.html").read_text()
    assert "A slice whose length is not a constant is allocated on the heap." in claim
    assert "holds on 1.2" in claim
    assert "Does a slice go to the heap" in (site / "labs" / "slice-memory.html").read_text()


# How the page is read


def write(folder: Path, text: str) -> Path:
    path = folder / "page.md"
    path.write_text(text)
    return path


def test_a_block_with_a_caption_is_a_file(tmp_path: Path) -> None:
    page = write(tmp_path, "x\n\n```{code-block} python\n:caption: a/b.py\n\nx = 1\n\ny = 2\n```\n")
    assert steps(page) == [File(3, "a/b.py", "x = 1\n\ny = 2\n")]


def test_a_console_is_commands_with_what_they_print(tmp_path: Path) -> None:
    page = write(tmp_path, "```console\n$ one 1\n$ two\nit\nsays $ this\n```\n")
    assert steps(page) == [Command(1, "one 1", "", False), Command(1, "two", "it\nsays $ this\n", False)]


def test_a_console_may_need_docker(tmp_path: Path) -> None:
    page = write(tmp_path, "```{code-block} console\n:class: needs-docker\n\n$ one\n```\n")
    assert steps(page) == [Command(1, "one", "", True)]


def test_code_that_nobody_would_run_is_refused(tmp_path: Path) -> None:
    page = write(tmp_path, "x\n\n```python\nx = 1\n```\n")
    with pytest.raises(ValueError, match="line 3: what is to be done"):
        steps(page)


@pytest.mark.parametrize(
    ("wanted", "got", "same"),
    [
        ("a\n", "a\n", True),
        ("a\n", "a  \n", True),
        ("...\nb\n", "x\ny\nb\n", True),
        ("a ... c\n", "a b c\n", True),
        ("", "", True),
        ("", "a\n", False),
        ("a\n", "", False),
        ("a\nb\n", "a\n", False),
        ("...\nb\n", "x\nc\n", False),
        ("a\n", "waiting: another measures time\na\n", True),
        ("a\n", "a\n1.27.3: of 30 rounds nothing is known\n", False),
    ],
)
def test_only_what_the_page_leaves_open_may_differ(wanted: str, got: str, same: bool) -> None:
    assert (difference(wanted, got) == "") is same


def test_the_page_has_files_and_commands() -> None:
    found = steps(PAGE)
    assert sum(isinstance(step, File) for step in found) >= 5
    commands = [step.text for step in found if isinstance(step, Command)]
    assert commands[0].startswith("./inv lab.new ")
    assert (ROOT / "inv").is_file()
