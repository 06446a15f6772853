"""Figures that the article does not print: what is recorded leaves 5-b unclear."""

import subprocess
import sys
from typing import Any

import msgspec

from claimlab import change, kept

LAB = kept(__file__)


def recomputed(seen: Any, *words: str) -> Any:
    """The figures of an observation, and one more that the lab's script computes from these words."""
    order = msgspec.json.encode({"one": words}).decode()
    argv = [sys.executable, "-I", str(LAB.folder.path / "recompute.py"), order]
    done = subprocess.run(argv, capture_output=True, check=True)
    return msgspec.json.decode(done.stdout, type=dict[str, type(seen.figures["recovery time"])])["one"]  # type: ignore[misc]


def with_recovery_time(seen: Any, printed: str) -> Any:
    """The same two values with another change."""
    figure = recomputed(seen, "percent", "4 min 12 s", "18.3 s", printed)
    return change(seen, figures={**seen.figures, "recovery time": figure})


changed = {"5-b": [with_recovery_time(LAB.seen(), "-92.7")]}
