"""Claims: checkable sentences of an article, from the claims.toml of each chapter.

Those of an author's own pages are read by :mod:`claimlab.project.prose`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from packaging.specifiers import SpecifierSet

from claimlab.project.errors import BadData
from claimlab.project.languages import Language, Words
from claimlab.project.outcome import Outcome
from claimlab.project.releases import releases
from claimlab.project.toml import checked, read_toml
from claimlab.project.visible import visible

_NO_KEY: Final = re.compile(r"(?:[^\w.]|_)+")
CLAIM_ID: Final = re.compile(r"\w[\w.-]*(?:/[0-9]+)?")
_SECTION: Final = re.compile(r"\w[\w.-]*")
Languages = tuple[Language, ...]
Text = str | dict[Language, str]
"""As people write it: in the article's only language, or in each of them."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """Where a claim's outcome is expected to be `outcome`."""

    outcome: Outcome
    go: SpecifierSet
    experiment: str | None
    """Only with this experiment ('' for none); None for any."""
    godebug: str | None = None
    """Only with this setting of GODEBUG ('' for none); None for any."""
    other_hosts: tuple[Outcome, ...] = ()
    """What it may come out as on other hosts than the one of `outcome`, where it depends on the host."""


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
    look: str = ""
    """What to look at and what is claimed of it, as JSON, where no lab judges it: see
    :mod:`claimlab.questions.claimed`."""

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
    go: str = ""
    """The release that it is about, such as ``1.24``; empty where it is about none in particular."""

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


class _SourceRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``sources = [{ go = "<1.24", files = ["runtime/map.go"] }, …]``; without `go` every release has them."""

    files: tuple[str, ...]
    go: str = ""


class _Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``{ go = "<1.24", experiment = "", godebug = "x=1", outcome = "holds", other_hosts = ["fails"] }``."""

    outcome: Outcome
    go: str = ""
    experiment: str | None = None
    godebug: str | None = None
    other_hosts: tuple[Outcome, ...] = ()


class _ClaimRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A claim, without its sentences."""

    id: str
    section: str = ""
    expected: str | tuple[_Rule, ...] = ()
    correction: Text | None = None
    untestable: Text | None = None
    axis: Literal["toolchain", "none"] = "toolchain"
    sources: tuple[_SourceRow, ...] | None = None
    surprise: Annotated[int, msgspec.Meta(ge=0)] = 0
    look: dict[str, Any] | None = None


KEYS: Final = frozenset(_ClaimRow.__struct_fields__)
"""Of a claim, beside its sentence in each language of the article."""


class _SectionRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Text
    id: str = ""
    sources: tuple[_SourceRow, ...] = ()


class _About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Text
    number: Annotated[int, msgspec.Meta(ge=0)] | None = None
    go: Annotated[str, msgspec.Meta(pattern=r"^(?:[0-9]+\.[0-9]+)?\Z")] = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a claims.toml holds."""

    chapter: _About
    section: tuple[_SectionRow, ...] = ()
    claim: tuple[dict[str, Any], ...] = ()


def load_chapter(path: Path, article: str = "", languages: Languages = ("en", "zh")) -> Chapter:
    """The chapter whose claims.toml that is; :class:`BadData` says what is wrong with it."""
    data = read_toml(path)
    try:
        return _chapter(checked(data, _File), path, article, languages)
    except BadData:
        raise
    except ValueError as error:
        raise BadData(str(path), str(error)) from error


def words_of(given: Text, languages: Languages) -> Words:
    """A text of an article in all of its languages, and in no other; a plain string where it has only one."""
    if isinstance(given, str):
        if len(languages) != 1:
            raise ValueError(f"{given!r} has to be given in each language: {_example(languages)}")
        given = {languages[0]: given}
    if lacking := [language for language in languages if not given.get(language, "").strip()]:
        raise ValueError(f"a text lacks its {', '.join(lacking)}: {dict(given)}")
    if strangers := sorted(set(given) - set(languages)):
        raise ValueError(f"the article has no language {', '.join(strangers)}: {dict(given)}")
    if steering := [text for text in given.values() if visible(text) != text]:
        raise ValueError(f"a text holds a control character: {visible(steering[0])}")
    return Words(**{language: given[language] for language in languages})


def _example(languages: Languages) -> str:
    return "{ " + ", ".join(f'{language} = "…"' for language in languages) + " }"


def _chapter(file: _File, path: Path, article: str, languages: Languages) -> Chapter:
    about = file.chapter
    title = words_of(about.title, languages)
    rows = file.section or (_SectionRow(about.title),)
    ids = [row.id for row in rows]
    if twice := _twice(ids):
        raise ValueError(f"sections stand twice: {', '.join(twice)}")
    if bad := [one for one in ids if one and not _SECTION.fullmatch(one)]:
        raise ValueError(f"{bad[0]!r} is no id of a section: letters, digits, dots and hyphens")
    sources = {row.id: row.sources for row in rows}
    claims = [
        claim_of(row, path, sources.get(str(row.get("section", "")), ()), article, languages) for row in file.claim
    ]
    if twice := _twice([claim.id for claim in claims]):
        raise ValueError(f"claim ids stand twice: {twice}")
    if lost := {claim.section for claim in claims} - set(sources):
        raise ValueError(f"claims name sections that do not exist: {sorted(lost)}")
    sections = tuple(
        Section(row.id, words_of(row.title, languages), tuple(one for one in claims if one.section == row.id))
        for row in rows
    )
    return Chapter(about.number, title, sections, path.parent, article, go=about.go)


def _twice(names: Sequence[str]) -> list[str]:
    return sorted(one for one, count in Counter(names).items() if count > 1)


def claim_of(
    row: dict[str, Any], path: Path, default: Sequence[_SourceRow], article: str, languages: Languages
) -> Claim:
    """The claim that a row of a claims.toml holds; `default` are the sources of its section."""
    try:
        told = checked({key: value for key, value in row.items() if key not in languages}, _ClaimRow, languages)
        if lacking := [language for language in languages if language not in row]:
            has = ", ".join(language for language in languages if language in row)
            of = f"its sentence in {lacking[0]!r}" + (f" beside that in {has}" if has else "")
            raise ValueError(f"it lacks {of}: the article's languages are {', '.join(languages)}")
        if not CLAIM_ID.fullmatch(told.id):
            raise ValueError("that is no id of a claim: letters, digits, dots and hyphens")
        return Claim(
            id=told.id,
            section=told.section,
            says=words_of(checked({language: row[language] for language in languages}, dict[str, str]), languages),
            expected=_expectations(told.expected),
            correction=None if told.correction is None else words_of(told.correction, languages),
            untestable=None if told.untestable is None else words_of(told.untestable, languages),
            has_axis=told.axis == "toolchain",
            sources=_sources(default if told.sources is None else told.sources),
            surprise=told.surprise,
            article=article,
            look="" if told.look is None else msgspec.json.encode(told.look, order="deterministic").decode(),
        )
    except ValueError as error:
        raise BadData(str(path), f"claim {row.get('id')}: {error}") from error


def _sources(rows: Iterable[_SourceRow]) -> tuple[Source, ...]:
    return tuple(Source(row.files, releases(row.go)) for row in rows)


def _outcome(text: str) -> Outcome:
    if text not in set(Outcome):
        raise ValueError(f"there is no outcome {text!r}; there are {', '.join(Outcome)}")
    return Outcome(text)


def _expectations(rows: str | Iterable[_Rule]) -> tuple[Expectation, ...]:
    """``expected = "fails"``, or a list of rules."""
    rules = [_Rule(_outcome(rows))] if isinstance(rows, str) else rows
    if any({Outcome.BROKEN, Outcome.MISSING, rule.outcome} & set(rule.other_hosts) for rule in rules):
        raise ValueError("other_hosts are other outcomes than the rule's, and measured ones")
    return tuple(
        Expectation(rule.outcome, releases(rule.go), rule.experiment, rule.godebug, rule.other_hosts) for rule in rules
    )
