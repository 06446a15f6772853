"""What follows from what collector-cost saw: the claims 1.26-b/2 and 1.26-c/2."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from claimlab import Control, Finding, Judges, Outcome, Ratio, fails, holds, unclear, void

from .lab import SHAPES, TREE, Seen

judges = Judges()


@dataclass(frozen=True)
class Costs:
    """How many times as much processor time a collection takes, if that was to be compared."""

    void: str
    """Why not, if so."""
    ratios: Mapping[str, Ratio | None]
    beside: Mapping[str, Ratio | None] = field(default_factory=dict)
    """What decides nothing."""
    few: str = "too few rounds were clean"
    """Why a ratio is missing, if one is."""


def named(ratios: Mapping[str, Ratio | None]) -> Mapping[str, Ratio | None]:
    return {SHAPES[shape]: ratio for shape, ratio in ratios.items()}


def list_beside_tree(seen: Seen) -> Costs:
    return Costs("", {"the list, and not the tree,": seen.control})


def told(ratios: Mapping[str, Ratio | None]) -> str:
    return "; ".join(f"of {shape} it takes {ratio} times as much" for shape, ratio in ratios.items() if ratio)


def found(costs: Costs) -> Finding:
    """Whether all ratios lie below 1, or one above it."""
    ratios = [ratio for ratio in costs.ratios.values() if ratio is not None and ratio.low is not None]
    said = told(costs.ratios), told(costs.beside)
    if len(ratios) < len(costs.ratios):
        return unclear(costs.few, "\n".join(filter(None, said)))
    if all(ratio.below(1) for ratio in ratios):
        return holds(*said)
    return fails(*said) if any(ratio.above(1) for ratio in ratios) else unclear(*said)


@judges.of(
    "1.26-b/2",
    sees=lambda seen: Costs("" if seen.switched else "there is no such collector", named(seen.ratios)),
    control=Control("a collection of the list beside one of the tree", list_beside_tree, Outcome.FAILS),
)
def costs_less(costs: Costs) -> Finding:
    """Of heaps in three shapes, a collection of each takes less processor time than with the collector before.

    The intervals of all three have to lie below 1. If one lies above it, the claim fails.
    """
    return void(costs.void) if costs.void else found(costs)


def without_vectors(seen: Seen) -> Costs:
    """Of the tree, whose spans were scanned with vector instructions, and with none where they were switched off."""
    if not seen.vectors:
        return Costs("there is no collector that scans so", {})
    if lacks := seen.vectors.lacks:
        return Costs(f"the processor lacks {', '.join(lacks)}", {})
    (on, off), ratios, tree = seen.vectors.calls[TREE], named(seen.vectors.ratios), SHAPES[TREE]
    if not on or off:
        return Costs("", {tree: None}, few=f"spans were scanned so {on} times, and {off} times with that switched off")
    return Costs("", {tree: ratios.get(tree)}, {**ratios, tree: None})


@judges.of(
    "1.26-c/2",
    sees=without_vectors,
    control=Control("a collection of the list beside one of the tree", list_beside_tree, Outcome.FAILS),
)
def vectors_cost_less(costs: Costs) -> Finding:
    """A collection of the tree takes less processor time than with `GODEBUG=cpu.avx512vl=off`.

    The interval has to lie below 1; if it lies above, the claim fails. A debugger counts that the instructions are
    used, and are not if they are switched off.
    """
    return void(costs.void) if costs.void else found(costs)
