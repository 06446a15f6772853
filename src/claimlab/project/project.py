"""A project: a folder with ``claimlab.toml``, which says what it is called, which articles it has, and what it runs on.

It is a value that is handed on: nothing else in claimlab knows where anything lies.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from claimlab.project.article import Article, load_article
from claimlab.project.errors import BadData, EnvironmentMissing
from claimlab.project.languages import LANGUAGE, Language
from claimlab.project.theirs import LIMIT_S
from claimlab.project.toml import checked, read_toml
from claimlab.project.topics import Topic, load_topics
from claimlab.project.visible import visible

FILE: Final = "claimlab.toml"


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the pages say of themselves."""

    address: str = ""
    """Where they are published, if they are."""
    repository: str = ""
    """Where the project's sources are, if anybody may see them."""
    licence: str = ""
    """SPDX identifier of what readers may do with the texts and records."""
    dispute: str = ""
    """Where a verdict is disputed: an address, or ``mailto:…``; the repository without it."""
    untranslated: list[str] = []
    """Pages, by name, that are in the first language in all of them."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much a run may take, where neither the command nor the lab says."""

    workers: int = 0
    """Trials at a time; 0 for one a processor."""
    life_s: float = 600.0
    """A trial that takes longer is broken."""
    judge_s: float = LIMIT_S
    """So long may a judge or a picture take, and a module of a lab when it is loaded."""


class Extensions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the project adds to claimlab, each as ``module:name``; modules may lie in its own folder."""

    engines: dict[str, str] = {}
    """By name, what makes an engine of a project: see :class:`claimlab.benches.engine.Engine`."""
    origins: dict[str, str] = {}
    """By name, what fetches toolchains: see :class:`claimlab.toolchains.origins.Origin`."""
    presenters: list[str] = []
    """Maps from a type that labs' observations hold to what presents it on pages."""
    pictures: list[str] = []
    """Maps from a type of picture to what draws it."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``claimlab.toml`` holds. Paths are relative to the project's folder."""

    title: str
    articles: list[str]
    """The folder of each article, in the order of the pages. The first one's claims need no prefix in addresses."""
    languages: tuple[Language, ...] = ("en",)
    """Of the pages; the first one's are at the root of the site."""
    command: str = "claimlab"
    """How this project's people call claimlab; what pages and messages tell them to type begins so."""
    engine: str = "auto"
    toolchains: str = ""
    """The pinned Go releases; without it ``toolchains.toml`` beside this file, or else claimlab's own pins."""
    cache: str = ".claimlab"
    """Toolchains, compiled standard libraries, notes about images: everything that can be made again."""
    record: str = ""
    """The record; in the cache without it."""
    docs: str = "docs"
    topics: str = ""
    """The file that has the questions which readers come with, if there is one."""
    site: Site = Site()
    limits: Limits = Limits()
    extensions: Extensions = Extensions()


@dataclass(frozen=True)
class Project:
    """A project, read."""

    root: Path
    settings: Settings = field(compare=False)

    @property
    def title(self) -> str:
        return self.settings.title

    @property
    def command(self) -> str:
        return self.settings.command

    @property
    def cache(self) -> Path:
        return self.root / self.settings.cache

    @property
    def record(self) -> Path:
        return self.root / self.settings.record if self.settings.record else self.cache / "record"

    @property
    def docs(self) -> Path:
        return self.root / self.settings.docs

    @property
    def folders(self) -> dict[Language, str]:
        """By language, where its pages lie below those of the first: empty for that, else ending with a slash."""
        first, *others = self.settings.languages
        return {first: "", **{language: f"{language}/" for language in others}}

    @property
    def site(self) -> Path:
        """Where the pages are built."""
        return self.docs / "_build" / "html"

    @property
    def pins(self) -> Path | None:
        """The project's own pinned releases; None if it uses claimlab's."""
        own = self.root / (self.settings.toolchains or "toolchains.toml")
        return own if self.settings.toolchains or own.is_file() else None

    @cached_property
    def articles(self) -> list[Article]:
        """In the order of the settings."""
        found = [load_article(self.root / folder, self.docs) for folder in self.settings.articles]
        names = [article.name for article in found]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise BadData(str(self.root / FILE), f"two articles have the name {', '.join(twice)}")
        pages = [page for article in found for page in article.pages]
        if shared := sorted({self.shown(page) for page in pages if pages.count(page) > 1}):
            raise BadData(str(self.root / FILE), f"two articles name the page {', '.join(shared)}")
        return found

    @cached_property
    def topics(self) -> list[Topic]:
        """In the order of the file."""
        path = self.root / self.settings.topics
        return load_topics(path, self.articles, self.settings.languages) if self.settings.topics else []

    def article_of(self, path: Path) -> Article | None:
        """The article that a file or folder belongs to, the innermost one if they are nested."""
        inside = [article for article in self.articles if path.is_relative_to(article.folder)]
        return max(inside, key=lambda article: len(article.folder.parts), default=None)

    def shown(self, path: Path) -> str:
        """The path as a person in the project's folder would write it."""
        return str(path.relative_to(self.root) if path.is_relative_to(self.root) else path)


_TASKS: Final = (
    r"(?:lab|look|toolchains|images|engine|cluster|record)\."
    r"|(?:docs|verdicts|compare|flip|values|doctor|new|test|check|bench|speed|translations)\b"
)
_CALLED: Final = re.compile(rf"\bclaimlab(?= (?:TASK\b|--|{_TASKS}))")


def spelled(text: str, command: str) -> str:
    """The text, which tells people to type ``claimlab …``, with what this project's people type instead."""
    return _CALLED.sub(lambda _: command, text)


def find(start: Path) -> Project | None:
    """The project that a folder lies in: the nearest one upwards."""
    here = start.resolve()
    root = next((folder for folder in (here, *here.parents) if (folder / FILE).is_file()), None)
    return load(root) if root else None


def found(start: Path) -> Project:
    """As :func:`find`; :class:`EnvironmentMissing` where there is none."""
    project = find(start)
    if project is None:
        raise EnvironmentMissing(
            f"There is no {FILE} in {start.resolve()} or above it, so this is no project of claimlab.",
            "Change to the folder of one, or make one: claimlab new my-checks",
        )
    return project


def load(root: Path) -> Project:
    """The project whose claimlab.toml lies in that folder; :class:`BadData` says what is wrong with it."""
    path = root / FILE
    try:
        settings = checked(read_toml(path), Settings)
    except BadData:
        raise
    except ValueError as error:
        raise BadData(str(path), str(error)) from None
    _check(settings, path)
    return Project(root.resolve(), settings)


def _check(settings: Settings, path: Path) -> None:
    for words, given in (("articles", settings.articles), ("languages", settings.languages)):
        _refuse_twice(words, given, path)
    if not settings.languages:
        raise BadData(str(path), "languages: pages need at least one")
    if bad := [one for one in settings.languages if not LANGUAGE.fullmatch(one)]:
        raise BadData(str(path), f"languages: {bad[0]!r} is no language: give its code, such as en or zh")
    for key in ("title", "command"):
        text: str = getattr(settings, key)
        if not text.strip() or visible(text) != text:
            raise BadData(str(path), f"{key}: {visible(text)!r} is no line of text")


def _refuse_twice(words: str, given: Sequence[str], path: Path) -> None:
    if twice := sorted({one for one in given if given.count(one) > 1}):
        raise BadData(str(path), f"{words}: {', '.join(twice)} stands twice")
