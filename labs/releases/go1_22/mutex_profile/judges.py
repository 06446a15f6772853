"""What the mutex profile says: the claims 1.22-k and l."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, fails, holds, unclear, void

from .lab import LOST, Profile, Record

judges = Judges()

HOLDER = "main.behind"


@dataclass(frozen=True)
class Waited:
    """So many waited while the lock was held."""

    waiters: int
    profile: Profile

    @property
    def seconds(self) -> float:
        """Of the Unlock that ended it. That the waiters then wait for one another is another matter."""
        return sum(one.Seconds for one in self.profile.Records if HOLDER in one.Frames)

    def counts_as(self, waiters: int) -> bool:
        """The profile has what so many wait, give or take a half."""
        least, most = waiters * self.profile.LeastSeconds, waiters * self.profile.MostSeconds
        return 0.5 * least <= self.seconds <= 1.5 * most

    def __str__(self) -> str:
        held = self.profile.LeastSeconds
        return f"{self.waiters} waiting for {1000 * held:.1f} ms count as {1000 * self.seconds:.1f} ms"


@judges.of(
    "1.22-k",
    sees=lambda seen: [Waited(int(waiters), seen.behind[waiters]) for waiters in ("10", "100")],
    control=Control(
        "the profile of one goroutine that waits, as if there had been a hundred",
        lambda seen: [Waited(100, seen.behind["1"])],
        Outcome.FAILS,
    ),
)
def by_the_waiters(found: list[Waited]) -> Finding:
    """The profile has for the Unlock as many times the time that the lock was held as goroutines waited for it.

    It holds between half and one and a half times that, and fails if it is as much as for one.
    """
    said = "; ".join(map(str, found))
    if all(one.counts_as(one.waiters) for one in found):
        return holds(said)
    return fails(said) if all(one.counts_as(1) for one in found) else unclear(said)


@dataclass(frozen=True)
class Booked:
    """Profiles of one kind of locks, by the setting."""

    profiles: dict[str, Profile]
    has_lost: bool


def is_lost(record: Record) -> bool:
    return LOST in record.Frames


@judges.of(
    "1.22-l",
    sees=lambda seen: Booked(seen.inside, seen.has_lost),
    control=Control(
        "contention on a sync.Mutex",
        lambda seen: Booked({"no setting": seen.behind["100"]}, has_lost=True),
        Outcome.FAILS,
    ),
)
def always_lost(found: Booked) -> Finding:
    """Where goroutines meet at a channel's lock, all records are under that function, whatever the setting.

    Void where the binary has no such function.
    """
    if not found.has_lost:
        return void(f"there is no {LOST}")
    said, shown = [], []
    for setting, profile in found.profiles.items():
        lost = sum(is_lost(one) for one in profile.Records)
        said.append(f"with {setting} {lost} of {len(profile.Records)} records")
        shown += [f"{setting}: {' < '.join(one.Frames[:4])}" for one in profile.Records]
    words = f"under {LOST} are {'; '.join(said)}"
    shows = "\n".join(dict.fromkeys(shown))
    if any(not is_lost(one) for profile in found.profiles.values() for one in profile.Records):
        return fails(words, shows)
    if any(not profile.Records for profile in found.profiles.values()):
        return unclear(f"no contention was seen with every setting: {words}", shows)
    return holds(words, shows)
