"""A lab's page: its question, the verdicts, each claim, the raw evidence, the sources, the replay."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from docutils import nodes

from claimlab.lab import LabFolder
from claimlab.record import Observation
from claimlab.sphinx.claim_view import claim_in_detail
from claimlab.sphinx.desk import Desk
from claimlab.sphinx.domain import claim_anchor
from claimlab.sphinx.elements import cell, fold, listing, paragraph, section, table, tabs
from claimlab.sphinx.evidence import PRESENTERS, exhibits
from claimlab.sphinx.marks import badge, prose
from claimlab.sphinx.matrix_view import gap_notice, legend, matrix_line, matrix_table
from claimlab.sphinx.pictures import pictures_of_lab
from claimlab.trial import Trial


def lab_page(desk: Desk, lab: LabFolder) -> list[nodes.Node]:
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
    pictures = pictures_of_lab(desk, lab)
    return [
        paragraph(*prose(lab.question), classes=["cl-question"]),
        *gap_notice(desk.gaps(lab)),
        section(f"lab-{lab.name}-verdicts", [nodes.Text("Verdicts")], verdicts),
        *([section(f"lab-{lab.name}-pictures", [nodes.Text("Pictures")], pictures)] if pictures else []),
        section(f"lab-{lab.name}-claims", [nodes.Text("The claims one by one")], claims),
        *_evidence(lab, seen),
        section(f"lab-{lab.name}-sources", [nodes.Text("Sources")], _sources(lab)),
        section(
            f"lab-{lab.name}-provenance",
            [nodes.Text("Provenance and replay")],
            _provenance(desk.ledger.trials(lab), observations),
        ),
    ]


def _evidence(lab: LabFolder, seen: Mapping[str, Any]) -> list[nodes.Node]:
    """A section for each kind of instrument; in it a fold for each thing it saw, the first one open."""
    found = exhibits(seen)
    sections: list[nodes.Node] = []
    for kind, presenter in PRESENTERS.items():
        ours = [exhibit for exhibit in found if exhibit.kind is kind]
        folds = [
            fold([nodes.Text(exhibit.name)], presenter.present(exhibit.seen), opened=exhibit is ours[0])
            for exhibit in ours
        ]
        if folds:
            anchor = f"lab-{lab.name}-{kind.__name__.lower()}"
            sections.append(section(anchor, [nodes.Text(presenter.title)], folds))
    return sections


def _sources(lab: LabFolder) -> list[nodes.Node]:
    """The Go programs in tabs, and in folds the code that observes and judges."""
    programs = sorted(path for path in lab.path.rglob("*.go"))
    shown = [(str(path.relative_to(lab.path)), [listing(path.read_text(), "go")]) for path in programs]
    content: list[nodes.Node] = [tabs("source", shown, selected=0)] if shown else []
    for pattern, words in (("lab*.py", "How it is observed"), ("judges*.py", "How it is judged")):
        for path in sorted(lab.path.glob(pattern)):
            line = [nodes.Text(f"{words}: "), nodes.literal("", path.name)]
            content.append(fold(line, [listing(path.read_text(), "python")]))
    return content


def _provenance(trials: Sequence[Trial], observations: Mapping[str, Observation | None]) -> list[nodes.Node]:
    shown: list[tuple[str, list[nodes.Node]]] = []
    for trial in trials:
        name = trial.toolchain.name
        if observation := observations[name]:
            shown.append((name, _origin(observation)))
        else:
            lead = paragraph(nodes.Text("There is no observation. This measures it:"))
            shown.append((name, [lead, listing(trial.replay, "console", "cl-replay")]))
    return [tabs("toolchain", shown)]


def _origin(observation: Observation) -> list[nodes.Node]:
    """Where one observation comes from, and the command that makes it again."""
    origin = observation.provenance
    facts = {
        "Measured": origin.measured_at,
        "Took": f"{origin.duration_s:g} s",
        "Engine": observation.engine,
        "Go": origin.go,
        **{_fact(name): value for name, value in (origin.place | origin.host).items() if value},
        **{f"SHA-256 of {name}": value for name, value in origin.binaries.items()},
    }
    rows = [[cell(nodes.Text(name)), cell(nodes.literal("", value))] for name, value in facts.items()]
    lines = [
        " ".join(["$", *(f"{k}={v}" for k, v in one.env.items()), shlex.join(one.argv)]) for one in origin.commands
    ]
    content: list[nodes.Node] = [
        paragraph(nodes.Text("Run this to measure exactly this trial again:")),
        listing(origin.replay, "console", "cl-replay"),
        table("Provenance", [cell(nodes.Text("Fact")), cell(nodes.Text("Value"))], rows, "cl-facts"),
    ]
    if lines:
        content.append(
            fold(
                [nodes.Text(f"The {len(lines)} commands of this trial")],
                [listing("\n".join(lines), "console")],
            )
        )
    return content


def _fact(name: str) -> str:
    """A fact's name as a reader expects it."""
    return {"cpu": "CPU", "gdb": "gdb", "gcc": "gcc", "image": "Image", "cores": "CPU cores"}.get(
        name, name.capitalize()
    )
