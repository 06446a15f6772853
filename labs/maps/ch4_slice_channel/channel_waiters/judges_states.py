"""How queues lie in the channel, and in which states waiters are appended: the claims 4.2-f, h/1, h/2 and i."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Stop, Touch, TypeLayout, decided, unclear

from .lab import Fresh, Seen
from .under_gdb import QUEUES

judges = Judges()

Value = str | int | None


# --- fresh channels ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ends:
    """Of one channel's queues by gdb, and of many channels' by the program itself."""

    what: str
    by_gdb: dict[str, Value]
    many: Fresh


def fresh(seen: Seen) -> Ends:
    found = {f"{QUEUES[name]}.{end}": seen.stops(name)[0].values[end] for name in QUEUES for end in ("first", "last")}
    return Ends("a fresh channel", found, seen.fresh)


def waited_on(seen: Seen) -> Ends:
    stop = seen.stops("receivers")[1]
    return Ends(
        "a channel with a waiter", {f"recvq.{end}": stop.values[end] for end in ("first", "last")}, seen.waited_on
    )


@judges.of("4.2-f", sees=fresh, control=Control("channels on which a goroutine waits", waited_on, Outcome.FAILS))
def are_nil_at_the_start(ends: Ends) -> Finding:
    """Nothing is in either queue of a channel that has just been made, also where its memory held something else."""
    many = ends.many
    words = f"{ends.what} has " + ", ".join(f"`{name}` = {hexed(value)}" for name, value in ends.by_gdb.items())
    words += f"; of {many.channels} such channels, {many.in_used_memory} of them in memory filled with ones before, "
    words += f"{many.not_nil} of {4 * many.channels} ends were not nil"
    known = [value for value in ends.by_gdb.values() if isinstance(value, int)]
    if len(known) < len(ends.by_gdb) or any(known) != bool(many.not_nil):
        return unclear(words)
    return decided(not any(known), words)


def hexed(value: Value) -> str:
    return f"{value:#x}" if isinstance(value, int) else "unknown"


# --- states before a waiter is appended --------------------------------------------------------------------


@dataclass(frozen=True)
class Coming:
    """Queues to which waiters come, each stopped before the first of them and after each."""

    what: str
    series: list[list[Stop]]


def to_channels(seen: Seen) -> Coming:
    return Coming("a channel's queue", [seen.stops(name)[:-1] for name in QUEUES])


def behind_dummy(seen: Seen) -> Coming:
    return Coming("a queue that begins with a dummy", [seen.stops("dummy")])


@judges.of(
    "4.2-h/1",
    sees=to_channels,
    control=Control("a queue of our own that is never empty: it begins with a dummy", behind_dummy, Outcome.FAILS),
)
def states_are_as_in_the_table(coming: Coming) -> Finding:
    """Before the first waiter is appended `first` and `last` are nil; before a later one `last` is the one that came
    last and its `next` is nil."""
    found = [is_in_the_table(stops, number) for stops in coming.series for number in range(len(stops) - 1)]
    words = f"{coming.what}: {sum(found)} of {len(found)} waiters came in the state that the table gives"
    lines = [
        ", ".join(f"{name} {hexed(stop.values.get(name))}" for name in ("first", "last", "last.next"))
        for stops in coming.series
        for stop in stops[:-1]
    ]
    return decided(bool(found) and all(found), words, "before each came:\n" + "\n".join(lines))


def is_in_the_table(stops: list[Stop], number: int) -> bool:
    before, after = stops[number].values, stops[number + 1].values
    if number == 0:
        return before["first"] == 0 and before["last"] == 0
    tail = before["first.next"] or before["first"]  # there are two waiters at most
    return before["last"] == tail and before["last.next"] == 0 and after["last"] != before["last"]


# --- states that the table forbids -------------------------------------------------------------------------


@dataclass(frozen=True)
class Disturbance:
    """A condition that a debugger has broken before a waiter came, and the end of the queue before and after."""

    label: str
    broken: bool
    last: Value
    then: Value

    @property
    def appended(self) -> bool:
        return bool(self.then) and self.then != self.last


CONDITIONS = ("first is not nil", "tail.next is not nil", "last is not the tail")


def disturbances(seen: Seen, prefix: str = "") -> list[Disturbance]:
    found = []
    for label in CONDITIONS:
        *_, before, after = seen.disturbance(prefix + label)
        forced = [one.after for one in before.forced]
        broken = bool(forced or [one for one in before.poked if one.after])
        found.append(Disturbance(label, broken, forced[0] if forced else before.values["last"], after.values["last"]))
    return found


@judges.of(
    "4.2-h/2",
    sees=disturbances,
    control=Control(
        "the queue of our own that changes by compare-and-swap", lambda seen: disturbances(seen, "own: "), Outcome.HOLDS
    ),
)
def the_conditions_are_needed(found: list[Disturbance]) -> Finding:
    """A waiter is not appended if one of the table's conditions is broken: if `first` is not nil, though `last` is; if
    `tail.next` is not nil; if `last` is not the tail.

    A debugger breaks each before a waiter comes. Appended is what has become the queue's last.
    """
    words = "; ".join(f"{one.label}: {'appended' if one.appended else 'not appended'}" for one in found)
    shows = "\n".join(f"{one.label}: last {hexed(one.last)} → {hexed(one.then)}" for one in found)
    if not all(one.broken for one in found):
        return unclear(f"a condition could not be broken: {words}", shows)
    outcomes = {one.appended for one in found}
    return unclear(words, shows) if len(outcomes) > 1 else decided(outcomes == {False}, words, shows)


# --- layout ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """A struct with a lock by DWARF, and what changed the word at that offset."""

    type: TypeLayout
    taken: list[Touch] | None
    """None where it is not watched."""


def channel(seen: Seen) -> Layout:
    touches = [touch for name in QUEUES for stop in seen.stops(name) for touch in stop.touches if touch.label == "lock"]
    return Layout(seen.type("runtime.hchan"), touches)


@judges.of(
    "4.2-i",
    sees=channel,
    control=Control(
        "a struct of our own that begins with its lock",
        lambda seen: Layout(seen.type("main.lockFirst"), None),
        Outcome.FAILS,
    ),
)
def the_lock_comes_last(layout: Layout) -> Finding:
    """The question is open; as its answer is judged that `lock` is the last field, behind all that it protects.

    The layout is DWARF's. That the word there is the lock is seen by debug registers: the runtime's lock functions
    change it whenever a goroutine comes to wait or is served.
    """
    type = layout.type
    lock = type.field("lock")
    if lock is None or not type.fields:
        return unclear(f"`{type.name}` has no field `lock`")
    shown = "\n".join(f"{one.offset:4} +{one.size:<3} {one.name:9} {one.type}" for one in type.fields)
    words = f"`{type.name}` has {type.size} bytes, its `lock` lies at offset {lock.offset}: "
    words += ", ".join(f"{one.name} {one.offset}" for one in type.fields)
    last = all(one is lock or one.end <= lock.offset for one in type.fields) and lock.end == type.size
    if layout.taken is None:
        return decided(last, words, shown)
    by = list(dict.fromkeys(touch.callers[0] for touch in layout.taken))
    words += f"; the word there was changed {len(layout.taken)} times, by {' and '.join(f'`{name}`' for name in by)}"
    if not by or not all(name.startswith(("runtime.lock", "runtime.unlock")) for name in by):
        return unclear(words, shown)
    return decided(last, words, shown)
