"""The claims of the article under test, from the claims.toml of each chapter."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from claimlab.project.errors import BadData
from claimlab.project.languages import Words
from claimlab.project.outcome import Outcome
from claimlab.project.places import LABS

_KEYS: Final = frozenset(
    {"id", "section", "en", "zh", "expected", "correction", "untestable", "axis", "sources", "surprise"}
)


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
    """One checkable sentence of the article, in our own words."""

    id: str
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


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Words
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    number: int
    title: Words
    sections: tuple[Section, ...]
    folder: Path

    def claims(self) -> list[Claim]:
        return [claim for section in self.sections for claim in section.claims]


def load_chapters(folder: Path = LABS) -> list[Chapter]:
    """Every chapter of the article, in order."""
    chapters = [load_chapter(path) for path in sorted(folder.glob("*/claims.toml"))]
    ids = Counter(claim.id for chapter in chapters for claim in chapter.claims())
    if twice := sorted(one for one, count in ids.items() if count > 1):
        raise BadData(str(folder), f"claim ids stand in two chapters: {twice}")
    return sorted(chapters, key=lambda chapter: chapter.number)


def load_chapter(path: Path) -> Chapter:
    try:
        return _chapter(tomllib.loads(path.read_text()), path)
    except BadData:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise BadData(str(path), repr(error)) from error


def _chapter(data: dict[str, Any], path: Path) -> Chapter:
    sources = {row["id"]: row.get("sources", []) for row in data["section"]}
    claims = [_claim(row, path, sources.get(row.get("section", ""), [])) for row in data.get("claim", [])]
    ids = [claim.id for claim in claims]
    if len(set(ids)) != len(ids):
        raise BadData(str(path), f"claim ids stand twice: {sorted({one for one in ids if ids.count(one) > 1})}")
    known = {row["id"] for row in data["section"]}
    if lost := {claim.section for claim in claims} - known:
        raise BadData(str(path), f"claims name sections that do not exist: {sorted(lost)}")
    sections = tuple(
        Section(row["id"], Words(**row["title"]), tuple(claim for claim in claims if claim.section == row["id"]))
        for row in data["section"]
    )
    return Chapter(data["chapter"]["number"], Words(**data["chapter"]["title"]), sections, path.parent)


def _claim(row: dict[str, Any], path: Path, default: list[dict[str, Any]]) -> Claim:
    try:
        _only(row, _KEYS)
        return Claim(
            id=row["id"],
            section=row["section"],
            says=Words(row["en"], row["zh"]),
            expected=_expectations(row.get("expected", [])),
            correction=Words(**row["correction"]) if "correction" in row else None,
            untestable=Words(**row["untestable"]) if "untestable" in row else None,
            has_axis={"toolchain": True, "none": False}[row.get("axis", "toolchain")],
            sources=_sources(row.get("sources", default)),
            surprise=row.get("surprise", 0),
        )
    except (KeyError, TypeError, ValueError, InvalidSpecifier) as error:
        raise BadData(str(path), f"claim {row.get('id')}: {error!r}") from error


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
