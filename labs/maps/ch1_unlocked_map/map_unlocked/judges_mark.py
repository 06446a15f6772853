"""What makes a reader die: the claims 1-t2, t3 and u."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, fails, holds, unclear, void

from .experiments import HASH_WRITING
from .lab import Halt, Process, Seen

judges = Judges()


def shown(process: Process) -> str:
    last = process.halts[-1]
    return "\n".join([f"“{last.message}”"] * bool(last.message) + last.frames)


def held(process: Process) -> Halt | None:
    """The stop at which the writer was held: there the gate was opened for the reader."""
    return next((halt for halt in process.halts if "&'main.gate'" in halt.changed), None)


@dataclass(frozen=True)
class Suspect:
    """A byte that is said to be what a reader dies of."""

    name: str
    exists: bool
    set_by_writers: bool
    """An assignment and a deletion that gdb holds have set it, and a reader let run beside them dies."""
    deadly: bool
    """Changed by gdb, with nobody else in the process, it makes a lookup die."""
    told: str
    shown: str = ""


def flag_bit(seen: Seen) -> Suspect | None:
    """None if gdb lost a process; and so it is in what follows."""
    name = f"the bit of value {HASH_WRITING} in `hmap.flags`"
    if seen.header.field("flags") is None:
        other = "; there it is the field `writing`" if seen.header.field("writing") else ""
        return Suspect(name, False, False, False, f"the header, `{seen.header.name}`, has no field `flags`{other}")
    if any(process.lost for process in [*seen.alone.processes["bits"], *seen.together.processes["held marked"]]):
        return None
    tried = {mask: process.died for process in seen.alone.processes["bits"] for mask in masks(process)}
    deadly = [mask for mask, died in tried.items() if died]
    readers = seen.together.processes["held marked"]
    set_then = [bool(halt.values.get("flags", 0) & HASH_WRITING) for halt in map(held, readers) if halt]
    died = [process.died for process in readers]
    told = f"of {len(tried)} bits, set one at a time, {deadly} made a lookup die"
    told += f"; {sum(set_then)} of {len(readers)} writers that were held, an assignment and a delete, had set it"
    told += f", and {sum(died)} readers beside them died"
    beside_writers = len(set_then) == len(readers) and all(set_then) and all(died)
    return Suspect(name, True, beside_writers, deadly == [HASH_WRITING] and len(tried) == 8, told, shown(readers[0]))


def masks(process: Process) -> list[int]:
    return [after ^ before for halt in process.halts for before, after in halt.changed.values()]


def bucket_bytes(seen: Seen) -> Suspect | None:
    process = seen.alone.processes["bucket before"][0]
    if process.lost:
        return None
    told = f"{len(masks(process))} bytes of the bucket changed: the lookup {'died' if process.died else 'went on'}"
    return Suspect("the bucket", bool(masks(process)), True, process.died, told)


@judges.of(
    "1-t2",
    sees=flag_bit,
    control=Control("bytes of the bucket that the lookup reads, changed by gdb", bucket_bytes, Outcome.FAILS),
)
def a_reader_dies_of(suspect: Suspect | None) -> Finding:
    """Writers have it set while they are at work, readers beside them die; and a lookup dies of it alone.

    gdb holds a writer inside the runtime and lets only the reader run; and in processes of one goroutine sets each bit.
    """
    if suspect is None:
        return unclear("gdb lost a process before its end")
    if not suspect.exists:
        return void(suspect.told)
    return decided(suspect.set_by_writers and suspect.deadly, f"{suspect.name}: {suspect.told}", suspect.shown)


@dataclass(frozen=True)
class Condition:
    """A condition that is said to be deadly, and processes in which it alone was given when a lookup ran."""

    name: str
    processes: dict[str, Process]
    told: str = ""
    shown: str = ""


BETWEEN = "`oldbuckets` != nil between two assignments"


def migration(seen: Seen) -> Condition:
    growing, half = seen.together.processes["growing"][0], seen.together.processes["half migrated"][0]
    left = seen.together.processes["growing marked"][0]
    halt = held(growing)
    moving = halt is not None and any(word in " ".join(halt.frames) for word in ("evacuate", "growToTable"))
    found = {}
    if halt and moving and unmarked(growing):
        found["a writer held while it moves entries, its mark cleared"] = growing
    if not half.lost and half.halts[0].values.get("oldbuckets"):
        found[BETWEEN] = half
    told = f"with its mark left the reader {'died' if left.died else 'went on, too'}"
    if seen.header.field("oldbuckets") is None:
        told += "; the header has no `oldbuckets`: no migration outlasts the assignment that began it"
    return Condition("a migration under way", found, told, "\n".join(halt.frames) if halt else "")


def unmarked(process: Process) -> bool:
    """The writer was held, its mark was cleared, and the reader came to an end."""
    halt = held(process)
    cleared = halt is not None and any(after < before for before, after in halt.changed.values())
    return cleared and not process.lost


def marked(process: Process) -> bool:
    """The writer was held, and had set its mark."""
    halt = held(process)
    return halt is not None and any(halt.values.values())


def mark_alone(seen: Seen) -> Condition:
    return Condition("the mark", {"one goroutine, mark set by gdb": seen.alone.processes["noticing"][0]})


@judges.of(
    "1-t3",
    sees=migration,
    control=Control("the mark of a map that does not grow", mark_alone, Outcome.HOLDS),
)
def a_reader_dies_while(condition: Condition) -> Finding:
    """A reader dies when this condition is given, and no other that it might die of.

    Buckets migrate over several assignments up to 1.23; Swiss maps move all entries of a table within one assignment,
    and this is what is taken for the migration there.
    """
    if not condition.processes:
        return unclear(f"{condition.name} could not be brought about")
    ends = "; ".join(
        f"{how}: the reader {'died' if run.died else 'went on'}" for how, run in condition.processes.items()
    )
    words = f"{ends}; {condition.told}" if condition.told else ends
    died = [run.died for run in condition.processes.values()]
    if all(died):
        return holds(words, condition.shown)
    return unclear(words, condition.shown) if any(died) else fails(words, condition.shown)


@dataclass(frozen=True)
class Tried:
    """One process, and what is said to decide over it."""

    how: str
    marked: bool
    died: bool
    shown: str = ""


@dataclass(frozen=True)
class Deciding:
    """Processes with the mark and without it."""

    tried: list[Tried]
    told: str = ""


def marks_and_locks(seen: Seen) -> Deciding | None:
    """None if gdb could not change a mark, or lost a process."""
    locked, beside = seen.alone.processes["locked"][0], seen.together.processes["held marked"][0]
    overlapping, growing = seen.together.processes["held"][0], seen.together.processes["growing"][0]
    changed = masks(locked) and unmarked(overlapping) and unmarked(growing)
    if not changed or not marked(beside) or locked.lost or beside.lost:
        return None
    racing = [seen.counts[name] for name in ("assign-assign/2", "read-assign/2", "recover/2")]
    died = sum(tally.died() for tally in racing)
    otherwise = died - sum(tally.count("concurrent map") for tally in racing)
    tried = [
        Tried("one goroutine that holds a mutex, mark set", True, locked.died, shown(locked)),
        Tried("a lookup within another goroutine's assignment, mark left", True, beside.died),
        Tried("the same, mark cleared", False, overlapping.died),
        Tried("a lookup within another goroutine's growth, mark cleared", False, growing.died),
    ]
    return Deciding(tried, f"of {died} racing processes that died, {otherwise} did so without the check's message")


def nil_map(seen: Seen) -> Deciding | None:
    locked, bare = seen.alone.processes["nil"]
    if locked.lost or bare.lost:
        return None
    return Deciding(
        [
            Tried("a nil map under a mutex, no mark", False, locked.died),
            Tried("a nil map, no mark", False, bare.died),
        ]
    )


@judges.of(
    "1-u",
    sees=marks_and_locks,
    control=Control("assignments to a nil map, which die whatever is marked", nil_map, Outcome.FAILS),
)
def the_mark_decides(deciding: Deciding | None) -> Finding:
    """A process dies if and only if the map's header is marked: under a lock as well, and not for want of one.

    Two accesses that overlap without a lock and without the mark are not noticed; the mark alone is. What an unnoticed
    overlap may destroy is another matter: a few racing processes die of that.
    """
    if deciding is None:
        return unclear("gdb could not change the mark, or lost a process before its end")
    words = "; ".join(f"{one.how}: {'died' if one.died else 'went on'}" for one in deciding.tried)
    words += f"; {deciding.told}" if deciding.told else ""
    return decided(all(one.died == one.marked for one in deciding.tried), words, deciding.tried[0].shown)
