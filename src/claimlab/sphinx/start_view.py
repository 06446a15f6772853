"""Overviews: the timeline of releases, the corrections that surprise most, and the list of labs."""

from collections import Counter

from markupsafe import Markup

from claimlab.changes import changes
from claimlab.sphinx.desk import Desk
from claimlab.sphinx.reader import Reader
from claimlab.sphinx.render import render


def timeline(desk: Desk, reader: Reader) -> Markup:
    """For every release, how many claims changed there and why."""
    found = changes(desk.ledger.rows, desk.releases)
    most = max((len(change.flips) for change in found), default=0)
    return render("timeline.html", reader, changes=found, most=most or 1)


def surprises(desk: Desk, reader: Reader) -> Markup:
    """The claims that the data marks as surprising, in its order."""
    rows = [row for row in desk.ledger.rows if row.claim.surprise and row.claim.correction]
    return render("surprises.html", reader, rows=sorted(rows, key=lambda row: row.claim.surprise))


def labs(desk: Desk, reader: Reader) -> Markup:
    """Every lab with its question, and how the claims it judges came out."""
    chapters = [
        (
            chapter,
            [
                (lab, Counter(str(row.verdict.kind) for row in desk.rows_of(lab)))
                for lab in desk.ledger.labs
                if lab.chapter_folder == chapter.folder
            ],
        )
        for chapter in desk.ledger.chapters
    ]
    return render("labs.html", reader, chapters=[(chapter, found) for chapter, found in chapters if found])
