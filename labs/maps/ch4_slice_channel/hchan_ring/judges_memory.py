"""Where the memory of a channel's elements comes from, and how it lies: the claims 4.3-d, e and m."""

from dataclasses import dataclass

from claimlab import Control, Counted, Finding, Judges, Outcome, decided, fails, holds, unclear

from .lab import ALLOCATORS, CLAIMED, LARGE, LOCK, MADE, MAKE, Found, Seen

judges = Judges()


@dataclass(frozen=True)
class Allocated:
    """What ran while channels were made."""

    claimed: str
    """The function that is said to allocate."""
    has_symbol: bool
    counted: dict[str, list[Counted]]
    """By which channels were made."""


def allocated(seen: Seen, claimed: str, made: tuple[str, ...]) -> Allocated:
    stops = dict(zip(MADE, seen.made.runs[0].stops[1:], strict=True))
    return Allocated(claimed, claimed in seen.symbols, {name: stops[name].counted for name in made})


@judges.of(
    "4.3-d",
    sees=lambda seen: allocated(seen, CLAIMED, MADE),
    control=Control(
        "what allocates objects above 32 KiB, where a channel with such a buffer is made",
        lambda seen: allocated(seen, LARGE, MADE[-1:]),
        Outcome.HOLDS,
    ),
)
def is_allocated_by(allocated: Allocated) -> Finding:
    """The function exists and is executed, within makechan, whenever a channel with a buffer is made."""
    words, shows, within = [], [], []
    resolved = set()
    for made, counted in allocated.counted.items():
        hits = {one.name: one.hits for one in counted if one.name in ALLOCATORS and one.hits}
        words.append(f"{made}: " + (", ".join(f"`{name}` {count} ×" for name, count in hits.items()) or "none"))
        claimed = next(one for one in counted if one.name == allocated.claimed)
        resolved.add(claimed.resolved)
        within.append(any(MAKE in chain.split(" < ") for chain in claimed.chains))
        longest = sorted((chain for one in counted for chain in one.chains if MAKE in chain), key=len)
        shows += [f"{made}: {longest[-1]}"] if longest else []
    said = f"`{allocated.claimed}` is {'' if allocated.has_symbol else 'not '}in the binary; executed were, for "
    said += "; for ".join(words)
    if resolved != {allocated.has_symbol}:
        return unclear(said, "\n".join(shows))
    return holds(said, "\n".join(shows)) if within and all(within) else fails(said, "\n".join(shows))


ALLOCATE, REFILL = "runtime.mallocgc", "runtime.(*mcache).refill"


@dataclass(frozen=True)
class Locking:
    """Locks that were taken while channels were made."""

    what: str
    allocations: int
    locks: dict[str, int]
    """Within an allocation, by call chain, innermost first."""


def locking(seen: Seen, made: str, *, refilling: bool) -> Locking:
    """Where an mcache has a free slot; with `refilling` also where it has to fetch a span."""
    counted = {one.name: one for one in allocated(seen, LOCK, (made,)).counted[made]}
    chains = {chain: hits for chain, hits in counted[LOCK].chains.items() if ALLOCATE in chain.split(" < ")}
    found = {chain: hits for chain, hits in chains.items() if refilling or REFILL not in chain.split(" < ")}
    return Locking(made, counted[ALLOCATE].hits, found)


@judges.of(
    "4.3-m",
    sees=lambda seen: [locking(seen, made, refilling=False) for made in MADE[:2]],
    control=Control(
        "a channel of 64 KiB, whose buffer no mcache has",
        lambda seen: [locking(seen, MADE[-1], refilling=True)],
        Outcome.FAILS,
    ),
)
def no_lock_is_taken(found: list[Locking]) -> Finding:
    """No allocation that finds a free slot in the mcache takes a lock, so there is none to contend for.

    What fetches another span, when there is no free slot left, takes locks and is left out.
    """
    words = "; ".join(
        f"{one.what}: {sum(one.locks.values())} locks taken within {one.allocations} allocations" for one in found
    )
    shows = "\n".join(f"{hits} × {chain}" for one in found for chain, hits in one.locks.items())
    if not all(one.allocations for one in found):
        return unclear(words, shows)
    return decided(not any(one.locks for one in found), words, shows)


@judges.of(
    "4.3-e",
    sees=lambda seen: seen.elements,
    control=Control(
        "elements of 8 bytes alone", lambda seen: [one for one in seen.elements if one.size == 8], Outcome.HOLDS
    ),
)
def none_lies_in_two_lines(elements: list[Found]) -> Finding:
    """No element of at most a cache line has its first and last byte in two lines, whatever the size of the elements.

    The program looks for its elements in memory, without asking the channel where they are. Where the first one is, and
    that they follow each other without a gap, says where all of them are.
    """
    small = [one for one in elements if one.size <= one.line]
    words = "; ".join(f"{one.label}: {one.straddling} of {one.found} lie in two cache lines" for one in small)
    shows = "\n".join(
        f"{one.label}: the first at {one.first:#x}, {one.first % one.line} bytes into a line"
        + (f", {one.first - one.header} bytes behind the channel" if 0 < one.first - one.header < 256 else "")
        for one in small
    )
    if not small or not all(one.line and one.found and one.even for one in elements):
        return unclear(words or "the size of a cache line is not known", shows)
    if any(one.straddling != counted(one) for one in small):
        return unclear(f"the count is not what the addresses say: {words}", shows)
    return decided(not any(one.straddling for one in small), words, shows)


def counted(one: Found) -> int:
    places = [one.first + number * one.size for number in range(one.found)]
    return sum(place // one.line != (place + one.size - 1) // one.line for place in places)
