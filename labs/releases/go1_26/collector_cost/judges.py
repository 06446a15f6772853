"""What follows from what collector-cost saw: the claim 1.26-b/2."""

from collections.abc import Mapping
from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Ratio, fails, holds, unclear, void

from .lab import SHAPES

judges = Judges()


@dataclass(frozen=True)
class Costs:
    """How many times as much processor time a collection takes, if that was to be compared."""

    is_compared: bool
    ratios: Mapping[str, Ratio | None]


@judges.of(
    "1.26-b/2",
    sees=lambda seen: Costs(seen.switched, {SHAPES[shape]: ratio for shape, ratio in seen.ratios.items()}),
    control=Control(
        "a collection of the list beside one of the tree",
        lambda seen: Costs(True, {"the list, and not the tree,": seen.control}),
        Outcome.FAILS,
    ),
)
def costs_less(costs: Costs) -> Finding:
    """Of heaps in three shapes, a collection of each takes less processor time than with the collector before.

    The intervals of all three have to lie below 1. If one lies above it, the claim fails.
    """
    if not costs.is_compared:
        return void("there is no such collector")
    ratios = {shape: ratio for shape, ratio in costs.ratios.items() if ratio is not None and ratio.low is not None}
    if len(ratios) < len(costs.ratios):
        return unclear("too few rounds were clean")
    said = "; ".join(f"of {shape} it takes {ratio} times as much" for shape, ratio in ratios.items())
    if all(ratio.below(1) for ratio in ratios.values()):
        return holds(said)
    return fails(said) if any(ratio.above(1) for ratio in ratios.values()) else unclear(said)
