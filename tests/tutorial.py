"""The code of a page: files to write and commands to run, in the page's order."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

_OF_OTHERS: Final = re.compile(
    r"^(waiting: .*|.*: of \d+ rounds fewer than \d+ were clean: .* Ask again when the machine does less, .*)\n",
    re.MULTILINE,
)


@dataclass(frozen=True)
class File:
    """A code block whose caption is the name of a file: the reader writes it."""

    line: int
    name: str
    content: str


@dataclass(frozen=True)
class Command:
    """A line of a console that begins with a prompt, and what is printed below it."""

    line: int
    text: str
    prints: str
    needs_docker: bool


def steps(page: Path) -> list[File | Command]:
    """Everything that the page asks its reader to do; ValueError at code that is neither of the two."""
    found: list[File | Command] = []
    for token in MarkdownIt("commonmark").parse(page.read_text()):
        if token.type == "fence":
            assert token.map is not None
            found += _steps(token.info.strip(), token.content, token.map[0] + 1)
    return found


def _steps(info: str, content: str, line: int) -> Iterator[File | Command]:
    options = dict(re.findall(r"^:(\w+): (.*)$", content, re.MULTILINE))
    body = re.sub(r"\A(:\w+: .*\n)+\n", "", content)
    if "caption" in options:
        yield File(line, options["caption"], body)
    elif info in ("console", "{code-block} console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, prints = part.partition("\n")
            yield Command(line, command, prints, options.get("class") == "needs-docker")
    elif info != "{eval-rst}":  # the reference of what the page speaks of
        raise ValueError(f"line {line}: what is to be done with this block? ({info})")


def difference(wanted: str, got: str) -> str:
    """How the output differs from what the page shows; empty if ``...`` on the page covers all that differs.

    What other tests on this machine bring about is nothing that a page shows: that a command waited while another
    measured time, and that too few rounds of a benchmark had a processor to themselves.
    """
    got = _OF_OTHERS.sub("", got)
    wanted, got = (re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE) for text in (wanted, got))
    if OutputChecker().check_output(wanted, got, ELLIPSIS):
        return ""
    return "\n".join(difflib.unified_diff(wanted.splitlines(), got.splitlines(), "on the page", "printed", lineterm=""))
