"""Text files are UTF-8 whatever the locale: every place that opens one in text says so."""

import ast
from collections.abc import Iterator
from typing import Final

import pytest
from tests.committed import TEXTS

OPENS: Final = frozenset({"read_text", "write_text", "open", "fdopen", "NamedTemporaryFile", "TextIOWrapper"})
STARTS: Final = frozenset({"run", "Popen", "check_output"})
MODE_AT: Final = {"read_text": None, "write_text": None, "NamedTemporaryFile": 0, "TextIOWrapper": None, "fdopen": 1}
"""Where a call has its mode, if it has one. Files of tar, zip and gzip are opened with `mode=` in this project."""
SHIPPED: Final = [
    name
    for name in TEXTS
    if name in ("inv", "hatch_build.py", "docs/conf.py", "conftest.py", "tasks.py")
    or (name.startswith("src/") and name.endswith((".py", ".py.txt")))
]


def unsaid(text: str) -> Iterator[int]:
    """The lines on which a text file is opened, or a program's output read as text, in the locale's encoding."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        named = {word.arg: word.value for word in node.keywords}
        on = isinstance(node.func, ast.Attribute)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if "encoding" in named:
            continue
        if (name in OPENS and _is_text(node, name, named, on=on)) or (name in STARTS and _reads_text(named)):
            yield node.lineno


def _reads_text(named: dict[str | None, ast.expr]) -> bool:
    return any(getattr(named.get(word), "value", False) for word in ("text", "universal_newlines"))


def _is_text(node: ast.Call, name: str, named: dict[str | None, ast.expr], *, on: bool) -> bool:
    if isinstance(node.func, ast.Attribute) and _names(node.func.value) in NO_FILES:
        return False
    at = MODE_AT.get(name, 0 if on else 1)
    given = named.get("mode") or (node.args[at] if at is not None and len(node.args) > at else None)
    modes = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
    is_gzip = isinstance(node.func, ast.Attribute) and _names(node.func.value) == "gzip"
    default = "w+b" if name == "NamedTemporaryFile" else "rb" if is_gzip else "r"
    return not all("b" in str(one.value if isinstance(one, ast.Constant) else default) for one in modes)


NO_FILES: Final = frozenset({"os", "tarfile", "engine", "distribution"})
"""Whose ``open`` opens no text file, and whose ``read_text`` is of another kind."""


def _names(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _names(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_text_file_is_opened_as_utf8(name: str) -> None:
    text = TEXTS[name] if not name.endswith(".txt") else TEXTS[name].replace("$", "x")
    assert [f"{name}:{line}" for line in unsaid(text)] == []


def test_what_others_open_in_the_locales_encoding_is_ascii() -> None:
    """lazy_loader opens the list of public names so."""
    assert TEXTS["src/claimlab/__init__.pyi"].isascii()
