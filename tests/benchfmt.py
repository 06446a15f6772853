"""A reader of Go's benchmark format by its published rules, written apart from claimlab's own.

https://go.dev/design/14313-benchmark-format; stricter than that in one thing: a line that is neither of the two kinds
is none that belongs into such a file. (PYTEST_DONT_REWRITE: imported as helpers are.)
"""

import re
from dataclasses import dataclass, field
from typing import Final

_SETTING: Final = re.compile(r"(?P<key>[a-z][^\sA-Z:]*):(?:[ \t]+(?P<value>.*))?")
_NAME: Final = re.compile(r"Benchmark(?![a-z])\S*")


@dataclass
class Read:
    """What a file says."""

    settings: dict[str, str] = field(default_factory=dict)
    samples: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    """By benchmark, with the suffix for GOMAXPROCS, and unit; in order."""


def read(text: str) -> Read:
    """Settings and results of a file in the format; ValueError for what is neither."""
    found = Read()
    for line in text.splitlines():
        name, *fields = line.split() or [""]
        if _NAME.fullmatch(name):
            iterations, *pairs = fields
            if int(iterations) < 1 or not pairs or len(pairs) % 2:
                raise ValueError(f"no result: {line}")
            units = found.samples.setdefault(name, {})
            for value, unit in zip(pairs[::2], pairs[1::2], strict=True):
                units.setdefault(unit, []).append(float(value))
        elif setting := _SETTING.fullmatch(line):
            found.settings[setting["key"]] = setting["value"] or ""
        elif line:
            raise ValueError(f"neither a setting nor a result: {line}")
    return found
