"""Benchmarks in Go sources, by name."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from claimlab.questions.programs import package_clause

_PREFIX: Final = "Benchmark"
_BENCHTIME: Final = re.compile(r"\d+x|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+", re.ASCII)
_DECLARATION: Final = re.compile(r"^func (Benchmark(?![a-z])\w*)\(", re.MULTILINE)


def full_name(given: str) -> str:
    """What Go calls the benchmark that somebody calls ``MapGet``, ``BenchmarkMapGet`` or ``MapGet/size=8``. Blanks are
    underscores in it (testing/match.go: rewrite)."""
    return re.sub(r"\s", "_", given if given.startswith(_PREFIX) else f"{_PREFIX}{given}")


def is_benchtime(given: str) -> bool:
    """Go takes it for ``-benchtime``: a number of iterations, or a duration, of more than 0."""
    return _BENCHTIME.fullmatch(given) is not None and re.search(r"[1-9]", given) is not None


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
