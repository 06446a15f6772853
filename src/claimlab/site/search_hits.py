"""What a hit of the search shows beside its title: the verdict, and a line of text; and by what hits are ordered.

Sphinx could only fetch the page that was found, which browsers forbid to pages from a disk; so all lines are in a
script that the page of the search loads. `static/search.js` reads it.
"""

from pathlib import Path
from typing import Any, Final

import msgspec
from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from claimlab.project.languages import language_of_sphinx
from claimlab.site.data import SiteData
from claimlab.site.head import cut, plain
from claimlab.site.reader import claim_page, lab_page_name, say
from claimlab.site.render import css_class

FILE: Final = "search_hits.js"
LONGEST: Final = 220
Hit = tuple[str, str, str]
"""The class and the word of the verdict, and a line; of pages that are no claim's, the line alone."""


def load_hits(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """The page of the search has the scripts that order and complete what is found."""
    if page == "search":
        scripts = (FILE, "_static/search.js")
        tags = Markup("").join(Markup('<script src="{}"></script>\n').format(name) for name in scripts)
        context["metatags"] = context.get("metatags", "") + tags


def write_hits(site: SiteData, env: BuildEnvironment, language: str, folder: Path) -> None:
    found = hits(site, env, language)
    folder.joinpath(FILE).write_text(f"var claimlabHits = {msgspec.json.encode(found).decode()};\n", encoding="utf-8")


def hits(site: SiteData, env: BuildEnvironment, language: str) -> dict[str, Hit]:
    """By the name of the page."""
    ours = language_of_sphinx(language)
    found: dict[str, Hit] = {}
    for row in site.rows.values():
        kind = row.verdict.kind
        words = [row.words(say, ours), row.claim.correction.of(ours) if row.claim.correction else ""]
        found[claim_page(row.claim, site.main)] = (css_class(kind), say(kind), _line(" — ".join(filter(None, words))))
    for lab in site.labs.values():
        found[lab_page_name(lab.name)] = ("", "", _line(lab.asks.of(ours)))
    for page in sorted(env.all_docs.keys() - found.keys()):
        first = next((one.astext() for one in env.get_doctree(page).findall(nodes.paragraph)), "")
        found[page] = ("", "", _line(first))
    return found


def _line(text: str) -> str:
    return cut(" ".join(plain(text).split()), LONGEST)
