"""A claim's page: what it says, the verdict, and what decided it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from markupsafe import Markup

from claimlab.project.claim import Source
from claimlab.project.outcome import Outcome
from claimlab.project.project import spelled
from claimlab.site.cite_view import cited
from claimlab.site.data import SiteData
from claimlab.site.reader import Reader, html_language
from claimlab.site.render import render
from claimlab.verdicts.finding import Finding
from claimlab.verdicts.in_words import host_in_words
from claimlab.verdicts.judge import Known
from claimlab.verdicts.ledger import Row

Key = TypeVar("Key")
GO: Final = "https://github.com/golang/go"
"""Where the Go project's repository can be read by release."""


@dataclass(frozen=True, slots=True)
class Said:
    """What toolchains with the same outcome and the same words have in common."""

    outcome: Outcome
    names: list[str]
    text: str
    shown: bool = True
    """Not folded away."""

    @property
    def count(self) -> int:
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Tried:
    """What the judge said of one of its controls."""

    known: Known
    said: list[Said]
    asked: int
    """On how many toolchains."""
    rightly: int
    wrong: list[Said]
    """Excerpts of the answers that were wrong."""


def claim_answer(site: SiteData, row: Row, reader: Reader) -> Markup:
    """What stands first on the page, below its title, which is the claim."""
    chapter, section = site.place_of(row.claim)
    return render(
        "claim.html",
        reader,
        row=row,
        claim=row.claim,
        chapter=chapter,
        section=section,
        lab=row.lab,
        unseen=site.unseen_figures(row),
        reading=next((ruling.question.reading for ruling in row.rulings.values() if ruling.question), ""),
        written=_written_in(row),
        hosts={arch: _hosts(other, reader) for arch, other in row.architectures.items()},
    )


def claim_evidence(site: SiteData, row: Row, reader: Reader) -> Markup:
    """What decided it, how to check that, and how to cite it; of what no lab asks only the last."""
    return _decided(site, row, reader) + cited(site, row, reader, _hosts(row, reader))


def _decided(site: SiteData, row: Row, reader: Reader) -> Markup:
    question = next((ruling.question for ruling in row.rulings.values() if ruling.question), None)
    if question is None or row.lab is None:
        return Markup("")
    findings = {name: ruling.finding for name, ruling in row.rulings.items()}
    return render(
        "decided.html",
        reader,
        row=row,
        written=_written_in(row),
        question=question,
        excerpts=_excerpts(findings),
        reasons=_same(findings),
        hosts=_hosts(row, reader),
        saw={name: digest for ruling in row.rulings.values() for name, digest in ruling.saw.items()},
        tried=[_tried(row, number, known) for number, known in enumerate(question.controls)],
        replay=spelled(f"claimlab lab.{row.lab.name} --fresh", site.project.command),
        repository=site.project.settings.site.repository,
        sources=[(_files(site, source), _range(site, source, reader)) for source in row.claim.sources],
    )


def _written_in(row: Row) -> str:
    """The language of judges' sentences, which are in one only: English, or that of an article which has no English."""
    languages = row.claim.says
    return "en" if "en" in languages else html_language(next(iter(languages)))


def _hosts(row: Row, reader: Reader) -> dict[str, list[str]]:
    """The hosts that the claim was measured on, in words, with the toolchains."""
    measured = [(name, ruling.measured) for name, ruling in row.rulings.items()]
    return grouped_by((name, host_in_words(one.host, reader.say)) for name, one in measured if one)


def _files(site: SiteData, source: Source) -> list[tuple[str, str]]:
    """The places, each with its address in Go's repository as of the newest release here that has it."""
    having = [tool for tool in site.releases if tool.go in source.go and not tool.release.own]
    tag = f"go{(having or site.releases)[-1].release.version}" if site.releases else "master"
    return [(file, f"{GO}/{'tree' if file.endswith('/') else 'blob'}/{tag}/src/{file}") for file in source.files]


def _range(site: SiteData, source: Source, reader: Reader) -> str:
    """The releases that have a source, of those on the site; nothing if all have it."""
    names = [tool.series for tool in site.releases if tool.go in source.go]
    if not names or len(names) == len(site.releases):
        return ""
    return reader.say(", ").join(names) if len(names) < 3 else f"{names[0]} – {names[-1]}"


def claim_card(row: Row, reader: Reader) -> Markup:
    """What it says, the verdict, and the correction."""
    return render("card.html", reader, row=row)


def _tried(row: Row, number: int, known: Known) -> Tried:
    found = {name: ruling.controls[number] for name, ruling in row.rulings.items() if ruling.controls}
    rightly = sum(finding.outcome is known.answer for finding in found.values())
    wrong = {name: finding for name, finding in found.items() if finding.outcome is not known.answer}
    return Tried(known, _same(found), len(found), rightly, _excerpts(wrong))


def _same(findings: dict[str, Finding]) -> list[Said]:
    """Each outcome with its sentence, and the toolchains that share it."""
    grouped = grouped_by((name, (found.outcome, found.because)) for name, found in findings.items())
    return [Said(outcome, names, because) for (outcome, because), names in grouped.items()]


def _excerpts(findings: dict[str, Finding]) -> list[Said]:
    """For each outcome the excerpt of the newest toolchain is shown; all others are folded away."""
    grouped = grouped_by((name, (found.outcome, found.shows)) for name, found in findings.items())
    shown: set[Outcome] = set()
    said = []
    for (outcome, text), names in reversed(grouped.items()):
        if text:
            said.append(Said(outcome, names, text, shown=outcome not in shown))
            shown.add(outcome)
    return said


def grouped_by(pairs: Iterable[tuple[str, Key]]) -> dict[Key, list[str]]:
    """The names that share a key, in the order in which the keys first came."""
    groups: dict[Key, list[str]] = {}
    for name, key in pairs:
        groups.setdefault(key, []).append(name)
    return groups
