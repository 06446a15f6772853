"""What false sharing adds to the latency of sync.Map.Load: the claim 1-t4/2."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Ratio, fails, holds, unclear

from .lab import Seen

judges = Judges()

SLOWER = 1.2
"""Below it nobody would speak of raised latency: neighbours in one cache line cost several times as much."""


@dataclass(frozen=True)
class Sharing:
    """What two cores do on one thing, against the same on two things far apart."""

    what: str
    ratio: Ratio | None
    beside: str = ""


def loads(seen: Seen) -> Sharing:
    alone = f", and {seen.one_core} times as long as where one core loads alone" if seen.one_core else ""
    return Sharing("a `Load` by two cores from one `sync.Map`", seen.one_map, alone)


@judges.of(
    "1-t4/2",
    sees=loads,
    control=Control(
        "two cores that count in two words of one cache line, against words of two lines",
        lambda seen: Sharing("an addition by two cores in one cache line", seen.one_line),
        Outcome.HOLDS,
    ),
)
def sharing_slows_down(sharing: Sharing) -> Finding:
    """Loads of present keys by two cores take clearly longer on one map than on two maps far apart.

    It holds if the interval of the ratio lies above 1.2, and fails if it lies below. Nobody writes meanwhile:
    the article blames the frequent Loads themselves.
    """
    ratio = sharing.ratio
    if ratio is None:
        return unclear(f"{sharing.what}: in no round did both cores run undisturbed")
    words = f"{sharing.what} takes {ratio} times as long as with two of them far apart{sharing.beside}"
    shows = f"medians: {ratio.median:.1f} ns against {ratio.median_to:.1f} ns"
    if ratio.above(SLOWER):
        return holds(words, shows)
    return fails(words, shows) if ratio.below(SLOWER) else unclear(words, shows)
