"""Everything that is asked in a project: its labs, and its claims that say themselves what to look at."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from claimlab.project.article import Article
from claimlab.project.claim import Chapter, Claim
from claimlab.project.errors import BadData, ClaimlabError
from claimlab.project.project import Project
from claimlab.questions import claimed
from claimlab.questions.asked import ENTRY, FOLDER, AskedLab, ClaimsQuestion, declaration, kept_folder
from claimlab.questions.claimed import Looked
from claimlab.trials.lab import Lab, LabFolder, find_labs


@dataclass(frozen=True)
class ClaimLab(ClaimsQuestion):
    """The lab of a claim that is data. Its folder is that of its question."""

    claim: Claim
    of: Article
    in_chapter: Chapter
    looked: Looked | None
    """What the claim says; None if that cannot be."""
    trouble: str = ""
    """Why it cannot be."""

    @cached_property
    def _read(self) -> tuple[Lab, str]:
        if self.looked is None:
            raise BadData(str(self.in_chapter.file), f"claim {self.claim.id}: {self.trouble}")
        return declaration(self.named, self.asked), self.claim.says.first

    @property
    def article(self) -> Article:
        return self.of

    @property
    def chapter(self) -> Chapter:
        return self.in_chapter


def name_of(claim: str) -> str:
    """Of the lab of a claim that is data, by the claim's id; by its project-wide name where several articles have that
    id."""
    return "look-" + "".join(letter if letter.isalnum() else "-" for letter in claim.lower())


def all_labs(project: Project) -> list[LabFolder]:
    """Every lab of the project and every claim that is data, by name, those with a fault too."""
    rows = [
        (claim, article, chapter)
        for article in project.articles
        for chapter in article.chapters
        for claim in chapter.claims()
        if claim.look
    ]
    ids = Counter(claim.id for claim, _, _ in rows)
    asked = [_lab(*row, name_of(row[0].id if ids[row[0].id] == 1 else row[0].ref), project) for row in rows]
    found = sorted([*find_labs(project), *asked], key=lambda lab: lab.name)
    for one, other in pairwise(found):
        if one.name == other.name:
            raise BadData(_place(other), f"the name {one.name} is taken by {_place(one)}")
    return found


def _place(lab: LabFolder) -> str:
    """Where its author finds it."""
    return f"claim {lab.claim.ref} in {lab.in_chapter.file}" if isinstance(lab, ClaimLab) else str(lab.path)


def _lab(claim: Claim, article: Article, chapter: Chapter, name: str, project: Project) -> ClaimLab:
    try:
        looked = claimed.looked(claim.look)
        question, files = looked.asks(chapter.folder)
    except (ClaimlabError, ValueError) as error:
        return ClaimLab(project.cache / FOLDER / name, project, name, claim, article, chapter, None, str(error))
    return ClaimLab(kept_folder(project, question, files, claim.ref), project, name, claim, article, chapter, looked)


def lab_of(entry: Path, project: Project) -> LabFolder:
    """The lab that a file of :attr:`LabFolder.entry` stands for."""
    if entry.name != ENTRY or entry.parent.parent != project.cache / FOLDER:
        return LabFolder(entry.parent, project)
    found = AskedLab(entry.parent, project)
    claims = all_labs(project) if found.is_a_claims else ()
    return next((lab for lab in claims if isinstance(lab, ClaimLab) and lab.path == entry.parent), found)
