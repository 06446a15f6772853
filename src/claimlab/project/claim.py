"""Claims: checkable sentences of an article, from the claims.toml of each chapter.

Those of an author's own pages are read by :mod:`claimlab.project.prose`.
"""

import re
import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from claimlab.project.errors import BadData
from claimlab.project.languages import Language, Words
from claimlab.project.outcome import Outcome

KEYS: Final = frozenset({"id", "section", "expected", "correction", "untestable", "axis", "sources", "surprise"})
"""Of a claim, beside its sentence in each language of the article."""
_NO_KEY: Final = re.compile(r"(?:[^\w.]|_)+")
Languages = tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """Where a claim's outcome is expected to be `outcome`."""

    outcome: Outcome
    go: SpecifierSet
    experiment: str | None
    """Only with this experiment ('' for plain builds); None for any."""


@dataclass(frozen=True, slots=True)
class Source:
    """Places in the Go tree, and the releases that have them."""

    files: tuple[str, ...]
    """Files, or folders with a slash at the end, below `src/`."""
    go: SpecifierSet


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable sentence of an article, in our own words."""

    id: str
    """Unique within its article."""
    section: str
    says: Words
    expected: tuple[Expectation, ...] = ()
    """The first that covers a toolchain counts."""
    correction: Words | None = None
    """What the article should have said."""
    untestable: Words | None = None
    """The reason why nobody can test it here."""
    has_axis: bool = True
    sources: tuple[Source, ...] = ()
    """Where a reader finds what the claim is about; those of its section, unless it has its own."""
    surprise: int = 0
    """Its place among the corrections that surprise most, from 1; 0 for none."""
    article: str = ""
    """The name of its article."""

    @property
    def ref(self) -> str:
        """Its name among all claims of a project: ``maps:2.3-a``."""
        return f"{self.article}:{self.id}"


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Words
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of an article whose claims stand in one file, or are marked in one page."""

    number: int | None
    """As the article counts; None where it does not."""
    title: Words
    sections: tuple[Section, ...]
    folder: Path
    """Where its labs lie; that of the article where its chapters are pages."""
    article: str = ""
    page: str = ""
    """The name of the page that marks its claims; empty where these stand in its claims.toml."""

    @property
    def key(self) -> str:
        """Its name within the article: its number, or else its page's or folder's name."""
        if self.number is not None:
            return str(self.number)
        return _NO_KEY.sub("-", self.page or self.folder.name)

    @property
    def file(self) -> Path:
        return self.folder / "claims.toml"

    def claims(self) -> list[Claim]:
        return [claim for section in self.sections for claim in section.claims]


def load_chapter(path: Path, article: str = "", languages: Languages = ("en", "zh")) -> Chapter:
    """The chapter whose claims.toml that is; :class:`BadData` says what is wrong with it."""
    try:
        return _chapter(tomllib.loads(path.read_text(encoding="utf-8")), path, article, languages)
    except BadData:
        raise
    except KeyError as error:
        raise BadData(str(path), f"there is no {error}") from error
    except (TypeError, ValueError) as error:
        raise BadData(str(path), str(error)) from error


def words_of(given: str | Mapping[str, str], languages: Languages) -> Words:
    """A text of an article in all of its languages, and in no other; a plain string where it has only one."""
    if isinstance(given, str):
        if len(languages) != 1:
            raise ValueError(f"{given!r} has to be given in each language: {_example(languages)}")
        given = {languages[0]: given}
    if lacking := [language for language in languages if not given.get(language)]:
        raise ValueError(f"a text lacks its {', '.join(lacking)}: {dict(given)}")
    if strangers := sorted(set(given) - set(languages)):
        raise ValueError(f"the article has no language {', '.join(strangers)}: {dict(given)}")
    return Words(**{language: given[language] for language in languages})


def _example(languages: Languages) -> str:
    return "{ " + ", ".join(f'{language} = "…"' for language in languages) + " }"


def _chapter(data: dict[str, Any], path: Path, article: str, languages: Languages) -> Chapter:
    _only(data, {"chapter", "section", "claim"})
    about = data.get("chapter", {})
    _only(about, {"number", "title"})
    title = words_of(about["title"], languages)
    rows = data.get("section") or [{"id": "", "title": about["title"]}]
    for row in rows:
        _only(row, {"id", "title", "sources"})
    sources = {row["id"]: row.get("sources", []) for row in rows}
    claims = [
        claim_of(row, path, sources.get(row.get("section", ""), []), article, languages)
        for row in data.get("claim", [])
    ]
    ids = [claim.id for claim in claims]
    if len(set(ids)) != len(ids):
        raise BadData(str(path), f"claim ids stand twice: {sorted({one for one in ids if ids.count(one) > 1})}")
    if lost := {claim.section for claim in claims} - set(sources):
        raise BadData(str(path), f"claims name sections that do not exist: {sorted(lost)}")
    sections = tuple(
        Section(
            row["id"], words_of(row["title"], languages), tuple(claim for claim in claims if claim.section == row["id"])
        )
        for row in rows
    )
    return Chapter(about.get("number"), title, sections, path.parent, article)


def claim_of(
    row: dict[str, Any], path: Path, default: list[dict[str, Any]], article: str, languages: Languages
) -> Claim:
    """The claim that a row of a claims.toml holds; `default` are the sources of its section."""
    try:
        _only(row, KEYS | set(languages))
        return Claim(
            id=row["id"],
            section=row.get("section", ""),
            says=words_of({language: row[language] for language in languages}, languages),
            expected=_expectations(row.get("expected", [])),
            correction=words_of(row["correction"], languages) if "correction" in row else None,
            untestable=words_of(row["untestable"], languages) if "untestable" in row else None,
            has_axis={"toolchain": True, "none": False}[row.get("axis", "toolchain")],
            sources=_sources(row.get("sources", default)),
            surprise=row.get("surprise", 0),
            article=article,
        )
    except KeyError as error:
        raise BadData(str(path), f"claim {row.get('id')}: there is no {error}") from error
    except (TypeError, ValueError, InvalidSpecifier) as error:
        raise BadData(str(path), f"claim {row.get('id')}: {error}") from error


def _sources(rows: list[dict[str, Any]]) -> tuple[Source, ...]:
    """`sources = [{ go = "<1.24", files = ["runtime/map.go"] }, …]`; without `go` every release has them."""
    for row in rows:
        _only(row, {"go", "files"})
    return tuple(Source(tuple(row["files"]), SpecifierSet(row.get("go", ""))) for row in rows)


def _only(row: Mapping[str, Any], keys: Set[str]) -> None:
    if strangers := sorted(set(row) - keys):
        raise ValueError(f"there is no key {', '.join(strangers)}")


def _expectations(rows: str | list[dict[str, str]]) -> tuple[Expectation, ...]:
    """`expected = "fails"`, or a list of rules `{ go = "<1.24", experiment = "", outcome = "holds" }`."""
    if isinstance(rows, str):
        rows = [{"outcome": rows}]
    for row in rows:
        _only(row, {"outcome", "go", "experiment"})
    return tuple(
        Expectation(Outcome(row["outcome"]), SpecifierSet(row.get("go", "")), row.get("experiment")) for row in rows
    )
