"""Docstrings are for readers: in other words they change no address."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.edits import changes, replaced
from tests.ours import OUR

from claimlab.trials.lab import LabFolder
from claimlab.trials.sources import sources_hash

MakeLab = Callable[..., LabFolder]


def sources_of(folder: Path) -> str:
    return sources_hash(LabFolder(folder, OUR))


DESCRIBED = '''"""Is the toy's number even?

More of it.
"""

from claimlab import Lab

lab = Lab("toy")
LIMIT = 3
"""How far it counts."""


class Seen:
    """What was seen."""

    number: int
    """The toy's."""


def observe():
    """It was looked at."""
    text = "a text that is no docstring"
    if text:
        "Said among the statements."
    return text
'''


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (("Is the toy's number even?\n\nMore of it.", "Is the number of the toy an even one?"), False),
        (("How far it counts.", "It counts so far,\n并发 and no further."), False),
        (("What was seen.", "Seen."), False),
        (("The toy's.", "Of the toy."), False),
        (("It was looked at.", "One look."), False),
        (("Said among the statements.", "Said."), False),
        (("LIMIT = 3", "LIMIT = 4"), True),
        (("no docstring", "none"), True),
        (("number: int", "number: float"), True),
        (('Lab("toy")', 'Lab("toy", timing=True)'), True),
    ],
    ids=lambda one: one[0].partition("\n")[0] if isinstance(one, tuple) else "",
)
def test_docstrings_in_other_words_change_nothing_and_code_does(
    make_lab: MakeLab, change: tuple[str, str], changed: bool
) -> None:
    lab = make_lab(lab=DESCRIBED, **{"steps.py": DESCRIBED})
    assert changes(sources_of, lab.path, replaced("lab.py", change)) is changed
    other = make_lab(where="labs/ch9_toys/other", lab=DESCRIBED, **{"steps.py": DESCRIBED})
    assert changes(sources_of, other.path, replaced("steps.py", change)) is changed


def test_only_python_has_docstrings(make_lab: MakeLab) -> None:
    folder = make_lab(**{"words.txt": '"""One."""\n', "no_python.py": '"""One.\n'}).path
    for name in ("words.txt", "no_python.py"):
        (folder.parent / name).mkdir()
        copy = shutil.copytree(folder, folder.parent / name / "toy")
        assert changes(sources_of, copy, replaced(name, ("One", "Two")))
