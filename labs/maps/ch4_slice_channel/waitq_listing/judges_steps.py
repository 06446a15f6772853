"""Whether two compare-and-swaps are one step, lock-free, and safe: the claims 4.2-g/1 to g/4."""

from dataclasses import dataclass

from claimlab import Control, Finding, Instruction, Judges, Outcome, fails, holds, unclear

from .lab import Explored, Held, Seen

judges = Judges()

WORD_BYTES = 8
LEFT = "CAS on one that left"


@dataclass(frozen=True)
class Tried:
    """An algorithm, explored step by step, and held at a step with real instructions."""

    what: str
    explored: list[Explored]
    held: Held

    def total(self, count: str) -> int:
        return sum(one.counts[count] for one in self.explored)

    def story(self, count: str) -> str:
        """The shortest way there is to the first such state."""
        ways = sorted((one.how[count] for one in self.explored if count in one.how), key=len)
        return "\n".join(ways[0]) if ways else ""

    def size(self) -> str:
        names = ", ".join(one.name for one in self.explored)
        return f"{self.what} ({names}: {self.total('states')} states, {self.total('steps')} steps)"


def tried(seen: Seen, what: str, names: list[str], label: str) -> Tried:
    return Tried(what, [seen.situation(name) for name in names], seen.holding(label))


COME = ["two come", "three come"]
MOVE = ["one comes, one moves", "one comes, one moves by CAS"]


def locked(names: list[str]) -> list[str]:
    return [f"{name}, lock" for name in names]


@judges.of(
    "4.2-g/1",
    sees=lambda seen: tried(seen, "two CAS", COME, "two CAS, between them"),
    control=Control(
        "the runtime's way, under a lock",
        lambda seen: tried(seen, "under a lock", locked(COME), "lock, between the stores"),
        Outcome.HOLDS,
    ),
)
def nobody_sees_it_half_done(tried: Tried) -> Finding:
    """No other thread touches the queue between the first change and the last.

    Between: when the end of the queue is not where the chain of waiters ends. Two instruments: all orders of steps of
    two and three threads; and real threads, of which one is held between the two.
    """
    half, touched = tried.total("touched half changed"), tried.held.other_touched
    words = f"{tried.size()}: {half} steps of another thread touched the queue half changed; "
    words += f"held between the two, with {tried.held.while_held}, another thread touched it {touched} times"
    if bool(half) != bool(touched):
        return unclear(words)
    return fails(words, tried.story("waits for another")) if half else holds(words)


@judges.of(
    "4.2-g/2",
    sees=lambda seen: tried(seen, "two CAS", COME, "two CAS, between them"),
    control=Control(
        "pushing on a stack by one CAS",
        lambda seen: tried(seen, "one CAS", ["two push"], "stack, before its CAS"),
        Outcome.HOLDS,
    ),
)
def nobody_waits_for_a_thread_that_stands(tried: Tried) -> Finding:
    """From every state each thread comes to its end if it runs alone, while the others stand still.

    Less cannot be asked of what is lock-free: it has to go on whichever thread is stopped, and wherever.
    """
    waits = tried.total("waits for another")
    words = f"{tried.size()}: in {waits} states a thread that runs alone tries forever; "
    words += (
        f"with the first one held {f'at {done}' if (done := tried.held.while_held) else 'before it did anything'}, "
    )
    words += "another thread ended" if tried.held.other_ended else "another thread was still trying after 100000 steps"
    if bool(waits) == tried.held.other_ended:
        return unclear(words, tried.story("waits for another"))
    return fails(words, tried.story("waits for another")) if waits else holds(words)


@judges.of(
    "4.2-g/3",
    sees=lambda seen: tried(seen, "two CAS", MOVE, "two CAS, before them"),
    control=Control(
        "the runtime's way, under a lock",
        lambda seen: tried(seen, "under a lock", ["one comes, one moves, lock"], "lock, before the stores"),
        Outcome.HOLDS,
    ),
)
def a_waiter_that_left_does_no_harm(tried: Tried) -> Finding:
    """When the tail leaves while a waiter is appended behind it, and comes to wait elsewhere, each is in the end in its
    own queue and in no other.

    ABA: the tail's `next` is nil again, so the first CAS succeeds, on a waiter that is not in this queue any more. Who
    leaves is removed in the runtime's way by plain stores, and in another by CAS. The runtime does reuse its sudogs.
    """
    astray, lost, left = (tried.total(count) for count in ("in a wrong queue", "lost", LEFT))
    words = f"{tried.size()}: {left} steps hang the new waiter by CAS on one that has left and waits elsewhere; of "
    words += f"{tried.total('ends')} ends {astray} have a waiter in a wrong queue, {lost} have lost one; "
    undone = tried.total("first CAS alone")
    words += f"in {undone} steps the second CAS failed after the first had been done; " if undone else ""
    words += f"held before its first change, with real instructions, it led to {tried.held.after}"
    shows = tried.story(LEFT) or tried.story("in a wrong queue")
    if bool(astray or lost or left) != tried.held.astray:
        return unclear(words, shows)
    return fails(words, shows) if tried.held.astray else holds(words)


@dataclass(frozen=True)
class Whole:
    """How pointers are written, and what was found in them."""

    explored: list[Explored]
    swaps: list[Instruction]
    places: dict[str, tuple[int, int]]
    """Offset and size of the fields, by name."""


def by_swaps(seen: Seen) -> Whole:
    wanted = [("runtime.waitq", "first"), ("runtime.waitq", "last"), ("runtime.sudog", "next")]
    found = {name: seen.type(type).field(name) for type, name in wanted}
    places = {name: (one.offset, one.size) for name, one in found.items() if one}
    return Whole([seen.situation(name) for name in (*COME, *MOVE)], seen.swaps, places)


@judges.of(
    "4.2-g/4",
    sees=by_swaps,
    control=Control(
        "a pointer that two threads write in two halves each",
        lambda seen: Whole([seen.situation("two store halves")], [], {}),
        Outcome.FAILS,
    ),
)
def pointers_are_whole(whole: Whole) -> Finding:
    """In no state that can be reached does a word hold a pointer that nobody has written.

    The explorer takes a CAS for one step because it is one locked instruction of eight bytes, on fields that lie at
    multiples of eight; both are looked up. So do plain stores of such pointers: it takes no CAS.
    """
    torn, states = (sum(one.counts[count] for one in whole.explored) for count in ("torn", "states"))
    words = f"{torn} of {states} states have a pointer that nobody has written"
    shows = "\n".join([*map(str, whole.swaps), *(line for one in whole.explored for line in one.how.get("torn", []))])
    if torn:
        return fails(words, shows)
    memories = [one.memory for one in whole.swaps]
    eight = [one is not None and one.size in (0, WORD_BYTES) for one in memories]
    aligned = [size == WORD_BYTES and offset % WORD_BYTES == 0 for offset, size in whole.places.values()]
    words += f"; the swap is `{whole.swaps[0].text}`" if whole.swaps else ""
    words += "; fields lie at " + ", ".join(f"`{name}` {offset}" for name, (offset, _) in whole.places.items())
    if not (eight and all(eight) and len(aligned) == 3 and all(aligned)):
        return unclear(words, shows)
    return holds(words, shows)
