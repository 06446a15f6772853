"""Who dies, and how: the claims 1-a, a/2, b, h and t1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from claimlab import Control, Finding, Judges, Outcome, Tally, decided, fails, holds, share, unclear

from .experiments import DEATHS, END, OPERATIONS
from .lab import Process, Seen

judges = Judges()

PATTERNS = {
    "read-read/2": "eight readers",
    "assign-alone/2": "one writer alone",
    "turns/2": "two writers that take turns by a channel",
    "read-assign/1": "a reader beside a writer under GOMAXPROCS=1",
    "assign-assign/1": "two writers under GOMAXPROCS=1",
    "read-assign/2": "a reader beside a writer under GOMAXPROCS=2",
    "assign-assign/2": "two writers under GOMAXPROCS=2",
    "assign-nil/2": "an assignment to a nil map",
}
"""How the goroutines of our experiments access the map, in words."""


@dataclass(frozen=True)
class Unlocked:
    """What became of processes that use a map without a lock."""

    patterns: Mapping[str, Tally]
    operations: Mapping[str, bool]
    """One operation of one goroutine on a map that is marked as being written: it died."""


def unlocked(seen: Seen) -> Unlocked | None:
    """None if gdb lost a process; and so it is in what follows."""
    if any(process.lost for process in seen.alone.processes["noticing"]):
        return None
    ran = zip(OPERATIONS, seen.alone.processes["noticing"], strict=True)
    operations = {f"`{name}`{'' if entries else ' (empty map)'}": process.died for (name, entries), process in ran}
    patterns = {words: seen.counts[name] for name, words in PATTERNS.items() if name != "assign-nil/2"}
    return Unlocked(patterns, operations)


def assigning_to_nil(seen: Seen) -> Unlocked | None:
    locked, bare = seen.alone.processes["nil"]
    operations = {"an assignment to a nil map under a mutex": locked.died, "the same without": bare.died}
    return Unlocked({PATTERNS["assign-nil/2"]: seen.counts["assign-nil/2"]}, operations)


def counted(tallies: Mapping[str, Tally]) -> str:
    return ", ".join(f"{words} ({tally.died()} of {tally.runs})" for words, tally in tallies.items()) or "none"


@judges.of(
    "1-a",
    sees=unlocked,
    control=Control("assignments to a nil map and nothing else, which always crash", assigning_to_nil, Outcome.FAILS),
)
def it_depends_on_the_access(unlocked: Unlocked | None) -> Finding:
    """Without a lock some patterns of access end the process more often than not and others never do; and of single
    operations that meet a map marked as being written some die and others take no notice.
    """
    if unlocked is None:
        return unclear("gdb lost a process before its end")
    spared = {words: tally for words, tally in unlocked.patterns.items() if not tally.died()}
    deadly = {words: tally for words, tally in unlocked.patterns.items() if share(tally.died(), tally.runs).low > 0.5}
    noticing = [name for name, died in unlocked.operations.items() if died]
    passing = [name for name, died in unlocked.operations.items() if not died]
    between = {words: tally for words, tally in unlocked.patterns.items() if words not in {*spared, *deadly}}
    words = f"mostly died: {counted(deadly)}; never died: {counted(spared)}"
    words += f"; now and then: {counted(between)}" if between else ""
    words += f"; {len(noticing)} of {len(unlocked.operations)} operations died of the mark"
    words += f", not so {', '.join(passing)}" if passing else ""
    shown = "\n".join(f"{name}: {'died' if died else 'took no notice'}" for name, died in unlocked.operations.items())
    if spared and deadly and noticing and passing:
        return holds(words, shown)
    alike = not (spared and deadly) and not (noticing and passing) and bool(deadly) == bool(noticing)
    return fails(words, shown) if alike else unclear(words, shown)


@dataclass(frozen=True)
class Deaths:
    """Patterns of access, and single operations that meet the mark."""

    deadly: frozenset[str]
    """Those that mostly end the process."""
    harmless: frozenset[str]
    """Those that never do."""


def deaths(seen: Seen) -> Deaths | None:
    """What is neither ends it now and then, and is not told from chance."""
    found = unlocked(seen)
    if found is None:
        return None
    deadly = [words for words, tally in found.patterns.items() if share(tally.died(), tally.runs).low > 0.5]
    harmless = [words for words, tally in found.patterns.items() if not tally.died()]
    died = [name for name, died in found.operations.items() if died]
    passed = [name for name, died in found.operations.items() if not died]
    return Deaths(frozenset([*deadly, *died]), frozenset([*harmless, *passed]))


def with_turns(seen: Seen) -> Deaths | None:
    """As if it were a release on which two writers were as those that take turns."""
    calm = msgspec.structs.replace(seen, counts={**seen.counts, "assign-assign/2": seen.counts["turns/2"]})
    return deaths(calm)


@judges.across(
    "1-a/2",
    "1.23",
    "1.27",
    sees=lambda on: {"this": deaths(on.here), **{name: deaths(seen) for name, seen in on.by_name().items()}},
    control=Control(
        "a release, and one on which two writers are as two that take turns",
        lambda on: {"itself": deaths(on.here), "with turns": with_turns(on.here)},
        Outcome.HOLDS,
    ),
)
def it_depends_on_the_release(died: dict[str, Deaths | None]) -> Finding:
    """Of patterns, and of single operations that meet the mark, some mostly end the process on one of the releases
    1.23, 1.27 and this one, and never on another.
    """
    known = {name: found for name, found in died.items() if found is not None}
    if len(known) < max(2, len(died)):
        return unclear(f"there are {len(known)} releases to compare")
    parting = [
        f"{words} (on {one}, and not on {other})"
        for one, found in known.items()
        for other, beside in known.items()
        for words in sorted(found.deadly & beside.harmless)
    ]
    common = sorted(frozenset.intersection(*(found.deadly for found in known.values())))
    words = f"mostly died on each of {len(known)}: {', '.join(common) or 'nothing'}; "
    return decided(bool(parting), words + f"died on one and never on another: {', '.join(parting) or 'nothing'}")


@dataclass(frozen=True)
class Ended:
    """How processes ended whose goroutines have a deferred call that recovers."""

    tally: Tally
    process: Process
    """One under gdb, followed to its end."""


@judges.of(
    "1-b",
    sees=lambda seen: Ended(seen.counts["recover/2"], seen.alone.processes["recovering"][0]),
    control=Control(
        "an assignment to a nil map under the same deferred call: a panic, which recover catches",
        lambda seen: Ended(seen.counts["recover-nil/2"], seen.alone.processes["recovering"][1]),
        Outcome.HOLDS,
    ),
)
def it_is_a_panic(ended: Ended) -> Finding:
    """Deferred calls run, and one that recovers stops it: that is what the language calls a panic.

    Counted over processes with two racing writers; and followed by gdb in one process, whose map it had marked.
    """
    end = next((halt for halt in ended.process.halts if halt.at in END), None)
    if end is None:
        return unclear("gdb lost the process before its end")
    recovered = share(ended.tally.count(mark="recovered from"), ended.tally.runs)
    fatal = share(ended.tally.count("fatal error: concurrent map", exit_code=2), ended.tally.runs)
    panicked = bool(end.counted["runtime.gopanic"] and end.counted["main.recovered"])
    words = f"recovered: {recovered} processes; “fatal error: concurrent map …” and exit code 2: {fatal}"
    ran = [name for name in ("runtime.fatal", "runtime.gopanic", "main.recovered") if end.counted[name]]
    words += f"; by gdb {' and '.join(f'`{name}`' for name in ran)} ran, exit code {ended.process.exit_code}"
    shown = "\n".join(ended.process.stderr.splitlines()[:4])
    if recovered.low > 0.5 and panicked:
        return holds(words, shown)
    if fatal.low > 0.5 and not panicked and end.counted["runtime.fatal"] and not end.counted["main.recovered"]:
        return fails(f"{words}; the deferred call did not", shown)
    return unclear(words, shown)


def survive(tallies: Sequence[Tally]) -> tuple[Outcome, str]:
    """Whether processes of these kinds survive, and the counts in words."""
    dead = share(sum(tally.died() for tally in tallies), sum(tally.runs for tally in tallies))
    words = f"{dead} processes died"
    if dead.count == 0:
        return Outcome.HOLDS, words
    return (Outcome.FAILS if dead.low > 0.5 else Outcome.UNCLEAR), words


READERS = ("read-read/2", "read-read/4", "read-crowd/4")


@dataclass(frozen=True)
class Reaching:
    """Processes in which a death may have been reached."""

    tallies: list[Tally]
    process: Process


@judges.of(
    "1-h",
    sees=lambda seen: Reaching([seen.counts[name] for name in READERS], seen.together.processes["reading"][0]),
    control=Control(
        "a reader beside a writer",
        lambda seen: Reaching([seen.counts["read-assign/2"]], seen.together.processes["held marked"][0]),
        Outcome.FAILS,
    ),
)
def lookups_never_reach_it(reaching: Reaching) -> Finding:
    """No process dies that only looks up, and none of the runtime's functions that end a process is executed.

    The message is handed to `runtime.fatal`; the `throw` of the claim is counted with it.
    """
    outcome, words = survive(reaching.tallies)
    if reaching.process.lost:
        return unclear("gdb lost the process before its end")
    last = reaching.process.halts[-1]
    hits = sum(last.counted.get(name, 0) for name in DEATHS) + reaching.process.died
    lookups = sum(hits for name, hits in last.counted.items() if "mapaccess" in name)
    reached = f"`{last.at}`, with “{last.message}”" if hits else "none of the functions that end a process"
    words += f"; gdb counted {lookups} executions of the lookup functions" if lookups else ""
    words += f"; reached was {reached}"
    if outcome is Outcome.UNCLEAR or (outcome is Outcome.FAILS) != bool(hits):
        return unclear(words)
    return decided(not hits, words, "\n".join(last.frames) if hits else "")


@judges.of(
    "1-t1",
    sees=lambda seen: [seen.counts[name] for name in (*READERS, "range-range/2", "migrating/4")],
    control=Control("two goroutines that assign", lambda seen: [seen.counts["assign-assign/2"]], Outcome.FAILS),
)
def readers_survive(tallies: list[Tally]) -> Finding:
    """No process dies whose goroutines, 8 or 1000, only look up or only iterate, be a migration unfinished or not."""
    outcome, words = survive(tallies)
    return Finding(outcome, words)
