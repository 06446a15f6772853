"""The page of a Go release: what is another way there than in the release before."""

from collections import Counter

from markupsafe import Markup

from claimlab.project.outcome import Outcome
from claimlab.site.data import SiteData
from claimlab.site.reader import Reader
from claimlab.site.render import render
from claimlab.verdicts.changes import Change, changes, moves


def change_in(site: SiteData, release: str) -> Change | None:
    """The change that a release such as ``1.24`` brought; None if it is not measured."""
    found = changes(site.ledger.rows, site.releases)
    return next((change for change in found if change.release.series == release), None)


def release_body(site: SiteData, change: Change, reader: Reader) -> Markup:
    """All of the page below its title."""
    here = Counter(row.outcomes[change.release.name] for row in site.ledger.rows if change.release.name in row.outcomes)
    moved = moves(site.layouts[change.before.name], site.layouts[change.release.name]) if change.before else []
    counted = {outcome: here[outcome] for outcome in Outcome if here[outcome]}
    return render("release.html", reader, change=change, counts=counted, moves=moved)
