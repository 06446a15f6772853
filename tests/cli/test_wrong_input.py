"""Bad input, of each kind that has gone wrong once: a sentence or two, 1 or 2, and never a traceback."""

import re
import shutil
from pathlib import Path

import pytest
from tests.cli.test_commands import inv_in
from tests.cli.wrong_input import WRONG, Wrong, pattern
from tests.ours import write_project
from tests.tiny_lab import NOWHERE, write_lab

LINES = 10
"""More is no sentence or two; a table of one claim with its legend has so many."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two labs, in which nothing is wrong."""
    root = tmp_path_factory.mktemp("sound")
    write_project(root, record="record", limits={"judge_s": 1.0})
    write_lab(root / "labs")
    write_lab(root / "labs", "other")
    return root


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: re.sub(r"\W+", "-", f"{wrong.command[0]} {wrong.says}"))
def test_it_is_told_in_a_sentence(sound: Path, tmp_path: Path, wrong: Wrong) -> None:
    root = tmp_path / "project"
    shutil.copytree(sound, root)
    wrong.bring_about(root)
    done = inv_in(root, *wrong.command, DOCKER_HOST=NOWHERE)
    said = done.stdout + done.stderr
    assert done.returncode == wrong.exit_code, said
    assert re.search(pattern(wrong.says), said), said
    assert "Traceback" not in said
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", said)
    assert len(said.splitlines()) <= LINES, said


def test_without_anything_wrong_there_is_nothing_to_say(sound: Path) -> None:
    done = inv_in(sound, "verdicts", DOCKER_HOST=NOWHERE)
    assert (done.returncode, done.stderr) == (0, "")
