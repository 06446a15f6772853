"""How many calls become direct with a profile, beside Go 1.21: the claim 1.22-f."""

from dataclasses import dataclass

from claimlab import Control, Finding, Judges, Outcome, decided, unclear, void

judges = Judges()

BEFORE = "1.21"


@dataclass(frozen=True)
class Compared:
    """What the compiler says that it makes direct."""

    here: list[str]
    before: list[str]
    without: list[str]
    is_after: bool = True


@judges.across(
    "1.22-f",
    BEFORE,
    sees=lambda on: Compared(on.here.with_profile, on[BEFORE].with_profile, on.here.without, on.is_after(BEFORE)),
    control=Control(
        "with a flag that leaves calls of function values alone",
        lambda on: Compared(on.here.interfaces_alone, on[BEFORE].with_profile, on.here.without),
        Outcome.FAILS,
    ),
)
def more_than_before(calls: Compared) -> Finding:
    """Of one program's two hot indirect calls, through an interface and through a function value, more become direct.

    Unclear where none did on Go 1.21, so that the profile may have been of no use there, or where some do without one.
    """
    if not calls.is_after:
        return void("it is about later releases")
    words = f"with a profile {len(calls.here)} of the two hot calls become direct, and {len(calls.before)} on {BEFORE}"
    shows = "\n".join(calls.here)
    if not calls.before or calls.without:
        return unclear(words, shows)
    return decided(len(calls.here) > len(calls.before), words, shows)
