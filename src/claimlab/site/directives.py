"""The directives: each finds its subject at the site, notes what its page depends on, and calls a view."""

from typing import Final

from docutils import nodes

from claimlab.site import topic_view
from claimlab.site.article_view import article_body
from claimlab.site.chapter_view import section_body
from claimlab.site.claim_view import claim_answer, claim_card, claim_evidence
from claimlab.site.compare_view import compare_index, compare_page, pair_of
from claimlab.site.data import OUTCOMES, SiteData
from claimlab.site.directive import SiteDirective, page
from claimlab.site.domain import LOGGED, domain_of
from claimlab.site.downloads import offered_to
from claimlab.site.drawing import pictures_of
from claimlab.site.head import title_of
from claimlab.site.lab_view import lab_page
from claimlab.site.ledger_view import ledger_body
from claimlab.site.log_view import log_body
from claimlab.site.matrix_view import gap_notice, matrix
from claimlab.site.overviews import OVERVIEWS
from claimlab.site.reader import claim_anchor
from claimlab.site.release_view import release_body, release_of
from claimlab.site.render import raw, said_in
from claimlab.verdicts.comparing import labs_with_layouts


class ClaimPage(SiteDirective):
    """``claimlab:claim-page``: the page of one claim."""

    kind = "claim"

    def show(self, subject: str) -> list[nodes.Node] | None:
        row = self.site.row(subject)
        if row is None:
            return None
        self.uses(
            f"claim {row.claim.ref}", *([f"lab {row.lab.name}"] if row.lab and self.site.has_pictures(row) else [])
        )
        # What stands in <title> and in the search's index; where pages are listed they are called by their claim.
        self.state.document["title"] = title_of(row, self.reader.language)
        title = [nodes.inline("", row.label, classes=["cl-id"]), nodes.Text(" ")]
        title += said_in(row.claim.says, self.reader)
        answer, evidence = (raw(part(self.site, row, self.reader)) for part in (claim_answer, claim_evidence))
        pictures = pictures_of(self.site, row, self.reader.language)
        return [page([claim_anchor(row.claim.id)], title, answer, *pictures, evidence)]


class ClaimCard(SiteDirective):
    """``claimlab:claim``: one claim in short, wherever an author wants it."""

    kind = "claim"

    def show(self, subject: str) -> list[nodes.Node] | None:
        row = self.site.row(subject)
        if row is None:
            return None
        self.uses(f"row {row.claim.ref}")
        return [raw(claim_card(row, self.reader))]


class LabPage(SiteDirective):
    """``claimlab:lab``: the body of a lab's page."""

    kind = "lab"

    def show(self, subject: str) -> list[nodes.Node] | None:
        lab = self.site.labs.get(subject)
        if lab is None:
            return None
        self.uses(f"lab {subject}", *(f"row {row.claim.ref}" for row in self.site.rows_of(lab)))
        offered = offered_to(self.env.docname, self.config.claimlab_files, records=self.config.claimlab_records)
        return lab_page(self.site, lab, self.reader, offered)


class ChapterPage(SiteDirective):
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


class ArticlePage(SiteDirective):
    """``claimlab:article``: what an article is, its chapters, and how its claims came out."""

    kind = "article"

    def show(self, subject: str) -> list[nodes.Node] | None:
        article = self.site.articles.get(subject)
        if article is None:
            return None
        self.uses(OUTCOMES)
        title = said_in(article.title, self.reader)
        return [page([f"article-{subject}"], title, raw(article_body(self.site, article, self.reader)))]


class ReleasePage(SiteDirective):
    """``claimlab:release``: what is another way in a Go release than in the one before."""

    kind = "release"

    def show(self, subject: str) -> list[nodes.Node] | None:
        release = release_of(self.site, subject)
        if release is None:
            return None
        self.uses(OUTCOMES, *_layouts(self.site))
        body = raw(release_body(self.site, release, self.reader))
        return [page([f"go-{subject.replace('.', '-')}"], [nodes.Text(f"Go {subject}")], body)]


class ComparisonPage(SiteDirective):
    """``claimlab:comparison``: what a step from one Go release to another changes."""

    kind = "pair of releases"
    required_arguments = 2

    def show(self, subject: str) -> list[nodes.Node] | None:
        pair = pair_of(self.site, *self.arguments)
        if pair is None:
            return None
        self.uses(OUTCOMES, *_layouts(self.site))
        names = [one.series for one in pair]
        title = self.reader.say("Go {before} beside Go {release}", before=names[0], release=names[1])
        anchor = "-".join(["compare", *names]).replace(".", "-")
        return [page([anchor], [nodes.Text(title)], raw(compare_page(self.site, pair, self.reader)))]


class Compared(SiteDirective):
    """``claimlab:compared``: every pair of releases, each with its page."""

    required_arguments = 0

    def show(self, subject: str) -> list[nodes.Node] | None:
        self.uses(OUTCOMES)
        title = self.reader.say("Compare two releases")
        return [page(["compared"], [nodes.Text(title)], raw(compare_index(self.site, self.reader)))]


class LogPage(SiteDirective):
    """``claimlab:log``: what changed in verdicts from one build to another."""

    required_arguments = 0

    def show(self, subject: str) -> list[nodes.Node] | None:
        self.uses(LOGGED)
        body = raw(log_body(self.site, domain_of(self.env).told.log, self.reader))
        return [page(["log"], [nodes.Text(self.reader.say("What changed in verdicts"))], body)]


class LedgerTable(SiteDirective):
    """``claimlab:ledger``: every claim, and the same as data to download."""

    required_arguments = 0

    def show(self, subject: str) -> list[nodes.Node] | None:
        self.uses(OUTCOMES)
        return [raw(ledger_body(self.site, self.reader))]


class Matrix(SiteDirective):
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


class TopicPage(SiteDirective):
    """``claimlab:topic``: a question, its answer, and the claims that it rests on."""

    kind = "topic"

    def show(self, subject: str) -> list[nodes.Node] | None:
        topic = next((one for one in self.site.project.topics if one.id == subject), None)
        if topic is None:
            return None
        self.uses(*(f"row {ref}" for ref in topic.rests_on))
        body = raw(topic_view.topic_body(self.site, topic, self.reader))
        return [page([f"topic-{subject}"], said_in(topic.question, self.reader), body)]


def _layouts(site: SiteData) -> list[str]:
    """What a page uses that shows how types lie in memory."""
    return [f"lab {lab.name}" for lab in labs_with_layouts(site.ledger)]


DIRECTIVES: Final[dict[str, type[SiteDirective]]] = {
    **OVERVIEWS,
    "claim": ClaimCard,
    "claim-page": ClaimPage,
    "lab": LabPage,
    "article": ArticlePage,
    "chapter": ChapterPage,
    "release": ReleasePage,
    "comparison": ComparisonPage,
    "compared": Compared,
    "ledger": LedgerTable,
    "log": LogPage,
    "matrix": Matrix,
    "topic": TopicPage,
}
