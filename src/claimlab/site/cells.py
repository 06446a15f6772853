"""What stands in one cell: releases that follow each other and came out alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from claimlab.project.outcome import Outcome
from claimlab.toolchains.toolchain import NO_AXIS, Toolchain
from claimlab.verdicts.leading import is_parted
from claimlab.verdicts.ledger import Row
from claimlab.verdicts.verdict import unbroken


@dataclass(frozen=True, slots=True)
class Cell:
    """Neighbouring columns in which a claim came out alike."""

    outcome: Outcome | None
    """None where the claim was not asked, being none of those that the variant is for."""
    tools: list[Toolchain]
    """None where the claim asks nothing of Go."""

    @property
    def variants(self) -> list[str]:
        """Each with its releases, for where no head of a column says them: ``1.24 1.25 +noswissmap``."""
        found: dict[str, list[str]] = {}
        for tool in self.tools:
            found.setdefault(tool.variant, []).append(tool.series)
        return [f"{' '.join(series)} +{variant}" for variant, series in found.items()]

    @property
    def range(self) -> str:
        """The releases, for where no head of a column says them: nothing between the first and the last was left
        out."""
        if not self.tools:
            return ""
        first, last = self.tools[0].series, self.tools[-1].series
        return first if first == last else f"{first} – {last}"


def cells(row: Row, tools: Sequence[Toolchain]) -> list[Cell]:
    """Of these columns, up to the last one that was asked; variants are alike whichever release they are of."""
    outcomes = row.outcomes

    def differ(left: Toolchain, right: Toolchain) -> bool:
        parted = not left.variant and is_parted(left, right)
        return parted or outcomes.get(left.name) is not outcomes.get(right.name)

    found = [Cell(outcomes.get(part[0].name), part) for part in unbroken(tools, differ)]
    return found if found[-1:] and found[-1].outcome else found[:-1]


def plain_cells(row: Row) -> list[Cell]:
    """Of all plain releases."""
    if not row.claim.has_axis:
        return [Cell(row.outcomes[NO_AXIS], [])]
    return cells(row, [tool for tool in row.axis.values() if tool and not tool.variant])
