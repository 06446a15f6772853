"""What became of timers: the claims 1.23-i to l."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, fails, holds, unclear, void

from .lab import BUFFERED, MADE, ROUNDS, TIMERS, UNBUFFERED, Seen, Subject, Subjects

judges = Judges()

ALMOST_ALL = 0.9
HARDLY_ANY = 0.01


@dataclass(frozen=True)
class Looked:
    """Channels of some kinds."""

    subjects: Subjects

    def told(self, what: str) -> str:
        """``cap: 0, 0, 0 of timer; …``."""
        return "; ".join(f"{name}: {said(one, what)}" for name, one in self.subjects.items())


def said(one: Subject, what: str) -> str:
    if what == "room":
        return f"cap {one.Caps} and len {one.Lens} when unread"
    if what == "stale":
        return f"in {one.Stale} of {ROUNDS} rounds a value came after the Stop or Reset"
    return f"{one.Left} of {MADE} dropped objects were left"


def own(seen: Seen) -> Looked:
    return Looked({name: seen.own[name] for name in TIMERS})


def control(says: str, name: str, known: Outcome) -> Control:
    return Control(says, lambda seen: Looked({name: seen.own[name]}), known)


@judges.of(
    "1.23-i",
    sees=own,
    control=(
        control("objects that a variable holds", BUFFERED, Outcome.FAILS),
        control("objects that nothing holds", UNBUFFERED, Outcome.HOLDS),
    ),
)
def they_are_freed(looked: Looked) -> Finding:
    """Of 20,000 running timers, and of as many tickers, next to no objects are left after they were dropped."""
    left = [one.Left for one in looked.subjects.values()]
    words = looked.told("left")
    if all(one <= MADE * HARDLY_ANY for one in left):
        return holds(words)
    return fails(words) if all(one >= MADE * ALMOST_ALL for one in left) else unclear(words)


@judges.of(
    "1.23-j",
    sees=own,
    control=(
        control("channels of our own with room for one value", BUFFERED, Outcome.FAILS),
        control("channels of our own without", UNBUFFERED, Outcome.HOLDS),
    ),
)
def they_have_no_room(looked: Looked) -> Finding:
    """`cap` of fresh channels is 0, and `len` is 0 when the timer has had time to fire and nobody has received."""
    numbers = {number for one in looked.subjects.values() for number in [*one.Caps, *one.Lens]}
    return decided(numbers == {0}, looked.told("room"))


@judges.of(
    "1.23-k",
    sees=own,
    control=(
        control("channels of our own in which a value lies", BUFFERED, Outcome.FAILS),
        control("channels of our own without room", UNBUFFERED, Outcome.HOLDS),
    ),
)
def nothing_is_stale(looked: Looked) -> Finding:
    """In no round is a value received after Stop, or after a Reset to an hour, of a timer that had fired unread."""
    return decided(not any(one.Stale for one in looked.subjects.values()), looked.told("stale"))


def is_old(one: Subject) -> bool | None:
    """Room for a value, stale values, nothing freed; None for some of these."""
    signs = {set(one.Caps) == {1}, one.Stale > 0, one.Left >= MADE * ALMOST_ALL}
    return signs.pop() if len(signs) == 1 else None


def of_old_modules(seen: Seen) -> Looked:
    """Nothing where only the module of the oldest release can be built: the toolchain is no newer than that."""
    if len(seen.old) == 1:
        return Looked({})
    return Looked({f"{name} (go {line})": found[name] for line, found in seen.old.items() for name in TIMERS})


@judges.of(
    "1.23-l",
    sees=of_old_modules,
    control=(
        control("channels of our own without room, objects that nothing holds", UNBUFFERED, Outcome.FAILS),
        control("channels of our own with room, objects that a variable holds", BUFFERED, Outcome.HOLDS),
    ),
)
def old_modules_keep_old_timers(looked: Looked) -> Finding:
    """Where go.mod declares 1.21 or 1.22 channels have room for one value, stale values come, and nothing is freed."""
    if not looked.subjects:
        return void("no release before that of the toolchain was declared")
    answers = {is_old(one) for one in looked.subjects.values()}
    words = looked.told("room")
    shows = "\n".join(
        f"{name}: {said(one, what)}" for name, one in looked.subjects.items() for what in ("stale", "left")
    )
    if len(answers) != 1 or None in answers:
        return unclear(words, shows)
    return decided(answers == {True}, words, shows)
