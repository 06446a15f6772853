"""The directives: each finds its subject at the desk, notes what the page depends on, and calls a view."""

from collections.abc import Iterable
from typing import Final, cast

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from claimlab.claim import Chapter
from claimlab.lab import LabFolder
from claimlab.ledger import Row
from claimlab.sphinx.chapter_view import chapter_page
from claimlab.sphinx.claim_view import claim_in_detail
from claimlab.sphinx.domain import IN_CHAPTER, IN_DETAIL, IN_LAB, ClaimlabDomain, claim_anchor
from claimlab.sphinx.elements import box
from claimlab.sphinx.lab_view import lab_page
from claimlab.sphinx.matrix_view import counts, gap_notice, matrix
from claimlab.sphinx.pictures import pictures_of

_log = logging.getLogger(__name__)


class _Directive(SphinxDirective):
    """What all five share: the desk, and notes on what the page was made from."""

    @property
    def domain(self) -> ClaimlabDomain:
        return cast(ClaimlabDomain, self.env.domains["claimlab"])

    def unknown(self, kind: str) -> list[nodes.Node]:
        message = f"there is no {kind} {self.arguments[0]}"
        _log.warning(message, type="claimlab", subtype="unknown", location=self.get_location())
        return []

    def uses(self, chapters: Iterable[Chapter], labs: Iterable[LabFolder]) -> None:
        """The page is made again when what it shows of these changes."""
        found = list(labs)
        for chapter in chapters:
            self.env.note_dependency(chapter.folder / "claims.toml")
        for path in (path for lab in found for path in self.domain.desk.files(lab)):
            self.env.note_dependency(path)
        self.domain.note_use(self.env.docname, (lab.name for lab in found))

    def chapters_of(self, rows: Iterable[Row]) -> list[Chapter]:
        ids = {row.claim.id for row in rows}
        return [one for one in self.domain.desk.ledger.chapters if ids & {claim.id for claim in one.claims()}]


class ClaimDirective(_Directive):
    """``claimlab:claim``: one claim with everything there is on it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        row = self.domain.desk.rows.get(self.arguments[0])
        if row is None:
            return self.unknown("claim")
        self.uses(self.chapters_of([row]), [row.lab] if row.lab else [])
        self.domain.note_claim(row.claim.id, self.env.docname, IN_DETAIL)
        pictures = pictures_of(self.domain.desk, row.claim.id)
        content = box(*claim_in_detail(row, pictures=pictures), classes=["cl-card"])
        if claim_anchor(row.claim.id) not in self.state.document.ids:
            content["ids"] = [claim_anchor(row.claim.id)]
            self.state.document.note_explicit_target(content)
        return [content]


class LabDirective(_Directive):
    """``claimlab:lab``: the body of a lab's page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        lab = self.domain.desk.labs.get(self.arguments[0])
        if lab is None:
            return self.unknown("lab")
        rows = self.domain.desk.rows_of(lab)
        self.uses(self.chapters_of(rows), [lab])
        self.domain.note_lab(lab.name, self.env.docname)
        for row in rows:
            self.domain.note_claim(row.claim.id, self.env.docname, IN_LAB)
        return [box(ids=[f"lab-{lab.name}"]), *lab_page(self.domain.desk, lab)]


class ChapterDirective(_Directive):
    """``claimlab:chapter``: every claim of a chapter."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        desk = self.domain.desk
        number = self.arguments[0]
        chapter = desk.chapters.get(int(number)) if number.isdecimal() else None
        if chapter is None:
            return self.unknown("chapter")
        rows = [desk.rows[claim.id] for claim in chapter.claims()]
        self.uses([chapter], {row.lab.name: row.lab for row in rows if row.lab}.values())
        for row in rows:
            self.domain.note_claim(row.claim.id, self.env.docname, IN_CHAPTER)
        return chapter_page(desk, chapter)


class MatrixDirective(_Directive):
    """``claimlab:matrix``: claims × toolchains, of all chapters or of the one given."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        desk = self.domain.desk
        chapters = [one for one in desk.ledger.chapters if self.arguments in ([], [str(one.number)])]
        if not chapters:
            return self.unknown("chapter")
        rows = [desk.rows[claim.id] for chapter in chapters for claim in chapter.claims()]
        labs = {row.lab.name: row.lab for row in rows if row.lab}.values()
        self.uses(chapters, labs)
        gaps = [gap for lab in labs for gap in desk.gaps(lab)]
        return [*gap_notice(gaps), *matrix(rows, [tool.name for tool in desk.ledger.toolchains], chapters)]


class CountsDirective(_Directive):
    """``claimlab:counts``: how many claims came out which way, and how many were tested."""

    def run(self) -> list[nodes.Node]:
        self.uses(self.domain.desk.ledger.chapters, self.domain.desk.ledger.labs)
        return counts(self.domain.desk)


DIRECTIVES: Final[dict[str, type[_Directive]]] = {
    "claim": ClaimDirective,
    "lab": LabDirective,
    "chapter": ChapterDirective,
    "matrix": MatrixDirective,
    "counts": CountsDirective,
}
