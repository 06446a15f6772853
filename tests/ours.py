"""The project that these tests are part of, and small projects of a test's own."""

from pathlib import Path
from typing import Any, Final

import tomlkit

from claimlab.project.project import FILE, Project, load
from claimlab.toolchains.pins import OURS, Pins, pins_of
from claimlab.toolchains.toolchain import Release, Toolchain, for_all

ROOT: Final = Path(__file__).resolve().parents[1]
OUR: Final[Project] = load(ROOT)
PINS: Final[Pins] = pins_of(OUR)
TOOLCHAINS: Final[list[Toolchain]] = PINS.toolchains
FOR_ALL: Final[list[Toolchain]] = for_all(TOOLCHAINS)
"""Those that every lab is asked on, such as the small ones of tests."""


def toolchain(name: str) -> Toolchain:
    """The pinned one of that name; ``-`` for where labs run that ask nothing of Go."""
    return next(one for one in [*TOOLCHAINS, PINS.bare] if one.name == name)


def pins_with(*releases: Release) -> Pins:
    """A lock file's content without a file."""
    return Pins(OURS, releases, PINS.undoes)


def write_project(
    root: Path, articles: tuple[str, ...] = ("labs",), languages: tuple[str, ...] = ("en", "zh"), **settings: Any
) -> Project:
    """A project in that folder; its articles, if they are not there yet, are in all of its languages.

    Its toolchains, compiled libraries and notes about images are the ones of the project that these tests are part of;
    what it records is its own.
    """
    whole = {
        "title": "Toys",
        "articles": list(articles),
        "languages": list(languages),
        "cache": str(OUR.cache),
        "record": str(root / "record"),
        **settings,
    }
    root.mkdir(parents=True, exist_ok=True)
    (root / FILE).write_text(tomlkit.dumps(whole), encoding="utf-8")
    for article in articles:
        write_article(root / article, languages)
    return load(root)


def write_article(folder: Path, languages: tuple[str, ...] = ("en", "zh"), **settings: Any) -> None:
    """An article without chapters, unless there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "article.toml").is_file():
        title = {language: f"Toys ({language})" for language in languages}
        whole = {"title": title, "languages": list(languages), **settings}
        (folder / "article.toml").write_text(tomlkit.dumps(whole), encoding="utf-8")
