"""What the observations of channel-locality say of the claims 4.3-h, i and k."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Stop, Touch, decided, fails, holds, unclear

from .lab import DONE, FLUSH, HANDED, TIMES, UNDER_GDB, Flushes, Seen, allocated

judges = Judges()


# --- who owns what -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """How many there are in one process."""

    procs: int
    threads: int
    things: int

    def __str__(self) -> str:
        return f"{self.things} with GOMAXPROCS={self.procs} and {self.threads} threads"


@dataclass(frozen=True)
class Owned:
    """Things of which every thread, or every processor for Go code, has one."""

    what: str
    thread_has_field: bool
    proc_has_field: bool
    by_gdb: list[Count]
    by_itself: list[Count]
    """As the runtime's statistics say; empty where they do not."""


def addresses(stop: Stop, what: str) -> list[int]:
    return [value for label, value in stop.values.items() if label.endswith(what) and isinstance(value, int) and value]


def owned(seen: Seen, what: str) -> Owned:
    counts = []
    for (procs, _), run in zip(UNDER_GDB, seen.owners.runs, strict=True):
        for stop in run.stops:
            threads = len(addresses(stop, " g0"))
            counts.append(Count(procs, threads, len(set(addresses(stop, f" {what}")))))
    itself = [Count(one.procs, one.threads, one.mcache_bytes // seen.mcache_size) for one in seen.places]
    fields = {name.partition(".")[2]: what in known for name, known in seen.fields.items()}
    return Owned(what, fields["m"], fields["p"], counts, itself if what == "mcache" else [])


@judges.of(
    "4.3-h",
    sees=lambda seen: owned(seen, "mcache"),
    control=Control(
        "the goroutine g0, on whose stack each thread runs the scheduler", lambda seen: owned(seen, "g0"), Outcome.HOLDS
    ),
)
def every_thread_has_one(owned: Owned) -> Finding:
    """There are as many of them as threads, however many processors for Go code there are, and the runtime's struct for
    a thread has a field for it.

    Two instruments: a debugger goes through all threads and processors; the runtime's statistics and the kernel count.
    """
    counts = [*owned.by_gdb, *owned.by_itself]
    fields = [name for name, has in (("m", owned.thread_has_field), ("p", owned.proc_has_field)) if has]
    words = f"`{owned.what}`, a field of `{' and '.join(fields) or 'neither m nor p'}`: "
    words += "; ".join(map(str, owned.by_gdb)) + " by gdb"
    words += ("; " + "; ".join(map(str, owned.by_itself)) + " by the runtime's own count") if owned.by_itself else ""
    by_thread = all(one.things == one.threads for one in counts)
    by_proc = all(one.things == one.procs for one in counts)
    if not owned.by_gdb or by_thread == by_proc:
        return unclear(words)
    if by_thread and owned.thread_has_field:
        return holds(words)
    return fails(words) if by_proc and not owned.thread_has_field else unclear(words)


# --- whether operations use it -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """What the runtime did with the mcache while something was done TIMES."""

    what: str
    touches: list[Touch]
    cut: bool
    mallocs: int
    """How often the allocator was entered."""
    objects: int
    """Allocated, by the runtime's own count."""


def done(seen: Seen, what: str) -> Done:
    stop = seen.operated.runs[0].stops[1 + DONE.index(what)]
    return Done(what, stop.touches, bool(stop.cut), allocated(seen, stop), seen.objects[what])


@judges.of(
    "4.3-i",
    sees=lambda seen: [done(seen, what) for what in DONE[:2]],
    control=Control("making channels", lambda seen: [done(seen, DONE[2])], Outcome.HOLDS),
)
def they_use_it(all_done: list[Done]) -> Finding:
    """While it is done something reads the pointer to the mcache of the processor for Go code: what is not even looked
    at cannot make anything faster.

    Two instruments: debug registers and breakpoints; and how many objects were allocated, by the runtime's own count.
    """
    words = "; ".join(
        f"{one.what}, {TIMES} each: the mcache was read {'at least ' if one.cut else ''}{len(one.touches)} times, "
        f"the allocator was entered {one.mallocs} times, {one.objects} objects were allocated"
        for one in all_done
    )
    shows = "\n".join(
        dict.fromkeys(
            f"{touch.instruction}   in {' < '.join(touch.callers[:4])}" for one in all_done for touch in one.touches
        )
    )
    used = [bool(one.touches) for one in all_done]
    entered = [one.mallocs > 0 and one.objects > 0 for one in all_done]
    quiet = [not one.mallocs and not one.objects for one in all_done]
    if all(used) and all(entered):
        return holds(words, shows)
    return fails(words, shows) if not any(used) and all(quiet) else unclear(words, shows)


# --- flushing ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Handed:
    """Values handed over on one thread and between two: flushes of cache lines executed meanwhile."""

    how: str
    one: int | None
    two: int | None
    """None where the function that flushes was not found."""
    flushes: Flushes


def handed(seen: Seen, how: str) -> Handed:
    place = 1 + HANDED.index(how)
    counts = [
        next((one.hits for one in run.stops[place].counted if one.name == FLUSH and one.resolved), None)
        if len(run.stops) > place
        else None
        for run in seen.handed.runs
    ]
    return Handed(how, counts[0], counts[1], seen.flushes)


@judges.of(
    "4.3-k",
    sees=lambda seen: handed(seen, HANDED[0]),
    control=Control(
        "a slot of our own that is flushed where another thread reads it",
        lambda seen: handed(seen, HANDED[1]),
        Outcome.HOLDS,
    ),
)
def one_thread_flushes_less(handed: Handed) -> Finding:
    """Fewer flushes of cache lines are executed where sender and receiver share a thread than where they do not.

    The whole program text is searched for CLFLUSH, CLFLUSHOPT and CLWB; the only functions that have one are counted.
    """
    elsewhere = [name for name in handed.flushes.found if not name.startswith(FLUSH)]
    text = f"{handed.flushes.text_bytes} bytes of program text"
    words = f"values handed over {handed.how}: {handed.one} flushes on one thread, {handed.two} between two; in {text} "
    words += f"{', '.join(f'`{name}`' for name in handed.flushes.found) or 'no function'} can flush a line"
    words += ", which is ours" if handed.flushes.found and not elsewhere else ""
    shows = "\n".join(str(one) for found in handed.flushes.found.values() for one in found)
    if handed.one is None or handed.two is None or elsewhere or not handed.flushes.found:
        return unclear(words, shows)
    return decided(handed.one < handed.two, words, shows)
