"""A lab's page: its question, the verdicts, the raw evidence, the sources, the trials."""

from collections.abc import Mapping
from typing import Any, Final

from docutils import nodes

from claimlab.site.asked import speaking_of
from claimlab.site.data import SiteData
from claimlab.site.downloads import Offered
from claimlab.site.drawing import pictures_of_lab
from claimlab.site.evidence import PRESENTERS, exhibited, exhibits, presenters_of
from claimlab.site.evidence.room import Place
from claimlab.site.html import fold, section, unsearched
from claimlab.site.matrix_view import gap_notice, matrix
from claimlab.site.reader import Reader, say
from claimlab.site.render import raw, render
from claimlab.site.source_view import lab_sources
from claimlab.site.trial_view import lab_trials
from claimlab.site.values_view import lab_values
from claimlab.trials.lab import LabFolder

ROOM: Final = 80_000
"""Characters for all exhibits of a lab."""


def lab_page(site: SiteData, lab: LabFolder, reader: Reader, offered: Offered) -> list[nodes.Node]:
    """All of the page below its title; "all toolchains" are those that the lab is asked on."""
    with speaking_of(lab.axis(site.ledger.toolchains)):
        return _lab_page(site, lab, reader, offered)


def _lab_page(site: SiteData, lab: LabFolder, reader: Reader, offered: Offered) -> list[nodes.Node]:
    rows = site.rows_of(lab)
    top = raw(render("lab.html", reader, lab=lab) + gap_notice(site.gaps(lab), reader) + matrix(site, rows, reader))
    parts = [
        ("sources", say("Sources"), lab_sources(lab, offered)),
        ("provenance", say("Provenance and replay"), lab_trials(site, lab, site.observations(lab), offered)),
    ]
    below = [section(f"lab-{lab.name}-{anchor}", title, [unsearched(content)]) for anchor, title, content in parts]
    pictures = pictures_of_lab(site, lab, reader.language)
    drawn = [section(f"lab-{lab.name}-pictures", say("Pictures"), pictures)] if pictures else []
    shown = [*drawn, *lab_values(site, lab), *_evidence(lab, site.seen(lab), reader)]
    return [section(f"lab-{lab.name}", lab.name, [top, *shown, *below])]


def _evidence(lab: LabFolder, seen: Mapping[str, Any], reader: Reader) -> list[nodes.Node]:
    """A section for each kind of instrument; in it a fold for each thing it saw, the first one open."""
    presenters = presenters_of(lab.project, reader.language)
    found = exhibits(seen, presenters)
    shown = exhibited(found, Place(f"lab-{lab.name}-exhibit", f"#lab-{lab.name}-provenance", ROOM), presenters)
    sections: list[nodes.Node] = []
    for kind, presenter in presenters.items():
        ours = [number for number, exhibit in enumerate(found) if exhibit.kind is kind]
        folds = [unsearched(fold(found[number].name, shown[number], opened=number == ours[0])) for number in ours]
        if folds:
            sections.append(section(f"lab-{lab.name}-{_slug(kind)}", presenter.words, folds))
    return sections


def _slug(kind: type) -> str:
    """A name for addresses; a project's own types may be called as claimlab's are."""
    name = kind.__name__ if kind in PRESENTERS else f"{kind.__module__}-{kind.__name__}"
    return name.lower().replace(".", "-").replace("_", "-")
