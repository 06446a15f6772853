"""How the collector's own counts are shown: metrics side by side, cycles one by one."""

from collections.abc import Mapping

from docutils import nodes

from claimlab.instruments.heap import Cycle, HeapCounts
from claimlab.sphinx.elements import paragraph
from claimlab.sphinx.evidence.alike import Shown, in_tabs, rows_of, side_by_side


def counts(seen: Mapping[str, Mapping[str, HeapCounts]]) -> list[nodes.Node]:
    """A table for each place in the program that asked."""
    asked: dict[str, dict[str, dict[str, Shown]]] = {}
    for toolchain, found in seen.items():
        for label, one in found.items():
            for name, value in one.counted.items():
                shown = "not counted" if value is None else f"{value:,}"
                asked.setdefault(label, {}).setdefault(name, {})[toolchain] = shown
    content: list[nodes.Node] = []
    for label, rows in asked.items():
        content.append(paragraph(nodes.strong("", label)))
        content += side_by_side(label, "runtime/metrics", rows, list(seen), figures=True)
    return content


def cycles(seen: Mapping[str, Mapping[str, Cycle]]) -> list[nodes.Node]:
    head = ("Cycle", "Began after", "Stopped to begin", "Marked for", "Stopped to end", "Heap in MiB", "Goal", "Forced")
    return in_tabs(seen, lambda found: rows_of("Collections", head, map(_cycle, found.values()), "cl-figures"))


def _cycle(one: Cycle) -> list[Shown]:
    return [
        str(one.number),
        f"{one.start_s:g} s",
        f"{one.sweep_termination_ms:g} ms",
        f"{one.mark_ms:g} ms",
        f"{one.mark_termination_ms:g} ms",
        f"{one.before_mib} → {one.after_mib}, live {one.live_mib}",
        f"{one.goal_mib} MiB",
        "by the program" if one.forced else "no",
    ]
