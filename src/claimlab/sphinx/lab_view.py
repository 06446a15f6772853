"""A lab's page: its question, the verdicts, each claim, the raw evidence, the sources, the trials."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from docutils import nodes
from sphinx.locale import get_translation

from claimlab.lab import LabFolder
from claimlab.sphinx.claim_view import claim_in_detail
from claimlab.sphinx.desk import Desk
from claimlab.sphinx.domain import claim_anchor
from claimlab.sphinx.downloads import Offered
from claimlab.sphinx.elements import paragraph, section
from claimlab.sphinx.evidence import PRESENTERS, exhibited, exhibits
from claimlab.sphinx.evidence.room import Place
from claimlab.sphinx.html import fold, raw
from claimlab.sphinx.marks import badge, prose
from claimlab.sphinx.matrix_view import gap_notice, legend, matrix_line, matrix_table
from claimlab.sphinx.source_view import lab_sources
from claimlab.sphinx.trial_view import lab_trials

_ = get_translation("claimlab")
ROOM: Final = 44_000
"""Characters for all exhibits of a lab."""


def lab_page(desk: Desk, lab: LabFolder, offered: Offered) -> list[nodes.Node]:
    rows = desk.rows_of(lab)
    observations = desk.observations(lab)
    names = list(observations)
    seen = {
        name: msgspec.json.decode(observation.seen, type=lab.lab.seen_type)
        for name, observation in observations.items()
        if observation
    }
    present = {outcome for row in rows for outcome in row.outcomes.values()}
    verdicts = [matrix_table([matrix_line(row, names) for row in rows], names), legend(present)]
    claims = [
        section(
            claim_anchor(row.claim.id),
            [nodes.Text(f"{row.claim.id} "), badge(row.verdict.kind)],
            claim_in_detail(row, with_lab=False),
        )
        for row in rows
    ]
    return [
        paragraph(*prose(lab.question), classes=["cl-question"]),
        *gap_notice(desk.gaps(lab)),
        section(f"lab-{lab.name}-verdicts", [nodes.Text("Verdicts")], verdicts),
        section(f"lab-{lab.name}-claims", [nodes.Text("The claims one by one")], claims),
        *_evidence(lab, seen),
        section(f"lab-{lab.name}-sources", [nodes.Text(_("Sources"))], [raw(lab_sources(lab, offered))]),
        section(
            f"lab-{lab.name}-provenance",
            [nodes.Text(_("Provenance and replay"))],
            [raw(lab_trials(desk, lab, observations, offered))],
        ),
    ]


def _evidence(lab: LabFolder, seen: Mapping[str, Any]) -> list[nodes.Node]:
    """A section for each kind of instrument; in it a fold for each thing it saw, the first one open."""
    found = exhibits(seen)
    shown = exhibited(found, Place(f"lab-{lab.name}-exhibit", f"#lab-{lab.name}-provenance", ROOM))
    sections: list[nodes.Node] = []
    for kind, presenter in PRESENTERS.items():
        ours = [number for number, exhibit in enumerate(found) if exhibit.kind is kind]
        folds = [raw(fold(found[number].name, shown[number], opened=number == ours[0])) for number in ours]
        if folds:
            anchor = f"lab-{lab.name}-{kind.__name__.lower()}"
            sections.append(section(anchor, [nodes.Text(presenter.title)], folds))
    return sections
