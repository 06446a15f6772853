"""Where select starts, and how it goes on: the claims 4.4-b, c and d.

Two instruments: a debugger reads address and order of single selects; counts of many selects are held against what each
model predicts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from claimlab import Control, Finding, Judges, Outcome, decided, fails, holds, unclear

from .judges_chance import MOST_SIGMAS, fits
from .lab import Counted, Seen
from .under_gdb import SET, TIMES, Polled

judges = Judges()


@dataclass(frozen=True)
class Scanning:
    """One way to choose among cases, by debugger and by counts."""

    polled: dict[str, list[Polled]]
    counted: list[Counted]

    def every(self) -> list[Polled]:
        return [one for polled in self.polled.values() for one in polled]

    def gap(self) -> Finding | None:
        """The finding if the debugger did not see all selects, or one that took another case than the first ready."""
        if any(len(polled) != TIMES for polled in self.polled.values()):
            return unclear(f"the debugger read only {len(self.every())} selects")
        if not all(one.is_first_ready() for one in self.every()):
            return unclear("not every select took the first ready case of its order", self.shows())
        return None

    def shows(self) -> str:
        return "\n".join(
            line for kind, polled in self.polled.items() for line in [f"{kind}:", *map(as_text, polled[:4])]
        )


def as_text(one: Polled) -> str:
    words = (
        f"  cases at {one.address:#x} (mod {one.cases} = {one.by_address()}), ready {one.ready}, polled in the order "
    )
    return f"{words}{one.order}, taken {one.taken}, random numbers asked for: {one.random}"


def scanning(way: str, *kinds: str) -> Callable[[Seen], Scanning]:
    return lambda seen: Scanning({kind: seen.selecting[kind] for kind in kinds}, seen.counts(way))


def agreed(debugger: bool, counts: bool, words: str, shows: str) -> Finding:
    if debugger != counts:
        return unclear(f"debugger and counts disagree: {words}", shows)
    return decided(debugger, words, shows)


def told(counted: Sequence[Counted], ready: list[int], predicted: Callable[[Counted], list[float]], model: str) -> str:
    """Of one set of ready cases: the counts of all processes together, and what a model predicts."""
    same = [one for one in counted if one.ready == ready]
    taken = [sum(one.taken[number] for one in same) for number in ready]
    shares = [predicted(same[0])[number] for number in ready]
    words = (
        f"of four cases with {' and '.join(map(str, ready))} ready these were taken {' : '.join(map(str, taken))} times"
    )
    return f"{words}, where {model} predicts {' : '.join(f'{100 * share:.0f} %' for share in shares)}"


@judges.of(
    "4.4-b",
    sees=scanning("select", "two of four", "three"),
    control=Control("the article's algorithm in our own code", scanning("addressed", "addressed"), Outcome.HOLDS),
)
def starts_at_the_address(found: Scanning) -> Finding:
    """The case polled first is always the one that the address of the cases modulo their number says.

    A debugger reads both. And from one and the same stack frame, where the address does not change, the same ready
    cases have to give the same choice each time.
    """
    if gap := found.gap():
        return gap
    every = found.every()
    matches = sum(one.order[0] == one.by_address() for one in every)
    words = f"in {matches} of {len(every)} selects the case polled first was the address modulo the number of cases "
    words += f"(remainders {', '.join(map(str, sorted({one.by_address() for one in every})))})"
    words += f"; from one stack frame, {told(found.counted, [0, 1], Counted.by_address, 'a start at the address')}"
    as_predicted = all(fits(one.taken, one.by_address()) for one in found.counted)
    return agreed(matches == len(every), as_predicted, words, found.shows())


@dataclass(frozen=True)
class Seconds:
    """Of four selects with two neighbours ready each: the shares in which the second one was taken."""

    shares: list[float]
    selects: int
    """Of each."""

    @property
    def sum(self) -> float:
        return sum(self.shares)

    @property
    def sigma(self) -> float:
        """No share varies more than that of a coin."""
        return sqrt(len(self.shares) * 0.25 / self.selects)


def seconds(counted: Sequence[Counted]) -> Seconds:
    """A scan takes the second of two neighbours only if it starts there: the shares are those of the starts."""
    hits: dict[int, int] = {}
    totals: dict[int, int] = {}
    for one in counted:
        places = {one.places[number]: number for number in one.ready}
        following = [place for place in places if (place - 1) % len(one.places) in places]
        if len(places) == 2 and len(following) == 1:
            place = following[0]
            hits[place] = hits.get(place, 0) + one.taken[places[place]]
            totals[place] = totals.get(place, 0) + one.total
    return Seconds([hits[place] / totals[place] for place in sorted(hits)], min(totals.values(), default=0))


@judges.of(
    "4.4-c",
    sees=scanning("select", "two of four", "three"),
    control=Control(
        "a linear scan from a start by chance, in our own code", scanning("started", "started"), Outcome.HOLDS
    ),
)
def scans_linearly(found: Scanning) -> Finding:
    """The cases are polled one after the other, from some start on, and the first ready one is taken.

    Wherever a scan starts: of two ready neighbours it takes the second only if it starts there. So over the four pairs
    of neighbours among four cases, the shares of the second have to sum up to 1. In a random order it is 2. A debugger
    reads the orders.
    """
    if gap := found.gap():
        return gap
    second = seconds(found.counted)
    if len(second.shares) != 4:
        return unclear(f"{len(second.shares)} of four pairs of neighbours were counted")
    every = found.every()
    linear = sum(one.is_rotation() for one in every)
    words = f"in {linear} of {len(every)} selects the cases were polled one after the other from some start on; the "
    words += f"shares of the second of two ready neighbours sum up to {second.sum:.3f} (standard deviation "
    words += f"{second.sigma:.3f}; 1 for any linear scan, 2 for a random order)"
    words += f"; {told(found.counted, [0, 1, 2], Counted.by_scan, 'a scan from a random start')}"
    by_counts = abs(second.sum - 1) <= MOST_SIGMAS * second.sigma
    return agreed(linear == len(every), by_counts, words, found.shows())


@judges.of(
    "4.4-d",
    sees=scanning("select", "three", SET),
    control=Control(
        "the article's algorithm in our own code, which starts at an address",
        scanning("addressed", "addressed"),
        Outcome.FAILS,
    ),
)
def is_by_chance(found: Scanning) -> Finding:
    """The order in which the cases are polled comes from the runtime's random source, and the first ready case of that
    order is taken.

    The source is asked in each select, the orders differ, and they do not when a debugger sets the source to the same
    state each time, although the addresses differ. Over many selects each ready case is taken equally often.
    """
    if gap := found.gap():
        return gap
    every = found.every()
    asked = {one.random for one in every}
    free, frozen = (
        {tuple(one.order) for one in polled} for polled in (found.polled.get("three", []), found.polled.get(SET, []))
    )
    words = f"each of {len(every)} selects asked the random source {', '.join(map(str, sorted(asked)))} times and took "
    words += "the first ready case of its order"
    if asked == {0}:
        return fails(words, found.shows())
    addresses = len({one.by_address() for one in found.polled.get(SET, [])})
    words += (
        f"; {len(free)} different orders in {TIMES} selects, {len(frozen)} in {TIMES} with the source's state set, at "
    )
    words += f"addresses with {addresses} different remainders"
    words += f"; {told(found.counted, [0, 1, 2], Counted.by_permutation, 'a random order')}"
    even = all(fits(one.taken, one.by_permutation()) for one in found.counted)
    if 0 in asked or len(free) < 2 or len(frozen) != 1 or addresses < 2 or not even:
        return unclear(words, found.shows())
    return holds(words, found.shows())
