"""How a verdict is cited: its address, one line, when and on what it was measured, and pictures for other pages."""

from pathlib import Path
from typing import Final

from markupsafe import Markup

from claimlab.project.files import digest, write_whole
from claimlab.project.languages import Language
from claimlab.project.outcome import Outcome
from claimlab.site.cards import badge, card, card_name, strip
from claimlab.site.data import SiteData
from claimlab.site.head import address_of, dates_of, plain, root_of
from claimlab.site.reader import Reader, claim_page, say
from claimlab.site.render import render
from claimlab.verdicts.leading import lead
from claimlab.verdicts.ledger import Row

SHOWN: Final = 16
"""Digits of a digest in a line that people type."""


def record_digest(site: SiteData, row: Row) -> str:
    """Over what was seen on every toolchain that the verdict rests on; empty where nothing was."""
    if row.lab is None:
        return ""
    seen = {name: one.digest for name, one in site.observations(row.lab).items() if one and name in row.rulings}
    return digest(*(f"{name} {one}" for name, one in sorted(seen.items()))) if seen else ""


def picture(folder: str, row: Row, main: str) -> str:
    """Where a claim's badge or strip lies, below the pages of a language."""
    return f"{folder}/{claim_page(row.claim, main).removeprefix('claims/')}.svg"


def cited(site: SiteData, row: Row, reader: Reader, hosts: dict[str, list[str]]) -> Markup:
    """The part of a claim's page that says how to cite it."""
    project, page = site.project, claim_page(row.claim, site.main)
    address, dates, whole = address_of(project, page, reader.language), dates_of(row), record_digest(site, row)
    below = reader.uri("index").removesuffix("index.html")
    folder = project.folders.get(reader.language, "")
    published = f"{root_of(project)}{folder}"
    images = {name: picture(name, row, site.main) for name in (("badges", "strips") if row.outcomes else ("badges",))}
    embedded = Markup('<a href="{}"><img src="{}" alt="{}"></a>').format(
        address, f"{published}{images['badges']}", lead(row, say)
    )
    return render(
        "cite.html",
        reader,
        row=row,
        line=citation(site, row, reader.language, whole),
        address=address or f"{folder}{page}.html",
        dates=dates,
        hosts=list(hosts),
        digest=whole,
        images={name: f"{below}{path}" for name, path in images.items()},
        words=lead(row, say),
        embedded=str(embedded) if address else "",
        site=project.settings.site,
    )


def citation(site: SiteData, row: Row, language: Language, whole: str) -> str:
    """One line."""
    project, dates = site.project, dates_of(row)
    says = say("“{claim}”", claim=plain(row.claim.says.of(language)))
    parts = ["".join([project.title, ", ", row.claim.ref, say(": "), says, " ", lead(row, say)])]
    if dates:
        parts.append(say("Measured {dates}", dates=span_of(dates)))
    if whole:
        parts.append(f"sha256:{whole[:SHOWN]}")
    if address := address_of(project, claim_page(row.claim, site.main), language):
        parts.append(address)
    return say(". ").join(parts)


def span_of(dates: list[str]) -> str:
    return dates[0] if dates[0] == dates[-1] else f"{dates[0]} – {dates[-1]}"


def write_cards(site: SiteData, folder: Path, shared: Path) -> None:
    """The pictures lie where pages look for them; what lies there already is as it should be, or is written anew."""
    for row in site.ledger.rows:
        words = lead(row, say)
        made = {folder / picture("badges", row, site.main): badge(row.label, words, row.verdict.kind)}
        if row.outcomes:
            made[folder / picture("strips", row, site.main)] = strip(_by_release(row), words)
        for path, content in made.items():
            write_whole(path, content.encode())
        if row.outcomes and root_of(site.project):
            outcomes = list(row.plain.values())
            path = shared / card_name(outcomes)
            if not path.is_file():
                write_whole(path, card(outcomes))


def _by_release(row: Row) -> list[tuple[str, Outcome]]:
    """The outcomes, each with what its release is called in a small space."""
    called = {name: tool.series if tool else say("without Go") for name, tool in row.axis.items()}
    return [(called[name], outcome) for name, outcome in row.plain.items()]
