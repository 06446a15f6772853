"""What the runtime's check looks at: the claim 1-c."""

from collections.abc import Sequence
from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .experiments import FUNCTIONS
from .lab import Process, Seen

judges = Judges()

CHANGING = ("watched marked", "barrier marked", "barrier", "bucket before", "bucket within")
"""The experiments in which gdb changes something; ``watched`` is the one to compare them with."""


@dataclass(frozen=True)
class Role:
    """What part a suspect plays in one function."""

    function: str
    decides: bool
    """Changed by gdb, it and nothing else, the process ends differently."""
    read: bool
    """An instruction of the function reads it before the process dies of a marked map (processor's watch registers)."""


@dataclass(frozen=True)
class Suspect:
    """Something by which the functions are said to notice a conflict."""

    name: str
    roles: list[Role]
    told: str = ""


@dataclass(frozen=True)
class Check:
    suspects: list[Suspect]
    readings: str
    """The instructions that read anything watched before the process died."""


def differ(one: Process, other: Process) -> bool:
    return one.died != other.died


def read(seen: Seen, label: str) -> list[bool]:
    return [
        any(noted.label == label and function in noted.callers for noted in process.halts[-1].noted)
        for function, process in zip(FUNCTIONS, seen.alone.processes["watched marked"], strict=True)
    ]


def suspect(name: str, decides: Sequence[bool], reads: Sequence[bool], told: str = "") -> Suspect:
    roles = [Role(*role) for role in zip(FUNCTIONS, decides, reads, strict=True)]
    return Suspect(name, roles, told)


def barrier(seen: Seen) -> Suspect:
    """Forced on, with the map marked and not."""
    done = seen.alone.processes
    pairs = zip(done["watched marked"], done["barrier marked"], done["watched"], done["barrier"], strict=True)
    decides = [differ(marked, forced_marked) or differ(plain, forced) for marked, forced_marked, plain, forced in pairs]
    states = sorted({process.halts[-1].values["barrier"] for process in done["watched marked"]})
    told = f"at the deaths `writeBarrier.enabled` was {' or '.join(map(str, states))}, and forced on they died as well"
    return suspect("the write barrier", decides, read(seen, "barrier"), told)


def bucket(seen: Seen) -> Suspect:
    """Its bytes changed before the function ran, and while it compared the keys."""
    done = seen.alone.processes
    pairs = zip(done["watched"], done["bucket before"], done["bucket within"], strict=True)
    decides = [differ(plain, before) or differ(plain, within) for plain, before, within in pairs]
    reads = [one or other for one, other in zip(read(seen, "bucket"), read(seen, "key"), strict=True)]
    return suspect("the bucket", decides, reads, emergencies(seen))


def emergencies(seen: Seen) -> str:
    """Where a bucket that makes no sense does end the process."""
    tried = [*seen.alone.processes["bucket full"], *seen.alone.processes["bucket moved"]]
    ends = [process.halts[-1] for process in tried if process.died]
    return "; ".join(f"a bucket that makes no sense ended an assignment with “{end.message}”" for end in ends)


def mark(seen: Seen) -> Suspect:
    done = seen.alone.processes
    decides = [differ(*pair) for pair in zip(done["watched"], done["watched marked"], strict=True)]
    return suspect("the mark", decides, read(seen, "mark"))


def check(seen: Seen, suspects: list[Suspect]) -> Check | None:
    """None if the experiment did not come about."""
    lines = []
    done = seen.alone.processes
    if not all(brought_about(done, place, function) for place, function in enumerate(FUNCTIONS)):
        return None
    for function, marked in zip(FUNCTIONS, done["watched marked"], strict=True):
        last = marked.halts[-1]
        notes = [noted for noted in last.noted if function in noted.callers]
        lines += [f"{function} ({noted.place}) reads {noted.label}: {noted.instruction}" for noted in notes]
        lines.append(f"{function} dies: “{last.message}”")
    for function, plain in zip(FUNCTIONS, done["watched"], strict=True):
        names = [f"{noted.label} ({noted.callers[0]})" for noted in plain.halts[-1].noted]
        lines.append(f"{function}, map not marked, touches in turn: {', '.join(names)}")
    return Check(suspects, "\n".join(lines))


def brought_about(done: dict[str, list[Process]], place: int, function: str) -> bool:
    """All processes of one function went their way, what was to be changed was changed, and the watches do see."""
    tried = {name: done[name][place] for name in (*CHANGING, "watched")}
    marked, plain = tried["watched marked"].halts, tried["watched"].halts
    if any(process.lost for process in tried.values()):
        return False
    if any(not any(halt.changed for halt in tried[name].halts) for name in CHANGING):
        return False
    sees = {noted.label for noted in plain[-1].noted} >= {"mark", "bucket", "key"} and "barrier" not in plain[
        -1
    ].unwatched
    return sees and any(frame.startswith(f"{function} at") for frame in marked[-1].frames)


@judges.of(
    "1-c",
    sees=lambda seen: check(seen, [barrier(seen), bucket(seen)]),
    control=Control("the mark in the map's header", lambda seen: check(seen, [mark(seen)]), Outcome.HOLDS),
)
def conflicts_are_caught_through(check: Check | None) -> Finding:
    """Each of the things named decides in each of the two functions whether a conflict is noticed.

    Two instruments: gdb changes the thing, and nothing else; and the processor's watch registers tell what the function
    reads before the process dies. Keys of type float64 have no fast path, so the calls are those of the claim.
    """
    if check is None:
        return unclear("a process was lost, or something could not be changed or watched")
    roles = [(suspect, role) for suspect in check.suspects for role in suspect.roles]
    if odd := [f"{suspect.name} in `{role.function}`" for suspect, role in roles if role.decides != role.read]:
        return unclear(f"the two instruments disagree on {', '.join(odd)}", check.readings)
    parts = []
    for suspect in check.suspects:
        deciding = [f"`{role.function}`" for role in suspect.roles if role.decides]
        part = f"{suspect.name} decides in {' and '.join(deciding) or 'neither function'}"
        parts.append(part + (", which read it first" if deciding else ", and neither reads it before it dies"))
        parts += [suspect.told] * bool(suspect.told)
    return decided(all(role.decides for _, role in roles), "; ".join(parts), check.readings)
