"""Benchmarks in Go sources, by name."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from claimlab.questions.programs import package_clause

_PREFIX: Final = "Benchmark"
_DECLARATION: Final = re.compile(r"^func (Benchmark(?![a-z])\w*)\(", re.MULTILINE)


def full_name(given: str) -> str:
    """What Go calls the benchmark that somebody calls ``MapGet``, ``BenchmarkMapGet`` or ``MapGet/size=8``."""
    return given if given.startswith(_PREFIX) else f"{_PREFIX}{given}"


def short_name(full: str) -> str:
    """As people call it."""
    return full.removeprefix(_PREFIX) or full


def declared(files: Mapping[str, bytes], folder: str) -> dict[str, str]:
    """The benchmarks that the tests in that folder declare, without those inside them, each with the name of its
    package."""
    found: dict[str, str] = {}
    for name, content in sorted(files.items()):
        if PurePosixPath(name).parent == PurePosixPath(folder or ".") and name.endswith("_test.go"):
            text = content.decode("utf-8", "replace")
            found |= dict.fromkeys(_DECLARATION.findall(text), package_clause(text))
    return found
