"""An article's page: what it is, its chapters, and every claim of it on every release."""

from markupsafe import Markup

from claimlab.project.article import Article
from claimlab.site.data import SiteData
from claimlab.site.matrix_view import matrix
from claimlab.site.reader import Reader
from claimlab.site.render import render


def article_body(site: SiteData, article: Article, reader: Reader) -> Markup:
    """All of the page below its title."""
    rows = [site.rows[claim.ref] for claim in article.claims]
    return render("article.html", reader, article=article, rows=rows) + matrix(site, rows, reader)
