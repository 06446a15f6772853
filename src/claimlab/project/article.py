"""An article: one text under test, or a list of questions that are watched, with its chapters and their claims.

It is a folder with ``article.toml``. Its chapters are the folders below it that hold a ``claims.toml``, or, where there
is only one, the folder itself; or the pages of the docs that it names, in which its claims are marked. Ids of claims
are unique within an article.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from claimlab.project.claim import KEYS, Chapter, Claim, load_chapter, words_of
from claimlab.project.errors import BadData
from claimlab.project.languages import LANGUAGE, Language, Words
from claimlab.project.toml import checked, read_toml

FILE: Final = "article.toml"
NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
"""Small letters and digits, with hyphens between words: articles, labs and projects are called so."""


class _Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``article.toml`` holds."""

    title: str | dict[Language, str]
    name: str = ""
    """The folder's, without one."""
    languages: tuple[Language, ...] = ("en",)
    author: str = ""
    date: str = ""
    link: str = ""
    about: str | dict[Language, str] = ""
    """A sentence that says what the article is, where pages present it."""
    pages: tuple[str, ...] = ()
    """In the folder of the docs, where the claims are marked in the author's own text."""


@dataclass(frozen=True)
class Article:
    """One text under test, or a list of questions."""

    name: str
    """What its claims' ids are prefixed with where there is doubt: ``maps:2.3-a``."""
    folder: Path
    title: Words
    languages: tuple[Language, ...]
    """Of its texts: whatever a reader reads of it is in each of them, and in no other."""
    author: str = ""
    date: str = ""
    link: str = ""
    docs: Path = Path()
    """The folder that its pages lie in."""
    pages: tuple[Path, ...] = ()
    """Those that mark its claims; none where these stand in the claims.toml of chapters."""
    about: Words | None = None
    """A sentence that says what it is."""

    @cached_property
    def chapters(self) -> list[Chapter]:
        """Those with a number first, in its order, then the others by name; pages are in the order of the settings."""
        if self.pages:
            from claimlab.project.prose import load_pages  # who has no pages need not wait for a reader of Markdown

            return load_pages(self.pages, self.docs, self.folder, self.name, self.languages)
        paths = sorted(self.folder.glob("*/claims.toml")) or sorted(self.folder.glob("claims.toml"))
        chapters = [load_chapter(path, self.name, self.languages) for path in paths]
        for what, given in (
            ("claim ids", [claim.id for chapter in chapters for claim in chapter.claims()]),
            ("chapters", [chapter.key for chapter in chapters]),
        ):
            if twice := sorted(one for one, count in Counter(given).items() if count > 1):
                raise BadData(str(self.folder), f"{what} stand twice: {', '.join(twice)}")
        return sorted(chapters, key=lambda chapter: (chapter.number is None, chapter.number or 0, chapter.key))

    @property
    def claims(self) -> list[Claim]:
        return [claim for chapter in self.chapters for claim in chapter.claims()]

    @property
    def homes(self) -> list[Path]:
        """The folders that its labs lie in, side by side: those of its chapters, or its own if these are pages."""
        return list(dict.fromkeys(chapter.folder for chapter in self.chapters))


def load_article(folder: Path, docs: Path = Path()) -> Article:
    """The article in that folder; :class:`BadData` says what is wrong with it. `docs` is the folder of the pages."""
    path = folder / FILE
    try:
        given = checked(read_toml(path), _Settings)
        _check(given.languages)
        title = words_of(given.title, given.languages)
        about = words_of(given.about, given.languages) if given.about else None
    except BadData:
        raise
    except ValueError as error:
        raise BadData(str(path), str(error)) from None
    name = given.name or folder.resolve().name.replace("_", "-")
    if not NAME.fullmatch(name):
        raise BadData(str(path), f"{name!r} is no name for an article: small letters, digits and hyphens")
    docs = docs.resolve()
    pages = tuple((docs / page).resolve() for page in given.pages)
    for asked, page in zip(given.pages, pages, strict=True):
        if page.suffix not in (".md", ".rst") or not page.is_file() or not page.is_relative_to(docs):
            raise BadData(str(path), f"pages: {asked} is no page in {docs}: Markdown (.md) or reStructuredText (.rst)")
    if twice := sorted(page for page, count in Counter(given.pages).items() if count > 1):
        raise BadData(str(path), f"pages: {', '.join(twice)} stands twice")
    origin = (given.author, given.date, given.link)
    return Article(name, folder.resolve(), title, given.languages, *origin, docs, pages, about)


def _check(languages: tuple[Language, ...]) -> None:
    if not languages:
        raise ValueError("languages: an article has at least one")
    if bad := [one for one in languages if not LANGUAGE.fullmatch(one)]:
        raise ValueError(f"languages: {bad[0]!r} is no language: give its code, such as en or zh")
    if twice := sorted({one for one in languages if languages.count(one) > 1}):
        raise ValueError(f"languages: {', '.join(twice)} stands twice")
    if taken := sorted(KEYS.intersection(languages)):
        raise ValueError(f"languages: {', '.join(taken)} is a key of claims; add the region, as in id-ID")
