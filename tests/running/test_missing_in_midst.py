"""The environment lacks something in the midst of a trial: no lab is to blame, and no further trial is begun."""

import pytest
from tests.tiny_lab import Checkout, LabsFolder, write_lab

pytest_plugins = ["tests.bench_fixtures", "tests.tiny_lab"]
pytestmark = [pytest.mark.gdb, pytest.mark.usefixtures("local_engine")]
SENTENCE = "The daemon went away. Start it: claimlab engine.up"
LOST = """
    from claimlab.project.errors import EnvironmentMissing
    raise EnvironmentMissing("The daemon went away.", "Start it: claimlab engine.up")
"""


def lose_it_in(checkout: Checkout | LabsFolder) -> None:
    """After one trial that finds all it needs, and before one that would."""
    write_lab(checkout.labs, "before")
    folder = write_lab(checkout.labs, "lost")
    write_lab(checkout.labs, "timed", timing=True)
    lab = folder / "lab.py"
    head, _, body = lab.read_text().partition("    done = ")
    lab.write_text(f"{head}{LOST}    done = {body}")


def test_the_session_stops_and_nothing_is_filed(checkout: Checkout) -> None:
    lose_it_in(checkout)
    done = checkout.inv("lab.all", "--engine", "local", "--workers", "1")
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.splitlines()[-1] == "The daemon went away. Start it: ./inv engine.up"
    assert "Traceback" not in done.stderr
    assert "broken" not in done.stdout + done.stderr
    assert [path.parts[-3] for path in checkout.record.rglob("*.*") if path.is_file()] == ["before"]


def test_pytest_alone_stops_too(folder: LabsFolder) -> None:
    lose_it_in(folder)
    done = folder.pytest("labs")
    assert done.returncode == 2, done.stdout + done.stderr
    assert SENTENCE in done.stdout
    assert [path.parts[-3] for path in folder.record.rglob("*.*") if path.is_file()] == ["before"]
