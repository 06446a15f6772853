"""What a Python source says of itself, read in it and not by importing it.

Planning asks this of every module of every lab, and parsing them takes longer than all else that it does. So answers
are kept, by the hash of the source, in the user's cache.
"""

import ast
import atexit
import contextlib
import sys
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Final, get_args

import msgspec

from claimlab.project.files import digest, read_kept, users_cache, write_kept
from claimlab.toolchains.flags import FLAG_SETS
from claimlab.toolchains.needs import Need

_DISASSEMBLES: Final = ["go", "tool", "objdump"]
_MOST: Final = 5000
"""Answers that are kept; with more, those that nobody has asked for lately go."""


class Told(msgspec.Struct, frozen=True, array_like=True):
    """What one source says; of what is no Python, nothing is known."""

    imports: frozenset[str] = frozenset()
    """The dotted names that it imports; those of its own package are left out."""
    needs: frozenset[Need] = frozenset()
    """What the programs that it builds need compiled, by the flags that it names and the tools that it calls."""
    docstrings: tuple[tuple[int, int, int, int], ...] = ()
    """Where strings stand for themselves: line and column of the first byte, and of the one behind the last."""


@cache
def told(source: bytes) -> Told:
    """What the source says."""
    return _KEPT.of(source)


def without_docstrings(source: bytes) -> bytes:
    """The source without strings that stand for themselves: docstrings, of modules as of attributes."""
    lines = source.splitlines(keepends=True)
    for first, begin, last, end in reversed(told(source).docstrings):
        lines[first : last + 1] = [lines[first][:begin] + lines[last][end:]]
    return b"".join(lines)


def _read(source: bytes) -> Told:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # whoever imports it will say so
        return Told()
    found = list(_statements(tree))
    return Told(frozenset(_imported(found)), frozenset(_needed(tree)), tuple(_standing_alone(found)))


def _statements(block: ast.AST) -> Iterator[ast.AST]:
    """All statements in it, at any depth. Expressions are most of a module, and import nothing."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for node in getattr(block, field, ()):
            yield node
            yield from _statements(node)


def _imported(statements: list[ast.AST]) -> Iterator[str]:
    for node in statements:
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _standing_alone(statements: list[ast.AST]) -> Iterator[tuple[int, int, int, int]]:
    for node in statements:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            last, end = node.end_lineno or node.lineno, node.end_col_offset or 0
            yield node.lineno - 1, node.col_offset, last - 1, end


def _needed(tree: ast.Module) -> Iterator[Need]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "flags":  # build(bench, flags="race")
            words = [one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)]
        elif isinstance(node, ast.keyword) and node.arg in ("benchmarks", "tests"):  # build(bench, benchmarks=True)
            if not (isinstance(node.value, ast.Constant) and not node.value.value):
                yield "testing"
            continue
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("FLAG_SETS"):
            words = [node.slice.value] if isinstance(node.slice, ast.Constant) else []
        elif isinstance(node, ast.List | ast.Tuple):
            argv = [one.value if isinstance(one, ast.Constant) else None for one in node.elts]
            if any(argv[at : at + 3] == _DISASSEMBLES for at in range(len(argv))):
                yield "objdump"
            continue
        else:
            continue
        yield from (flags for flags in FLAG_SETS if flags in words)


class _Kept:
    """The answers of earlier processes, and this one's, which are kept when it ends."""

    def __init__(self) -> None:
        self._new: dict[str, Told] = {}
        self._asked: dict[str, Told] = {}

    def of(self, source: bytes) -> Told:
        name = digest(source)
        found = self._known.get(name)
        if found is None:
            if not self._new and self._path:
                atexit.register(self._keep, self._path)
            found = self._new[name] = _read(source)
        self._asked[name] = found
        return found

    @cached_property
    def _known(self) -> dict[str, Told]:
        return (read_kept(self._path, self._follows_from, dict[str, Told]) if self._path else None) or {}

    @cached_property
    def _path(self) -> Path | None:
        """None where the user has no home to keep anything in."""
        try:
            return users_cache() / "sources.json"
        except RuntimeError:
            return None

    @cached_property
    def _follows_from(self) -> str:
        """How they are read: by this Python's grammar, and by this module with the needs that there are."""
        return digest(sys.version, Path(__file__).read_bytes(), *get_args(Need), *FLAG_SETS)

    def _keep(self, path: Path) -> None:
        everything = {**self._known, **self._new} if len(self._known) < _MOST else self._asked
        with contextlib.suppress(OSError):  # whoever may not write there reads them again
            write_kept(path, self._follows_from, everything)


_KEPT: Final = _Kept()
