"""How the collector's own counts are shown: metrics side by side, cycles one by one."""

from collections.abc import Mapping
from itertools import product

from markupsafe import Markup
from sphinx.locale import get_translation

from claimlab.instruments.heap import Cycle, HeapCounts
from claimlab.sphinx.evidence.alike import in_tabs
from claimlab.sphinx.evidence.room import Place
from claimlab.sphinx.evidence.tables import PATH, Shown, rows_of, side_by_side

_ = get_translation("claimlab")


def counts(seen: Mapping[str, Mapping[str, HeapCounts]], place: Place) -> Markup:
    """The metrics, below each place in the program that asked for them."""
    rows: dict[str, dict[str, Shown]] = {}
    asked = dict.fromkeys(label for found in seen.values() for label in found)
    for label, (toolchain, found) in product(asked, seen.items()):
        for name, value in found[label].counted.items() if label in found else ():
            shown = str(_("not counted")) if value is None else f"{value:,}"
            rows.setdefault(f"{label}{PATH}{name}", {})[toolchain] = shown
    return side_by_side(_("What the runtime counted"), "runtime/metrics", rows, list(seen), place, figures=True)


def cycles(seen: Mapping[str, Mapping[str, Cycle]], place: Place) -> Markup:
    head = [
        *(_("Cycle"), _("Began after"), _("Stopped to begin"), _("Marked for"), _("Stopped to end")),
        *(_("Heap in MiB"), _("Goal"), _("Forced")),
    ]
    return in_tabs(
        {name: list(found.values()) for name, found in seen.items()},
        lambda found, where: rows_of(_("Collections"), head, map(_cycle, found), where, "cl-figures"),
        place,
    )


def _cycle(one: Cycle) -> list[Shown]:
    heap = {"before": one.before_mib, "after": one.after_mib, "live": one.live_mib}
    return [
        str(one.number),
        f"{one.start_s:g} s",
        f"{one.sweep_termination_ms:g} ms",
        f"{one.mark_ms:g} ms",
        f"{one.mark_termination_ms:g} ms",
        _("%(before)s → %(after)s, live %(live)s") % heap,
        f"{one.goal_mib} MiB",
        str(_("by the program") if one.forced else _("no")),
    ]
