"""What follows from what goroutine-leaks saw: the claim 1.26-g."""

from claimlab import Control, Finding, Judges, Outcome, decided, unclear, void

from .lab import CAN_BE_WOKEN, EACH, GLOBAL, LOST

judges = Judges()


@judges.of(
    "1.26-g",
    sees=lambda seen: {name: seen.reported[name] for name in (*LOST, GLOBAL)} if seen.exists else None,
    control=Control(
        "goroutines that can still be woken",
        lambda seen: {name: seen.reported[name] for name in CAN_BE_WOKEN},
        Outcome.FAILS,
    ),
)
def are_reported(reported: dict[str, int] | None) -> Finding:
    """All goroutines are in the profile that wait for a channel, a mutex and a condition that nothing else has.

    It fails if the profile has none of some kind. Those that wait for a channel in a variable of the package are told
    beside it.
    """
    if reported is None:
        return void("there is no profile of leaked goroutines")
    said = ", ".join(f"{count} of {EACH} in {name}" for name, count in reported.items())
    counts = {count for name, count in reported.items() if name != GLOBAL}
    words = f"reported are {said}"
    return decided(counts == {EACH}, words) if counts == {EACH} or 0 in counts else unclear(words)
