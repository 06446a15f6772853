"""What becomes of a core's copy of a line when another core uses the line: 3.2-b/1, 3.2-i, 3.2-j/1 and 3.3-k."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Ratio, decided, fails, holds, unclear

from .lab import OFFSETS, Cost, Seen

judges = Judges()

SLOW = 3.0
"""From so many times an undisturbed access on, a copy has been fetched anew: that costs 25 times as much, or more."""
BESIDE = 1.5
"""So much longer take compare-and-swaps on lines of their own if the other core's hold them up."""
NO_ROUND = "in no ten rounds did both cores run undisturbed"


def is_slow(cost: Cost, undisturbed: Cost) -> bool | None:
    """Whether it takes much longer than an undisturbed access; None if the intervals do not tell."""
    if cost.low is None or cost.high is None or undisturbed.low is None or undisturbed.high is None:
        return None
    if cost.low > SLOW * undisturbed.high:
        return True
    return False if cost.high < SLOW * undisturbed.low else None


def in_words(cost: Cost) -> str:
    if cost.low is None or cost.high is None:
        return f"{cost.median:.1f} cycles (only {cost.rounds} rounds)"
    return f"{cost.median:.1f} cycles (95 % interval {cost.low:.1f}–{cost.high:.1f})"


@dataclass(frozen=True)
class Loads:
    """What a load takes after different things that another core has done."""

    what: str
    """What the other core has done that is asked about."""
    after: Cost
    others: dict[str, Cost]
    """After things that should change nothing."""
    undisturbed: Cost
    again: Cost | None = None
    """The next load of the same word."""


def loads(seen: Seen, what: str, cell: str) -> Loads | None:
    if not seen.costs:
        return None
    others = {
        "it has loaded from the line": seen.costs["loaded-load"],
        "it has stored right before the line": seen.costs["stored-at--8-load"],
        "it has stored right after the line": seen.costs["stored-at-64-load"],
    }
    again = seen.costs.get(f"{cell}-again", seen.costs["untouched-load"])
    return Loads(what, seen.costs[cell], others, seen.costs["untouched-load"], again)


@judges.of(
    "3.2-b/1",
    sees=lambda seen: loads(seen, "stored into the line", "stored-load"),
    control=Control(
        "another core that only loads from the line",
        lambda seen: loads(seen, "loaded from the line", "loaded-load"),
        Outcome.FAILS,
    ),
)
def a_store_takes_the_copy_away(loads: Loads | None) -> Finding:
    """After one store of another core into the line the next load takes many times as long, and only after that.

    Neither does it after a load of the other core from the line, nor after a store into a line beside it that the
    processor does not fetch as a pair with it. By which name the protocol goes is not asked.
    """
    if loads is None:
        return unclear(NO_ROUND)
    words = f"a load takes {in_words(loads.undisturbed)} undisturbed, {in_words(loads.after)} after the other core has "
    words += loads.what
    shows = "\n".join(f"after {name}: {in_words(cost)}" for name, cost in loads.others.items())
    slow = is_slow(loads.after, loads.undisturbed)
    others = [is_slow(cost, loads.undisturbed) for cost in loads.others.values()]
    if slow is False:
        return fails(words, shows)
    if any(others):
        return unclear(f"{words}; but not after that alone", shows)
    return unclear(words, shows) if slow is None or None in others else holds(words, shows)


@judges.of(
    "3.2-j/1",
    sees=lambda seen: loads(seen, "stored into the line", "stored-load"),
    control=Control(
        "another core that only loads from the line",
        lambda seen: loads(seen, "loaded from the line", "loaded-load"),
        Outcome.FAILS,
    ),
)
def the_next_load_misses(loads: Loads | None) -> Finding:
    """The first load after the store of another core has to fetch the line, and the second one finds it again.

    A miss is known by its time: an access to the first-level cache takes four or five cycles.
    """
    if loads is None or loads.again is None:
        return unclear(NO_ROUND)
    words = f"after the other core has {loads.what} the first load takes {in_words(loads.after)}, the next one "
    words += f"{in_words(loads.again)}; undisturbed it takes {in_words(loads.undisturbed)}"
    first, second = is_slow(loads.after, loads.undisturbed), is_slow(loads.again, loads.undisturbed)
    if first is None or second is not False:
        return unclear(words)
    return decided(first, words)


@dataclass(frozen=True)
class Line:
    """How far a store may lie from a load to disturb it."""

    claimed_bytes: int
    loads: dict[int, Cost]
    """By where in the line the other core has stored."""
    undisturbed: Cost | None
    flush_bytes: int
    kernel_bytes: int


def line(seen: Seen, claimed_bytes: int) -> Line:
    found = {offset: seen.costs[f"stored-at-{offset}-load"] for offset in OFFSETS if seen.costs}
    found |= {8: seen.costs["stored-load"]} if seen.costs else {}
    undisturbed = seen.costs.get("untouched-load")
    return Line(claimed_bytes, dict(sorted(found.items())), undisturbed, seen.flush_bytes, seen.kernel_bytes)


@judges.of(
    "3.2-i",
    sees=lambda seen: line(seen, 64),
    control=Control("the same for 128 bytes", lambda seen: line(seen, 128), Outcome.FAILS),
)
def is_the_line_size(line: Line) -> Finding:
    """A store within 64 bytes of the line's beginning makes the load miss, and none before or after does.

    On the processor of this trial, which has to stand for the mainstream. CPUID and the kernel have to say the same.
    Those before and after lie in another pair of lines, since some processors fetch two at a time.
    """
    if line.undisturbed is None:
        return unclear(NO_ROUND)
    slow = {offset: is_slow(cost, line.undisturbed) for offset, cost in line.loads.items()}
    shows = "\n".join(f"stored at {offset:+d} bytes: {in_words(cost)}" for offset, cost in line.loads.items())
    disturbing = ", ".join(str(offset) for offset, one in slow.items() if one)
    others = ", ".join(str(offset) for offset, one in slow.items() if one is False)
    words = (
        f"stores at the bytes {disturbing or 'none'} from the line's beginning made the load miss, stores at {others} "
    )
    words += f"did not; CPUID says {line.flush_bytes} bytes, the kernel {line.kernel_bytes or 'nothing'}"
    fits = all(one in (None, 0 <= offset < line.claimed_bytes) for offset, one in slow.items())
    if fits and None in slow.values():
        return unclear(words, shows)
    told = {line.flush_bytes, line.kernel_bytes} - {0}
    if fits != (told == {line.claimed_bytes}):
        return unclear(f"the instruments disagree: {words}", shows)
    return decided(fits, words, shows)


@dataclass(frozen=True)
class Contention:
    """What another core's accesses do to this core's copy of the line, and to its work on other lines."""

    what: str
    after: dict[str, Cost]
    undisturbed: Cost | None
    beside: Ratio | None
    """This core's compare-and-swaps beside the other core's, on lines of their own, against alone."""


def contention(seen: Seen, what: str, cells: dict[str, str]) -> Contention:
    after = {name: seen.costs[cell] for name, cell in cells.items() if seen.costs}
    return Contention(what, after, seen.costs.get("untouched-load"), seen.beside)


@judges.of(
    "3.3-k",
    sees=lambda seen: contention(
        seen,
        "`LOCK CMPXCHG`",
        {"one that succeeds": "swapped-load", "one that fails": "failed-swap-load"},
    ),
    control=Control(
        "another core that only loads from the line",
        lambda seen: contention(seen, "load", {"a plain one": "loaded-load"}),
        Outcome.FAILS,
    ),
)
def locks_or_takes(contention: Contention) -> Finding:
    """After another core's LOCK CMPXCHG this core's copy of the line is gone; or its work on other lines is held up.

    The first is a change of the line's state, the second a locked bus. The operand is aligned: one that straddles two
    lines, which does lock the bus, no word of a Go type is.
    """
    if contention.undisturbed is None or contention.beside is None or contention.beside.low is None:
        return unclear(NO_ROUND)
    slow = [is_slow(cost, contention.undisturbed) for cost in contention.after.values()]
    words = f"after another core's {contention.what} a load from the line takes "
    words += ", ".join(f"{in_words(cost)} ({name})" for name, cost in contention.after.items())
    words += f", undisturbed {in_words(contention.undisturbed)}; compare-and-swaps on lines of their own take "
    words += f"{contention.beside} times as long beside each other as alone"
    if None in slow:
        return unclear(words)
    if all(slow) or contention.beside.above(BESIDE):
        return holds(words)
    return fails(words) if not any(slow) and contention.beside.below(BESIDE) else unclear(words)
