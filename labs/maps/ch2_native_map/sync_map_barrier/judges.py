"""What reaches the collector when a sync.Map is written to: the claims 2.4-j and 2.4-k."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Stop, fails, holds, unclear

from .lab import ORDINARY, REGISTERING, STORES, Atomic, Seen, Survival

judges = Judges()

ATOMIC = "sync/atomic."


@dataclass(frozen=True)
class Barriers:
    """How often a function that stores executed the write barrier while the collector marked, by call chain."""

    what: str
    chains: Counter[str]
    atomics: list[Atomic]

    def through_atomics(self) -> Counter[str]:
        return Counter({chain: hits for chain, hits in self.chains.items() if f" < {ATOMIC}" in chain})

    def used(self) -> list[Atomic]:
        """The operations that stand in the chains."""
        return [one for one in self.atomics if any(one.name in chain.split(" < ") for chain in self.chains)]


def barriers_in(seen: Seen, what: str, functions: Sequence[str]) -> Barriers:
    chains: Counter[str] = Counter()
    stops = seen.marking.runs[0].stops
    for entered, returned in zip(stops[::2], stops[1::2], strict=False):
        if entered.at in functions:
            for counted in returned.counted:
                # Other goroutines meet barriers meanwhile: only what stems from this call counts.
                chains.update({chain: hits for chain, hits in counted.chains.items() if entered.at in chain})
    return Barriers(what, chains, seen.atomics)


@judges.of(
    "2.4-j",
    sees=lambda seen: barriers_in(seen, "`sync.Map.Store`", STORES),
    control=Control(
        "an assignment to an ordinary map, which meets the barrier without any atomic operation",
        lambda seen: barriers_in(seen, "an assignment to an ordinary map", [ORDINARY]),
        Outcome.FAILS,
    ),
)
def the_barrier_is_reached_through_atomics(barriers: Barriers) -> Finding:
    """While the collector marks, a Store executes the write barrier inside the operations of sync/atomic.

    Counted by breakpoints in Stores of new and of present keys; and the machine code of these operations has to look at
    runtime.writeBarrier.
    """
    through, every = barriers.through_atomics().total(), barriers.chains.total()
    operations = [one.name.removeprefix(ATOMIC) for one in barriers.used()]
    words = (
        f"{barriers.what}: the barrier was executed {every} times while the collector marked, {through} of them inside "
    )
    words += f"`sync/atomic` ({', '.join(operations)})" if operations else "`sync/atomic`"
    shows = "\n".join(f"{hits} × {shortened(chain)}" for chain, hits in barriers.chains.most_common(6))
    looking = bool(barriers.used()) and all(one.looks for one in barriers.used())
    if not every:
        return unclear(words)
    if bool(through) != looking:
        return unclear(f"the instruments disagree: {words}, whose machine code says otherwise", shows)
    if not through:
        return fails(words, shows)
    shows += "".join(f"\n{one.name}: {one.looks[0].text}   # {one.looks[0].refers}" for one in barriers.used())
    return holds(words, shows)


def shortened(chain: str) -> str:
    """The chain down to the program's own function, without type arguments."""
    names, depth, text = [], 0, ""
    for letter in chain:
        depth += (letter == "[") - (letter == "]")
        text += letter if depth == 0 else ""
    for name in text.replace("]", "[…]").split(" < "):
        names.append(name)
        if name.startswith("main."):
            break
    return " < ".join(names)


@dataclass(frozen=True)
class Registered:
    """How often functions were executed that register something with the collector."""

    what: str
    stop: Stop | None
    survival: Survival


def after(seen: Seen, number: int) -> Stop | None:
    stops = seen.registering.runs[0].stops
    return stops[number] if len(stops) > number else None


@judges.of(
    "2.4-k",
    sees=lambda seen: Registered("100 Stores of new keys", after(seen, 1), seen.survival),
    control=Control(
        "one call of runtime.SetFinalizer, which does register",
        lambda seen: Registered("one call of `runtime.SetFinalizer`", after(seen, 2), seen.survival),
        Outcome.HOLDS,
    ),
)
def entries_are_registered(registered: Registered) -> Finding:
    """A Store executes one of the runtime's functions that register an object or pointer with the collector.

    It fails if none is executed, and what only the map holds survives collections nevertheless.
    """
    if registered.stop is None:
        return unclear("the program ended before")
    counted = registered.stop.counted
    there = [one.name for one in counted if one.resolved]
    hit = {one.name: one.hits for one in counted if one.hits}
    words = f"{registered.what} executed " + (
        ", ".join(f"`{name}` {hits} ×" for name, hits in hit.items())
        or f"none of the runtime's {len(there)} functions that register something ({', '.join(there)})"
    )
    if hit:
        return holds(words)
    values = registered.survival
    words += f"; after collections that freed {values.dropped_collected} of {values.stored} values that were nowhere, "
    words += f"{values.intact} of {values.stored} that only the map held were intact"
    survived = values.intact == values.stored and not values.kept_collected
    seen_to_work = values.dropped_collected >= values.stored // 2 and REGISTERING[0] in there
    return fails(words) if survived and seen_to_work else unclear(words)
