"""Whether two entries in one line slow each other down, and by how much: the claims 3.2-a/1, a/2, c/2 and d/2."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Ratio, fails, holds, unclear

from .lab import READ, UPDATES, Seen

judges = Judges()

UPDATES_SLOWER = 1.5
"""The first access of a window may have to fetch the line whoever shares it, some per cent of a window of loads
by itself."""
LOADS_SLOWER = 1.1
"""Most of a `Load` of a `sync.Map` has nothing to do with the entry's line."""
SAME_ORDER = 10**0.5
"""To either side: half a power of ten."""
NO_ROUND = "in no round did both cores run undisturbed"


@dataclass(frozen=True)
class Sharing:
    """Operations of two cores on entries in one line, against entries in two lines."""

    ratios: dict[str, Ratio | None]
    """By what is done."""
    slower: float
    """Below this nobody would speak of slowing down."""
    beside: str = ""


def updates(seen: Seen) -> Sharing:
    return Sharing({f"`{name}`": seen.sharing.get(name) for name in UPDATES}, UPDATES_SLOWER)


def reads(seen: Seen) -> Sharing:
    return Sharing({f"`{READ}`": seen.sharing.get(READ)}, UPDATES_SLOWER)


def map_entries(seen: Seen) -> Sharing:
    node = f"; beside Stores of a key in the same node of the tree, {seen.siblings} times" if seen.siblings else ""
    apart = f"; the entries lay {seen.apart.get('near')} and {seen.apart.get('away')} bytes apart"
    return Sharing(
        {"a `Load` from a `sync.Map` beside Stores of another key": seen.entries}, LOADS_SLOWER, f"{node}{apart}"
    )


@judges.of(
    "3.2-a/1",
    sees=updates,
    control=Control("both cores only read their entries", reads, Outcome.FAILS),
)
@judges.of(
    "3.2-a/2",
    sees=map_entries,
    control=Control("two cores that count in two entries of our own, in one line", updates, Outcome.HOLDS),
)
def sharing_slows_down(sharing: Sharing) -> Finding:
    """Each operation takes clearly longer where the entries of the two cores lie in one line than where they do not.

    It holds if the intervals of all the ratios lie above 1.5, and fails if all lie below; for a Load of a sync.Map, of
    which only a part is up to the entry, 1.1.
    """
    words = "; ".join(f"{what} takes {ratio or '?'} times as long" for what, ratio in sharing.ratios.items())
    ratios = [ratio for ratio in sharing.ratios.values() if ratio]
    if len(ratios) < len(sharing.ratios):
        return unclear(NO_ROUND)
    words = f"with the entries in one line {words}{sharing.beside}"
    shows = "\n".join(
        f"{what}: {ratio.median:.2f} ns against {ratio.median_to:.2f} ns"
        for what, ratio in sharing.ratios.items()
        if ratio
    )
    if all(ratio.above(sharing.slower) for ratio in ratios):
        return holds(words, shows)
    return fails(words, shows) if all(ratio.below(sharing.slower) for ratio in ratios) else unclear(words, shows)


@dataclass(frozen=True)
class Factor:
    """How many times as slow, as the article's table has it and as measured."""

    printed: str
    claimed: float
    measured: Ratio | None
    others: str


def factor_of(seen: Seen, printed: str, claimed: float, operation: str = "add") -> Factor:
    """Of an atomic addition: entries that several goroutines count in need no less."""
    others = ", ".join(f"`{name}` {seen.sharing[name]}" for name in (*UPDATES, READ) if name in seen.sharing)
    return Factor(printed, claimed, seen.sharing.get(operation), others)


@judges.of(
    "3.2-c/2",
    sees=lambda seen: factor_of(seen, "47.9 / 8.2", 47.9 / 8.2),
    control=Control(
        "the same factor for cores that only read",
        lambda seen: factor_of(seen, "47.9 / 8.2", 47.9 / 8.2, READ),
        Outcome.FAILS,
    ),
)
@judges.of(
    "3.2-d/2",
    sees=lambda seen: factor_of(seen, "12.4 / 2.1", 12.4 / 2.1),
    control=Control(
        "the same factor for cores that only read",
        lambda seen: factor_of(seen, "12.4 / 2.1", 12.4 / 2.1, READ),
        Outcome.FAILS,
    ),
)
def is_of_that_order(factor: Factor) -> Finding:
    """The factor is of the claimed one's order of magnitude, for an atomic addition by each of two cores.

    The article names neither the processor nor the operation. On the virtual machines that this lab has run on the
    factor was anything from 3.6 to 12, with the place that the host gives the two cores, so no digit of it can be
    judged; its order of magnitude can. Two numbers are of the same if they lie within a factor of the square root of
    ten. It holds if the whole interval lies within, and fails if it lies outside.
    """
    ratio = factor.measured
    if ratio is None or ratio.low is None or ratio.high is None:
        return unclear(NO_ROUND if ratio is None else f"measured {ratio}")
    least, most = factor.claimed / SAME_ORDER, factor.claimed * SAME_ORDER
    words = f"{ratio} times as long; claimed is {factor.printed} = {factor.claimed:.1f}, and of its order of "
    words += f"magnitude is what lies in {least:.1f} to {most:.1f}"
    if least <= ratio.low and ratio.high <= most:
        return holds(words, factor.others)
    outside = ratio.high < least or ratio.low > most
    return fails(words, factor.others) if outside else unclear(words, factor.others)
