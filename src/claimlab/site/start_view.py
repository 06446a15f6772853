"""Overviews: the articles, the timeline of releases, the corrections that surprise most, and the list of labs."""

from collections import Counter

from markupsafe import Markup

from claimlab.project.claim import Chapter
from claimlab.site.data import SiteData
from claimlab.site.reader import Reader
from claimlab.site.render import render
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.changes import changes
from claimlab.verdicts.verdict import Kind


def articles(site: SiteData, reader: Reader) -> Markup:
    """Every article that has claims: what it is, and how they came out."""
    found = [
        (site.articles[name], len(rows), Counter(row.verdict.kind for row in rows))
        for name, rows in site.rows_by_article.items()
        if rows
    ]
    kinds = [
        (article, total, {kind: counts[kind] for kind in Kind if counts[kind]}) for article, total, counts in found
    ]
    return render("articles.html", reader, articles=kinds)


def timeline(site: SiteData, reader: Reader) -> Markup:
    """For every release, how many claims changed there and why."""
    found = changes(site.ledger.rows, site.releases)
    most = max((len(change.flips) for change in found), default=0)
    return render("timeline.html", reader, changes=found, most=most or 1)


def surprises(site: SiteData, reader: Reader) -> Markup:
    """The claims that the data marks as surprising, in its order."""
    rows = [row for row in site.ledger.rows if row.claim.surprise and row.claim.correction]
    return render("surprises.html", reader, rows=sorted(rows, key=lambda row: row.claim.surprise))


def labs(site: SiteData, reader: Reader) -> Markup:
    """Every lab with its question, and how the claims it judges came out."""
    chapters = [
        (
            chapter,
            site.title_beside(chapter),
            [
                (lab, Counter(str(row.verdict.kind) for row in site.rows_of(lab)))
                for lab in site.ledger.labs
                if _chapter(site, lab) == chapter
            ],
        )
        for chapter in site.chapters
    ]
    return render("labs.html", reader, chapters=[one for one in chapters if one[2]])


def _chapter(site: SiteData, lab: LabFolder) -> Chapter | None:
    """The chapter that a lab is listed under: where pages share their labs, that of the first claim it judges."""
    if lab.chapter or not lab.article:
        return lab.chapter
    rows = site.rows_of(lab)
    return site.place_of(rows[0].claim)[0] if rows else lab.article.chapters[0]
