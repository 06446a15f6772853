"""English for a count of one: sentences are written for many."""

import re
from typing import Final

NOUNS: Final = (
    "assignments allocations benchmarks bytes calls claims cores entries executions functions goroutines instructions "
    "labs machines maps objects observations operations processes processors readings releases rounds runs slots "
    "times toolchains trials values words writes"
)
_ONE: Final = re.compile(rf"(?<![\w.,–-])(?<!\d )1 ({'|'.join(NOUNS.split())})\b")


def singular(text: str) -> str:
    """``1 byte`` for ``1 bytes``, and ``once`` for ``1 times``."""
    return _ONE.sub(lambda found: "once" if found[1] == "times" else f"1 {_one_of(found[1])}", text)


def _one_of(nouns: str) -> str:
    for ending, of_one in {"sses": "ss", "ies": "y", "s": ""}.items():
        if nouns.endswith(ending):
            return nouns.removesuffix(ending) + of_one
    return nouns
