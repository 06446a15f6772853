"""The directives of the start page: each shows something of the whole site."""

from typing import Final

from docutils import nodes

from claimlab.site import start_view, topic_view
from claimlab.site.data import OUTCOMES
from claimlab.site.directive import SiteDirective
from claimlab.site.matrix_view import counts
from claimlab.site.render import raw


class Overview(SiteDirective):
    """A part of the start page."""

    required_arguments = 0

    def show(self, subject: str) -> list[nodes.Node] | None:
        self.uses(OUTCOMES)
        return [raw(self.view(self.site, self.reader))]

    view = staticmethod(counts)


class Articles(Overview):
    """``claimlab:articles``: every article, what it is, and how its claims came out."""

    view = staticmethod(start_view.articles)


class Topics(Overview):
    """``claimlab:topics``: the questions that readers come with, each with its answer."""

    view = staticmethod(topic_view.topics)


class Timeline(Overview):
    """``claimlab:timeline``: what changed in which release."""

    view = staticmethod(start_view.timeline)


class Surprises(Overview):
    """``claimlab:surprises``: the corrections that surprise most."""

    view = staticmethod(start_view.surprises)


class Labs(Overview):
    """``claimlab:labs``: every lab with its question."""

    view = staticmethod(start_view.labs)


class Counts(Overview):
    """``claimlab:counts``: how many claims came out which way."""


OVERVIEWS: Final[dict[str, type[Overview]]] = {
    "articles": Articles,
    "counts": Counts,
    "topics": Topics,
    "labs": Labs,
    "timeline": Timeline,
    "surprises": Surprises,
}
