"""What sources say of themselves is read once, and kept for the processes to come."""

from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest

from claimlab.trials.reading import told, without_docstrings

SOURCE = b'''"""A module."""
import os, a.b as c
from d.e import f
from . import beside
if os:
    from g import h

    def build(flags="race"):
        return "Of two lines." if 0 else None

x = build(bench, flags="arm64", benchmarks=True)
"""\xc3\xa9 of an attribute."""; y = 1
'''
ASK = """
import ast, sys
from claimlab.trials.reading import told
parse = ast.parse
def counted(source, *more):
    print("parsed")
    return parse(source, *more)
ast.parse = counted
print(sorted(told(sys.argv[1].encode()).imports))
"""
Ask = Callable[..., list[str]]


@pytest.fixture
def ask(start_python: Callable[..., Popen[str]], tmp_path: Path) -> Ask:
    """What a process of its own prints that asks one source."""

    def asked(source: str = "import one", **env: str) -> list[str]:
        process = start_python(ASK, source, **{"XDG_CACHE_HOME": str(tmp_path / "cache"), **env})
        out, err = process.communicate()
        assert process.returncode == 0, err
        return out.splitlines()

    return asked


def test_a_source_says_what_it_imports_and_what_it_builds() -> None:
    said = told(SOURCE)
    assert said.imports == {"os", "a.b", "d.e.f", "g.h"}
    assert said.needs == {"arm64", "testing"}


def test_only_strings_that_stand_for_themselves_are_left_out() -> None:
    left = without_docstrings(SOURCE)
    assert b"A module" not in left
    assert b"attribute" not in left
    assert b'flags="race"' in left
    assert b"Of two lines" in left
    assert b"; y = 1" in left
    assert without_docstrings(b"def f(:") == b"def f(:"


def test_what_was_read_is_known_to_the_next_process_and_a_new_source_is_read(ask: Ask) -> None:
    assert ask() == ["parsed", "['one']"]
    assert ask() == ["['one']"]
    assert ask("import two") == ["parsed", "['two']"]
    assert ask() == ["['one']"]
    assert ask("import two") == ["['two']"]


def test_what_is_damaged_or_of_another_claimlab_is_not_believed(ask: Ask, tmp_path: Path) -> None:
    ask()
    (kept,) = (tmp_path / "cache").rglob("*.json")
    whole = kept.read_bytes()
    for other in (
        whole[:-5],
        whole.replace(b"one", b"two"),
        whole.replace(b'follows_from":"', b'follows_from":"0'),
        b"",
    ):
        assert other != whole
        kept.write_bytes(other)
        assert ask() == ["parsed", "['one']"]


def test_who_has_no_place_to_keep_it_reads_it(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for _ in range(2):
        assert ask(XDG_CACHE_HOME=str(tmp_path / "file")) == ["parsed", "['one']"]
