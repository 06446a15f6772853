"""Verdicts in the terminal: a table for people, JSON for programs."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from claimlab.project.outcome import Outcome
from claimlab.project.visible import visible
from claimlab.running.signs import legend, signs
from claimlab.toolchains.toolchain import NO_AXIS
from claimlab.verdicts.in_words import where_in_words
from claimlab.verdicts.ledger import Row
from claimlab.verdicts.verdict import Kind

COLOURS: Final = {
    Kind.CONFIRMED: "green",
    Kind.WHEREVER_IT_EXISTS: "green",
    Kind.REFUTED: "red",
    Kind.VERSION_DEPENDENT: "blue",
    Kind.INCONCLUSIVE: "yellow",
    Kind.UNTESTABLE: "dim",
    Kind.PENDING: "dim",
}


UNMEASURED: Final = frozenset({Outcome.MISSING})


def show_table(console: Console, rows: Sequence[Row], toolchains: Sequence[str]) -> None:
    """One line a claim: its verdict, a sign for each toolchain that any was asked on, and the verdict in words."""
    asked = {name for row in rows for name in row.axis}
    columns = [name for name in toolchains if name in asked]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("claim", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("outcomes", no_wrap=True)
    table.add_column("in words", overflow="fold")
    for row in rows:
        for name, one in {row.label or row.claim.id: row, **_on_others(row)}.items():
            verdict = Text(str(one.verdict.kind), COLOURS[one.verdict.kind])
            outcomes = signs(_in_columns(one, columns), console)
            table.add_row(Text(visible(name)), verdict, outcomes, Text(visible(one.words())))
    console.print(table)
    console.print(Text(f"\noutcomes, in this order: {', '.join(columns)}\n{legend(console)}", "dim"))


def _in_columns(row: Row, columns: Sequence[str]) -> list[Outcome | None]:
    """Under each toolchain; None for one that it was not asked on. What has no such axis has one outcome."""
    found = row.outcomes
    if not found or NO_AXIS in found:
        return list(found.values())
    return [found.get(name) for name in columns]


def _on_others(row: Row) -> dict[str, Row]:
    """What stands below a claim's line: other architectures."""
    return {f"  on {arch}": one for arch, one in row.architectures.items()}


def hosts(rows: Sequence[Row]) -> list[str]:
    """A line for each host or place that is not this machine's as it is now, and that verdicts rest on."""
    found: dict[str, set[tuple[str, str, str]]] = {}
    for row in rows:
        lab = row.lab.name if row.lab else ""
        for arch, of_one in {"": row, **row.architectures}.items():
            for name, one in of_one.elsewhere.items():
                found.setdefault(where_in_words(one.host, one.place), set()).add((lab, arch, name))
    return [f"measured on {where}: {counted(len(trials), 'trial')}" for where, trials in found.items()]


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def coverage(rows: Sequence[Row]) -> str:
    """Such as "176 claims: 14 tested (7 refuted, …), 3 not measured, 8 untestable, 151 pending"."""
    unmeasured = sum(row.verdict.kind is Kind.INCONCLUSIVE and {*row.outcomes.values()} <= UNMEASURED for row in rows)
    counts = Counter(row.verdict.kind for row in rows)
    counts[Kind.INCONCLUSIVE] -= unmeasured
    tested = len(rows) - counts[Kind.PENDING] - counts[Kind.UNTESTABLE] - unmeasured
    lacking = f"{unmeasured} not measured, " if unmeasured else ""
    kinds = ", ".join(
        f"{counts[kind]} {kind}" for kind in Kind if counts[kind] and kind not in (Kind.PENDING, Kind.UNTESTABLE)
    )
    return (
        f"{counted(len(rows), 'claim')}: {tested} tested{f' ({kinds})' if kinds else ''}, "
        f"{lacking}{counts[Kind.UNTESTABLE]} untestable, {counts[Kind.PENDING]} pending"
    )
