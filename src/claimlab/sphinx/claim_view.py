"""One claim on a page: what it says, the verdict, and what decided it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from docutils import nodes

from claimlab.ledger import Row
from claimlab.outcome import Finding, Outcome
from claimlab.sphinx.elements import box, fold, items, listing, paragraph, span
from claimlab.sphinx.marks import (
    badge,
    both,
    outcome_mark,
    prose,
    to_lab,
    toolchain_label,
    toolchains_in_words,
)

Key = TypeVar("Key")


def claim_in_detail(row: Row, *, with_lab: bool = True, pictures: Sequence[nodes.Node] = ()) -> list[nodes.Node]:
    """Everything there is on the claim."""
    content = [*claim_in_short(row), *pictures]
    if row.rulings:
        content += [_reading(row), *_reasons(row), *_excerpts(row), _control(row)]
    if with_lab and row.lab:
        content.append(paragraph(nodes.Text("The evidence: lab "), to_lab(row.lab.name), nodes.Text(".")))
    return content


def claim_in_short(row: Row) -> list[nodes.Node]:
    """The sentence, the verdict, the outcomes side by side, and the corrected sentence."""
    content: list[nodes.Node] = [box(*both(row.claim.says), classes=["cl-statement"]), *verdict_line(row)]
    if row.rulings:
        content.append(strip(row))
    if row.claim.correction:
        lead = paragraph(nodes.Text("What it should have said"), classes=["cl-lead"])
        content.append(box(lead, *both(row.claim.correction), classes=["cl-correction"]))
    return content


def verdict_line(row: Row) -> list[nodes.Node]:
    """The verdict as a badge and in words, and its cause where the experiments show one."""
    verdict = row.verdict
    line = paragraph(badge(verdict.kind), nodes.Text(" "), *prose(verdict.words), classes=["cl-verdict"])
    content: list[nodes.Node] = [line]
    if row.claim.untestable:
        content = [
            paragraph(badge(verdict.kind), classes=["cl-verdict"]),
            *both(row.claim.untestable, "cl-reason"),
        ]
    if verdict.cause:
        content.append(paragraph(nodes.strong("", "Cause: "), *prose(verdict.cause), classes=["cl-cause"]))
    return content


def strip(row: Row) -> nodes.Node:
    """The outcome of every toolchain in a row that breaks where the page ends."""
    chips = []
    for name, outcome in row.outcomes.items():
        chips.append([paragraph(toolchain_label(name), nodes.Text(" "), outcome_mark(outcome))])
    return items(chips, "cl-strip")


def _reading(row: Row) -> nodes.Node:
    """How the judge takes the claim's words."""
    question = next(ruling.question for ruling in row.rulings.values() if ruling.question)
    return paragraph(nodes.strong("", "Read as: "), *prose(question.reading), classes=["cl-reading"])


def _reasons(row: Row) -> list[nodes.Node]:
    """The sentence behind each outcome; toolchains with the same sentence stand together."""
    findings = {name: ruling.finding for name, ruling in row.rulings.items()}
    return [
        paragraph(nodes.Text("What decided it"), classes=["cl-lead"]),
        _sentences(findings, len(findings)),
    ]


def _excerpts(row: Row) -> list[nodes.Node]:
    """The decisive excerpt: one for each outcome, from the newest toolchain; the others in a fold."""
    shown: list[nodes.Node] = []
    hidden: list[nodes.Node] = []
    seen: set[Outcome] = set()
    others: list[str] = []
    excerpts = ((name, (ruling.outcome, ruling.finding.shows)) for name, ruling in row.rulings.items())
    for (outcome, shows), names in reversed(grouped_by(excerpts).items()):
        if not shows:
            continue
        where = span(nodes.Text(toolchains_in_words(names, len(row.rulings))), classes=["cl-where"])
        block = [paragraph(outcome_mark(outcome), nodes.Text(" "), where), listing(shows)]
        if outcome in seen:
            hidden += block
            others += names
        else:
            shown += block
            seen.add(outcome)
    if not shown:
        return []
    content: list[nodes.Node] = [paragraph(nodes.Text("The decisive excerpt"), classes=["cl-lead"]), *shown]
    if hidden:
        content.append(fold([nodes.Text(f"The excerpts of {len(others)} other toolchains")], hidden))
    return [box(*content, classes=["cl-excerpts"])]


def _control(row: Row) -> nodes.Node:
    """What the same judge said of an input whose answer is known."""
    question = next(ruling.question for ruling in row.rulings.values() if ruling.question)
    lead: list[nodes.Node] = [nodes.strong("", "Control: "), *prose(question.control.removesuffix(".") + ". ")]
    lead += [nodes.Text("The right answer is "), outcome_mark(question.known), nodes.Text(".")]
    asked = {name: ruling.control for name, ruling in row.rulings.items() if ruling.control}
    if not asked:
        missing = paragraph(nodes.Text("The judge has not been asked yet: there is no observation."))
        return box(paragraph(*lead), missing, classes=["cl-control"])
    rightly = sum(answer.outcome is question.known for answer in asked.values())
    line = nodes.Text(f"The judge answered rightly on {rightly} of {len(asked)} toolchains.")
    return box(paragraph(*lead), fold([line], [_sentences(asked, len(row.rulings))]), classes=["cl-control"])


def _sentences(findings: Mapping[str, Finding], among: int) -> nodes.Node:
    """Each outcome with its sentence, and the toolchains that share it."""
    blocks: list[list[nodes.Node]] = []
    grouped = grouped_by((name, (found.outcome, found.because)) for name, found in findings.items())
    for (outcome, because), names in grouped.items():
        where = span(nodes.Text(toolchains_in_words(names, among)), classes=["cl-where"])
        blocks.append([paragraph(outcome_mark(outcome), nodes.Text(" "), where), paragraph(*prose(because))])
    return items(blocks, "cl-reasons")


def grouped_by(pairs: Iterable[tuple[str, Key]]) -> dict[Key, list[str]]:
    """The names that share a key, in the order in which the keys first came."""
    groups: dict[Key, list[str]] = {}
    for name, key in pairs:
        groups.setdefault(key, []).append(name)
    return groups
