"""The navigation beside a page is made once for all pages that it does not name: those of claims and labs.

A theme asks Sphinx for the whole tree of pages on every page, to mark the one it is on. Pages in the same depth of
folders that the tree does not hold get the very same one: for two hundred claims that was a seventh of a build.
"""

from collections.abc import Callable
from typing import Any

from sphinx.application import Sphinx

BEFORE_THEMES = 400
"""Handlers of themes have Sphinx's default priority, 500."""
Tree = Callable[..., str]


def share_navigation(app: Sphinx) -> None:
    """Pages that no toctree names share their trees, by their depth and by what the theme asks for."""
    made: dict[tuple[int, str], str] = {}
    named: set[str] = set()

    def share(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
        if not named:
            named.update(page for pages in app.env.toctree_includes.values() for page in pages)
            named.add(app.config.root_doc)
        if "toctree" in context and page not in named:
            context["toctree"] = remembered(context["toctree"], page.count("/"))

    def remembered(tree: Tree, depth: int) -> Tree:
        def toctree(**wanted: Any) -> str:
            key = depth, repr(sorted(wanted.items()))
            if key not in made:
                made[key] = tree(**wanted)
            return made[key]

        return toctree

    app.connect("html-page-context", share, priority=BEFORE_THEMES)
