"""What the runtime's check looks at, and when: the claims 2.3-d/1, d/2, l, m and n."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, RunSeen, decided, fails, holds, unclear, void

from .judges_reading import as_text, died, last
from .lab import DEATHS, HASH_WRITING, OPERATIONS, Seen

judges = Judges()


@judges.of(
    "2.3-d/1",
    sees=lambda seen: seen.overlapping.runs[1],
    control=Control(
        "the second assignment let in a little earlier, before the first has marked the map",
        lambda seen: seen.overlapping.runs[0],
        Outcome.FAILS,
    ),
)
@judges.of(
    "2.3-d/2",
    sees=lambda seen: seen.overlapping.runs[0],
    control=Control(
        "the second assignment let in a little later, after the first has marked the map",
        lambda seen: seen.overlapping.runs[1],
        Outcome.HOLDS,
    ),
)
def the_overlap_is_detected_at_once(run: RunSeen) -> Finding:
    """A second assignment that runs entirely within a first one ends the process before it returns.

    gdb holds the first one inside the runtime and lets only the second run: no chance is involved. Where the first one
    has marked the map, the second one detects it, and 2.3-d/1 asks whether the program dies at once then; 2.3-d/2 asks
    whether it does wherever the first one is held.
    """
    if len(run.stops) < 3:
        return unclear("the first assignment could not be held inside the runtime")
    inside, second = run.stops[1], run.stops[2]
    held = f"first assignment held in `{inside.at}`"
    if second.at in DEATHS:
        return holds(f"{held}: the second one ended the process in `{second.at}`", as_text(second.frames[:5]))
    if second.at == "main.secondDone" and last(run) is not second and not died(run):
        entries = run.stops[-1].values["count"] or run.stops[-1].values["used"]
        words = f"{held}: the second one ran from start to end, the first one went on, nothing was reported"
        return fails(f"{words}; the map has {entries} entries", as_text(inside.frames[:4]))
    return unclear(f"{held}: the second one ended at {second.at}, the process at {run.stops[-1].at}")


@dataclass(frozen=True)
class Suspect:
    """A byte that is said to be what the check looks at."""

    name: str
    exists: bool
    set_by_a_writer: bool
    """It is set while an assignment is under way."""
    deadly: bool
    """Changed by gdb, with a single goroutine in the process, it ends the process."""
    harmless_beside: str = ""
    """What else was changed in the same way and did not end the process."""


def bucket_byte(seen: Seen) -> Suspect:
    run = seen.under_way.runs[0]
    poked = [byte for stop in run.stops for byte in stop.poked if byte.address is not None]
    return Suspect("a key in its bucket, changed during an assignment", bool(poked), bool(poked), died(run))


def mark_byte(seen: Seen) -> Suspect:
    run = seen.under_way.runs[1]
    changed = [byte for stop in run.stops for byte in stop.poked if byte.address is not None]
    field = changed[0].expression.rpartition(".")[2] if changed else "?"
    set_then = any(byte.before for byte in changed)
    return Suspect(f"the field `{field}`, changed during an assignment", bool(changed), set_then, died(run))


def writing_bit(seen: Seen) -> Suspect:
    name = f"the bit of value {HASH_WRITING} in `hmap.flags`"
    under_way = seen.under_way.runs[1].stops
    flags = under_way[1].values["flags"] if len(under_way) > 1 else None
    poked = [(run.stops[0].poked[0].after, died(run)) for run in seen.bits.runs if run.stops]
    tried = {value: dead for value, dead in poked if value is not None}
    if not isinstance(flags, int):
        return Suspect(name, False, False, False)
    deadly = [value for value, dead in tried.items() if dead]
    harmless = ", ".join(str(value) for value, dead in sorted(tried.items()) if not dead)
    only = deadly == [HASH_WRITING] and len(tried) == 8
    return Suspect(name, True, bool(flags & HASH_WRITING), only, f"the bits of value {harmless}" if harmless else "")


def is_the_cause(suspect: Suspect) -> Finding:
    if not suspect.exists:
        return void(f"{suspect.name}: this toolchain's map has no such field")
    words = f"{suspect.name}: " + ("the process died" if suspect.deadly else "the process went on")
    words += f"; {suspect.harmless_beside} changed instead: it went on" if suspect.harmless_beside else ""
    return decided(suspect.set_by_a_writer and suspect.deadly, words)


@judges.of(
    "2.3-l",
    sees=bucket_byte,
    control=Control("the field that marks the map as being written", mark_byte, Outcome.HOLDS),
)
def bucket_state_is_the_cause(suspect: Suspect) -> Finding:
    """What the check looks at changes during an assignment, and changing it (and nothing else) ends the process."""
    return is_the_cause(suspect)


@judges.of(
    "2.3-m",
    sees=writing_bit,
    control=Control("a key in its bucket, changed during an assignment", bucket_byte, Outcome.FAILS),
)
def the_flag_bit_is_the_cause(suspect: Suspect) -> Finding:
    """The bit is set while an assignment is under way, and of the eight bits it alone makes a delete die."""
    return is_the_cause(suspect)


@judges.of(
    "2.3-n",
    sees=lambda seen: operations(seen, "an assignment", "a deletion", "a deletion from an empty map"),
    control=Control("len of the map, which does not check", lambda seen: operations(seen, "len"), Outcome.HOLDS),
)
def a_single_goroutine_is_not_checked(runs: dict[str, RunSeen]) -> Finding:
    """In a process whose only goroutine of its own uses the map, no operation takes notice of the mark."""
    if not all(len(run.stops) == 2 and any(byte.after for byte in run.stops[0].poked) for run in runs.values()):
        return unclear("the mark could not be set")
    ends = {what: run.stops[1] for what, run in runs.items()}
    told = ", ".join(
        f"{what} {f'died in `{end.at}`' if end.at in DEATHS else 'took no notice'}" for what, end in ends.items()
    )
    deaths = [end for end in ends.values() if end.at in DEATHS]
    shows = "\n\n".join(as_text(end.frames[:4]) for end in deaths)
    return decided(not deaths, f"one goroutine, mark set by gdb: {told}", shows)


def operations(seen: Seen, *wanted: str) -> dict[str, RunSeen]:
    return {what: seen.marked.runs[list(OPERATIONS).index(what)] for what in wanted}
