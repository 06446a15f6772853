"""What a compare-and-swap takes, in cycles of the core: the claims 3.3-g, 3.3-h and 3.3-i."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, about, fails, holds, unclear

from .judges_copies import NO_ROUND, in_words
from .lab import Cost, Seen

judges = Judges()


@dataclass(frozen=True)
class Figure:
    """A number of cycles, as claimed and as measured."""

    claimed: str
    low: float
    high: float
    """What counts as that lies between these."""
    what: str
    measured: Cost | None
    cycle_ns: float
    beside: str = ""


def figure(seen: Seen, claimed: str, low: float, high: float, what: str, name: str) -> Figure:
    return Figure(claimed, low, high, what, cost_of(seen, name), seen.cycle_ns, others(seen))


def around(seen: Seen, claimed: str, what: str, name: str) -> Figure:
    """Of ``15 to 25`` both ends are about so much."""
    ends = [float(end) for end in claimed.split(" to ")]
    return figure(seen, f"about {claimed}", about(ends[0])[0], about(ends[-1])[1], what, name)


def as_measured(seen: Seen, what: str, name: str) -> Figure:
    """As if the figure had been taken from this very measurement."""
    cost = cost_of(seen, name)
    low, high = (cost.low or 0.0, cost.high or 0.0) if cost else (0.0, 0.0)
    return figure(seen, f"{low:.1f} to {high:.1f}", low, high, what, name)


def cost_of(seen: Seen, name: str) -> Cost | None:
    return seen.taken.get(name) or seen.costs.get(name)


def others(seen: Seen) -> str:
    told = {
        "that succeeds, line in the own cache": "own-swap",
        "that fails, line in the own cache": "own-fail",
        "that fails, with a PAUSE after it": "own-fail-pause",
        "that succeeds, line just written by another core": "swap",
        "that fails, word just written by another core": "fail",
    }
    costs = {what: cost_of(seen, name) for what, name in told.items()}
    return "\n".join(f"a compare-and-swap {what}: {in_words(cost)}" for what, cost in costs.items() if cost)


OWN = "a compare-and-swap of a word in the core's own cache"
TAKEN = "a compare-and-swap of a word whose line another core has just written"
FAILED = "a compare-and-swap that fails because another core has just written the word"


@judges.of(
    "3.3-g",
    sees=lambda seen: around(seen, "15 to 25", FAILED, "fail"),
    control=Control(
        "what it was measured to take in this trial", lambda seen: as_measured(seen, FAILED, "fail"), Outcome.HOLDS
    ),
)
@judges.of(
    "3.3-h",
    sees=lambda seen: around(seen, "12", OWN, "own-swap"),
    control=Control(
        "what it was measured to take in this trial", lambda seen: as_measured(seen, OWN, "own-swap"), Outcome.HOLDS
    ),
)
@judges.of(
    "3.3-i",
    sees=lambda seen: around(seen, "85", TAKEN, "swap"),
    control=Control(
        "what it was measured to take in this trial", lambda seen: as_measured(seen, TAKEN, "swap"), Outcome.HOLDS
    ),
)
def takes_so_many(figure: Figure) -> Finding:
    """The measured interval lies within what is claimed: "about" is from half to twice as many.

    Cycles are those of the core, by a chain of additions in the same windows, not ticks of the time stamp counter. It
    fails if the whole interval lies outside.
    """
    cost = figure.measured
    if cost is None or cost.low is None or cost.high is None:
        return unclear(NO_ROUND)
    words = f"{figure.what} takes {in_words(cost)}, {cost.median * figure.cycle_ns:.1f} ns; claimed are "
    words += f"{figure.claimed} cycles, {figure.low:g} to {figure.high:g}"
    if figure.low <= cost.low and cost.high <= figure.high:
        return holds(words, figure.beside)
    outside = cost.high < figure.low or cost.low > figure.high
    return fails(words, figure.beside) if outside else unclear(words, figure.beside)
