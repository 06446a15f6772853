"""How processes end: the claims 2.3-a, b, i, j and k."""

from claimlab import Control, Finding, Judges, Outcome, Tally, fails, holds, share, unclear

from .judges_reading import MESSAGE

judges = Judges()


def survives(one: Tally, two: Tally) -> Finding:
    dead, runs = one.died() + two.died(), one.runs + two.runs
    counted = share(dead, runs)
    words = f"{counted} processes died, GOMAXPROCS 1 and 2 together"
    if dead == 0:
        return holds(words)
    return fails(words) if counted.low > 0.5 else unclear(words)


@judges.of(
    "2.3-a",
    sees=lambda seen: (seen.counts["remove-absent/1"], seen.counts["remove-absent/2"]),
    control=Control(
        "an assignment to a nil map, which does panic",
        lambda seen: (seen.counts["assign-nil/1"], seen.counts["assign-nil/2"]),
        Outcome.FAILS,
    ),
)
def removing_from_an_empty_map_survives(tallies: tuple[Tally, Tally]) -> Finding:
    """No process dies whose only map operation is a delete of an absent key from an empty, non-nil map."""
    return survives(*tallies)


@judges.of(
    "2.3-k",
    sees=lambda seen: (seen.counts["remove-alone/1"], seen.counts["remove-alone/2"]),
    control=Control(
        "an assignment to a nil map, counted by the same rule: it does crash",
        lambda seen: (seen.counts["assign-nil/1"], seen.counts["assign-nil/2"]),
        Outcome.FAILS,
    ),
)
def removing_alone_survives(tallies: tuple[Tally, Tally]) -> Finding:
    """No process dies in which one goroutine deletes present and absent keys 20 000 times in a row."""
    return survives(*tallies)


def mostly_dies(tally: Tally, beside: Tally, message: str) -> Finding:
    """Decided by GOMAXPROCS=2; the count under GOMAXPROCS=1 is told beside it."""
    counted = share(tally.count(message), tally.runs)
    other = tally.died() - counted.count
    words = f"{counted} processes died with “{message}” under GOMAXPROCS=2"
    words += f" and {other} in another way" if other else ""
    words += f"; {share(beside.count(message), beside.runs)} under GOMAXPROCS=1"
    if counted.low > 0.5:
        return holds(words)
    return fails(words) if counted.high < 0.5 else unclear(words)


@judges.of(
    "2.3-b",
    sees=lambda seen: (seen.counts["listed/2"], seen.counts["listed/1"]),
    control=Control(
        "two goroutines that keep assigning and are waited for",
        lambda seen: (seen.counts["assign-assign/2"], seen.counts["assign-assign/1"]),
        Outcome.HOLDS,
    ),
)
def the_listed_program_dies(tallies: tuple[Tally, Tally]) -> Finding:
    """More often than not, a process that runs the program as listed dies with that message."""
    return mostly_dies(*tallies, MESSAGE)


@judges.of(
    "2.3-i",
    sees=lambda seen: (seen.counts["assign-assign/2"], seen.counts["assign-assign/1"]),
    control=Control(
        "the same load with a mutex around each operation",
        lambda seen: (seen.counts["locked/2"], seen.counts["locked/1"]),
        Outcome.FAILS,
    ),
)
def two_assigners_die(tallies: tuple[Tally, Tally]) -> Finding:
    """Two goroutines that keep assigning, on two processors, end the process more often than not.

    “At the same time” needs two processors for Go code: under GOMAXPROCS=1 two assignments overlap only where one
    is preempted inside the runtime, at the entry of a function it calls. One to three of a hundred processes died so.
    """
    return mostly_dies(*tallies, MESSAGE)


@judges.of(
    "2.3-j",
    sees=lambda seen: (seen.counts["assign-remove/2"], seen.counts["assign-remove/1"]),
    control=Control(
        "the same load with a mutex around each operation",
        lambda seen: (seen.counts["locked/2"], seen.counts["locked/1"]),
        Outcome.FAILS,
    ),
)
def an_assigner_beside_a_remover_dies(tallies: tuple[Tally, Tally]) -> Finding:
    """A goroutine that keeps assigning and one that keeps deleting, on two processors, end the process more often than
    not."""
    return mostly_dies(*tallies, MESSAGE)
