"""Claims that stand in an author's own text: sentences of a page of the docs that a role or a directive marks.

In Markdown (MyST) and in reStructuredText a sentence is marked within a paragraph, or, if it is long, by itself::

    {claimlab:says}`A map's header has 48 bytes. <header-size>`

    ```{claimlab:says} header-size
    A map's header has 48 bytes.
    ```

    :claimlab:says:`A map's header has 48 bytes. <header-size>`

    .. claimlab:says:: header-size

       A map's header has 48 bytes.

Each page is a chapter. What else there is to say of a claim stands in a ``claims.toml`` beside the ``article.toml``.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from claimlab.project.claim import Chapter, Claim, Section, claim_of, words_of
from claimlab.project.errors import BadData, EnvironmentMissing
from claimlab.project.languages import Language
from claimlab.project.marked import GIVEN, NO_PROSE, ROLE, Marked, Prose, marked, marked_as
from claimlab.project.toml import read_toml

_FRONT: Final = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
_COMMENT: Final = re.compile(r"^%.*", re.MULTILINE)
_COLONS: Final = re.compile(r"^([ \t]*)(:{3,})(?=\{|[ \t]*$)", re.MULTILINE)
_DIRECTIVE: Final = re.compile(r"\{(?P<name>[\w:.+-]+)\}\s*(?P<given>.*)")
_A_ROLE: Final = re.compile(r"\{([\w:.+-]+)\}\Z")
_PARSER: Final = MarkdownIt("commonmark").enable("table")


# --- pages ----------------------------------------------------------------------------------------------------


def read_page(path: Path) -> Prose:
    """What a page marks; :class:`BadData` names the line that cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        return _rst(text, path) if path.suffix == ".rst" else read_markdown(text)
    except (OSError, ValueError) as error:
        raise BadData(str(path), str(error)) from None


def _rst(text: str, path: Path, first_line: int = 0) -> Prose:
    try:
        from claimlab.project.prose_rst import read_rst  # whoever writes Markdown needs no docutils
    except ModuleNotFoundError:
        raise EnvironmentMissing(
            f"{path.name} has reStructuredText, which docutils reads, and that is not installed.",
            "Run: pip install 'claimlab[site]'",
        ) from None
    return read_rst(text, first_line)


def read_markdown(text: str) -> Prose:
    """What a text in MyST marks; ValueError names the line that cannot be read."""
    tokens = _tokens(text)
    titles = (after for token, after in pairwise(tokens) if token.type == "heading_open")
    title = next(titles, None)
    return Prose(_plain(title.children or []) if title else "", tuple(_marked_in(tokens, 0)))


def _tokens(text: str) -> list[Token]:
    """Without front matter and comments; a fence of colons is one of tildes, which every reader of Markdown knows."""
    text = _FRONT.sub(lambda front: "\n" * front[0].count("\n"), text)
    return _PARSER.parse(_COLONS.sub(lambda fence: fence[1] + "~" * len(fence[2]), _COMMENT.sub("", text)))


def _marked_in(tokens: Sequence[Token], above: int) -> Iterator[Marked]:
    """`above` lines of the page stand before the text that these are of."""
    for token in tokens:
        line = above + (token.map[0] if token.map else 0) + 1
        if token.type == "inline":
            yield from _roles(token.children or [], line)
        elif token.type == "fence" and (match := _DIRECTIVE.fullmatch(token.info.strip())):
            yield from _directive(match["name"], match["given"], token.content, line)


def _directive(name: str, given: str, content: str, line: int) -> Iterator[Marked]:
    if name == ROLE:
        inside = (_plain(token.children or []) for token in _tokens(content) if token.type == "inline")
        yield marked(given, " ".join(inside), line)
    elif name == "eval-rst":
        yield from _rst(content, Path("the page"), line).marked
    elif name not in NO_PROSE:
        yield from _marked_in(_tokens(content), line)


def _roles(children: Sequence[Token], line: int) -> Iterator[Marked]:
    for before, token in pairwise(children):
        line += before.type in ("softbreak", "hardbreak")
        if token.type == "code_inline" and (match := _A_ROLE.search(before.content)) and match[1] == ROLE:
            yield marked_as(token.content, line)


def _plain(children: Sequence[Token]) -> str:
    """The words of a paragraph, with code between backticks; of roles what they are given, without a target."""
    parts: list[str] = []
    for token in children:
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "code_inline" and parts and _A_ROLE.search(parts[-1]):
            parts[-1] = _A_ROLE.sub("", parts[-1])
            target = GIVEN.fullmatch(token.content)
            parts.append(target["says"] if target and target["says"] else token.content)
        else:
            parts.append(f"`{token.content}`" if token.type == "code_inline" else token.content)
    return "".join(parts)


# --- chapters -------------------------------------------------------------------------------------------------


def load_pages(
    pages: Sequence[Path], docs: Path, folder: Path, article: str, languages: tuple[Language, ...]
) -> list[Chapter]:
    """A chapter for each of the pages, with the claims that it marks and what `folder`'s claims.toml has of them."""
    if len(languages) != 1:
        raise BadData(str(folder), f"a page is in one language, and the article is in {', '.join(languages)}")
    rows = _rows(folder / "claims.toml", languages)
    places: dict[str, str] = {}
    chapters = []
    for path in pages:
        prose = read_page(path)
        for one in prose.marked:
            here = f"{path.relative_to(docs)}, line {one.line}"
            if one.id in places:
                there = places[one.id]
                raise BadData(str(path), f"the claim {one.id} is marked twice: {there}, and {here}")
            places[one.id] = here
        name = path.relative_to(docs).with_suffix("").as_posix()
        title = words_of(prose.title or name, languages)
        claims = [_claim(one, rows.get(one.id, {}), folder, article, languages) for one in prose.marked]
        chapters.append(Chapter(None, title, (Section("", title, tuple(claims)),), folder, article, name))
    if lost := sorted(set(rows) - set(places)):
        raise BadData(
            str(folder / "claims.toml"),
            f"no sentence of {', '.join(str(path.relative_to(docs)) for path in pages)} is marked as {', '.join(lost)}",
        )
    return chapters


def _claim(one: Marked, row: dict[str, Any], folder: Path, article: str, languages: tuple[Language, ...]) -> Claim:
    return claim_of({**row, "id": one.id, languages[0]: one.says}, folder / "claims.toml", (), article, languages)


def _rows(path: Path, languages: tuple[Language, ...]) -> dict[str, dict[str, Any]]:
    """What else there is to say of claims, by their ids; nothing needs to be said."""
    if not path.is_file():
        return {}
    data = read_toml(path)
    rows = data.pop("claim", [])
    if data:
        raise BadData(str(path), f"the claims stand in pages, so here is nothing but [[claim]]: {', '.join(data)}")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadData(str(path), "claim: it has to be a list of tables, each beginning with [[claim]]")
    for row in rows:
        if "id" not in row:
            raise BadData(str(path), f"a claim has no id: {row}")
        if known := sorted(set(row) & {*languages, "section"}):
            raise BadData(str(path), f"claim {row['id']}: what it says stands in its page, so take out {known[0]}")
    found = {row["id"]: row for row in rows}
    if len(found) != len(rows):
        raise BadData(str(path), "claim ids stand twice")
    return found
