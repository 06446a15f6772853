"""What a published site has beside its pages: a sitemap, a page for what is not there, and its sign."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup
from sphinx.application import Sphinx

from claimlab.project.files import write_whole
from claimlab.project.languages import N_, Language, language_of_sphinx, sphinx_language
from claimlab.site.data import SiteData
from claimlab.site.head import address_of, dates_of, root_of
from claimlab.site.messages import catalogue
from claimlab.site.reader import claim_page, html_language, say

LOST: Final = "404"
"""What servers of static files show for an address that they do not have."""
_NOT_HERE: Final = N_("There is no such page")
_KEPT: Final = N_(
    "Claims keep their addresses. What you look for may be in the search, or among all claims on the first page."
)


def publish(app: Sphinx, site: SiteData) -> None:
    """Every page has the sign; the first language's build has a page for what is not there."""
    language = language_of_sphinx(str(app.config.language))

    def sign(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
        tags = Markup("")
        if page == LOST:
            tags = Markup('<meta name="robots" content="noindex">\n')
            if root := root_of(site.project):  # it is shown at any depth of addresses
                tags = Markup('<base href="{}">\n{}').format(urlsplit(root).path, tags)
        if not app.config.html_favicon:
            place = f"{context.get('content_root', '')}_static/favicon.svg"
            tags += Markup('<link rel="icon" type="image/svg+xml" href="{}">\n').format(place)
        context["metatags"] = f"{tags}{context.get('metatags', '')}"

    def lost(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
        if site.project.folders.get(language) == "":
            yield LOST, {"title": say(_NOT_HERE), "body": _lost_body(site)}, "page.html"

    app.connect("html-page-context", sign, priority=900)
    app.connect("html-collect-pages", lost)


def _lost_body(site: SiteData) -> Markup:
    """In every language of the site: the server does not know which one the reader wanted."""
    parts = []
    for place, (language, folder) in enumerate(site.project.folders.items()):
        speak = catalogue(sphinx_language(language)).gettext
        level = "h1" if place == 0 else "h2"
        links = [(f"{folder}index.html", speak(N_("First page"))), (f"{folder}search.html", speak(N_("Search")))]
        parts.append(
            Markup('<section lang="{}"><{level}>{}</{level}><p>{}</p><p>{}</p></section>\n').format(
                html_language(language),
                speak(_NOT_HERE),
                speak(_KEPT),
                Markup(" · ").join(Markup('<a href="{}">{}</a>').format(*link) for link in links),
                level=Markup(level),
            )
        )
    return Markup("").join(parts)


def write_sitemap(site: SiteData, pages: Iterable[str], language: Language, folder: Path) -> None:
    """Every page in every language, beside the first page of the first; nothing where no address is known."""
    project = site.project
    if not root_of(project) or project.folders.get(language) != "":
        return
    dated = {claim_page(row.claim, site.main): dates_of(row)[-1:] for row in site.ledger.rows}
    entries = []
    for page in sorted(pages):
        addresses = {code: address_of(project, page, code) for code in project.folders}
        twins = [
            Markup('<xhtml:link rel="alternate" hreflang="{}" href="{}"/>').format(html_language(code), address)
            for code, address in addresses.items()
        ]
        day = [Markup("<lastmod>{}</lastmod>").format(one) for one in dated.get(page, [])]
        inside = Markup("").join([*day, *(twins if len(twins) > 1 else [])])
        entries += [Markup("<url><loc>{}</loc>{}</url>\n").format(one, inside) for one in addresses.values()]
    whole = Markup(
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{}</urlset>\n'
    ).format(Markup("").join(entries))
    write_whole(folder / "sitemap.xml", whole.encode())
