"""What stands around every page's content: the same page in other languages, and what the project says of itself."""

from typing import Any

from babel import Locale
from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.config import Config

from claimlab.project.languages import Language, language_of_sphinx, sphinx_language
from claimlab.project.project import Project
from claimlab.project.visible import fit_for_html
from claimlab.site.reader import html_language, say


def name_site(config: Config, project: Project) -> None:
    """Sphinx calls the site as the project does, unless its conf.py has said otherwise."""
    given = config._raw_config
    for name, value in {
        "project": project.title,
        "html_title": project.title,
        "html_baseurl": project.settings.site.address,
    }.items():
        if not given.get(name):
            config[name] = value


def framed(body: str, project: Project, page: str, language: Language, root: str) -> str:
    """The page's content with links to its twins before it, and the project's words after it.

    `root` leads from the page to the first page in its language.
    """
    return switch(project, page, language, root) + Markup(body) + colophon(project)


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


def frame_pages(app: Sphinx, project: Project) -> None:
    """Every page of this build is framed."""
    language = language_of_sphinx(str(app.config.language))

    def frame(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
        root = context.get("content_root", "")
        if "body" in context:
            context["body"] = framed(fit_for_html(context["body"]), project, page, language, root)
        for code, href, _ in twins(project, page, language, root):
            link = Markup('<link rel="alternate" hreflang="{}" href="{}">').format(html_language(code), href)
            context["metatags"] = f"{context.get('metatags', '')}{link}\n"

    app.connect("html-page-context", frame)
