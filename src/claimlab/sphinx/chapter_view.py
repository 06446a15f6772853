"""A chapter's page: every claim of it, section by section."""

from markupsafe import Markup

from claimlab.claim import Section
from claimlab.sphinx.desk import Desk
from claimlab.sphinx.reader import Reader
from claimlab.sphinx.render import render


def section_body(desk: Desk, section: Section, reader: Reader) -> Markup:
    """The claims of one section: what they say, the verdict in words, the correction."""
    return render("chapter.html", reader, section=section, rows=[desk.rows[claim.id] for claim in section.claims])
