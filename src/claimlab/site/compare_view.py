"""Two releases beside each other: a page for every pair, and one that leads to all of them."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from markupsafe import Markup

from claimlab.project.languages import N_
from claimlab.site.data import SiteData
from claimlab.site.reader import Reader
from claimlab.site.render import render
from claimlab.toolchains.toolchain import Toolchain
from claimlab.verdicts.comparing import Came, Comparison, Turn

TURNS: Final = {
    Turn.LOST: N_("True before, false now"),
    Turn.WON: N_("False before, true now"),
    Turn.GONE: N_("What exists no longer"),
    Turn.CAME: N_("What exists only since then"),
}
CAME: Final = {
    Came.NEW: N_("True now, and not before"),
    Came.ALREADY: N_("True before, too"),
    Came.NOT: N_("Not true now"),
    Came.UNKNOWN: N_("Not known"),
}


def pairs(releases: Sequence[Toolchain]) -> list[tuple[Toolchain, Toolchain]]:
    """Every release with every later one."""
    return list(combinations(releases, 2))


def pair_of(site: SiteData, older: str, newer: str) -> tuple[Toolchain, Toolchain] | None:
    """The two that pages call so; None if one is not measured."""
    return next((pair for pair in pairs(site.releases) if [one.series for one in pair] == [older, newer]), None)


def comparison_body(found: Comparison, reader: Reader) -> Markup:
    """What changed, what is claimed of the releases between, what lies elsewhere in memory."""
    groups = {turn: found.by_reason(turn, reader.say, reader.language) for turn in Turn}
    counted = {turn: sum(map(len, by_reason.values())) for turn, by_reason in groups.items()}
    return render("comparison.html", reader, found=found, groups=groups, counted=counted, turns=TURNS, fates=CAME)


def compare_page(site: SiteData, pair: tuple[Toolchain, Toolchain], reader: Reader) -> Markup:
    """All of the page below its title."""
    before, release = pair
    body = comparison_body(site.compared(before, release), reader)
    return render("compare.html", reader, before=before, release=release, command=site.project.command) + body


def compare_index(site: SiteData, reader: Reader) -> Markup:
    """A table that leads to every pair, with how many claims were true on the one and are false on the other."""
    lost = {
        (before.series, release.series): len(site.compared(before, release).turned(Turn.LOST))
        for before, release in pairs(site.releases)
    }
    return render("compared.html", reader, releases=site.releases, lost=lost)
