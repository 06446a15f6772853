"""The figures that a lab names, on its page: a row for each, a column for each toolchain."""

from docutils import nodes

from claimlab.site.data import SiteData
from claimlab.site.html import cell, element, row, section, table, unsearched
from claimlab.site.reader import judged, say
from claimlab.site.render import SIGNS
from claimlab.trials.lab import LabFolder
from claimlab.verdicts.values import Valued, names_values, valued

NONE = "–"


def lab_values(site: SiteData, lab: LabFolder) -> list[nodes.Node]:
    """Nothing for a lab that names none, or of which nothing is recorded as things are."""
    if not names_values(lab):
        return []
    found = {trial.toolchain.name: valued(trial, site.ledger.record) for trial in site.ledger.trials(lab)}
    names = list(dict.fromkeys(name for one in found.values() for name in one.values))
    if not names and not any(one.observation for one in found.values()):
        return []
    heads = [say("value"), *(say("without Go") if name == "-" else name for name in found)]
    rows = [row(name, [cell(_shown(one, name)) for one in found.values()]) for name in names]
    words = say("Values")
    return [section(f"lab-{lab.name}-values", words, [unsearched(table(words, heads, rows))])]


def _shown(found: Valued, name: str) -> str:
    """The figure; a sign where there is none, and its reason for who asks."""
    if (absent := found.absent) is not None:
        return element("abbr", SIGNS[absent.outcome], title=judged(absent.because) or absent.because)
    return str(found.values.get(name, NONE))
