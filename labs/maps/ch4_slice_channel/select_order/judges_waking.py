"""What the article's program does, and whom a select wakes: the claims 4.4-e, f and j."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, fails, holds, unclear

from .lab import Printed, Seen
from .under_gdb import SITUATIONS, Situation, Uses

judges = Judges()

GOROUTINES = 10


@dataclass(frozen=True)
class Printing:
    """What processes print that wait for all ten goroutines, and those of the program as it stands."""

    waited: list[Printed]
    listed: list[Printed]


def printing(seen: Seen, program: str, *, listed: bool) -> Printing:
    found = [one for one in seen.printed if one.program == program]
    return Printing(found, [one for one in seen.printed if one.program == "listed" and listed])


@judges.of(
    "4.4-e",
    sees=lambda seen: printing(seen, "waited", listed=True),
    control=Control(
        "the same with five values in each channel", lambda seen: printing(seen, "enough", listed=False), Outcome.HOLDS
    ),
)
def shows_who_is_served_first(found: Printing) -> Finding:
    """Each of the ten prints a line, so that an order among them can be read.

    To be first, others have to come after. The program is given a main that waits for all ten; as it stands, it has
    nothing that waits, and that is told beside it.
    """
    runs = sum(one.runs for one in found.waited)
    if not runs:
        return unclear("no process was run")
    whole = sum(one.lines.get(str(GOROUTINES), 0) for one in found.waited)
    parts = []
    for one in found.waited:
        lines = ", ".join(f"{count} × {number} lines" for number, count in sorted(one.lines.items()))
        blocked = ", ".join(f"{number}" for number in sorted(one.blocked) if number != "0")
        most = max(one.served.items(), key=lambda pair: pair[1])
        part = f"GOMAXPROCS={one.gomaxprocs}: {lines} in {one.runs} processes"
        part += f", which then died with {blocked} goroutines blocked in select for ever" if blocked else ""
        parts.append(f"{part} (most often by {most[0]}: {most[1]} ×)")
    silent = sum(one.lines.get("0", 0) for one in found.listed)
    words = "; ".join(parts)
    if found.listed:
        words += f"; as it stands, {silent} of {sum(one.runs for one in found.listed)} processes ended without a line"
    if whole == runs:
        return holds(words)
    return unclear(words) if whole else fails(words)


@judges.of(
    "4.4-f",
    sees=lambda seen: seen.uses["the program"],
    control=Control(
        "a program of ours that does what the text says", lambda seen: seen.uses["the text"], Outcome.HOLDS
    ),
)
def sends_and_counts_wake_ups(uses: Uses) -> Finding:
    """The select of the program sends, its goroutines select again and again, and some are woken from waiting.

    A debugger reads the numbers of sending and receiving cases that runtime.selectgo is handed, and counts its
    executions, how often it puts a goroutine to wait, and how often any is made runnable again.
    """
    if uses.sends is None or uses.receives is None:
        return unclear("the debugger could not read the number of cases")
    words = f"the select has {uses.sends} cases that send and {uses.receives} that receive; {GOROUTINES} goroutines "
    words += f"executed it {uses.selects} times, were put to wait by it {uses.parked} times, "
    words += f"and of those made ready there were {uses.woken}"
    sends = uses.sends > 0 and uses.receives == 0
    return decided(sends and uses.selects > GOROUTINES and uses.woken > 0, words)


def as_claimed(situation: Situation) -> bool:
    """A ready case wakes a goroutine; without one the scan goes on instead of waiting."""
    return situation.woken == 1 if situation.is_ready else situation.parked == 0


def is_consistent(situation: Situation) -> bool:
    """The counts are what the statuses of the goroutines say."""
    awake = sum(count for change, count in situation.changed.items() if change.endswith("→ runnable"))
    waiting = sum(count for change, count in situation.changed.items() if change.endswith("→ waiting"))
    return (situation.woken, situation.parked) == (awake, waiting)


@judges.of(
    "4.4-j",
    sees=lambda seen: seen.situations,
    control=Control(
        "the one situation in which a goroutine waits on the other side",
        lambda seen: [one for one in seen.situations if one.label == SITUATIONS[1]],
        Outcome.HOLDS,
    ),
)
def scans_on_or_wakes(situations: list[Situation]) -> Finding:
    """With a ready case a select makes a waiting goroutine runnable; without one it goes on scanning, since the diagram
    has no other way out of its loop.

    A debugger counts who is made runnable and who is put to wait during one select, and compares the statuses of all
    goroutines before and after.
    """
    words = "; ".join(
        f"{one.label}: {one.woken} made runnable, selectgo put {one.parked} to wait" for one in situations
    )
    shows = "\n".join(f"{one.label}: {one.changed or 'no goroutine changed its status'}" for one in situations)
    if not situations or not all(map(is_consistent, situations)):
        return unclear(f"counts and statuses disagree: {words}", shows)
    return decided(all(map(as_claimed, situations)), words, shows)
