"""What many processes say: the claims 1-r and 1-t4/1."""

from claimlab import Control, Finding, Judges, Outcome, Races, Tally, fails, holds, share, unclear, void

from .lab import NO_FIELD

judges = Judges()


@judges.of(
    "1-r",
    sees=lambda seen: seen.races["through"],
    control=Control(
        "a pointer of our own, whose map is copied, changed and published instead of changed where it is",
        lambda seen: seen.races["replaced"],
        Outcome.FAILS,
    ),
)
def the_pointee_is_not_protected(races: Races) -> Finding:
    """Two goroutines that load the pointer atomically and assign to the map it leads to have a data race."""
    if races.tally.count(exit_code=NO_FIELD) == races.runs:
        return void("`sync.Map` has no field `read` in this toolchain")
    words = f"{share(races.racy, races.runs)} processes reported a data race under GOMAXPROCS=2"
    shows = "\n".join(map(str, races.reports[:1]))
    if share(races.racy, races.runs).low > 0.5:
        return holds(words, shows)
    return fails(words) if races.quiet == races.runs else unclear(words, shows)


@judges.of(
    "1-t4/1",
    sees=lambda seen: [seen.crashes["frequent/2"], seen.crashes["frequent/4"]],
    control=Control(
        "the same with an ordinary map",
        lambda seen: [seen.crashes["ordinary/2"], seen.crashes["ordinary/4"]],
        Outcome.FAILS,
    ),
)
def frequent_loads_survive(tallies: list[Tally]) -> Finding:
    """No process dies in which four goroutines Load 20 000 times each while a fifth stores and deletes."""
    counted = share(sum(tally.died() for tally in tallies), sum(tally.runs for tally in tallies))
    words = f"{counted} processes died, GOMAXPROCS 2 and 4 together"
    messages = sorted({ending.message for tally in tallies for ending in tally.endings if ending.message})
    words += f", with “{messages[0]}”" if messages else ""
    if sum(tally.count(exit_code=0) for tally in tallies) == counted.runs:
        return holds(words)
    return fails(words) if counted.low > 0.5 else unclear(words)
