"""What the recomputed figures say of the claims 5-a, 5-b and 5-c."""

from claimlab import Control, Finding, Judges, Outcome, fails, holds, unclear

from .lab import Figure

judges = Judges()

UNITS = {"points": "percentage points", "percent": "%"}


@judges.of(
    "5-a",
    sees=lambda seen: seen.figures["success rate"],
    control=Control(
        "the same two values with the last two digits of the gain swapped, 7.76",
        lambda seen: seen.figures["success rate, digits swapped"],
        Outcome.FAILS,
    ),
)
@judges.of(
    "5-b",
    sees=lambda seen: seen.figures["recovery time"],
    control=Control(
        "the same two values with a reduction of 91.8 %",
        lambda seen: seen.figures["recovery time, one per cent less"],
        Outcome.FAILS,
    ),
)
@judges.of(
    "5-c",
    sees=lambda seen: seen.figures["audit coverage"],
    control=Control(
        "the same two values with the digits of the gain swapped, 73",
        lambda seen: seen.figures["audit coverage, digits swapped"],
        Outcome.FAILS,
    ),
)
def the_change_follows(figure: Figure) -> Finding:
    """The two values as printed give the printed change, rounded to its last digit.

    If they do not, the change may still have been computed from values with more digits. Where no values that would be
    printed so give the printed change, the claim fails; where some do, the figures leave it open.
    """
    unit = UNITS[figure.kind]
    words = f"{figure.before} → {figure.after} as printed is {signed(figure.exact)} {unit}, "
    words += f"rounded {signed(figure.rounded)}; printed is {signed(figure.printed)}"
    possible, fixed = figure.possible, figure.possible_beside_exact_before
    span = f"{signed(possible.low)} … {signed(possible.high)}"
    shows = (
        f"values that are printed so give {span} {unit}\n"
        f"with {figure.before} taken as exact {signed(fixed.low)} … {signed(fixed.high)} {unit}\n"
        f"printed so is what lies in {signed(figure.printed_means.low)} … {signed(figure.printed_means.high)}"
    )
    if figure.rounded == figure.printed:
        return holds(words, shows)
    if figure.reachable:
        return unclear(f"{words}, which only part of the unrounded values behind them ({span}) would give", shows)
    return fails(f"{words}, which no unrounded values behind them ({span}) give", shows)


def signed(number: str) -> str:
    return number.replace("-", "−") if number.startswith("-") else f"+{number}"
