"""A lab's page: its question, the verdicts, the raw evidence, the sources, the trials."""

from collections.abc import Mapping
from typing import Any, Final

from docutils import nodes

from claimlab.lab import LabFolder
from claimlab.sphinx.desk import Desk
from claimlab.sphinx.downloads import Offered
from claimlab.sphinx.evidence import PRESENTERS, exhibited, exhibits
from claimlab.sphinx.evidence.room import Place
from claimlab.sphinx.html import fold, section, unsearched
from claimlab.sphinx.matrix_view import gap_notice, matrix
from claimlab.sphinx.pictures import pictures_of_lab
from claimlab.sphinx.reader import Reader, say
from claimlab.sphinx.render import raw, render
from claimlab.sphinx.source_view import lab_sources
from claimlab.sphinx.trial_view import lab_trials

ROOM: Final = 80_000
"""Characters for all exhibits of a lab."""


def lab_page(desk: Desk, lab: LabFolder, reader: Reader, offered: Offered) -> list[nodes.Node]:
    rows = desk.rows_of(lab)
    top = raw(render("lab.html", reader, lab=lab) + gap_notice(desk.gaps(lab), reader) + matrix(desk, rows, reader))
    parts = [
        ("sources", say("Sources"), lab_sources(lab, offered)),
        ("provenance", say("Provenance and replay"), lab_trials(desk, lab, desk.observations(lab), offered)),
    ]
    below = [section(f"lab-{lab.name}-{anchor}", title, [unsearched(content)]) for anchor, title, content in parts]
    pictures = pictures_of_lab(desk, lab, reader.language)
    drawn = [section(f"lab-{lab.name}-pictures", say("Pictures"), pictures)] if pictures else []
    return [section(f"lab-{lab.name}", lab.name, [top, *drawn, *_evidence(lab, desk.seen(lab)), *below])]


def _evidence(lab: LabFolder, seen: Mapping[str, Any]) -> list[nodes.Node]:
    """A section for each kind of instrument; in it a fold for each thing it saw, the first one open."""
    found = exhibits(seen)
    shown = exhibited(found, Place(f"lab-{lab.name}-exhibit", f"#lab-{lab.name}-provenance", ROOM))
    sections: list[nodes.Node] = []
    for kind, presenter in PRESENTERS.items():
        ours = [number for number, exhibit in enumerate(found) if exhibit.kind is kind]
        folds = [unsearched(fold(found[number].name, shown[number], opened=number == ours[0])) for number in ours]
        if folds:
            anchor = f"lab-{lab.name}-{kind.__name__.lower()}"
            sections.append(section(anchor, say(presenter.title), folds))
    return sections
