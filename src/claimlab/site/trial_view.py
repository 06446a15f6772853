"""The trials of a lab on its page: when and where each was measured, its record, the command that repeats it."""

import re
import shlex
from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from claimlab.project.project import spelled
from claimlab.site.data import SiteData
from claimlab.site.downloads import Offered
from claimlab.site.evidence.alike import in_short
from claimlab.site.evidence.room import Place, clipped
from claimlab.site.evidence.tables import NOTHING, Shown, side_by_side
from claimlab.site.html import cell, command, element, fold, listing, paragraph, row, table
from claimlab.site.reader import say
from claimlab.trials.lab import LabFolder
from claimlab.trials.record import Observation
from claimlab.trials.trial import Trial

ROOM: Final = 5_000
"""Characters of facts, and of commands."""
_HASHED: Final = re.compile(r"\b([0-9a-f]{16})[0-9a-f]{24,}\b")
"""A hash, and the digits of it that suffice to compare by eye. The record has all."""


def lab_trials(
    site: SiteData, lab: LabFolder, observations: Mapping[str, Observation | None], offered: Offered
) -> Markup:
    """A row for each trial with its record and its replay; what they have in common; the commands of the newest."""
    head = [say("Toolchain"), say("Measured (UTC)"), say("Took"), say("The whole record"), say("Measures it again")]
    rows = [_trial(site, trial, observations[trial.toolchain.name], offered) for trial in site.ledger.trials(lab)]
    lead = say(
        "Everything that a trial saw and did is in its record. The command beside it measures exactly this trial again."
    )
    content = paragraph(lead) + table(say("Trials"), head, rows, "cl-trials")
    found = {name: observation for name, observation in observations.items() if observation}
    if not found:
        return content
    facts: dict[str, dict[str, Shown]] = {}
    for name, observation in found.items():
        for fact, value in _facts(observation).items():
            facts.setdefault(fact, {})[name] = _HASHED.sub(r"\1…", value)
    place = Place("", "", ROOM)
    return (
        content + side_by_side(say("Where it was measured"), say("Fact"), facts, list(found), place) + _commands(found)
    )


def _trial(site: SiteData, trial: Trial, observation: Observation | None, offered: Offered) -> Markup:
    said = [cell(NOTHING)] * 3
    if observation:
        origin = observation.provenance
        name = offered.record(trial)
        size = say("JSON, {number} kB", number=-(-site.file(trial).stat().st_size // 1000))
        saved = element("a", size, classes="reference", href=name, download=name.rpartition("/")[2]) if name else size
        said = [cell(origin.measured_at[:16].replace("T", " ")), cell(f"{origin.duration_s:.1f} s"), cell(saved)]
    return row(in_short([trial.toolchain.name]), [*said, cell(command(spelled(trial.replay, site.project.command)))])


def _facts(observation: Observation) -> dict[str, str]:
    origin = observation.provenance
    return {
        say("Engine"): observation.engine,
        "Go": ", ".join(dict.fromkeys([origin.go, *origin.says.values()])),
        **{_fact(name): value for name, value in (origin.place | origin.host).items() if value},
        **{say("SHA-256 of {name}", name=name): value for name, value in origin.binaries.items()},
    }


def _fact(name: str) -> str:
    """A fact's name as a reader expects it."""
    known = {
        "cpu": say("CPU"),
        "cores": say("CPU cores"),
        "gcc": "gcc",
        "gdb": "gdb",
        "image": say("Image"),
        "kernel": say("Kernel"),
        "machine": say("Machine"),
    }
    return known.get(name, name)


def _commands(found: Mapping[str, Observation]) -> Markup:
    """What was done on the newest toolchain."""
    name, observation = list(found.items())[-1]
    commands = observation.provenance.commands
    if not commands:
        return Markup("")
    lines = [" ".join(["$", *(f"{k}={v}" for k, v in one.env.items()), shlex.join(one.argv)]) for one in commands]
    words = say("The commands of the trial on {name}: {number}", number=len(lines), name=name)
    return fold(words, listing(clipped("\n".join(lines), ROOM), words))
