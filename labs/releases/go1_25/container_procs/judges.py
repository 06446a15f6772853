"""What follows from what container-procs saw: the claims 1.25-a to c."""

from collections.abc import Callable, Sequence
from math import ceil

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import CPUS, LASTING, LIMITS, Follows, Limited, Seen

judges = Judges()

WITHOUT = "containermaxprocs=0, with which the limit is not to count"


def under(*limits: str, off: bool = False) -> Callable[[Seen], list[Limited]]:
    return lambda seen: [one for one in seen.limited if one.limit in limits and one.off is off]


def starts_at_the_limit(found: Sequence[Limited]) -> Finding:
    starts = {one.limit: ceil(LIMITS[one.limit] or CPUS) for one in found}
    said = "; ".join(f"{told(one)} GOMAXPROCS is {one.procs}" for one in found)
    return decided(all(one.procs == starts[one.limit] for one in found), f"of {CPUS} CPUs, {said}")


def told(one: Limited) -> str:
    limit = f"with a limit of {LIMITS[one.limit]:g}" if LIMITS[one.limit] else "without a limit"
    return limit if one.looked else f"{limit}, which the runtime did not look for,"


@judges.of(
    "1.25-a/1",
    sees=under("two", "three", "six"),
    control=(
        Control(WITHOUT, under(LASTING, off=True), Outcome.FAILS),
        Control("a group that has no limit", under("none"), Outcome.HOLDS),
    ),
)
def at_the_lower_limit(found: Sequence[Limited]) -> Finding:
    """With limits of two, three and six CPUs, GOMAXPROCS is the limit when main begins.

    The runtime has counted eight CPUs then, because a debugger says so.
    """
    return starts_at_the_limit(found)


@judges.of(
    "1.25-a/2",
    sees=under("half", "one", "more-than-one"),
    control=Control("a group that has no limit", under("none"), Outcome.HOLDS),
)
def at_any_lower_limit(found: Sequence[Limited]) -> Finding:
    """With limits of half a CPU, one, and one and a half, GOMAXPROCS is the limit, rounded up to a whole number."""
    return starts_at_the_limit(found)


@judges.of(
    "1.25-b",
    sees=lambda seen: seen.follows,
    control=Control("updatemaxprocs=0, with which it is not to follow", lambda seen: seen.follows_off, Outcome.FAILS),
)
def follows(seen: Follows) -> Finding:
    """When the kernel lets the threads use one CPU only, GOMAXPROCS becomes 1, and what it was when all are back.

    It was their number, unless a control group limits the trial itself.
    """
    if seen.cpus < 2 or seen.start < 2:
        return unclear("the process may use one CPU only, so that none can be taken away")
    said = f"of {seen.cpus} CPUs one was left: GOMAXPROCS {seen.start} became {seen.few} ({seen.few_after_ms} ms later)"
    said += f"; all were given back: it became {seen.many} ({seen.many_after_ms} ms later)"
    return decided((seen.few, seen.many) == (1, seen.start), said)


@judges.of(
    "1.25-c",
    sees=under(LASTING),
    control=Control(WITHOUT, under(LASTING, off=True), Outcome.FAILS),
)
def stays_open(found: Sequence[Limited]) -> Finding:
    """The file cpu.max of the group is open when main begins, and more than a second later still."""
    files = [set(names.split()) for one in found for names in one.files]
    said = ", later ".join(" ".join(sorted(names)) or "none" for names in files)
    return decided(bool(files) and all("cpu.max" in names for names in files), f"open files of the limit: {said}")
