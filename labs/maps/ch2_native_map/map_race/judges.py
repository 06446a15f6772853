"""Data races of writes to an ordinary map and to a sync.Map: the claims 2.4-g, l and n."""

from claimlab import Control, Finding, Judges, Outcome, Races, fails, holds, share, unclear

judges = Judges()


def told(races: Races) -> str:
    words = f"{share(races.racy, races.runs)} processes reported a data race under GOMAXPROCS=2"
    other = races.runs - races.racy - races.quiet
    return words + (f", {other} ended in another way" if other else "")


@judges.of(
    "2.4-g",
    sees=lambda seen: seen.races["once"],
    control=Control("the same assignments with a mutex around them", lambda seen: seen.races["locked"], Outcome.FAILS),
)
def two_assignments_race(races: Races) -> Finding:
    """More often than not, the race detector reports two goroutines of which each assigns one key of its own.

    The detector goes by the order that synchronisation gives, not by time: it reports them also where one assignment
    was over before the other one began.
    """
    shows = "\n".join(map(str, races.reports[:1]))
    if share(races.racy, races.runs).low > 0.5:
        return holds(told(races), shows)
    return fails(told(races)) if races.quiet == races.runs else unclear(told(races), shows)


@judges.of(
    "2.4-l",
    sees=lambda seen: seen.races["sync"],
    control=Control("assignments to an ordinary map that has all keys", lambda seen: seen.races["many"], Outcome.FAILS),
)
def writes_do_not_race(races: Races) -> Finding:
    """The race detector reports nothing of two goroutines that write in every way a sync.Map offers.

    To keys of each one's own and to common ones, new and present.
    """
    shows = "\n".join(map(str, races.reports[:1]))
    if races.quiet == races.runs:
        return holds(told(races))
    return fails(told(races), shows) if share(races.racy, races.runs).low > 0.5 else unclear(told(races), shows)


@judges.of(
    "2.4-n",
    sees=lambda seen: ("in a map without pointers that does not grow", seen.races["plain"]),
    control=Control(
        "the missing lock as the cause: the article's assignments with a mutex around them",
        lambda seen: ("under a mutex", seen.races["locked"]),
        Outcome.HOLDS,
    ),
)
def without_the_cause_nothing_races(tried: tuple[str, Races]) -> Finding:
    """Where what is said to be the cause is taken away, the race detector reports nothing.

    Where nothing grows and nothing is a pointer, no write barrier is missing.
    """
    where, races = tried
    words = f"{where} {told(races)}"
    shows = "\n".join(map(str, races.reports[:1]))
    if races.quiet == races.runs:
        return holds(words)
    return fails(words, shows) if share(races.racy, races.runs).low > 0.5 else unclear(words, shows)
