"""A chapter's page: every claim of it, section by section."""

from docutils import nodes

from claimlab.claim import Chapter
from claimlab.ledger import Row
from claimlab.sphinx.claim_view import claim_in_short
from claimlab.sphinx.desk import Desk
from claimlab.sphinx.domain import claim_anchor
from claimlab.sphinx.elements import box, items, paragraph, section
from claimlab.sphinx.marks import CHINESE, badge, both, prose, to_claim, to_lab
from claimlab.verdict import Kind


def chapter_page(desk: Desk, chapter: Chapter) -> list[nodes.Node]:
    content: list[nodes.Node] = [paragraph(nodes.Text(chapter.title.zh), classes=["cl-zh", CHINESE])]
    labs = [lab for lab in desk.ledger.labs if lab.chapter_folder == chapter.folder]
    if labs:
        lines = ([paragraph(to_lab(lab.name), nodes.Text(f": {lab.question}"))] for lab in labs)
        content += [paragraph(nodes.Text("Labs of this chapter"), classes=["cl-lead"]), items(lines)]
    for one in chapter.sections:
        claims = [_claim(desk.rows[claim.id]) for claim in one.claims]
        title = prose(f"{one.id}  {one.title.en}")
        chinese = paragraph(nodes.Text(one.title.zh), classes=["cl-zh", CHINESE])
        content.append(section(f"section-{one.id.replace('.', '-')}", title, [chinese, *claims]))
    return content


def _claim(row: Row) -> nodes.Node:
    anchor = [claim_anchor(row.claim.id)]
    name = nodes.strong("", row.claim.id)
    if row.verdict.kind is Kind.PENDING:
        says = both(row.claim.says)
        return box(
            paragraph(name, nodes.Text(" "), badge(Kind.PENDING)),
            *says,
            classes=["cl-pending-claim"],
            ids=anchor,
        )
    content = [paragraph(name, classes=["cl-id"]), *claim_in_short(row)]
    if row.lab:
        content.append(paragraph(to_claim(row.claim.id, nodes.Text(f"The evidence, in lab {row.lab.name}"))))
    return box(*content, classes=["cl-card"], ids=anchor)
