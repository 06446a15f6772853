"""What follows from what attach-cost saw: the claims 1.24-k/1 and 1.24-k/2."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, Ratio, decided, fails, holds, unclear, void

from .lab import CLEANUP, FINALIZER, NOTHING

judges = Judges()

NONE = "the release has no cleanups"


@dataclass(frozen=True)
class Time:
    """How many times as long something takes as a finalizer, if that was to be compared."""

    what: str
    is_compared: bool
    ratio: Ratio | None


@judges.of(
    "1.24-k/1",
    sees=lambda seen: Time("a cleanup", seen.has_cleanups, seen.ratio),
    control=Control("attaching nothing", lambda seen: Time("nothing", True, seen.control), Outcome.HOLDS),
)
def is_quicker(time: Time) -> Finding:
    """To attach a cleanup to an object takes less time than to attach a finalizer to it."""
    if not time.is_compared:
        return void(NONE)
    ratio = time.ratio
    if ratio is None or ratio.low is None:
        return unclear("too few rounds were clean")
    words = f"to attach {time.what} takes {ratio} times as long as to attach a finalizer: "
    words += f"{ratio.median:.0f} ns, and {ratio.median_to:.0f} ns"
    if ratio.below(1):
        return holds(words)
    return fails(words) if ratio.above(1) else unclear(words)


@dataclass(frozen=True)
class Memory:
    """The bytes that each takes."""

    what: str
    bytes: dict[str, float]


@judges.of(
    "1.24-k/2",
    sees=lambda seen: Memory(CLEANUP, seen.bytes),
    control=Control("attaching nothing", lambda seen: Memory(NOTHING, seen.bytes), Outcome.HOLDS),
)
def takes_less_memory(memory: Memory) -> Finding:
    """A cleanup takes fewer bytes than a finalizer, of the heap and of the runtime's own records together."""
    if FINALIZER not in memory.bytes:
        return unclear("no round was clean")
    if memory.what not in memory.bytes:
        return void(NONE)
    own, finalizer = memory.bytes[memory.what], memory.bytes[FINALIZER]
    return decided(own < finalizer, f"{memory.what}: {own:.0f} bytes each; finalizer: {finalizer:.0f} bytes each")
