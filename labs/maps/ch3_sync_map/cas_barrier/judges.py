"""What the counts say of the claim 3.3-c."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, fails, holds, share, unclear

from .lab import Counted, Seen

judges = Judges()

BETWEEN = {
    "nothing": "nothing",
    "swap": "`LOCK CMPXCHG` that swaps",
    "failed swap": "`LOCK CMPXCHG` that fails",
    "unlocked swap": "`CMPXCHG` without LOCK",
    "fence": "`MFENCE`",
}
RARER = 10
"""So many times rarer it has to be, whatever the intervals leave open, before "never" means more than "seldom"."""


@dataclass(frozen=True)
class Between:
    """What stands between store and load, beside nothing."""

    tests: dict[str, Counted]
    nothing: Counted | None


def between(seen: Seen, *names: str) -> Between:
    return Between({BETWEEN[name]: seen.tests[name] for name in names if seen.tests}, seen.tests.get("nothing"))


@judges.of(
    "3.3-c",
    sees=lambda seen: between(seen, "swap", "failed swap"),
    control=Control(
        "the same instruction without its LOCK prefix", lambda seen: between(seen, "unlocked swap"), Outcome.FAILS
    ),
)
def keeps_the_order(between: Between) -> Finding:
    """With the instruction between store and load both cores never miss each other's store; without it they do.

    This is the only order that x86-64 does not keep by itself for ordinary memory (Intel SDM, volume 3A, 8.2.3), so
    what keeps it is a full barrier. One that fails has to keep it too. "Never" has to be ten times rarer than the share
    with nothing between, by the ends of the two intervals.
    """
    if between.nothing is None or not between.tests:
        return unclear("it takes two cores")
    loose = share(between.nothing.both_empty, between.nothing.rounds)
    shares = {what: share(one.both_empty, one.rounds) for what, one in between.tests.items()}
    words = "both loads overtook the stores before them in " + ", ".join(
        f"{one} rounds with {what} between" for what, one in shares.items()
    )
    words += f"; in {loose} with nothing between"
    if any(one.count for one in shares.values()):
        return fails(words)
    rare = all(RARER * one.high < loose.low for one in shares.values())
    return holds(words) if rare else unclear(words)
