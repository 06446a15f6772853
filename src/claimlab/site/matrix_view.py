"""Claims × toolchains at a glance, how many came out which way, and the gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from claimlab.project.claim import Chapter, Section
from claimlab.project.languages import N_, Words
from claimlab.project.outcome import Outcome
from claimlab.site.cells import cells
from claimlab.site.data import Gap, SiteData
from claimlab.site.reader import Reader
from claimlab.site.render import render
from claimlab.toolchains.toolchain import for_all
from claimlab.verdicts.ledger import Row
from claimlab.verdicts.verdict import Kind

MEANT: Final = {
    Kind.CONFIRMED: N_("true on every release"),
    Kind.WHEREVER_IT_EXISTS: N_("true on every release that has what it is about"),
    Kind.REFUTED: N_("true on none"),
    Kind.VERSION_DEPENDENT: N_("true on some releases only"),
    Kind.INCONCLUSIVE: N_("not settled: see why"),
    Kind.UNTESTABLE: N_("nobody can test it here"),
    Kind.PENDING: N_("no lab asks it yet"),
}
MEANINGS: Final = {
    Outcome.HOLDS: N_("the claim is true there"),
    Outcome.FAILS: N_("the claim is false there"),
    Outcome.VOID: N_("what the claim speaks of does not exist there"),
    Outcome.UNCLEAR: N_("the evidence does not suffice"),
    Outcome.BROKEN: N_("the lab failed, so nothing is known"),
    Outcome.MISSING: N_("not measured, or out of date"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one section of the article."""

    chapter: Chapter
    section: Section
    rows: list[Row]
    article: Words | None = None
    """The title of its article, where there are parts of several."""


def parts_of(site: SiteData, rows: Iterable[Row]) -> list[Part]:
    """The rows under the sections they belong to, in the article's order."""
    wanted = {row.claim.ref: row for row in rows}
    found = [
        Part(chapter, section, [wanted[claim.ref] for claim in section.claims if claim.ref in wanted])
        for chapter in site.chapters
        for section in chapter.sections
    ]
    shown = [part for part in found if part.rows]
    if len({part.chapter.article for part in shown}) < 2:
        return shown
    return [replace(part, article=site.articles[part.chapter.article].title) for part in shown]


def matrix(site: SiteData, rows: Sequence[Row], reader: Reader, *, filters: bool = False) -> Markup:
    """One line a claim; `filters` puts a form above it, which needs a script and is hidden without one."""
    present = {outcome for row in rows for outcome in row.outcomes.values()}
    return render(
        "matrix.html",
        reader,
        parts=parts_of(site, rows),
        releases=site.releases,
        variants=sorted(
            (tool for tool in site.ledger.asked_of(rows) if tool.variant), key=lambda tool: bool(tool.godebug)
        ),
        cells=cells,
        filters=filters,
        chapters=[(chapter, site.title_beside(chapter)) for chapter in site.chapters],
        kinds=[kind for kind in Kind if any(row.verdict.kind is kind for row in rows)],
        outcomes=[outcome for outcome in Outcome if outcome in present],
        meanings={outcome: words for outcome, words in MEANINGS.items() if outcome in present},
    )


def counts(site: SiteData, reader: Reader) -> Markup:
    """How many claims came out which way, and how many have been tested at all."""
    found = site.ledger.counts()
    total = sum(found.values())
    tested = total - found[Kind.PENDING] - found[Kind.UNTESTABLE]
    coverage = {
        "tested": tested,
        "all": total,
        "share": f"{tested / total:.0%}" if total else "–",
        "untestable": found[Kind.UNTESTABLE],
        "pending": found[Kind.PENDING],
        "toolchains": len(for_all(site.ledger.toolchains)),
    }
    by_kind = {kind: found[kind] for kind in Kind}
    return render("counts.html", reader, counts=by_kind, meant=MEANT, coverage=coverage, matrix="")


def gap_notice(gaps: Sequence[Gap], reader: Reader) -> Markup:
    """A warning that names every trial without an outcome, and why; nothing if there is none."""
    grouped: dict[tuple[str, Outcome, str, str], list[Gap]] = {}
    for gap in gaps:
        grouped.setdefault((gap.lab, gap.outcome, gap.because, gap.shows), []).append(gap)
    return render("gaps.html", reader, groups=grouped.values()) if grouped else Markup("")
