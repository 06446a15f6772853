"""Whether two entries in one line slow each other down, and by how much: the claims 3.2-a/1, a/2, c/2 and d/2."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Ratio, fails, holds, unclear

from .lab import READ, UPDATES, Seen

judges = Judges()

ATOMIC = ("add", "swap")
UPDATES_SLOWER = 1.5
"""The first access of a window may have to fetch the line whoever shares it, some per cent of a window of loads
by itself."""
LOADS_SLOWER = 1.15
"""Most of a `Load` of a `sync.Map` has nothing to do with the entry's line: where that matters it took a fifth
longer at least, and where it does not the interval around 1 reached to 1.12 on a busy machine."""
SEVERAL = 2.0
"""Who says "several times" says at least this: half of the throughput, or twice the time."""
LAY = {"near": "the entries in one line lay", "away": "the others"}
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
    """Atomic ones. A processor may gather plain stores before it asks for the line; then these are hardly slower."""
    plain = "".join(
        f"; `{name}` {seen.sharing[name]}" for name in UPDATES if name not in ATOMIC and name in seen.sharing
    )
    return Sharing({f"`{name}`": seen.sharing.get(name) for name in ATOMIC}, UPDATES_SLOWER, plain)


def reads(seen: Seen, slower: float = UPDATES_SLOWER) -> Sharing:
    return Sharing({f"`{READ}`": seen.sharing.get(READ)}, slower)


def additions(seen: Seen) -> Sharing:
    """Entries that several goroutines count in need no less."""
    others = "".join(f"; `{name}` {seen.sharing[name]}" for name in UPDATES if name in seen.sharing)
    return Sharing({"an atomic addition": seen.sharing.get("add")}, SEVERAL, others)


def map_entries(seen: Seen) -> Sharing:
    node = f"; beside Stores of a key in the same node of the tree, {seen.siblings} times" if seen.siblings else ""
    apart = "".join(
        f"; {where} {abs(seen.apart[name])} bytes apart" for name, where in LAY.items() if name in seen.apart
    )
    return Sharing(
        {"a `Load` from a `sync.Map` beside Stores of another key": seen.entries}, LOADS_SLOWER, f"{node}{apart}"
    )


@judges.of(
    "3.2-a/1",
    sees=updates,
    control=Control("both cores only read their entries", reads, Outcome.FAILS),
)
@judges.of(
    "3.2-c/2",
    sees=additions,
    control=Control("cores that only read", lambda seen: reads(seen, SEVERAL), Outcome.FAILS),
)
@judges.of(
    "3.2-d/2",
    sees=additions,
    control=Control("cores that only read", lambda seen: reads(seen, SEVERAL), Outcome.FAILS),
)
@judges.of(
    "3.2-a/2",
    sees=map_entries,
    control=Control("two cores that update two entries of our own, in one line, atomically", updates, Outcome.HOLDS),
)
def sharing_slows_down(sharing: Sharing) -> Finding:
    """Each atomic operation takes clearly longer where the entries of the two cores lie in one line than in two.

    It holds if the intervals of all the ratios lie above 1.5, and fails if all lie below; for a Load of a sync.Map, of
    which only a part is up to the entry, 1.15; where "several times" is claimed, 2, of an atomic addition by each of
    two cores.
    """
    words = "; ".join(f"{what} takes {ratio or '?'} times as long" for what, ratio in sharing.ratios.items())
    ratios = [ratio for ratio in sharing.ratios.values() if ratio]
    if len(ratios) < len(sharing.ratios):
        return unclear(NO_ROUND)
    words = f"with the entries in one line {words}, where {sharing.slower:g} decides{sharing.beside}"
    shows = "\n".join(
        f"{what}: {ratio.median:.2f} ns against {ratio.median_to:.2f} ns"
        for what, ratio in sharing.ratios.items()
        if ratio
    )
    if all(ratio.above(sharing.slower) for ratio in ratios):
        return holds(words, shows)
    return fails(words, shows) if all(ratio.below(sharing.slower) for ratio in ratios) else unclear(words, shows)
