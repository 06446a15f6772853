"""The page of a Go release: what all articles say of it, and what is another way there than in the release before."""

from collections import Counter

from markupsafe import Markup

from claimlab.project.outcome import Outcome
from claimlab.site.compare_view import comparison_body
from claimlab.site.data import SiteData
from claimlab.site.reader import Reader
from claimlab.site.render import render
from claimlab.toolchains.toolchain import Toolchain


def release_of(site: SiteData, series: str) -> Toolchain | None:
    """The release that pages call so, such as ``1.24``; None if it is not measured."""
    return next((tool for tool in site.releases if tool.series == series), None)


def release_body(site: SiteData, release: Toolchain, reader: Reader) -> Markup:
    """All of the page below its title."""
    place = site.releases.index(release)
    before = site.releases[place - 1] if place else None
    by_article = {
        name: Counter(row.outcomes[release.name] for row in rows if release.name in row.outcomes)
        for name, rows in site.rows_by_article.items()
    }
    here: Counter[Outcome] = sum(by_article.values(), Counter())
    head = render(
        "release.html",
        reader,
        release=release,
        before=before,
        counts={outcome: here[outcome] for outcome in Outcome if here[outcome]},
        articles=[(site.articles[name], found) for name, found in by_article.items() if found],
    )
    return head + comparison_body(site.compared(before, release), reader) if before else head
