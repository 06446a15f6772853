"""What follows from what routines-gain saw: the claim 1.27-d."""

from dataclasses import dataclass
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, Ratio, about, fails, holds, unclear, void

judges = Judges()

SAVED: Final = 0.3
"""What is said to be saved at most, as a share."""


@dataclass(frozen=True)
class Gains:
    """How many times as long objects take, by kind."""

    is_special: bool
    """Some kinds have a routine of their own."""
    ratios: dict[str, Ratio | None]


@judges.of(
    "1.27-d",
    sees=lambda seen: Gains(bool(seen.own), seen.ratios),
    control=Control(
        "a loop that makes no object, beside one that does",
        lambda seen: Gains(True, {"nothing": seen.control}),
        Outcome.FAILS,
    ),
)
def saves_up_to_so_much(gains: Gains) -> Finding:
    """Of 14 kinds of objects, from 8 to 80 bytes with pointers and without, the one that gains most takes 15 to 60 %
    less time than in the same release without the experiment."""
    if not gains.is_special:
        return void("no size has a routine of its own")
    found = {kind: ratio for kind, ratio in gains.ratios.items() if ratio and ratio.low is not None}
    if len(found) < len(gains.ratios):
        return unclear("too few rounds were clean")
    best = min(found, key=lambda kind: found[kind].ratio)
    shows = "\n".join(
        f"{kind}: {ratio} times as long, {ratio.median:.1f} ns and {ratio.median_to:.1f} ns"
        for kind, ratio in found.items()
    )
    words = f"what gains most is {best}: an object takes {found[best]} times as long"
    least, most = (1 - share for share in reversed(about(SAVED)))
    if found[best].above(least) and found[best].below(most):
        return holds(words, shows)
    outside = found[best].below(least) or all(ratio.above(most) for ratio in found.values())
    return fails(words, shows) if outside else unclear(words, shows)
