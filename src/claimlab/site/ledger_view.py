"""The ledger: every claim with its verdict, as a page and as data in three formats."""

import csv
import io
from pathlib import Path
from typing import Final

from markupsafe import Markup

from claimlab.site.data import SiteData
from claimlab.site.matrix_view import parts_of
from claimlab.site.reader import Reader
from claimlab.site.render import render
from claimlab.verdicts.ledger import as_json

NAMES: Final = ("ledger.json", "ledger.csv", "ledger.md")


def ledger_body(site: SiteData, reader: Reader) -> Markup:
    """All of the page below its title."""
    rows = parts_of(site, site.ledger.rows)
    return render("ledger.html", reader, parts=rows, downloads=NAMES, root="")


def write_ledger(site: SiteData, folder: Path) -> None:
    """The downloads of the ledger's page lie beside it."""
    for name, content in zip(NAMES, (as_json(site.ledger.rows), as_csv(site), as_markdown(site)), strict=True):
        (folder / name).write_text(content, encoding="utf-8")


def as_csv(site: SiteData) -> str:
    """A line a claim; a column for each toolchain, empty where the claim has no such axis."""
    toolchains = [toolchain.name for toolchain in site.ledger.asked_of(site.ledger.rows)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    languages = list(dict.fromkeys(language for article in site.project.articles for language in article.languages))
    writer.writerow(["article", "id", "section", *languages, "verdict", "words", "lab", "without Go", *toolchains])
    for row in site.ledger.rows:
        claim, outcomes = row.claim, row.outcomes
        says = [claim.article, claim.id, claim.section, *(claim.says.get(language, "") for language in languages)]
        says += [str(row.verdict.kind), row.words()]
        found = [str(outcomes.get(name, "")) for name in ("-", *toolchains)]
        writer.writerow([*says, row.lab.name if row.lab else "", *found])
    return out.getvalue()


def as_markdown(site: SiteData) -> str:
    """A table a section, to be pasted where Markdown is read."""
    lines = ["# The ledger"]
    for part in parts_of(site, site.ledger.rows):
        title = " · ".join(words.first for words in (part.article, part.section.title) if words)
        lines += [
            "",
            f"## {part.section.id} {title}".replace("##  ", "## "),
            "",
            "| claim | verdict | in words |",
            "|---|---|---|",
        ]
        for row in part.rows:
            says = f"**{row.label}** {row.claim.says.first}".replace("|", "\\|")
            lines.append(f"| {says} | {row.verdict.kind} | {row.words().replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"
