"""How the dirty map becomes the read map: the claims 3.1-e, 3.1-f and 3.1-g/1."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, fails, holds, unclear, void

from .seen import Seen, Step, Stored, Write
from .under_gdb import switching

judges = Judges()

VOID = void("`sync.Map` has no field `read` in this toolchain")
STORE_POINTER = "sync/atomic.StorePointer"


@dataclass(frozen=True)
class Switches:
    """The operations that gave a map a new read map."""

    exists: bool
    steps: list[tuple[Step, Step]]
    """Each with the step before it."""
    stored: Stored | None = None

    def names(self) -> str:
        """Such as ``Load b at 2 misses and 3 keys``."""
        return ", ".join(
            f"`{step.operation}` ({before.after.Misses} misses before it, {len(before.after.DirtyKeys)} keys in dirty)"
            for before, step in self.steps
        )

    def agreed(self) -> bool:
        return all(before.agreed and step.agreed for before, step in self.steps)

    def stores(self) -> list[Write]:
        return [write for _, step in self.steps for write in step.wrote("read")]

    def as_text(self) -> str:
        return "\n".join(
            "\n".join([f"{step.operation}:", *(f"  {write}" for write in step.writes)]) for _, step in self.steps
        )


def switches(seen: Seen, name: str) -> Switches:
    scenario = "tour" if name == "shared" else "short"
    steps = seen.walks[f"{name} {scenario}"]
    found = [(steps[place - 1], steps[place]) for place in switching(steps)]
    return Switches(name != "shared" or seen.has_fields, found, seen.stored.get(name))


def looks_atomic(write: Write) -> bool:
    """By gdb's text: an exchange with memory, or a locked instruction; on arm64 a release or an exclusive."""
    return write.instruction.startswith(("xchg", "lock ", "stl", "swp", "cas"))


@judges.of(
    "3.1-e",
    sees=lambda seen: switches(seen, "shared"),
    control=Control(
        "a map of ours that copies dirty and assigns the pointer plainly",
        lambda seen: switches(seen, "contrary"),
        Outcome.FAILS,
    ),
)
def switches_by_an_atomic_pointer(switched: Switches) -> Finding:
    """In each operation that switches, one atomic instruction changes `read`, and the new read map is what dirty was.

    Debug registers tell the instruction; gdb and a second decoder have to agree that it is atomic.
    """
    if not switched.exists:
        return VOID
    stores = switched.stores()
    atomic = [write for write in stores if write.atomic]
    same = sum(step.after.ReadMap == before.after.Dirty for before, step in switched.steps)
    words = (
        f"{len(switched.steps)} operations switched: {switched.names()}; {len(atomic)} of their {len(stores)} writes "
    )
    words += f"to `read` were atomic (`{stores[0].instruction}`)" if stores else "to `read` were atomic"
    words += f", and in {same} the new read map was the dirty map itself"
    decoders = all(looks_atomic(write) == write.atomic and write.decoded for write in stores)
    if not stores or len(stores) != len(switched.steps) or not decoders or not switched.agreed():
        return unclear(words, switched.as_text())
    if len(atomic) == len(stores) and same == len(switched.steps):
        return holds(words, switched.as_text())
    return fails(words, switched.as_text()) if not atomic else unclear(words, switched.as_text())


@judges.of(
    "3.1-f",
    sees=lambda seen: switches(seen, "shared"),
    control=Control(
        "a map of ours that publishes a copy of dirty without its mutex",
        lambda seen: switches(seen, "asTold"),
        Outcome.HOLDS,
    ),
)
def switches_without_a_lock(switched: Switches) -> Finding:
    """The mutex is free when `read` is changed, and the operation that switches does not wait for it.

    Under gdb the mutex's word is read along with each write to `read`; inside the process the mutex was locked when the
    operation began.
    """
    if not switched.exists:
        return VOID
    stores = switched.stores()
    held = sum(write.held for write in stores)
    waited = sum(step.waited for _, step in switched.steps)
    words = (
        f"{len(switched.steps)} operations switched; `mu` was locked at {held} of their {len(stores)} writes to `read`"
    )
    words += f", and {waited} of them wait where another goroutine holds it"
    if not stores or len(stores) != len(switched.steps) or not switched.agreed():
        return unclear(words, switched.as_text())
    if held == len(stores) and waited == len(switched.steps):
        return fails(words, switched.as_text())
    return holds(words, switched.as_text()) if held == waited == 0 else unclear(words, switched.as_text())


@judges.of(
    "3.1-g/1",
    sees=lambda seen: switches(seen, "shared"),
    control=Control(
        "a map of ours that copies dirty and assigns the pointer plainly",
        lambda seen: switches(seen, "contrary"),
        Outcome.FAILS,
    ),
)
def stores_what_was_dirty(switched: Switches) -> Finding:
    """The switch is a call of sync/atomic.StorePointer with the address of `read` and a new struct: dirty, not amended.

    gdb stops at the function and reads its arguments, and what `read` leads to afterwards; inside the process the new
    read map must be what dirty was.
    """
    if not switched.exists:
        return VOID
    stored = switched.stored
    if stored is None or not switched.steps:
        return unclear("no operation switched")
    before, step = switched.steps[0]
    if not stored.called:
        through = [write for write in step.wrote("read") if STORE_POINTER in write.callers]
        words = f"`{step.operation}` switched without a call of `{STORE_POINTER}` with the address of `read`"
        return unclear(words, switched.as_text()) if through else fails(words, switched.as_text())
    asked = stored.kept and stored.of_dirty and not stored.amended
    inside = (
        step.after.ReadMap == before.after.Dirty and not step.after.Amended and step.after.Read != before.after.Read
    )
    words = f"`{step.operation}` called `{STORE_POINTER}` with the address of `read` and a struct that has "
    words += (
        f"{'the' if stored.of_dirty else 'not the'} dirty map, with `amended` {str(stored.amended).lower()}; `mu` was "
    )
    words += "locked meanwhile" if stored.held else "free meanwhile"
    if asked != inside:
        return unclear(f"the instruments disagree: {words}", switched.as_text())
    return holds(words, switched.as_text()) if asked else fails(words, switched.as_text())
