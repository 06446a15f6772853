"""The directives: each finds its subject at the site, notes what its page depends on, and calls a view."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from claimlab.site import start_view
from claimlab.site.article_view import article_body
from claimlab.site.chapter_view import section_body
from claimlab.site.claim_view import claim_answer, claim_card, claim_evidence
from claimlab.site.data import OUTCOMES, SiteData
from claimlab.site.domain import domain_of
from claimlab.site.downloads import offered_to
from claimlab.site.drawing import pictures_of
from claimlab.site.lab_view import lab_page
from claimlab.site.ledger_view import ledger_body
from claimlab.site.matrix_view import counts, gap_notice, matrix
from claimlab.site.reader import Reader, claim_anchor, reader_of
from claimlab.site.release_view import change_in, release_body
from claimlab.site.render import raw, said_in

_log = logging.getLogger(__name__)


class _Directive(SphinxDirective):
    """What all share: the site, the reader, and notes on what the page is made from."""

    required_arguments = 1
    kind: ClassVar[str]

    @property
    def site(self) -> SiteData:
        return domain_of(self.env).site

    @property
    def reader(self) -> Reader:
        return reader_of(self.env.app, self.env, self.site.main)

    def uses(self, *keys: str) -> None:
        """The page is made again when one of these stamps changes."""
        domain_of(self.env).note_use(self.env.docname, keys)

    def run(self) -> list[nodes.Node]:
        shown = self.show(self.arguments[0] if self.arguments else "")
        if shown is None:
            message = " ".join(["there is no", self.kind, *self.arguments])
            _log.warning(message, type="claimlab", subtype="unknown", location=self.get_location())
        return shown or []

    def show(self, subject: str) -> list[nodes.Node] | None:
        """None if there is no such subject."""
        raise NotImplementedError


class ClaimPage(_Directive):
    """``claimlab:claim-page``: the page of one claim."""

    kind = "claim"

    def show(self, subject: str) -> list[nodes.Node] | None:
        row = self.site.row(subject)
        if row is None:
            return None
        self.uses(
            f"claim {row.claim.ref}", *([f"lab {row.lab.name}"] if row.lab and self.site.has_pictures(row) else [])
        )
        title = [nodes.inline("", row.label, classes=["cl-id"]), nodes.Text(" ")]
        title += said_in(row.claim.says, self.reader)
        answer, evidence = (raw(part(self.site, row, self.reader)) for part in (claim_answer, claim_evidence))
        pictures = pictures_of(self.site, row, self.reader.language)
        return [page([claim_anchor(row.claim.id)], title, answer, *pictures, evidence)]


class ClaimCard(_Directive):
    """``claimlab:claim``: one claim in short, wherever an author wants it."""

    kind = "claim"

    def show(self, subject: str) -> list[nodes.Node] | None:
        row = self.site.row(subject)
        if row is None:
            return None
        self.uses(f"row {row.claim.ref}")
        return [raw(claim_card(row, self.reader))]


class LabPage(_Directive):
    """``claimlab:lab``: the body of a lab's page."""

    kind = "lab"

    def show(self, subject: str) -> list[nodes.Node] | None:
        lab = self.site.labs.get(subject)
        if lab is None:
            return None
        self.uses(f"lab {subject}", *(f"row {row.claim.ref}" for row in self.site.rows_of(lab)))
        offered = offered_to(self.env.docname, self.config.claimlab_files)
        return lab_page(self.site, lab, self.reader, offered)


class ChapterPage(_Directive):
    """``claimlab:chapter``: every claim of a chapter."""

    kind = "chapter"

    def show(self, subject: str) -> list[nodes.Node] | None:
        chapter = self.site.chapter(subject)
        if chapter is None:
            return None
        self.uses(*(f"row {claim.ref}" for claim in chapter.claims()))
        labs = {row.lab.name: row.lab for claim in chapter.claims() if (row := self.site.rows[claim.ref]).lab}
        gaps = [gap for lab in labs.values() if lab for gap in self.site.gaps(lab)]
        sections = [
            page(
                [f"section-{one.id.replace('.', '-')}"],
                [nodes.Text(f"{one.id} "), *said_in(one.title, self.reader)],
                raw(section_body(self.site, one, self.reader)),
            )
            if one.id
            else raw(section_body(self.site, one, self.reader, titled=False))
            for one in chapter.sections
        ]
        number = self.reader.chapter(chapter)
        title: list[nodes.Node] = [nodes.Text(number + self.reader.say(": "))] if number else []
        title += said_in(chapter.title, self.reader)
        return [page([f"chapter-{chapter.key}"], title, raw(gap_notice(gaps, self.reader)), *sections)]


class ArticlePage(_Directive):
    """``claimlab:article``: what an article is, its chapters, and how its claims came out."""

    kind = "article"

    def show(self, subject: str) -> list[nodes.Node] | None:
        article = self.site.articles.get(subject)
        if article is None:
            return None
        self.uses(OUTCOMES)
        title = said_in(article.title, self.reader)
        return [page([f"article-{subject}"], title, raw(article_body(self.site, article, self.reader)))]


class ReleasePage(_Directive):
    """``claimlab:release``: what is another way in a Go release than in the one before."""

    kind = "release"

    def show(self, subject: str) -> list[nodes.Node] | None:
        change = change_in(self.site, subject)
        if change is None:
            return None
        self.uses(OUTCOMES, *(f"lab {lab.name}" for lab in self.site.labs_with_layouts()))
        body = raw(release_body(self.site, change, self.reader))
        return [page([f"go-{subject.replace('.', '-')}"], [nodes.Text(f"Go {subject}")], body)]


class LedgerTable(_Directive):
    """``claimlab:ledger``: every claim, and the same as data to download."""

    required_arguments = 0

    def show(self, subject: str) -> list[nodes.Node] | None:
        self.uses(OUTCOMES)
        return [raw(ledger_body(self.site, self.reader))]


class Matrix(_Directive):
    """``claimlab:matrix``: claims × toolchains, of all chapters or of the one given."""

    kind = "chapter"
    required_arguments = 0
    optional_arguments = 1

    def show(self, subject: str) -> list[nodes.Node] | None:
        chapters = self.site.chapters if not subject else [one for one in [self.site.chapter(subject)] if one]
        if subject and not chapters:
            return None
        self.uses(OUTCOMES)
        rows = [self.site.rows[claim.ref] for chapter in chapters for claim in chapter.claims()]
        gaps = [
            gap for lab in {row.lab.name: row.lab for row in rows if row.lab}.values() for gap in self.site.gaps(lab)
        ]
        return [raw(gap_notice(gaps, self.reader) + matrix(self.site, rows, self.reader, filters=not subject))]


class _Overview(_Directive):
    """A part of the start page."""

    required_arguments = 0

    def show(self, subject: str) -> list[nodes.Node] | None:
        self.uses(OUTCOMES)
        return [raw(self.view(self.site, self.reader))]

    view = staticmethod(counts)


class Timeline(_Overview):
    """``claimlab:timeline``: what changed in which release."""

    view = staticmethod(start_view.timeline)


class Surprises(_Overview):
    """``claimlab:surprises``: the corrections that surprise most."""

    view = staticmethod(start_view.surprises)


class Labs(_Overview):
    """``claimlab:labs``: every lab with its question."""

    view = staticmethod(start_view.labs)


class Counts(_Overview):
    """``claimlab:counts``: how many claims came out which way."""


def page(anchors: Sequence[str], title: Iterable[nodes.Node], *content: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", "", *title), *content, ids=list(anchors), names=[])


DIRECTIVES: Final[dict[str, type[_Directive]]] = {
    "claim": ClaimCard,
    "claim-page": ClaimPage,
    "lab": LabPage,
    "article": ArticlePage,
    "chapter": ChapterPage,
    "release": ReleasePage,
    "ledger": LedgerTable,
    "matrix": Matrix,
    "counts": Counts,
    "labs": Labs,
    "timeline": Timeline,
    "surprises": Surprises,
}
