"""A new lab: its folder, which works at once and decides nothing yet, and its claim in the chapter's claims.toml."""

import itertools
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from claimlab.project.article import NAME, Article
from claimlab.project.claim import Chapter, Claim
from claimlab.project.errors import Refused
from claimlab.project.files import write_whole
from claimlab.project.languages import Words
from claimlab.project.project import Project
from claimlab.questions.labs import all_labs
from claimlab.trials.lab import LONGEST_NAME, TAKEN, LabFolder
from claimlab.verdicts.judges import claims_judged_by

TEMPLATES: Final = Path(__file__).parent / "templates"
FILES: Final = ("lab.py", "judges.py", "main.go")
_IN_SECTION: Final = re.compile(r"[a-z][a-z0-9-]*(?:/[0-9]+)?")
"""What stands in a claim's id after its section's."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A lab that may be written: nothing stands in its way."""

    name: str
    chapter: Chapter
    claim: Claim
    claim_is_new: bool

    @property
    def folder(self) -> Path:
        return self.chapter.folder / self.name.replace("-", "_")

    @property
    def claims(self) -> Path:
        return self.chapter.file


def draft(project: Project, name: str, chapter: str = "", claim: str = "") -> Draft:
    """What a new lab of this name will be; :class:`Refused` if it cannot be.

    Without a claim it gets one of its own: the chapter's last section, and the letter after the last one there.
    """
    found = all_labs(project)
    _check_name(name, found, project)
    article, inside = chapter_named(chapter, project)
    claim = claim or _next_id(inside)
    known = {one.id: one for one in article.claims}
    if claim in known:
        drafted = Draft(name, inside, known[claim], claim_is_new=False)
        _check_known(drafted, found, project)
    else:
        drafted = Draft(name, inside, _new_claim(claim, article, inside, name), claim_is_new=True)
    if drafted.folder.exists():
        raise Refused(
            f"The folder {project.shown(drafted.folder)} is there already.", "Take another name, or remove it."
        )
    return drafted


def write(drafted: Draft) -> list[Path]:
    """The lab's files are there, and its claim is in the data if it was not; all that was written."""
    words = {
        "claim": drafted.claim.id,
        "axis": "" if drafted.claim.has_axis else "has_axis=False",
    }
    drafted.folder.mkdir()
    written = []
    for file in FILES:
        template = string.Template((TEMPLATES / f"{file}.txt").read_text(encoding="utf-8"))
        path = drafted.folder / file
        path.write_text(template.substitute(words), encoding="utf-8")
        written.append(path)
    if drafted.claim_is_new:
        _append(drafted.claim, drafted.claims)
        written.append(drafted.claims)
    return written


def check_name(name: str, kind: str, example: str) -> None:
    """:class:`Refused` unless it is one for a lab, or for what else is called so, with one that is like it."""
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        good = "-".join(re.findall("[a-z0-9]+", re.sub("([a-z])([A-Z])", r"\1-\2", name).lower())).lstrip("0123456789-")
        raise Refused(
            f"{name!r} is no name for a {kind}.",
            f"Take up to {LONGEST_NAME} small letters and digits, with hyphens between words, such as "
            f"{good[:LONGEST_NAME].rstrip('-') or example}.",
        )


def _check_name(name: str, labs: Sequence[LabFolder], project: Project) -> None:
    check_name(name, "lab", "map-growth")
    if TAKEN.fullmatch(name):
        raise Refused(f"lab.{name} is a command already.", "Take another name.")
    if taken := [lab for lab in labs if lab.name == name]:
        raise Refused(f"There is a lab {name} already: {project.shown(taken[0].path)}.", "Take another name.")


def chapter_named(name: str, project: Project, option: str = "--chapter") -> tuple[Article, Chapter]:
    """The chapter of that name, such as ``2``, ``maps:2`` or ``maps:``; the only one there is needs none.

    `option` is the one that takes its name.
    """
    article, _, key = name.rpartition(":")
    every = [(one, chapter) for one in project.articles for chapter in one.chapters]
    found = [pair for pair in every if key in ("", pair[1].key) and article in ("", pair[0].name)]
    if len(found) != 1:
        near = found or [pair for pair in every if article in ("", pair[0].name)] or every
        there = "; ".join(f"{one.name}:{chapter.key}, {chapter.title.first}" for one, chapter in near)
        called = f" {key}" if key else ""
        why = f"There are several chapters{called}" if found else f"There is no chapter{called}"
        raise Refused(
            f"{why}{f' in {article}' if article else ''}. There are: {there or 'none'}.",
            f"Say {option} and one of these. A new chapter is a folder in that of its article, with a claims.toml.",
        )
    return found[0]


def _check_known(drafted: Draft, labs: Sequence[LabFolder], project: Project) -> None:
    claim, chapter = drafted.claim, drafted.chapter
    if claim not in chapter.claims():
        raise Refused(f"Claim {claim.id} does not stand in chapter {chapter.key}.", "Say the chapter it stands in.")
    if claim.untestable:
        raise Refused(
            f"Claim {claim.id} cannot be tested: {claim.untestable.first}",
            f"If it can, take `untestable` out of {project.shown(drafted.claims)}.",
        )
    for lab in labs:
        if lab.article and lab.article.name == chapter.article and claim.id in claims_judged_by(lab):
            raise Refused(
                f"Claim {claim.id} is judged already, by the lab {lab.name}.",
                f"A claim has one judge: change it in {project.shown(lab.path)}.",
            )


def _new_claim(claim: str, article: Article, chapter: Chapter, name: str) -> Claim:
    if chapter.page:
        raise Refused(
            f"The claims of {article.name} are sentences of its pages, and none is marked as {claim}.",
            f"Mark one in {chapter.page}, as {{claimlab:says}}`A sentence. <{claim}>`, and say --claim {claim}.",
        )
    sections = [section.id for section in chapter.sections]
    fitting = [
        one
        for one in sections
        if claim.startswith(_before(one)) and _IN_SECTION.fullmatch(claim.removeprefix(_before(one)))
    ]
    if not fitting:
        raise Refused(
            f"{claim!r} is no claim of chapter {chapter.key}, and no id for a new one.",
            f"An id is a section, a hyphen and a letter, such as {_next_id(chapter)}. "
            f"The chapter's sections: {', '.join(sections)}.",
        )
    says = Words(f"The program of the lab {name} answers yes.", f"实验 {name} 的程序回答 yes。")
    # In a language that has no words here it says so in English until its author has put the claim into it.
    return Claim(claim, max(fitting, key=len), Words(**{language: says.of(language) for language in article.languages}))


def _before(section: str) -> str:
    """What the ids of a section's claims begin with."""
    return f"{section}-" if section else ""


def _next_id(chapter: Chapter) -> str:
    """The id after the last one of the chapter's last section; gaps are left, since ids are never given twice."""
    section = chapter.sections[-1]
    prefix = _before(section.id)
    letters = [*string.ascii_lowercase, *map("".join, itertools.product(string.ascii_lowercase, repeat=2))]
    used = [claim.id.removeprefix(prefix) for claim in section.claims if claim.id.startswith(prefix)]
    return f"{prefix}{letters[max((letters.index(one) for one in used if one in letters), default=-1) + 1]}"


def _append(claim: Claim, path: Path) -> None:
    """The claims data ends with a row for the claim; all before it is as it was."""
    import tomlkit  # a tenth of a second, and no other command needs it

    # What a new lab's program answers is neither yes nor no.
    section = {"section": claim.section} if claim.section else {}
    values = {"id": claim.id, **section, **claim.says, "expected": "unclear"}
    row = tomlkit.dumps({"claim": [values]})
    write_whole(path, f"{path.read_text(encoding='utf-8').rstrip()}\n\n{row}".encode())
