"""A chapter's page: every claim of it, section by section."""

from markupsafe import Markup

from claimlab.project.claim import Section
from claimlab.site.data import SiteData
from claimlab.site.reader import Reader
from claimlab.site.render import render


def section_body(site: SiteData, section: Section, reader: Reader, *, titled: bool = True) -> Markup:
    """The claims of one section: what they say, the verdict in words, the correction."""
    return render(
        "chapter.html", reader, section=section, rows=[site.rows[claim.ref] for claim in section.claims], titled=titled
    )
