"""What follows from what cgo-call saw: the claim 1.26-e."""

from dataclasses import dataclass
from typing import Final

from claimlab import Control, Finding, Judges, Outcome, Ratio, about, fails, holds, unclear, void

judges = Judges()

LESS: Final = 0.3
"""As claimed."""


@dataclass(frozen=True)
class Cost:
    """How many times as long a call takes, if that was to be compared."""

    is_compared: bool
    ratio: Ratio | None


@judges.of(
    "1.26-e",
    sees=lambda seen: Cost(seen.calls_c, seen.ratio),
    control=Control("two calls beside one, of the same program", lambda seen: Cost(True, seen.twice), Outcome.FAILS),
)
def is_lower(cost: Cost) -> Finding:
    """A call of an empty C function takes 15 to 60 % less time than on Go 1.25."""
    if not cost.is_compared:
        return void("it is about later releases")
    ratio = cost.ratio
    if ratio is None or ratio.low is None or ratio.high is None:
        return unclear("too few rounds were clean")
    said = f"a call takes {ratio} times as long: {ratio.median:.0f} ns, and {ratio.median_to:.0f} ns"
    least, most = (1 - share for share in reversed(about(LESS)))
    if least <= ratio.low and ratio.high <= most:
        return holds(said)
    return fails(said) if ratio.high < least or ratio.low > most else unclear(said)
