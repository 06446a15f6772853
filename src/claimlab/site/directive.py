"""What all directives share: the site, the reader, and notes on what a page is made from."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from claimlab.site.data import SiteData
from claimlab.site.domain import domain_of
from claimlab.site.reader import Reader, reader_of

_log = logging.getLogger(__name__)


class SiteDirective(SphinxDirective):
    """A directive that finds its subject at the site, and says so where there is none."""

    required_arguments = 1
    kind: ClassVar[str]

    @property
    def site(self) -> SiteData:
        return domain_of(self.env).site

    @property
    def reader(self) -> Reader:
        return reader_of(self.env.app, self.env, self.site.main)

    def uses(self, *keys: str) -> None:
        """The page is made again when one of these stamps changes."""
        domain_of(self.env).note_use(self.env.docname, keys)

    def run(self) -> list[nodes.Node]:
        shown = self.show(self.arguments[0] if self.arguments else "")
        if shown is None:
            message = " ".join(["there is no", self.kind, *self.arguments])
            _log.warning(message, type="claimlab", subtype="unknown", location=self.get_location())
        return shown or []

    def show(self, subject: str) -> list[nodes.Node] | None:
        """None if there is no such subject."""
        raise NotImplementedError


def page(anchors: Sequence[str], title: Iterable[nodes.Node], *content: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", "", *title), *content, ids=list(anchors), names=[])
