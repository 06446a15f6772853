"""What the words around the listing say of it: the claims 4.2-j, k, l and m."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear

from .lab import Explored, Seen

judges = Judges()

HEAD, ON_NOBODYS_WRITE = "CAS on the head failed", "CAS on the head failed on nobody's write"
HARM = ("lost", "in a wrong queue", "stuck")


@dataclass(frozen=True)
class Ways:
    """What can become of waiters who are appended in one way."""

    what: str
    explored: list[Explored]

    def total(self, count: str) -> int:
        return sum(one.counts[count] for one in self.explored)

    def told(self, *counts: str) -> str:
        names = ", ".join(one.name for one in self.explored)
        found = ", ".join(f"{self.total(count)} {count}" for count in counts)
        return f"{self.what} ({names}): of {self.total('states')} states {self.total('ends')} are ends; {found}"

    def story(self, *counts: str) -> str:
        return "\n".join(next((one.how[count] for count in counts for one in self.explored if count in one.how), []))


def ways(seen: Seen, what: str, *names: str) -> Ways:
    return Ways(what, [seen.situation(name) for name in names])


def unchecked(seen: Seen) -> Ways:
    return ways(seen, "without a look at `tail.next`", "two come behind one, unchecked")


@judges.of(
    "4.2-j",
    sees=unchecked,
    control=Control(
        "the same situation with the check", lambda seen: ways(seen, "as listed", "two come behind one"), Outcome.FAILS
    ),
)
def waiters_are_lost(ways: Ways) -> Finding:
    """In some order of steps a waiter who has been appended is not in the queue in the end, or nobody ever ends."""
    return _does_harm(ways)


@judges.of(
    "4.2-k",
    sees=lambda seen: ways(seen, "as listed", "two come", "three come"),
    control=Control(
        "a waiter who tries the head of a queue in which another one has been waiting all along",
        lambda seen: ways(seen, "tried at once", "one comes behind one, tried"),
        Outcome.FAILS,
    ),
)
def somebody_else_has_written(ways: Ways) -> Finding:
    """Whenever the compare-and-swap on `q.first` fails, what it finds there has been put there by another thread since
    all began."""
    words = ways.told(HEAD, ON_NOBODYS_WRITE)
    if not ways.total(HEAD):
        return unclear(words)
    return decided(not ways.total(ON_NOBODYS_WRITE), words, ways.story(ON_NOBODYS_WRITE))


@judges.of(
    "4.2-l",
    sees=lambda seen: ways(seen, "with a first try that loads nothing", "two come, tried"),
    control=Control("appending without a look at `tail.next`, which is required", unchecked, Outcome.HOLDS),
)
def it_is_required(ways: Ways) -> Finding:
    """Left out, it does harm: a waiter is not in the queue in the end, or nobody ever ends."""
    return _does_harm(ways)


def _does_harm(ways: Ways) -> Finding:
    return decided(any(ways.total(count) for count in HARM), ways.told(*HARM), ways.story(*HARM))


@judges.of(
    "4.2-m",
    sees=lambda seen: ways(seen, "two CAS", "one comes, one moves", "one comes, one moves by CAS"),
    control=Control(
        "the runtime's way, under a lock",
        lambda seen: ways(seen, "under a lock", "one comes, one moves, lock"),
        Outcome.HOLDS,
    ),
)
def each_seems_to_happen_at_once(ways: Ways) -> Finding:
    """Every end is one that the operations would have if each happened at once, in some order.

    One waiter comes to the queue while another one leaves it for the next: in whatever order, each is in the end in its
    own queue and in no other.
    """
    words = ways.told("lost", "in a wrong queue")
    harm = any(ways.total(count) for count in ("lost", "in a wrong queue"))
    return decided(not harm, words, ways.story("lost", "in a wrong queue"))
