"""Claims × toolchains at a glance, and how many claims came out which way."""

from collections.abc import Iterable, Sequence

from docutils import nodes

from claimlab.claim import Chapter
from claimlab.ledger import Row
from claimlab.outcome import Outcome
from claimlab.sphinx.desk import Desk, Gap
from claimlab.sphinx.elements import Shares, box, cell, fold, items, listing, paragraph, span, table
from claimlab.sphinx.marks import MEANINGS, badge, outcome_mark, prose, to_claim, toolchain_label
from claimlab.toolchain import NO_AXIS
from claimlab.verdict import Kind

MEANT = {
    Kind.CONFIRMED: "true on every release",
    Kind.REFUTED: "true on none",
    Kind.VERSION_DEPENDENT: "true on some releases only",
    Kind.INCONCLUSIVE: "not settled: see the gaps",
    Kind.UNTESTABLE: "nobody can test it here",
    Kind.PENDING: "no lab asks it yet",
}


def matrix(rows: Sequence[Row], toolchains: Sequence[str], chapters: Iterable[Chapter]) -> list[nodes.Node]:
    """The claims that a lab has asked, under their sections; below, in folds, those that no lab asks."""
    tested = {row.claim.id: row for row in rows if row.lab}
    lines: list[list[nodes.entry]] = []
    for section in (section for chapter in chapters for section in chapter.sections):
        found = [tested[claim.id] for claim in section.claims if claim.id in tested]
        if found:
            title = prose(f"{section.id}  {section.title.en}")
            lines.append([cell(*title, classes=["cl-section"], morecols=len(toolchains))])
            lines += [matrix_line(row, toolchains) for row in found]
    content: list[nodes.Node] = []
    if lines:
        content = [
            matrix_table(lines, toolchains),
            legend({found for row in rows for found in row.outcomes.values()}),
        ]
    return content + _untested(rows)


def matrix_table(lines: Iterable[Sequence[nodes.entry]], toolchains: Sequence[str]) -> nodes.Node:
    head = [cell(nodes.Text("Claim and verdict"))]
    head += [cell(toolchain_label(name), classes=["cl-cell"]) for name in toolchains]
    return table("Claims by toolchains", head, lines, "cl-matrix")


def matrix_line(row: Row, toolchains: Sequence[str]) -> list[nodes.entry]:
    claim = row.claim
    name = [
        paragraph(to_claim(claim.id), nodes.Text(" "), badge(row.verdict.kind)),
        paragraph(*prose(claim.says.en)),
    ]
    # The words of an inconclusive verdict list the gaps, which the cells beside it show better.
    if row.verdict.kind is not Kind.INCONCLUSIVE:
        name.append(paragraph(*prose(row.words()), classes=["cl-words"]))
    line = [cell(*name, classes=["cl-claim"])]
    if NO_AXIS in row.outcomes and toolchains != [NO_AXIS]:
        inside = [outcome_mark(row.outcomes[NO_AXIS]), nodes.Text(" "), toolchain_label(NO_AXIS)]
        return [*line, cell(*inside, classes=["cl-cell", "cl-any"], morecols=len(toolchains) - 1)]
    for toolchain in toolchains:
        outcome = row.outcomes.get(toolchain)
        if outcome is None:
            line.append(cell(classes=["cl-cell"]))
        else:
            inside = [
                span(toolchain_label(toolchain), nodes.Text(" "), classes=["cl-cell-name"]),
                outcome_mark(outcome),
            ]
            line.append(cell(*inside, classes=["cl-cell", f"cl-{outcome}"]))
    return line


def legend(present: set[Outcome]) -> nodes.Node:
    """What the signs mean; only those that occur."""
    meanings = [(outcome, words) for outcome, words in MEANINGS.items() if outcome in present]
    return items(([paragraph(outcome_mark(one), nodes.Text(f" {words}"))] for one, words in meanings), "cl-legend")


def _untested(rows: Sequence[Row]) -> list[nodes.Node]:
    content: list[nodes.Node] = []
    for kind, words in ((Kind.UNTESTABLE, "cannot be tested here"), (Kind.PENDING, "wait for a lab")):
        found = [row for row in rows if row.lab is None and row.verdict.kind is kind]
        if found:
            line = [badge(kind), nodes.Text(f" {counted(len(found), 'claim')} that {words}")]
            content.append(fold(line, [items(([_compact(row)] for row in found), "cl-compact-list")]))
    return content


def _compact(row: Row) -> nodes.Node:
    return paragraph(to_claim(row.claim.id), nodes.Text(" "), *prose(row.claim.says.en))


def counts(desk: Desk) -> list[nodes.Node]:
    """How many claims came out which way, and how many have been tested at all."""
    found = desk.ledger.counts()
    total = sum(found.values())
    tested = total - found[Kind.PENDING] - found[Kind.UNTESTABLE]
    tiles = []
    for kind in Kind:
        number = span(nodes.Text(str(found[kind])), classes=["cl-number"])
        meaning = span(nodes.Text(MEANT[kind]), classes=["cl-meaning"])
        tiles.append([paragraph(number, nodes.Text(" "), badge(kind), nodes.Text(" "), meaning)])
    share = f" ({tested / total:.0%})" if total else ""
    coverage = (
        f"{tested} of {counted(total, 'claim')} tested{share}; {found[Kind.UNTESTABLE]} cannot be tested; "
        f"{found[Kind.PENDING]} wait for a lab. Measured on {len(desk.ledger.toolchains)} Go toolchains."
    )
    bar = Shares("", shares=[(str(kind), found[kind]) for kind in Kind if found[kind]])
    return [box(items(tiles, "cl-tiles"), bar, paragraph(nodes.Text(coverage), classes=["cl-coverage"]))]


def gap_notice(gaps: Sequence[Gap]) -> list[nodes.Node]:
    """A warning that names every trial without an outcome, and why; nothing if there is none."""
    if not gaps:
        return []
    grouped: dict[tuple[str, Outcome, str, str], list[Gap]] = {}
    for gap in gaps:
        grouped.setdefault((gap.lab, gap.outcome, gap.because, gap.shows), []).append(gap)
    blocks = []
    for (lab, outcome, because, shows), same in grouped.items():
        claims = {claim for gap in same for claim in gap.claims}
        where = f" {lab} on {', '.join(gap.toolchain for gap in same)} ({counted(len(claims), 'claim')}): "
        block: list[nodes.Node] = [paragraph(outcome_mark(outcome), nodes.Text(where), *prose(because))]
        blocks.append(block + ([listing(shows)] if shows else []))
    title = nodes.title("", "", nodes.Text("Gaps: these trials have no outcome"))
    return [nodes.admonition("", title, items(blocks), classes=["warning", "cl-gaps"])]


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
