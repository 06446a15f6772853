"""What follows from what first-loads saw: the claim 1.24-n."""

from typing import Final

from claimlab import Control, Finding, Judges, Outcome, Ratio, fails, holds, unclear

judges = Judges()

SLOWER: Final = 1.25
"""What is less nobody would call warming up: so much may the first pass owe to caches that the stores have filled."""


@judges.of(
    "1.24-n",
    sees=lambda seen: seen.ratios[:1],
    control=Control("the fifth pass and later ones", lambda seen: seen.ratios[4:], Outcome.HOLDS),
)
def needs_no_warming_up(ratios: list[Ratio | None]) -> Finding:
    """After a thousand stores of new keys, the first Load of each key takes less than a quarter longer than the eighth.

    It fails if the first pass takes more than that.
    """
    found = [ratio for ratio in ratios if ratio and ratio.low is not None]
    if len(found) < len(ratios):
        return unclear("too few rounds were clean")
    words = f"compared with the last pass a Load takes {'; '.join(map(str, found))} times as long"
    shows = "\n".join(f"{ratio.median:.1f} ns, and {ratio.median_to:.1f} ns in the last pass" for ratio in found)
    if all(ratio.below(SLOWER) for ratio in found):
        return holds(words, shows)
    return fails(words, shows) if any(ratio.above(SLOWER) for ratio in found) else unclear(words, shows)
