"""How the collector's own counts are shown: metrics side by side, cycles one by one."""

from collections.abc import Mapping
from itertools import product

from markupsafe import Markup

from claimlab.instruments.heap import Cycle, HeapCounts
from claimlab.site.evidence.alike import in_tabs
from claimlab.site.evidence.room import Place
from claimlab.site.evidence.tables import PATH, Shown, rows_of, side_by_side
from claimlab.site.reader import say


def counts(seen: Mapping[str, Mapping[str, HeapCounts]], place: Place) -> Markup:
    """The metrics, below each place in the program that asked for them."""
    rows: dict[str, dict[str, Shown]] = {}
    asked = dict.fromkeys(label for found in seen.values() for label in found)
    for label, (toolchain, found) in product(asked, seen.items()):
        for name, value in found[label].counted.items() if label in found else ():
            shown = say("not counted") if value is None else f"{value:,}"
            rows.setdefault(f"{label}{PATH}{name}", {})[toolchain] = shown
    return side_by_side(say("What the runtime counted"), "runtime/metrics", rows, list(seen), place, figures=True)


def cycles(seen: Mapping[str, Mapping[str, Cycle]], place: Place) -> Markup:
    head = [
        *(say("Cycle"), say("Began after"), say("Stopped to begin"), say("Marked for"), say("Stopped to end")),
        *(say("Heap in MiB"), say("Goal"), say("Forced")),
    ]
    return in_tabs(
        {name: list(found.values()) for name, found in seen.items()},
        lambda found, where: rows_of(say("Collections"), head, map(_cycle, found), where, "cl-figures"),
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
        say("{before} → {after}, live {live}", **heap),
        f"{one.goal_mib} MiB",
        say("by the program") if one.forced else say("no"),
    ]
