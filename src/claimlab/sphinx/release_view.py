"""The page of a Go release: what is another way there than in the release before."""

from collections import Counter

from markupsafe import Markup

from claimlab.changes import Change, changes, moves
from claimlab.outcome import Outcome
from claimlab.sphinx.desk import Desk
from claimlab.sphinx.reader import Reader
from claimlab.sphinx.render import render


def change_in(desk: Desk, release: str) -> Change | None:
    """The change that a release such as ``1.24`` brought; None if it is not measured."""
    found = changes(desk.ledger.rows, desk.releases)
    return next((change for change in found if change.release.language == release), None)


def release_body(desk: Desk, change: Change, reader: Reader) -> Markup:
    """All of the page below its title."""
    here = Counter(row.outcomes[change.release.name] for row in desk.ledger.rows if change.release.name in row.outcomes)
    moved = moves(desk.layouts[change.before.name], desk.layouts[change.release.name]) if change.before else []
    counted = {outcome: here[outcome] for outcome in Outcome if here[outcome]}
    return render("release.html", reader, change=change, counts=counted, moves=moved)
