"""Which Go files may take part in a build for Linux, by their names and their ``//go:build`` lines.

What differs between benches is left open: the processor, the release, the race detector, experiments. A file that may
take part on one of them does (https://pkg.go.dev/cmd/go#hdr-Build_constraints).
"""

import re
from collections.abc import Iterator
from typing import Final

_OTHER_SYSTEMS: Final = frozenset(
    ("aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "nacl")
) | {"netbsd", "openbsd", "plan9", "solaris", "wasip1", "windows", "zos"}
"""Every GOOS but linux (internal/syslist)."""
_OPEN: Final = re.compile(
    r"386|amd64p?\d*|arm|armbe|arm64|arm64be|loong64|mips\w*|ppc\w*|riscv\w*|s390x?|sparc\w*|wasm|go1(\.\d+)?|race|msan"
    r"|asan|goexperiment\.\w+|purego|(?:386|amd64|arm|arm64|mips\w*|ppc64\w*|riscv64|wasm)\.\w+"
)
_TRUE: Final = frozenset(("linux", "unix", "gc"))
_LINE: Final = re.compile(r"^//go:build[ \t]+(.+)$", re.MULTILINE)
_TOKEN: Final = re.compile(r"&&|\|\||[!()]|[^\s!&|()]+")


def may_be_built(name: str, text: str) -> bool:
    """The Go file takes part on some bench."""
    parts = name.removesuffix(".go").removesuffix("_test").split("_")[1:]
    if _OTHER_SYSTEMS.intersection(parts[-2:]):
        return False
    head = text[: found.start()] if (found := re.search(r"^package\s", text, re.MULTILINE)) else ""
    line = _LINE.search(head)
    try:
        return line is None or _or(_Tokens(_TOKEN.findall(line[1]))) > 0
    except RecursionError:  # Go refuses so deep a one, and is to say so
        return True


class _Tokens:
    """The rest of an expression."""

    def __init__(self, tokens: list[str]) -> None:
        self._left: Iterator[str] = iter(tokens)
        self.next = next(self._left, "")

    def take(self, token: str = "") -> bool:
        """The next one is passed, if it is the one that is given or any will do."""
        if token and self.next != token:
            return False
        self.next = next(self._left, "")
        return True


# False is 0, true is 2, and 1 is what nobody knows: the logic of Kleene, in which `and` is the least.


def _or(tokens: _Tokens) -> int:
    found = _and(tokens)
    while tokens.take("||"):
        found = max(found, _and(tokens))
    return found


def _and(tokens: _Tokens) -> int:
    found = _not(tokens)
    while tokens.take("&&"):
        found = min(found, _not(tokens))
    return found


def _not(tokens: _Tokens) -> int:
    if tokens.take("!"):
        return 2 - _not(tokens)
    if tokens.take("("):
        found = _or(tokens)
        tokens.take(")")
        return found
    tag = tokens.next
    tokens.take()
    return 2 if tag in _TRUE else 1 if _OPEN.fullmatch(tag) else 0
