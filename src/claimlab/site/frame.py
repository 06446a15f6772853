"""What stands around every page's content: the same page in other languages, and what the project says of itself."""

from itertools import pairwise
from typing import Any, Final

from babel import Locale
from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.config import Config

from claimlab.project.languages import Language, language_of_sphinx, sphinx_language
from claimlab.project.project import Project
from claimlab.project.visible import fit_for_html
from claimlab.site.data import SiteData
from claimlab.site.head import Head, address_of
from claimlab.site.log import FEED
from claimlab.site.reader import Reader, claim_page, html_language, say
from claimlab.site.render import prose
from claimlab.verdicts.ledger import Row

TABLE: Final = "cl-claims"
"""The anchor of the table of all claims: see matrix.html."""


def name_site(config: Config, project: Project) -> None:
    """Sphinx calls the site as the project does, unless its conf.py has said otherwise."""
    given = config._raw_config
    for name, value in {
        "project": project.title,
        "html_title": project.title,
        "html_baseurl": address_of(project, "index", language_of_sphinx(str(config.language))),
    }.items():
        if not given.get(name):
            config[name] = value


def framed(body: str, project: Project, page: str, language: Language, root: str) -> str:
    """The page's content with links to its table and to its twins before it, and the project's words after it.

    `root` leads from the page to the first page in its language.
    """
    # Docstrings are English.
    content = Markup(body if language == "en" else body.replace('<dl class="py ', '<dl lang="en" class="py '))
    if page in project.settings.site.untranslated and language != (written := project.settings.languages[0]):
        told = Markup('<p class="cl-where">{}</p>\n').format(say("This page has not been translated."))
        content = told + Markup('<div lang="{}">{}</div>').format(html_language(written), content)
    return skip(body) + switch(project, page, language, root) + content + colophon(project)


def skip(body: str) -> Markup:
    """For who reads by keyboard: a link to the table of claims, where the page has it below much else."""
    if f'id="{TABLE}"' not in body:
        return Markup("")
    return Markup('<a class="cl-skip" href="#{}">{}</a>\n').format(TABLE, say("Skip to the claims"))


def _alone(body: str, project: Project, page: str, language: Language, root: str) -> str:
    """As :func:`framed`, of a page that has no twins."""
    return Markup(body) + colophon(project)


def switch(project: Project, page: str, language: Language, root: str) -> Markup:
    """A link to the page in each of the site's other languages; nothing where there is no other."""
    links = [
        Markup('<a href="{}" hreflang="{}" lang="{}">{}</a>').format(
            href, html_language(code), html_language(code), name
        )
        for code, href, name in twins(project, page, language, root)
    ]
    return Markup('<p class="cl-language">{}</p>\n').format(Markup(" ").join(links)) if links else Markup("")


def twins(project: Project, page: str, language: Language, root: str) -> list[tuple[Language, str, str]]:
    """The other languages of a page: code, address, and what the language calls itself."""
    folders = project.folders
    top = root if folders.get(language) == "" else f"{root}../"
    return [
        (code, f"{top}{folder}{page}.html", Locale.parse(sphinx_language(code)).language_name or code)
        for code, folder in folders.items()
        if code != language
    ]


def colophon(project: Project) -> Markup:
    """Where the sources are and what may be done with them; nothing where the project says nothing of it."""
    site = project.settings.site
    parts = []
    if site.repository:
        link = Markup('<a class="reference external" href="{}">{}</a>').format(site.repository, site.repository)
        parts.append(Markup("{}{}{}").format(say("Sources"), say(": "), link))
    if site.licence:
        parts.append(Markup("{}{}{}").format(say("Licence"), say(": "), site.licence))
    return Markup('<p class="cl-colophon">{}</p>\n').format(Markup(" · ").join(parts)) if parts else Markup("")


def alternates(project: Project, page: str, language: Language, root: str) -> list[tuple[str, str]]:
    """The page in every language, by what HTML calls that: where it is published, or else seen from this one."""
    if not address_of(project, page, language):
        return [(html_language(code), href) for code, href, _ in twins(project, page, language, root)]
    found = [(html_language(code), address_of(project, page, code)) for code in project.folders]
    return [*found, ("x-default", found[0][1])] if len(found) > 1 else []


def _beside(site: SiteData) -> dict[str, dict[str, Row]]:
    """By claim, the ones before and after it in its article, by what themes call them."""
    found: dict[str, dict[str, Row]] = {row.claim.ref: {} for row in site.ledger.rows}
    for rows in site.rows_by_article.values():
        for before, after in pairwise(rows):
            found[before.claim.ref]["next"] = after
            found[after.claim.ref]["prev"] = before
    return found


def _link(row: Row, reader: Reader) -> dict[str, str]:
    return {
        "link": reader.to_claim(row.claim),
        "title": Markup("{} {}").format(row.label, prose(reader.of(row.claim.says))),
    }


def frame_pages(app: Sphinx, site: SiteData) -> None:
    """Every page of this build is framed, and its head says what it is."""
    language, project = language_of_sphinx(str(app.config.language)), site.project
    head, claims = Head(site, language), {claim_page(row.claim, site.main): row for row in site.ledger.rows}
    beside = _beside(site)

    def frame(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
        root = context.get("content_root", "")
        context["made_with"] = say("Built from the record of measurements, with Sphinx and Furo.")
        if "body" in context:
            around = framed if page in app.env.found_docs else _alone
            context["body"] = around(fit_for_html(context["body"]), project, page, language, root)
        tags = [
            Markup('<link rel="alternate" hreflang="{}" href="{}">\n').format(code, href)
            for code, href in (alternates(project, page, language, root) if page in app.env.found_docs else [])
        ]
        tags.append(
            Markup('<link rel="alternate" type="application/atom+xml" title="{}" href="{}{}">\n').format(
                project.title, root, FEED
            )
        )
        row = claims.get(page)
        tags.append(head.of_claim(row) if row else head.of_page(page, Markup(context.get("title", "")).striptags()))
        context["metatags"] = f"{context.get('metatags', '')}{Markup('').join(tags)}"
        if row:
            reader = Reader(language, lambda other: app.builder.get_relative_uri(page, other), site.main)
            context |= {way: _link(one, reader) for way, one in beside[row.claim.ref].items()}

    app.connect("html-page-context", frame)
