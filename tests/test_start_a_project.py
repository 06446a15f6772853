"""docs/start-a-project.md, done step by step by somebody who has nothing but the wheel."""

import shutil

import pytest
from tests.ours import OUR
from tests.stranger import PYTHON, Stranger, give
from tests.tutorial import Command, File, difference, steps

pytest_plugins = ["tests.stranger"]
pytestmark = pytest.mark.gdb  # the local engine needs it

PAGE = OUR.docs / "start-a-project.md"
LASTS = ("cd ", ". ")
"""How commands begin that change what follows in the reader's shell."""


def test_every_step_of_the_page_does_what_it_says(stranger: Stranger) -> None:
    start = stranger.place / "a page's reader"
    shutil.copytree(stranger.place / "wheels", start)
    give(start)
    project = start / "my-checks"
    # Packages are lent instead of fetched; nothing else of the environment that has the wheel is to be seen.
    env = {"PATH": f"{PYTHON / 'bin'}:/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(stranger.packages)}
    env |= {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_IGNORE_INSTALLED": "1", "PIP_NO_COMPILE": "1"}
    shell = ""
    for step in steps(PAGE):
        if isinstance(step, File):
            assert (project / step.name).is_file()
            (project / step.name).write_text(step.content)
            continue
        done = stranger.run(["sh", "-c", f"{shell}{step.text} 2>&1"], start, env)
        if found := difference(step.prints, done.stdout):
            pytest.fail(f"{PAGE.name}, line {step.line}: $ {step.text}\n{found}", pytrace=False)
        assert done.returncode == ("expected unclear" in step.prints), step.text
        if step.text.startswith(LASTS):
            shell += f"{step.text}; "
        if step.text.startswith("pip install"):
            stranger.lend_programs(start / ".venv")
        if step.text.startswith("claimlab new"):
            stranger.lend_toolchains(project)
    site = project / "docs" / "_build" / "html"
    assert "Since 1.22 it takes none." in (site / "claims" / "a.html").read_text()


def test_the_page_has_files_and_commands() -> None:
    found = steps(PAGE)
    assert sum(isinstance(step, File) for step in found) == 2
    typed = [step.text.split()[0] for step in found if isinstance(step, Command)]
    assert set(typed) == {"python3", ".", "pip", "claimlab", "cd", "cat", "pytest"}
