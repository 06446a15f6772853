"""A lab that breaks is told in a few lines: what broke, where in the lab, and what was said."""

import re

import pytest
from tests.tiny_lab import LabsFolder, write_lab

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]


@pytest.mark.gdb
@pytest.mark.usefixtures("local_engine")
def test_a_broken_lab_is_told_with_its_line_and_no_traceback(folder: LabsFolder) -> None:
    lab = write_lab(folder.labs, script="echo oh dear >&2; exit 3") / "lab.py"
    done = folder.pytest()
    told = done.stdout.partition("the lab is broken: tiny")[2].partition("= short test summary")[0]
    (number,) = re.findall(r"  at:   labs/ch9_things/tiny/lab\.py:(\d+)$", told, re.MULTILINE)
    assert "or_broken" in lab.read_text().splitlines()[int(number) - 1]
    assert "  | oh dear" in told
    assert len(told.splitlines()) < 10
    assert "def observe" not in told
