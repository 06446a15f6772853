"""A lab's sources on its page: the Go programs in colour, the code that observes and judges as it is.

Pygments reads the programs; a span for each of its tokens would make them six times as long, so only comments,
keywords, strings and numbers get one.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape
from pygments.lexers import GoLexer
from pygments.token import Comment, Keyword, Number, String, _TokenType

from claimlab.site.downloads import Offered, sources
from claimlab.site.evidence.room import fitting
from claimlab.site.html import element, fold, joined, link, paragraph, scroll, tabs
from claimlab.site.reader import say
from claimlab.trials.lab import LabFolder

ROOM: Final = 36_000
"""Characters for all sources of a lab; what is longer ends with a link to the file."""
SPANS: Final = 1.5
"""How much longer the spans make a program, about."""
COLOURED: Final[Mapping[_TokenType, str]] = {Comment: "c", Keyword: "k", String: "s", Number: "m"}
"""The classes that the style sheets of Pygments have for them."""


def lab_sources(lab: LabFolder, offered: Offered) -> Markup:
    """The Go programs in tabs, and in folds the code that observes and judges."""
    room, shown = ROOM, dict[Path, Markup]()
    # Short ones first: whatever room they leave is for the others.
    for path in sorted(waiting := sources(lab), key=lambda path: path.stat().st_size):
        shown[path] = _file(path, offered.source(lab, path), max(0, room) // (len(waiting) - len(shown)))
        room -= len(shown[path])
    programs = [(str(path.relative_to(lab.path)), shown[path]) for path in waiting if path.suffix == ".go"]
    content = tabs(f"lab-{lab.name}-source", programs, 0) if programs else Markup("")
    for path in waiting:
        if path.suffix == ".py":
            judges = path.name.startswith("judges")
            words = (
                say("How it is judged: {file}", file=path.name)
                if judges
                else say("How it is observed: {file}", file=path.name)
            )
            content += fold(words, shown[path])
    return content


def _file(path: Path, href: str, room: int) -> Markup:
    coloured = path.suffix == ".go"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = lines[: fitting((len(line) * (SPANS if coloured else 1) for line in lines), room)]
    code = "".join(kept)
    block = element("pre", joined(_coloured(code)) if coloured else code)
    words = say("The file {name}", name=path.name)
    if len(kept) < len(lines):
        said = {"name": path.name, "number": len(lines) - len(kept)}
        words = say("Lines of the file {name} that are not shown here: {number}.", **said)
    content = scroll(path.name, element("div", block, classes="highlight"))
    return content + paragraph(link(href, words), classes="cl-more")


def _coloured(code: str) -> Iterator[Markup]:
    tokens = _go().get_tokens(code)
    for css, run in groupby(tokens, key=lambda token: _css(token[0])):
        text = escape("".join(value for _kind, value in run))
        yield Markup(f'<span class="{css}">{text}</span>') if css else text


@cache
def _go() -> GoLexer:
    return GoLexer(stripnl=False, ensurenl=False)


@cache
def _css(kind: _TokenType) -> str:
    return next((css for group, css in COLOURED.items() if kind in group), "")  # type: ignore[comparison-overlap]
